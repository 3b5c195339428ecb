"""Composes training pictures: one to three emoji over two textures, under uneven light, blurred and noisy."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from .bank import Bank
from .recipe import BATCH, CELLS, PICTURE, SEED

# Each of at most three emoji: how probable it is, and the range of the logarithm of its size.
_OBJECTS = ((0.97, (-0.6, 0.6)), (0.6, (-1.1, 0.2)), (0.35, (-1.1, 0.2)))
# A cell that an emoji and its ground share is asked for the emoji rather.
_OBJECT_WEIGHT = 2.5


class Batch:
    """One batch, drawn by its number: the same number, the same pictures, so that training can go on where it was cut."""

    def __init__(self, bank: Bank, stream: int, number: int, natural: bool, count: int = BATCH) -> None:
        self._bank, self._natural, self._count = bank, natural, count
        self._random = torch.Generator().manual_seed((SEED * 1_000 + stream) * 10_000_000 + number)

    def _between(self, low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(self._count, generator=self._random)

    def _sign(self) -> torch.Tensor:
        return torch.sign(self._between(-1, 1))

    def _chance(self, probability: float) -> torch.Tensor:
        return (self._between(0, 1) < probability).float()

    def _sampled(self, pictures: torch.Tensor, placement: torch.Tensor, padding: str) -> torch.Tensor:
        shape = (self._count, pictures.shape[1], PICTURE, PICTURE)
        grid = F.affine_grid(placement, list(shape), align_corners=False)
        return F.grid_sample(pictures, grid, align_corners=False, padding_mode=padding)

    def _placement(self, size: torch.Tensor, angle: torch.Tensor, x: torch.Tensor, y: torch.Tensor, aspect: torch.Tensor) -> torch.Tensor:
        """[count, 2, 3], from the picture's coordinates to the object's; mirrored by chance."""
        cos, sin = torch.cos(angle) / size, torch.sin(angle) / size
        turn = torch.stack([torch.stack([cos * self._sign(), -sin], -1), torch.stack([sin * aspect, cos * aspect], -1)], 1)
        return torch.cat([turn, -turn @ torch.stack([x, y], -1)[..., None]], -1)

    def _ground(self) -> tuple[torch.Tensor, torch.Tensor]:
        """A texture in four random colours, and its class."""
        bank, none, one = self._bank, torch.zeros(self._count), torch.ones(self._count)
        index = torch.randint(len(bank.textures), (self._count,), generator=self._random)
        placement = self._placement(self._between(0.9, 2.2), self._between(0, 2 * math.pi), none, none, one)
        fields = self._sampled(bank.textures[index].float() / 255, placement * 0.6, "reflection")
        colours = torch.rand(self._count, 4, 3, generator=self._random) * 255
        grey = colours.mean(-1, keepdim=True)
        colours = grey + (colours - grey) * self._between(0.2, 1)[:, None, None]
        pattern, where = fields[:, :1], fields[:, 1:]
        dark_1, dark_2, light_1, light_2 = colours[..., None, None].unbind(1)
        ground = torch.lerp(torch.lerp(dark_1, dark_2, where), torch.lerp(light_1, light_2, where), pattern)
        return ground, bank.first_texture + index // bank.textures_a_kind

    def _half_plane(self) -> torch.Tensor:
        """A soft edge at random: 1 on one side of it; often all of the picture is on the other."""
        axis, angle = torch.linspace(-1, 1, PICTURE), self._between(0, 2 * math.pi)
        across = axis[None, None, :] * torch.cos(angle)[:, None, None] + axis[None, :, None] * torch.sin(angle)[:, None, None]
        return torch.sigmoid((across - self._between(-0.5, 1.6)[:, None, None]) * 30)[:, None]

    def _recoloured(self, colours: torch.Tensor) -> torch.Tensor:
        """Turns hue about the grey axis; changes saturation, contrast and brightness."""
        if self._natural:
            hue, saturation, brightness, contrast = (
                self._between(low, high) for low, high in ((-0.12, 0.12), (0.9, 1.6), (0.8, 1.2), (0.9, 1.4))
            )
        else:
            hue = self._between(-0.4, 0.4) * self._chance(0.6) + self._between(-math.pi, math.pi) * self._chance(0.12)
            saturation, brightness, contrast = (self._between(low, high) for low, high in ((0.4, 1.4), (0.55, 1.25), (0.6, 1.3)))
        cos, sin, saturation = (value[:, None, None] for value in (torch.cos(hue), torch.sin(hue), saturation))
        about_grey = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
        turn = torch.eye(3) * cos + (1 - cos) / 3 + sin * about_grey
        matrix = ((1 - saturation) / 3 + saturation * torch.eye(3)) @ turn
        colours = torch.einsum("bij,bjhw->bihw", matrix, colours)
        mean = colours.mean((1, 2, 3), keepdim=True)
        return ((colours - mean) * contrast[:, None, None, None] + mean) * brightness[:, None, None, None]

    def _object(self, probability: float, sizes: tuple[float, float]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """An emoji's colours, its cover of each pixel and its class."""
        index = torch.multinomial(self._bank.weights, self._count, replacement=True, generator=self._random)
        size, angle = torch.exp(self._between(*sizes)), self._between(-0.5, 0.5)
        placement = self._placement(size, angle, self._between(-0.65, 0.65), self._between(-0.65, 0.65), self._between(0.85, 1.18))
        rgba = self._sampled(self._bank.emoji[index].float(), placement, "zeros")
        cover = rgba[:, 3:] / 255 * self._chance(probability)[:, None, None, None]
        return self._recoloured(rgba[:, :3]), cover, index

    def _lit(self, picture: torch.Tensor) -> torch.Tensor:
        axis = torch.linspace(-1, 1, PICTURE)
        across, down = (self._between(-0.5, 0.5)[:, None, None] for _ in range(2))
        return picture * (1 + across * axis[None, None, :] + down * axis[None, :, None])[:, None]

    def _worn(self, picture: torch.Tensor) -> torch.Tensor:
        """Some pictures blurred, some noisy."""
        blurred = F.avg_pool2d(F.pad(picture, (1, 1, 1, 1), mode="reflect"), 3, 1)
        picture = torch.where(self._chance(0.3)[:, None, None, None] > 0, blurred, picture)
        noise = torch.randn(picture.shape, generator=self._random)
        return picture + noise * (self._between(0, 14) * self._chance(0.5))[:, None, None, None]

    def draw(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """
        Pictures [count, 3, size, size] of 0..255; the classes of what is in each, [count, 5]; each one's share of each cell,
        [count, 5, cells, cells].
        """
        (first, first_class), (second, second_class) = self._ground(), self._ground()
        beyond = self._half_plane()
        picture = torch.lerp(first, second, beyond)
        classes, covers = [first_class, second_class], [1 - beyond, beyond]
        for probability, sizes in _OBJECTS:
            colours, cover, index = self._object(probability, sizes)
            picture = torch.lerp(picture, colours, cover)
            covers = [below * (1 - cover) for below in covers] + [cover]
            classes.append(index)
        picture = self._worn(self._lit(picture)).clamp(0, 255)
        shares = F.avg_pool2d(torch.cat(covers, 1), PICTURE // CELLS)
        shares[:, 2:] *= _OBJECT_WEIGHT
        return picture, torch.stack(classes, 1), shares / shares.sum(1, keepdim=True)
