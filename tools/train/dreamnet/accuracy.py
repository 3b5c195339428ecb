"""How often the network names what covers a cell, on pictures that no phase saw: as they are, and under attack."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F

from . import bank as banks
from . import adversary, checkpoint
from .composition import Batch
from .network import Network
from .recipe import SURE_SHARE

_STREAM = 98  # batches that no phase sees
_BATCHES = 8
_ATTACK_RMS, _ATTACK_STEPS = 3.0, 5


def _attacked(network: Network, picture: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Projected gradient descent (Madry et al. 2018) in L2, to an rms of so many grey levels."""
    radius = adversary.radius(_ATTACK_RMS)
    change = torch.zeros_like(picture)
    for _ in range(_ATTACK_STEPS):
        seen = (picture + change).requires_grad_()
        (gradient,) = torch.autograd.grad(F.cross_entropy(network(seen), target), seen)
        change = adversary.within(change + gradient * (0.4 * radius / adversary.norm(gradient)), radius)
    return picture + change


def measure(checkpoint_file: Path, bank_file: Path) -> None:
    """Prints the share of sure emoji cells whose class comes first among all classes."""
    network, bank = checkpoint.network(checkpoint_file), banks.load(bank_file)
    for natural in (False, True):
        counts = torch.zeros(3)
        for number in range(_BATCHES):
            picture, classes, shares = Batch(bank, _STREAM, number, natural).draw()
            target = classes.gather(1, shares.argmax(1).flatten(1)).view(-1, *shares.shape[2:])
            sure = shares[:, 2:].amax(1) > SURE_SHARE
            hostile = _attacked(network, picture, target)
            with torch.no_grad():
                clean, attacked = (network(seen).argmax(1) == target for seen in (picture, hostile))
            counts += torch.stack([(clean & sure).sum(), (attacked & sure).sum(), sure.sum()]).float()
        clean_share, attacked_share = (counts[:2] / counts[2]).tolist()
        hues = "natural" if natural else "varied"
        print(f"{hues} hues: {clean_share:.3f} of {int(counts[2])} cells; attacked (PGD-{_ATTACK_STEPS}, rms {_ATTACK_RMS:g}): {attacked_share:.3f}", flush=True)
