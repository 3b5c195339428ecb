"""From the trained network to plain convolutions: batch norm and channel equalisation folded into filters and biases."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import torch

from .bank import Bank
from .composition import Batch
from .network import BLOCKS, SCALE, Convolution, Network

_STATISTICS_STREAM = 99  # batches that no phase sees
_STATISTICS_BATCHES, _STATISTICS_SIZE = 3, 96
_LEAST_RMS = 1e-3


@dataclass(frozen=True)
class Folded:
    """filter [height, width, inputs, outputs] and bias [outputs], float32, by layer: relu(filter * x + bias)."""

    filters: dict[str, np.ndarray]
    biases: dict[str, np.ndarray]


def channel_rms(network: Network, bank: Bank, batches: int = _STATISTICS_BATCHES) -> dict[str, np.ndarray]:
    """The root mean square of every channel of every block over training pictures."""
    squares: dict[str, list[torch.Tensor]] = defaultdict(list)
    with torch.no_grad():
        for number in range(batches):
            picture, _, _ = Batch(bank, _STATISTICS_STREAM, number, natural=True, size=_STATISTICS_SIZE, count=64).draw()
            for name, output in network.features(picture).items():
                squares[name].append(output.square().mean((0, 2, 3)))
    return {name: (torch.stack(each).mean(0).sqrt() + _LEAST_RMS).numpy() for name, each in squares.items()}


def _without_norm(convolution: Convolution) -> tuple[np.ndarray, np.ndarray]:
    norm = convolution.norm
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    filters = convolution.filter.weight * scale[:, None, None, None]
    return filters.permute(2, 3, 1, 0).detach().numpy(), (norm.bias - norm.running_mean * scale).detach().numpy()


def fold(network: Network, rms: dict[str, np.ndarray]) -> Folded:
    """
    Every channel is divided by its rms and its readers multiply it back: the network's answers stay as they are, and the mean
    square of a whole layer, DeepDream's objective, is not ruled by its few loudest channels.
    """
    filters: dict[str, np.ndarray] = {}
    biases: dict[str, np.ndarray] = {}

    def add(name: str, convolution: Convolution, before: np.ndarray | None, after: np.ndarray | None) -> None:
        weights, bias = _without_norm(convolution)
        if before is not None:
            weights = weights * before[:, None]
        if after is not None:
            weights, bias = weights / after, bias / after
        filters[name], biases[name] = weights, bias

    # The picture's scale goes into the first filters.
    add("conv1", network.conv1, np.full(3, SCALE, np.float32), rms["conv1"])
    add("conv2_reduce", network.conv2_reduce, rms["conv1"], None)
    add("conv2", network.conv2, None, rms["conv2"])
    before = rms["conv2"]
    for name, widths in BLOCKS.items():
        block, layer = network.mixed[name], f"mixed{name}"
        one, three, five, pool = np.split(rms[name], np.cumsum(widths.parts)[:-1])
        add(f"{layer}_1x1", block.one, before, one)
        add(f"{layer}_3x3_bottleneck", block.three_bottleneck, before, None)
        add(f"{layer}_3x3", block.three, None, three)
        add(f"{layer}_5x5_bottleneck", block.five_bottleneck, before, None)
        add(f"{layer}_5x5", block.five, None, five)
        add(f"{layer}_pool_reduce", block.pool, before, pool)
        before = rms[name]
    head = network.classes
    filters["classes"] = head.weight.T.detach().numpy()[None, None] * before[:, None]
    biases["classes"] = head.bias.detach().numpy()
    return Folded(filters, biases)
