"""Composes training pictures: emoji of several sizes over textures and skies, lit, shaded, blurred and noisy."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F

from .bank import Bank
from .recipe import CELL, OBJECT_WEIGHT, SEED


class _Slot(NamedTuple):
    """One of the objects of a picture: later ones hide earlier ones."""

    probability: float
    sizes: tuple[float, float]  # the range of the logarithm of its size; at 0 it fills a picture of 96 pixels
    small: bool  # from the bank of small pictures: large ones would alias; without a coat, which would be noise
    spread: float  # how far its middle is from the picture's at most; 1 is the edge


_SLOTS = (
    _Slot(0.8, (-0.5, 0.85), small=False, spread=0.7),
    _Slot(0.65, (-1.0, 0.2), small=False, spread=0.8),
    _Slot(0.4, (-1.3, -0.5), small=True, spread=0.9),
    _Slot(0.2, (-1.3, -0.5), small=True, spread=0.9),
)
_LEAST_GAP = 70  # grey levels between a texture's dark and its light side
GROUNDS = 2  # the first classes of a picture
_REFERENCE = 96  # pixels: sizes are told for this picture, and stay as many pixels in larger ones


class Batch:
    """One batch, drawn by its number: the same number, the same pictures, so that training can go on where it was cut."""

    def __init__(self, bank: Bank, stream: int, number: int, natural: bool, size: int, count: int, seed: int = SEED, ground_alone: float = 0.0) -> None:
        self._bank, self._natural, self._count, self._size, self._ground_alone = bank, natural, count, size, ground_alone
        self._random = torch.Generator().manual_seed((seed * 1_000 + stream) * 10_000_000 + number)

    def _between(self, low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(self._count, generator=self._random)

    def _sign(self) -> torch.Tensor:
        return torch.sign(self._between(-1, 1))

    def _chance(self, probability: float) -> torch.Tensor:
        return (self._between(0, 1) < probability).float()

    def _picked(self, count: int) -> torch.Tensor:
        return torch.randint(count, (self._count,), generator=self._random)

    def _sampled(self, pictures: torch.Tensor, placement: torch.Tensor, padding: str) -> torch.Tensor:
        # As F.affine_grid, whose product of many small matrices takes as long as the sampling (measured).
        middles = (torch.arange(self._size) * 2 + 1) / self._size - 1
        across, down, shift = placement[:, None, None].unbind(-1)
        grid = across * middles[None, None, :, None] + down * middles[None, :, None, None] + shift
        return F.grid_sample(pictures, grid, align_corners=False, padding_mode=padding)

    def _placement(self, size: torch.Tensor, angle: torch.Tensor, x: torch.Tensor, y: torch.Tensor, aspect: torch.Tensor) -> torch.Tensor:
        """[count, 2, 3], from the picture's coordinates to the object's; mirrored by chance."""
        size = size * (_REFERENCE / self._size)
        cos, sin = torch.cos(angle) / size, torch.sin(angle) / size
        turn = torch.stack([torch.stack([cos * self._sign(), -sin], -1), torch.stack([sin * aspect, cos * aspect], -1)], 1)
        return torch.cat([turn, -turn @ torch.stack([x, y], -1)[..., None]], -1)

    def _pattern(self, index: torch.Tensor, sizes: tuple[float, float]) -> torch.Tensor:
        """Textures' two fields [count, 2, size, size]; kinds that have an above and a below are turned but little."""
        none, one = torch.zeros(self._count), torch.ones(self._count)
        upright = self._bank.upright[index // self._bank.textures_a_kind]
        angle = torch.where(upright, self._between(-0.2, 0.2), self._between(0, 2 * math.pi))
        size = torch.where(upright, self._between(0.8, 1.5), self._between(*sizes))
        placement = self._placement(size, angle, none, none, one) * 0.6
        return self._sampled(self._bank.textures[index].float() / 255, placement, "reflection")

    def _palette(self, kind: torch.Tensor) -> torch.Tensor:
        """Four colours [count, 4, 3]: any, or more often in natural pictures what the kind has in nature."""
        colours = torch.rand(self._count, 2, 2, 3, generator=self._random) * 255
        grey = colours.mean(-1, keepdim=True)
        colours = grey + (colours - grey) * self._between(0.2, 1)[:, None, None, None]
        # The two colours of one side are kin, and the sides differ in light: else nothing of the pattern can be seen.
        colours[:, :, 1] = torch.lerp(colours[:, :, 0], colours[:, :, 1], 0.45)
        gap = (colours[:, 1] - colours[:, 0]).mean((1, 2))
        apart = torch.where(gap < 0, -1, 1) * gap.abs().clamp(min=_LEAST_GAP) - gap
        colours = (colours + apart[:, None, None, None] * torch.tensor([-0.5, 0.5])[:, None, None]).flatten(1, 2)
        palettes = self._bank.palettes[kind, self._picked(self._bank.palettes.shape[1])]
        jitter = torch.randn(self._count, 4, 3, generator=self._random) * 14
        own = self._chance(0.8 if self._natural else 0.4)[:, None, None] > 0
        return torch.where(own, palettes + jitter, colours).clamp(0, 255)

    def _ground(self) -> tuple[torch.Tensor, torch.Tensor]:
        """A texture in four colours, and its class."""
        index = self._picked(len(self._bank.textures))
        kind = index // self._bank.textures_a_kind
        pattern, where = self._pattern(index, (0.8, 1.6)).split(1, 1)
        dark_1, dark_2, light_1, light_2 = self._palette(kind)[..., None, None].unbind(1)
        ground = torch.lerp(torch.lerp(dark_1, dark_2, where), torch.lerp(light_1, light_2, where), pattern)
        return ground, self._bank.first_texture + kind

    def _axes(self) -> tuple[torch.Tensor, torch.Tensor]:
        axis = torch.linspace(-1, 1, self._size)
        return axis[None, None, :], axis[None, :, None]

    def _sky(self) -> torch.Tensor:
        """Two colours that pass into each other, unevenly: a sky, a wall, what is out of focus."""
        ends = torch.rand(self._count, 2, 3, generator=self._random) * 200 + 40
        grey = ends.mean(-1, keepdim=True)
        start, end = (grey + (ends - grey) * self._between(0.1, 0.9)[:, None, None])[..., None, None].unbind(1)
        uneven = torch.randn(self._count, 1, 5, 5, generator=self._random)
        uneven = F.interpolate(uneven, size=self._size, mode="bicubic", align_corners=False)
        _, down = self._axes()
        along = (0.5 + 0.5 * down * self._sign()[:, None, None])[:, None] + 0.25 * uneven * self._between(0, 1)[:, None, None, None]
        return torch.lerp(start, end, along.clamp(0, 1))

    def _half_plane(self) -> torch.Tensor:
        """A soft edge: 1 on one side of it; often all of the picture is on the other. Mostly a horizon in natural pictures."""
        (across, down), angle = self._axes(), self._between(0, 2 * math.pi)
        if self._natural:
            angle = torch.where(self._chance(0.6) > 0, math.pi / 2 + self._between(-0.15, 0.15), angle)
        distance = across * torch.cos(angle)[:, None, None] + down * torch.sin(angle)[:, None, None]
        return torch.sigmoid((distance - self._between(-0.5, 1.6)[:, None, None]) * 30)[:, None]

    def _recoloured(self, colours: torch.Tensor) -> torch.Tensor:
        """Turns hue about the grey axis; changes saturation, contrast and brightness."""
        if self._natural:
            hue, saturation, brightness, contrast = (
                self._between(low, high) for low, high in ((-0.12, 0.12), (0.8, 1.4), (0.7, 1.15), (0.9, 1.4))
            )
        else:
            hue = self._between(-0.4, 0.4) * self._chance(0.6) + self._between(-math.pi, math.pi) * self._chance(0.12)
            saturation, brightness, contrast = (self._between(low, high) for low, high in ((0.4, 1.4), (0.55, 1.25), (0.6, 1.3)))
        cos, sin, saturation = (value[:, None, None] for value in (torch.cos(hue), torch.sin(hue), saturation))
        about_grey = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
        turn = torch.eye(3) * cos + (1 - cos) / 3 + sin * about_grey
        matrix = ((1 - saturation) / 3 + saturation * torch.eye(3)) @ turn
        # Contrast stretches around the mean of the turned colours; all of it is one product and one sum.
        mean = (matrix @ colours.mean((2, 3))[..., None]).mean(1, keepdim=True)
        scale = (contrast * brightness)[:, None, None]
        shift = mean * (brightness * (1 - contrast))[:, None, None]
        return torch.baddbmm(shift, matrix * scale, colours.flatten(2)).view_as(colours)

    def _coat(self, emoji: torch.Tensor) -> torch.Tensor:
        """A factor on the objects' light: fur, feathers, scales or stones on those whose family wears them, on most of these."""
        bank = self._bank
        kind = bank.coats[emoji, self._picked(bank.coats.shape[1])]
        index = kind.clamp(min=0) * bank.textures_a_kind + self._picked(bank.textures_a_kind)
        pattern = self._pattern(index, (0.9, 1.6))[:, :1]
        strength = self._between(0.3, 0.9) * self._chance(0.65) * (kind >= 0)
        # Around 1, so that a coat is no darker than what it covers.
        return 1 + strength[:, None, None, None] * 1.3 * (pattern - pattern.mean((2, 3), keepdim=True))

    def _object(self, slot: _Slot) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """An emoji's colours, its cover of each pixel and its class."""
        index = torch.multinomial(self._bank.weights, self._count, replacement=True, generator=self._random)
        size, angle = torch.exp(self._between(*slot.sizes)), self._between(-0.4, 0.4)
        x, y, aspect = self._between(-slot.spread, slot.spread), self._between(-slot.spread, slot.spread), self._between(0.85, 1.18)
        emoji = self._bank.small_emoji if slot.small else self._bank.emoji
        rgba = self._sampled(emoji[index].float(), self._placement(size, angle, x, y, aspect), "zeros")
        cover = rgba[:, 3:] / 255 * self._chance(slot.probability)[:, None, None, None]
        colours = self._recoloured((rgba[:, :3] * (255 / rgba[:, 3:].clamp(min=8))).clamp(max=255))
        return colours if slot.small else colours * self._coat(index), cover, index

    def _shaded(self, picture: torch.Tensor, cover: torch.Tensor) -> torch.Tensor:
        """What lies behind an object, in its soft shadow; the light comes from one side in all of a batch."""
        across, down = (int(value) for value in torch.randint(-2, 3, (2,), generator=self._random))
        coarse = torch.roll(F.avg_pool2d(F.avg_pool2d(cover, 4), 3, 1, 1), (abs(down), across), (2, 3))
        shadow = F.interpolate(coarse, size=self._size, mode="bilinear", align_corners=False)
        return picture * (1 - shadow * (self._between(0, 0.55) * self._chance(0.7))[:, None, None, None])

    def _lit(self, picture: torch.Tensor) -> torch.Tensor:
        """Light from a side, its colour, and corners a little darker."""
        across, down = self._axes()
        slope = [self._between(-0.4, 0.4)[:, None, None] for _ in range(2)]
        light = 1 + slope[0] * across + slope[1] * down - (across**2 + down**2) * self._between(-0.05, 0.15)[:, None, None]
        tint = 1 + 0.09 * torch.randn(self._count, 3, 1, 1, generator=self._random)
        return picture * (light[:, None] * tint)

    def _faded(self, picture: torch.Tensor) -> torch.Tensor:
        """Some pictures are grey: shapes must tell what colours do not."""
        grey = self._chance(0.05 if self._natural else 0.15)[:, None, None, None]
        return torch.lerp(picture, picture.mean(1, keepdim=True).expand_as(picture), grey)

    def _blurred(self, picture: torch.Tensor, size: int, probability: float) -> torch.Tensor:
        chosen = self._chance(probability) > 0
        picture[chosen] = F.avg_pool2d(F.pad(picture[chosen], (size // 2,) * 4, mode="reflect"), size, 1)
        return picture

    def _noisy(self, picture: torch.Tensor) -> torch.Tensor:
        noise = torch.randn(picture.shape, generator=self._random)
        return picture.addcmul_(noise, (self._between(0, 12) * self._chance(0.4))[:, None, None, None])

    def draw(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """
        Pictures [count, 3, size, size] of 0..255; the classes of what is in each, [count, grounds and objects]; each one's share
        of each cell, [count, grounds and objects, cells, cells], which sum to less than 1 where there is sky, which has no class.
        """
        (first, first_class), (second, second_class) = self._ground(), self._ground()
        beyond, sky = self._half_plane(), self._half_plane() * self._chance(0.6)[:, None, None, None]
        picture = torch.lerp(torch.lerp(first, second, beyond), self._sky(), sky)
        picture = self._blurred(picture, 5, 0.12)
        classes, covers = [first_class, second_class], [(1 - beyond) * (1 - sky), beyond * (1 - sky)]
        peopled = (1 - self._chance(self._ground_alone))[:, None, None, None]
        for slot in _SLOTS:
            colours, cover, index = self._object(slot)
            cover = cover * peopled
            picture = torch.lerp(self._shaded(picture, cover), colours, cover)
            covers = [below * (1 - cover) for below in covers] + [cover]
            classes.append(index)
        picture = self._faded(self._lit(picture))
        picture = self._noisy(self._blurred(picture, 3, 0.2)).clamp(0, 255)
        shares = F.avg_pool2d(torch.cat(covers, 1), CELL)
        bare = 1 - shares.sum(1, keepdim=True)
        shares[:, GROUNDS:] *= OBJECT_WEIGHT
        return picture, torch.stack(classes, 1), shares / (shares.sum(1, keepdim=True) + bare.clamp(min=0) + 1e-6)
