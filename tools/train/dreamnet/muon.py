"""
Muon (Jordan et al. 2024): a filter's momentum is made orthogonal before the step, so that all its directions are learned at one pace.
Steps are scaled to AdamW's usual size (Liu et al. 2025), so that its learning rate and weight decay hold.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of Newton and Schulz's iteration, as Jordan chose them
_ITERATIONS = 5
_ADAMW_RMS = 0.2  # of AdamW's steps, as measured by Liu et al.


def orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    """The nearest matrix, about, whose singular values are all alike, about 1."""
    a, b, c = _COEFFICIENTS
    x = matrix.bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / (x.norm() + 1e-7)
    for _ in range(_ITERATIONS):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return (x.T if tall else x).to(matrix.dtype)


class Muon(torch.optim.Optimizer):
    """For filters [outputs, inputs, height, width]."""

    def __init__(self, filters: Iterable[torch.Tensor], lr: float, weight_decay: float, momentum: float = 0.95) -> None:
        super().__init__(filters, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            rate, momentum = group["lr"], group["momentum"]
            for filters in group["params"]:
                state = self.state[filters]
                if not state:
                    state["momentum"] = torch.zeros_like(filters)
                moving = state["momentum"]
                moving.lerp_(filters.grad, 1 - momentum)
                # As Nesterov's: where the momentum will be.
                ahead = filters.grad.lerp(moving, momentum).flatten(1)
                size = _ADAMW_RMS * max(ahead.shape) ** 0.5
                filters.mul_(1 - rate * group["weight_decay"])
                filters.add_(orthogonal(ahead).view(filters.shape), alpha=-rate * size)
