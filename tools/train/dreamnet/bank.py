"""The bank that training pictures are composed from: emoji and textures, made once and kept in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from . import emoji, families, palettes, textures
from .recipe import TEXTURES_A_KIND


SMALL = 2  # by how much the pictures of small objects are smaller


@dataclass(frozen=True)
class Bank:
    emoji: torch.Tensor  # [count, 4, size, size] uint8 RGBA, the colours multiplied by the cover
    small_emoji: torch.Tensor  # the same at a half of the size
    weights: torch.Tensor  # [count]: how often each is drawn
    coats: torch.Tensor  # [count, choices]: the kinds of texture that each may wear, -1 for none
    textures: torch.Tensor  # [kinds * each, 2, size, size] uint8
    textures_a_kind: int
    upright: torch.Tensor  # [kinds]: whether the kind has an above and a below
    palettes: torch.Tensor  # [kinds, choices, 4, 3]: colours in nature
    classes: list[str]  # the emoji's names, then the textures' kinds

    @property
    def first_texture(self) -> int:
        return len(self.emoji)


def make(folder: Path, file: Path, most_emoji: int | None = None, textures_a_kind: int = TEXTURES_A_KIND) -> None:
    """Writes the bank; complete or not at all."""
    pictures, names = emoji.read(emoji.download(folder), most_emoji)
    partial = file.with_suffix(".partial.npz")
    np.savez(partial, emoji=pictures, names=np.array(names), textures=textures.bank(textures_a_kind))
    partial.replace(file)
    print(f"{file}: {len(names)} emoji, {len(textures.KINDS)} kinds of texture, {textures_a_kind} of each", flush=True)


def _open(file: Path) -> np.lib.npyio.NpzFile:
    if not file.exists():
        raise SystemExit(f"{file} is missing: make it by the command 'bank'.")
    return np.load(file)


def classes(file: Path) -> list[str]:
    """The names of a bank's classes, without its pictures."""
    with _open(file) as data:
        return [str(name) for name in data["names"]] + [f"texture {kind}" for kind in textures.KINDS]


def _premultiplied(rgba: np.ndarray) -> torch.Tensor:
    """[count, 4, size, size]: so that no colour of transparent pixels leaks into an edge that is sampled between pixels."""
    colours = rgba[..., :3].astype(np.uint16) * rgba[..., 3:] // 255
    return torch.from_numpy(np.concatenate([colours.astype(np.uint8), rgba[..., 3:]], -1)).permute(0, 3, 1, 2).contiguous()


def load(file: Path) -> Bank:
    with _open(file) as data:
        names, kinds = [str(name) for name in data["names"]], list(textures.KINDS)
        each = data["textures"].shape[1]
        pictures = _premultiplied(data["emoji"])
        coats = [families.COATS.get(families.of(name).coat, ()) for name in names]
        most = max(len(choices) for choices in families.COATS.values())
        return Bank(
            emoji=pictures,
            small_emoji=F.avg_pool2d(pictures.float(), SMALL).byte(),
            weights=torch.tensor([families.of(name).weight for name in names]),
            coats=torch.tensor([[kinds.index(c[i % len(c)]) if c else -1 for i in range(most)] for c in coats]),
            textures=torch.from_numpy(data["textures"]).flatten(0, 1).permute(0, 3, 1, 2).contiguous(),
            textures_a_kind=each,
            upright=torch.tensor([kind in textures.UPRIGHT for kind in kinds]),
            palettes=palettes.of_kinds(kinds),
            classes=classes(file),
        )
