"""How often the network names what covers a cell, on pictures that no phase saw: as they are, and under attack."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F

from . import adversary, checkpoint
from . import bank as banks
from .composition import GROUNDS, Batch
from .network import Network
from .recipe import SURE_SHARE

_STREAM = 98  # batches that no phase sees
_PIXELS = 64 * 96**2  # of a batch
_ATTACK_RMS, _ATTACK_STEPS = 3.0, 5
_NO_CLASS = -100  # of a cell that shows sky: the loss passes it over


def _attacked(network: Network, picture: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Projected gradient descent (Madry et al. 2018) in L2, to an rms of so many grey levels."""
    radius = adversary.radius(_ATTACK_RMS, picture.shape[-1])
    change = torch.zeros_like(picture)
    for _ in range(_ATTACK_STEPS):
        seen = (picture + change).requires_grad_()
        (gradient,) = torch.autograd.grad(F.cross_entropy(network(seen), target, ignore_index=_NO_CLASS), seen)
        change = adversary.within(change + gradient * (0.4 * radius / adversary.norm(gradient)), radius)
    return picture + change


def measure(checkpoint_file: Path, bank_file: Path, batches: int, size: int, ground_alone: float) -> None:
    """On batches of pictures so many pixels a side, that share of them without emoji: prints which share of the cells mostly covered by an emoji, and by a texture, has that class first among all."""
    network, bank = checkpoint.network(checkpoint_file), banks.load(bank_file)
    for natural in (False, True):
        found = torch.zeros(4)
        cells = torch.zeros(2)
        for number in range(batches):
            picture, classes, shares = Batch(bank, _STREAM, number, natural, size, max(1, _PIXELS // size**2), ground_alone=ground_alone).draw()
            target = classes.gather(1, shares.argmax(1).flatten(1)).view(-1, *shares.shape[2:])
            target[shares.sum(1) < 0.5] = _NO_CLASS
            texture, emoji = (part.amax(1) > SURE_SHARE for part in (shares[:, :GROUNDS], shares[:, GROUNDS:]))
            hostile = _attacked(network, picture, target)
            with torch.no_grad():
                clean, attacked = (network(seen).argmax(1) == target for seen in (picture, hostile))
            found += torch.stack([(hit & sure).sum() for sure in (emoji, texture) for hit in (clean, attacked)]).float()
            cells += torch.stack([emoji.sum(), texture.sum()]).float()
        shares_found = (found / cells.repeat_interleave(2)).tolist()
        hues = "natural" if natural else "varied"
        for name, (clean_share, attacked_share), count in zip(("emoji", "textures"), (shares_found[:2], shares_found[2:]), cells.tolist()):
            attack = f"attacked (PGD-{_ATTACK_STEPS}, rms {_ATTACK_RMS:g}): {attacked_share:.3f}"
            print(f"{name}, {hues} hues: {clean_share:.3f} of {int(count)} cells; {attack}", flush=True)
