"""The bank that training pictures are composed from: emoji and textures, made once and kept in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from . import emoji, textures
from .recipe import TEXTURES_A_KIND


@dataclass(frozen=True)
class Bank:
    emoji: torch.Tensor  # [count, 4, size, size] uint8 RGBA
    weights: torch.Tensor  # [count]: how often each is drawn
    textures: torch.Tensor  # [kinds * each, 2, size, size] uint8
    textures_a_kind: int
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
        return [str(name).lower() for name in data["names"]] + [f"texture {kind}" for kind in textures.KINDS]


def load(file: Path) -> Bank:
    with _open(file) as data:
        names = [str(name) for name in data["names"]]
        each = data["textures"].shape[1]
        return Bank(
            emoji=torch.from_numpy(data["emoji"]).permute(0, 3, 1, 2).contiguous(),
            weights=torch.tensor([emoji.weight(name) for name in names]),
            textures=torch.from_numpy(data["textures"]).flatten(0, 1).permute(0, 3, 1, 2).contiguous(),
            textures_a_kind=each,
            classes=classes(file),
        )
