"""Checkpoints: complete or not at all, so that training goes on after a cut at any moment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch

from .network import Network

# The short names of the prototype, whose checkpoint the package's first network was exported from.
_PROTOTYPE = (
    (r"^c1\.", "conv1."),
    (r"^c2r\.", "conv2_reduce."),
    (r"^c2\.", "conv2."),
    (r"^b\.", "mixed."),
    (r"^fc\.", "classes."),
    (r"^aux\.", "auxiliary."),
    (r"^(mixed\.\w+)\.a\.", r"\1.one."),
    (r"^(mixed\.\w+)\.r3\.", r"\1.three_bottleneck."),
    (r"^(mixed\.\w+)\.o3\.", r"\1.three."),
    (r"^(mixed\.\w+)\.r5\.", r"\1.five_bottleneck."),
    (r"^(mixed\.\w+)\.o5\.", r"\1.five."),
    (r"^(mixed\.\w+)\.p\.", r"\1.pool."),
    (r"\.c\.weight$", ".filter.weight"),
    (r"\.b\.(\w+)$", r".norm.\1"),
)


def _renamed(name: str) -> str:
    for pattern, replacement in _PROTOTYPE:
        name = re.sub(pattern, replacement, name)
    return name


def save(state: dict[str, Any], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(file)


def load(file: Path) -> dict[str, Any]:
    return torch.load(file, map_location="cpu", weights_only=True)


def network(file: Path) -> Network:
    """The averaged weights of a checkpoint, or the prototype's, ready to dream with."""
    state = load(file)
    weights = state["average"] if "average" in state else {_renamed(name): value for name, value in state.items()}
    loaded = Network(len(weights["classes.bias"]))
    loaded.load_state_dict(weights)
    loaded.eval().requires_grad_(False)
    return loaded.to(memory_format=torch.channels_last)
