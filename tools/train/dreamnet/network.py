"""The network: Inception's blocks (Szegedy et al. 2014), stride 16, 1.6 million weights and a 1x1 head."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn

MEAN, SCALE = 117.0, 1 / 60


class Widths(NamedTuple):
    one: int
    three_bottleneck: int
    three: int
    five_bottleneck: int
    five: int
    pool: int

    @property
    def parts(self) -> tuple[int, int, int, int]:
        """Channels of the four branches, in the order of their join."""
        return self.one, self.three, self.five, self.pool


BLOCKS = {
    "3a": Widths(32, 48, 64, 8, 16, 16),
    "3b": Widths(64, 64, 96, 16, 48, 32),
    "4a": Widths(96, 64, 128, 16, 32, 32),
    "4b": Widths(96, 72, 144, 24, 48, 32),
    "4c": Widths(96, 80, 160, 24, 48, 48),
    "4d": Widths(144, 112, 224, 32, 64, 64),
    "5a": Widths(192, 112, 256, 32, 64, 64),
}
POOLED_BEFORE = "4a"
AUXILIARY_BLOCK = "4b"
STEM = {"conv1": 32, "conv2_reduce": 32, "conv2": 96}
Blocks = dict[str, Widths]


def scaled(width: float) -> Blocks:
    """The blocks with so many times the channels."""
    return {name: Widths(*(max(8, round(each * width / 8) * 8) for each in widths)) for name, widths in BLOCKS.items()}


class Convolution(nn.Module):
    def __init__(self, inputs: int, outputs: int, size: int, stride: int = 1) -> None:
        super().__init__()
        self.filter = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.norm(self.filter(x)))


class Stem(Convolution):
    """
    The first convolution, 7x7 with stride 2, as one of 4x4 with stride 1 over the picture's 2x2 squares: the same numbers, but the
    gradient of three channels with a stride, which every adversarial step needs, took half of the step (measured).
    """

    def __init__(self, outputs: int) -> None:
        super().__init__(3, outputs, 7, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        height, width = x.shape[2:]
        squares = F.pixel_unshuffle(F.pad(x, (4, 2 + width % 2, 4, 2 + height % 2)), 2)
        # The filter's first row and column are none of the picture's: they make its size even.
        filters = F.pixel_unshuffle(F.pad(self.filter.weight, (1, 0, 1, 0)), 2)
        return F.relu(self.norm(F.conv2d(squares.contiguous(memory_format=torch.channels_last), filters)))


class Block(nn.Module):
    def __init__(self, inputs: int, widths: Widths) -> None:
        super().__init__()
        self.one = Convolution(inputs, widths.one, 1)
        self.three_bottleneck = Convolution(inputs, widths.three_bottleneck, 1)
        self.three = Convolution(widths.three_bottleneck, widths.three, 3)
        self.five_bottleneck = Convolution(inputs, widths.five_bottleneck, 1)
        self.five = Convolution(widths.five_bottleneck, widths.five, 5)
        self.pool = Convolution(inputs, widths.pool, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pooled = F.max_pool2d(x, 3, 1, 1)
        return torch.cat([self.one(x), self.three(self.three_bottleneck(x)), self.five(self.five_bottleneck(x)), self.pool(pooled)], 1)


class Network(nn.Module):
    def __init__(self, classes: int, blocks: Blocks = BLOCKS) -> None:
        super().__init__()
        self.conv1 = Stem(STEM["conv1"])
        self.conv2_reduce = Convolution(STEM["conv1"], STEM["conv2_reduce"], 1)
        self.conv2 = Convolution(STEM["conv2_reduce"], STEM["conv2"], 3)
        self.mixed = nn.ModuleDict()
        inputs = STEM["conv2"]
        for name, widths in blocks.items():
            self.mixed[name] = Block(inputs, widths)
            inputs = sum(widths.parts)
        self.classes = nn.Linear(inputs, classes)
        # A second head halfway: deeper layers alone learn slowly (as in Szegedy et al.); it is not exported.
        self.auxiliary = nn.Linear(sum(blocks[AUXILIARY_BLOCK].parts), classes)

    def features(self, picture: torch.Tensor) -> dict[str, torch.Tensor]:
        """Every block's output for pictures [batch, 3, height, width] of 0..255."""
        outputs = {"conv1": self.conv1((picture - MEAN) * SCALE)}
        x = F.max_pool2d(outputs["conv1"], 3, 2, 1)
        x = outputs["conv2"] = self.conv2(self.conv2_reduce(x))
        x = F.max_pool2d(x, 3, 2, 1)
        for name, block in self.mixed.items():
            if name == POOLED_BEFORE:
                x = F.max_pool2d(x, 3, 2, 1)
            x = outputs[name] = block(x)
        return outputs

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        """Dense logits [batch, classes, height / 16, width / 16]."""
        return F.conv2d(self.features(picture)["5a"], self.classes.weight[:, :, None, None], self.classes.bias)
