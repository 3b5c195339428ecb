"""Checkpoints: complete or not at all, so that training goes on after a cut at any moment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch

from .network import BLOCKS, Blocks, Network, Widths

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


def _blocks(weights: dict[str, torch.Tensor]) -> Blocks:
    """The widths of a network's blocks, from the shapes of its weights."""

    def width(block: str, part: str) -> int:
        return len(weights[f"mixed.{block}.{part}.filter.weight"])

    return {name: Widths(*(width(name, part) for part in Widths._fields)) for name in BLOCKS}


def network(file: Path) -> Network:
    """The averaged weights of a checkpoint, or of a file that `save_weights` wrote, ready to dream with."""
    state = load(file)
    weights = state["average"] if "average" in state else {_renamed(name): value for name, value in state.items()}
    loaded = Network(len(weights["classes.bias"]), _blocks(weights))
    loaded.load_state_dict(weights)
    loaded.eval().requires_grad_(False)
    return loaded.to(memory_format=torch.channels_last)


def classes(file: Path) -> list[str]:
    """The names of a checkpoint's classes."""
    return load(file)["classes"]


def save_weights(checkpoint: Path, phase: str, file: Path) -> None:
    """
    A checkpoint without its optimiser: the average, filters in float16, with the phase and step that it was reached in. Small
    enough to commit; training goes on from it, after warming up anew.
    """
    state = load(checkpoint)
    halved = {name: value.half() if value.ndim > 1 else value for name, value in state["average"].items()}
    save({"phase": phase, "step": state["step"], "classes": state["classes"], "average": halved}, file)
