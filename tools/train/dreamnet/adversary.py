"""The adversary's measure: an L2 ball around each picture, its radius told as grey levels rms."""

from __future__ import annotations

import torch


def radius(rms: float, size: int) -> float:
    """The L2 norm of a change of so many grey levels rms, of a picture of so many pixels a side."""
    return rms * (3 * size * size) ** 0.5


def norm(change: torch.Tensor) -> torch.Tensor:
    """Each picture's L2 norm, [batch, 1, 1, 1]."""
    return change.flatten(1).norm(dim=1)[:, None, None, None] + 1e-12


def within(change: torch.Tensor, most: float) -> torch.Tensor:
    """The change, drawn back into the ball."""
    return change * torch.clamp(most / norm(change), max=1)
