"""DeepDream in plain TensorFlow for Python: what the engine is compared with.

    python deepdream.py REQUEST.json OUTPUT_FOLDER

The request (see `ReferenceRequest` in test/support/reference.ts) names a frozen graph, an objective, a picture of raw
float32 RGB, and the dream's parameters. Written are manifest.json and arrays.f32: the gradient at the picture, then for
every octave, smallest first, the picture before each iteration and the one after the last, all raw float32.

It is written to be read beside the algorithm, not to be fast: one session, one tile at a time, NumPy around it.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
v1.disable_eager_execution()

NUDGE = np.float32(1e-4)


class Network:
    """The objective and its gradient by the picture."""

    def __init__(self, request):
        self.tile_size = request["tileSize"]
        graph_def = v1.GraphDef()
        graph_def.ParseFromString(Path(request["graph"]).read_bytes())

        def differentiate(tile):
            see = preprocess(tile, **request["preprocessing"])
            v1.import_graph_def(graph_def, input_map={request["input"]: see}, name="network")
            layer = v1.get_default_graph().get_tensor_by_name(f"network/{request['objective']['layer']}:0")
            value = objective(layer, **request["objective"])
            return value, tf.gradients(value, tile)[0]

        with tf.Graph().as_default() as graph:
            self.tile = v1.placeholder(tf.float32, [1, None, None, 3])
            self.size = v1.placeholder(tf.int32, [2])
            self.resized = tf.raw_ops.ResizeBilinear(images=self.tile, size=self.size, half_pixel_centers=True)
            function = tf.function(differentiate, jit_compile=True) if request.get("xla") else differentiate
            self.results = function(self.tile)
        self.session = v1.Session(graph=graph)

    def resize(self, picture, size):
        return self.session.run(self.resized, {self.tile: picture[np.newaxis], self.size: size})[0]

    def gradient(self, picture):
        """By equal tiles that cover the picture: the objective averaged over them, the gradient of their sum.

        What reaches over the far edges wraps round to the beginning; there the gradient is dropped, for those pixels
        have theirs from the first tiles.
        """
        height, width, _ = picture.shape
        rows, tile_height = cut(height, self.tile_size)
        columns, tile_width = cut(width, self.tile_size)
        wrapped = np.pad(picture, ((0, rows * tile_height - height), (0, columns * tile_width - width), (0, 0)), "wrap")
        gradient = np.empty_like(wrapped)
        objectives = []
        for row in range(rows):
            for column in range(columns):
                y, x = row * tile_height, column * tile_width
                place = np.s_[y : y + tile_height, x : x + tile_width]
                value, of_tile = self.session.run(self.results, {self.tile: wrapped[place][np.newaxis]})
                gradient[place] = of_tile[0]
                objectives.append(value)
        return float(np.mean(objectives)), gradient[:height, :width]


def cut(side, tile_size):
    """How many tiles along a side, and the size of each."""
    count = -(-side // tile_size)
    return count, -(-side // count)


def preprocess(picture, channelOrder, mean, scale):
    ordered = tf.reverse(picture, [-1]) if channelOrder == "bgr" else picture
    return (ordered - tf.constant(mean, tf.float32)) * tf.constant(scale, tf.float32)


def objective(layer, kind, channels, **_):
    if kind == "layer":
        return tf.reduce_mean(tf.square(layer))
    return tf.add_n([tf.reduce_mean(layer[..., entry["channel"]]) * entry["weight"] for entry in channels])


def octave_sizes(height, width, octaves, octave_scale):
    """Smallest first, in float32 arithmetic."""
    sizes = [np.array([height, width], np.int32)]
    while len(sizes) < octaves:
        sizes.append(np.floor(sizes[-1].astype(np.float32) / np.float32(octave_scale)).astype(np.int32))
    return sizes[::-1]


def ascend(network, picture, step, shift):
    """One step of the ascent: the objective before it, and the picture after it."""
    value, gradient = network.gradient(np.roll(picture, shift, (0, 1)))
    gradient = np.roll(gradient, [-distance for distance in shift], (0, 1))
    return value, picture + gradient * (np.float32(step) / (np.abs(gradient).mean() + np.float32(1e-7)))


def dream(network, picture, request):
    """The objective before every step, and for every octave the pictures before, between and after its steps."""
    sizes = octave_sizes(*picture.shape[:2], request["octaves"], request["octaveScale"])
    details = []
    for octave in range(len(sizes) - 1, 0, -1):
        small = network.resize(picture, sizes[octave - 1])
        details.append(picture - network.resize(small, sizes[octave]))
        picture = small
    objectives, path = [], []
    for octave, size in enumerate(sizes):
        if octave > 0:
            picture = network.resize(picture, size) + details.pop()
        path.append([picture])
        for iteration in range(request["iterations"]):
            shift = request["shifts"][octave][iteration] if request.get("shifts") else [0, 0]
            value, picture = ascend(network, picture, request["step"], shift)
            objectives.append(value)
            path[-1].append(picture)
    return objectives, path


def run(request):
    network = Network(request)
    shape = (request["height"], request["width"], 3)
    picture = np.fromfile(request["picture"], np.float32).reshape(shape)
    first_objective, gradient = network.gradient(picture)
    objectives, path = dream(network, picture, request)
    final = path[-1][-1]
    _, nudged = dream(network, picture + NUDGE, request)
    manifest = {
        "tensorflow": tf.__version__,
        "firstObjective": first_objective,
        "objectives": objectives,
        "finalObjective": network.gradient(final)[0],
        # What 1e-4 more in every pixel of the picture does to the dream: how far apart two right answers may be.
        "sensitivity": {
            "picture": float(np.abs(nudged[-1][-1] - final).mean()),
            "objective": network.gradient(nudged[-1][-1])[0],
        },
        "octaves": [{"height": pictures[0].shape[0], "width": pictures[0].shape[1]} for pictures in path],
    }
    return manifest, [gradient] + [picture for pictures in path for picture in pictures]


def main(request_file, output_folder):
    manifest, arrays = run(json.loads(Path(request_file).read_text()))
    output = Path(output_folder)
    output.mkdir(parents=True, exist_ok=True)
    with open(output / "arrays.f32", "wb") as file:
        for array in arrays:
            array.astype(np.float32).tofile(file)
    (output / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
