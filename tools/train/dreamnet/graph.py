"""The frozen graph: plain Conv2D, BiasAdd, Relu, MaxPool and ConcatV2, weights in float16 behind a Cast."""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402
import tensorflow.compat.v1 as tf  # noqa: E402

from .folding import Folded  # noqa: E402
from .network import BLOCKS, POOLED_BEFORE  # noqa: E402

HEAD = "classes"


class _Builder:
    def __init__(self, folded: Folded) -> None:
        self._folded = folded

    def _weight(self, values: np.ndarray, name: str) -> tf.Tensor:
        return tf.cast(tf.constant(values.astype(np.float16), name=f"{name}_half"), tf.float32, name=name)

    def _padded(self, x: tf.Tensor, layer: str, edge: int) -> tf.Tensor:
        """
        PyTorch pads both sides alike; TensorFlow's SAME would pad a strided layer of even size on one side only. XLA has no
        pooling with explicit padding, and livedream's fast gradient of a strided convolution knows none either.
        """
        return tf.pad(x, [[0, 0], [edge, edge], [edge, edge], [0, 0]], name=f"{layer}/pad")

    def linear(self, x: tf.Tensor, layer: str, name: str, stride: int = 1) -> tf.Tensor:
        filters = self._folded.filters[layer]
        if stride > 1:
            x = self._padded(x, layer, filters.shape[0] // 2)
        padding = "SAME" if stride == 1 else "VALID"
        sums = tf.nn.conv2d(x, self._weight(filters, f"{layer}_w"), stride, padding, name=f"{layer}/conv")
        return tf.nn.bias_add(sums, self._weight(self._folded.biases[layer], f"{layer}_b"), name=name)

    def convolution(self, x: tf.Tensor, layer: str, stride: int = 1) -> tf.Tensor:
        return tf.nn.relu(self.linear(x, layer, f"{layer}_pre_relu", stride), name=layer)

    def pool(self, x: tf.Tensor, name: str, stride: int = 2) -> tf.Tensor:
        if stride == 1:
            return tf.nn.max_pool2d(x, 3, 1, "SAME", name=name)
        # What is pooled comes from a Relu, so zeros pad as minus infinity would.
        return tf.nn.max_pool2d(self._padded(x, name, 1), 3, stride, "VALID", name=name)

    def block(self, x: tf.Tensor, layer: str) -> tf.Tensor:
        one = self.convolution(x, f"{layer}_1x1")
        three = self.convolution(self.convolution(x, f"{layer}_3x3_bottleneck"), f"{layer}_3x3")
        five = self.convolution(self.convolution(x, f"{layer}_5x5_bottleneck"), f"{layer}_5x5")
        pooled = self.convolution(self.pool(x, f"{layer}_pool", 1), f"{layer}_pool_reduce")
        return tf.concat([one, three, five, pooled], 3, name=layer)


def build(folded: Folded) -> bytes:
    """A GraphDef with a placeholder `input` [batch, height, width, 3]: RGB 0..255 less the network's mean."""
    builder = _Builder(folded)
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, None, None, 3], name="input")
        x = builder.convolution(x, "conv1", stride=2)
        x = builder.convolution(builder.pool(x, "pool1"), "conv2_reduce")
        x = builder.pool(builder.convolution(x, "conv2"), "pool2")
        for name in BLOCKS:
            if name == POOLED_BEFORE:
                x = builder.pool(x, "pool3")
            x = builder.block(x, f"mixed{name}")
        builder.linear(x, HEAD, HEAD)
        return graph.as_graph_def().SerializeToString(deterministic=True)


def run(graph_def: bytes, picture: np.ndarray, output: str) -> np.ndarray:
    """One output of a serialized graph for pictures [batch, height, width, 3], as the placeholder takes them."""
    definition = tf.GraphDef.FromString(graph_def)
    with tf.Graph().as_default() as graph, tf.Session(graph=graph) as session:
        tf.import_graph_def(definition, name="")
        return session.run(f"{output}:0", {"input:0": picture})
