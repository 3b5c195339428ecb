"""What becomes of a gradient before it moves the picture, in plain TensorFlow Python and numpy: see docs/algorithm.md.

laplacian: lap_normalize of Google's DeepDream tutorial, as it stands there but for the epsilon, which is added.
smooth: CascadeGaussianSmoothing of pytorch-deepdream, with kernels as wide as three deviations of the widest Gaussian.
keep_range: a step goes at most half of the way to 4 levels short of black or white.
"""

import math

import numpy as np
import tensorflow.compat.v1 as tf

KERNEL = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]).astype(np.float32)
KERNEL5X5 = KERNEL[:, :, None, None] / KERNEL.sum() * np.eye(3, dtype=np.float32)


def lap_split(image):
    low = tf.nn.conv2d(image, KERNEL5X5, [1, 2, 2, 1], "SAME")
    back = tf.nn.conv2d_transpose(low, KERNEL5X5 * 4, tf.shape(image), [1, 2, 2, 1])
    return low, image - back


def normalize_std(image):
    return image / (tf.sqrt(tf.reduce_mean(tf.square(image))) + 1e-10)


def lap_normalize(image, levels=4):
    bands = []
    for _ in range(levels):
        image, high = lap_split(image)
        bands.append(normalize_std(high))
    image = normalize_std(image)
    for high in reversed(bands):
        image = tf.nn.conv2d_transpose(image, KERNEL5X5 * 4, tf.shape(high), [1, 2, 2, 1]) + high
    return image


def laplacian(gradient):
    graph = tf.Graph()
    with graph.as_default():
        values = tf.placeholder(tf.float32, [None, None, 3])
        normalized = lap_normalize(values[None])[0]
    with tf.Session(graph=graph) as session:
        return session.run(normalized, {values: gradient})


def smooth(gradient, sigma):
    height, width = gradient.shape[:2]
    radius = min(math.ceil(3 * 2 * sigma), height - 1, width - 1)
    distances = np.arange(-radius, radius + 1, dtype=np.float64)
    padded = np.pad(gradient.astype(np.float64), [(radius, radius), (radius, radius), (0, 0)], "reflect")
    total = np.zeros(gradient.shape)
    for spread in (0.5, 1.0, 2.0):
        kernel = np.exp(-((distances / (spread * sigma)) ** 2) / 2)
        kernel /= kernel.sum()
        rows = sum(k * padded[i : i + height] for i, k in enumerate(kernel))
        total += sum(k * rows[:, i : i + width] for i, k in enumerate(kernel))
    return (total / 3).astype(np.float32)


def coloured(gradient, chroma):
    mean = gradient.mean(axis=-1, keepdims=True)
    return mean + (gradient - mean) * np.float32(chroma)


def normalize(gradient, request):
    return coloured(_normalized(gradient, request), request.get("chroma", 1))


def _normalized(gradient, request):
    if request.get("normalize") == "laplacian":
        return laplacian(gradient)
    if request.get("normalize") == "smooth":
        return smooth(gradient, request["sigma"])
    return gradient


def limit(image, change, request):
    if not request.get("keepRange"):
        return change
    up = np.maximum((np.float32(251) - image) * np.float32(0.5), 0)
    down = np.minimum((np.float32(4) - image) * np.float32(0.5), 0)
    return np.maximum(np.minimum(change, up), down)
