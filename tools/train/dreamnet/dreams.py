"""A sheet of dreams of a checkpoint, to judge a run by eye while it goes on. livedream itself draws the package's pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw

from . import checkpoint
from .bank import Bank
from .folding import channel_rms
from .network import Network
from .recipe import SEED

Objective = Callable[[dict[str, torch.Tensor]], torch.Tensor]

_LAYERS = ("3b", "4a", "4b", "4c", "4d", "5a")
_CLASSES = (
    *("owl", "butterfly", "eye", "parrot", "tiger face", "peacock", "turtle", "lion face", "fox face", "rose", "sunflower", "european castle"),
    *("texture fur", "texture plumage", "texture foliage", "texture strokes", "texture starburst", "texture vortex", "texture stalactites"),
    *("texture ridges", "texture tracery", "texture petals"),
)
_BRIEF = ("mixed3b", "mixed4a", "mixed4c", "mixed4d", "owl", "tiger face", "european castle", "texture strokes")
_WIDTH, _HEIGHT, _COLUMNS = 288, 192, 4
_OCTAVES, _SCALE, _ITERATIONS, _STEP, _SHIFT = 4, 1.5, 12, 2.0, 32


def _blurred(gradient: torch.Tensor, sigma: float) -> torch.Tensor:
    radius = int(3 * sigma + 0.5)
    axis = torch.arange(-radius, radius + 1.0)
    kernel = torch.exp(-(axis**2) / (2 * sigma**2))
    kernel = (kernel / kernel.sum()).repeat(3, 1, 1, 1)
    padded = F.pad(gradient, (radius,) * 4, mode="reflect")
    return F.conv2d(F.conv2d(padded, kernel, groups=3), kernel.transpose(2, 3), groups=3)


def _climbed(network: Network, picture: torch.Tensor, objective: Objective, random: np.random.Generator) -> torch.Tensor:
    """One octave. The gradient is smoothed less and less: coarse shapes first, then their edges."""
    for iteration in range(_ITERATIONS):
        shift = tuple(int(value) for value in random.integers(-_SHIFT, _SHIFT, 2))
        seen = torch.roll(picture, shift, (2, 3)).requires_grad_()
        (gradient,) = torch.autograd.grad(objective(network.features(seen)), seen)
        gradient = _blurred(torch.roll(gradient, (-shift[0], -shift[1]), (2, 3)), 0.9 - 0.6 * iteration / _ITERATIONS)
        picture = (picture + gradient * (_STEP / (gradient.abs().mean() + 1e-9))).detach()
    return picture


def dream(network: Network, picture: torch.Tensor, objective: Objective) -> torch.Tensor:
    """DeepDream over octaves of a picture [1, 3, height, width] of 0..255."""
    random = np.random.default_rng(SEED)
    height, width = picture.shape[2:]
    sizes = [(int(height / _SCALE**octave), int(width / _SCALE**octave)) for octave in reversed(range(_OCTAVES))]
    levels = [F.interpolate(picture, size=size, mode="bilinear", antialias=True) for size in sizes]
    current = _climbed(network, levels[0], objective, random)
    for smaller, level in zip(levels, levels[1:]):
        detail = level - F.interpolate(smaller, size=level.shape[2:], mode="bilinear")
        current = F.interpolate(current, size=level.shape[2:], mode="bicubic") + detail
        current = _climbed(network, current, objective, random)
    return current.clamp(0, 255)


def _noise() -> torch.Tensor:
    """Grey noise with more in its coarse grains, as in natural pictures."""
    random = torch.Generator().manual_seed(SEED)
    total = torch.full((1, 3, _HEIGHT, _WIDTH), 117.0)
    for grain, strength in ((1, 6), (8, 12), (32, 22)):
        coarse = torch.randn(1, 3, _HEIGHT // grain + 1, _WIDTH // grain + 1, generator=random)
        total += strength * F.interpolate(coarse, size=(_HEIGHT, _WIDTH), mode="bicubic")
    return total


def _photograph(file: Path) -> torch.Tensor:
    image = Image.open(file).convert("RGB").resize((_WIDTH, _HEIGHT), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float()


def _objectives(network: Network, bank: Bank) -> dict[str, Objective]:
    rms = {name: torch.from_numpy(value)[None, :, None, None] for name, value in channel_rms(network, bank, 1).items()}

    def layer(name: str) -> Objective:
        return lambda outputs: (outputs[name] / rms[name]).square().mean()

    def of_class(index: int) -> Objective:
        return lambda outputs: torch.einsum("bchw,c->bhw", outputs["5a"], network.classes.weight[index]).mean()

    layers = {f"mixed{name}": layer(name) for name in _LAYERS}
    return layers | {name: of_class(bank.classes.index(name)) for name in _CLASSES if name in bank.classes}


def sheet(checkpoint_file: Path, bank: Bank, photograph: Path | None, out: Path, brief: bool = False) -> None:
    """Every objective from noise or over a photograph, with its name; eight of them if brief."""
    network = checkpoint.network(checkpoint_file)
    start = _noise() if photograph is None else _photograph(photograph)
    objectives = _objectives(network, bank)
    if brief:
        objectives = {name: objectives[name] for name in _BRIEF if name in objectives}
    rows = -(-len(objectives) // _COLUMNS)
    page = Image.new("RGB", (_WIDTH * _COLUMNS, _HEIGHT * rows))
    for index, (name, objective) in enumerate(objectives.items()):
        pixels = dream(network, start, objective)[0].permute(1, 2, 0).round().byte().numpy()
        picture = Image.fromarray(pixels)
        ImageDraw.Draw(picture).text((6, 4), name, fill="white", stroke_width=2, stroke_fill="black", font_size=16)
        page.paste(picture, (index % _COLUMNS * _WIDTH, index // _COLUMNS * _HEIGHT))
    page.save(out, quality=90)
    print(out, flush=True)
