"""The reference: DeepDream in plain TensorFlow Python, as the algorithm is described in docs/algorithm.md.

    python deepdream.py request.json results/

It shares no code with the engine: sessions, tf.gradients and numpy. The request:

    { "model": "graph.pb", "input": "input", "channelOrder": "rgb", "mean": [r, g, b], "scale": s,
      "layer": "...", "channels": [{"channel": c, "weight": w}] or null for the whole layer,
      "picture": "picture.f32", "width": w, "height": h,
      "octaves": n, "octaveScale": x, "iterations": n, "step": x, "tileSize": n, "path": true,
      "normalize": "none", "laplacian" or "smooth", "sigma": x, "keepRange": false }

Results are raw float32 files: gradient (at the picture), end, and with "path" before-O-I and after-O-I for every step and
octave-O as each octave left it; manifest.json has the objectives and the sensitivity, which is what adding 1e-4 to every
value of the picture does to the end.
"""

import json
import math
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import normalization
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()


def tile_side(side, count, tile_size):
    """As lib/plan/tiles.ts cuts: equal tiles, in steps of 16 pixels where there are several; large ones of 8 for less overlap."""
    least = math.ceil(side / count)
    if count == 1:
        return least
    coarse, fine = (min(tile_size, math.ceil(least / step) * step) for step in (16, 8))
    return fine if least >= 128 and count * coarse > 1.03 * side else coarse


class Network:
    """A frozen graph with the objective of one tile and its gradient."""

    def __init__(self, request):
        graph = tf.Graph()
        with graph.as_default():
            definition = tf.GraphDef()
            with open(request["model"], "rb") as file:
                definition.ParseFromString(file.read())
            self.tile = tf.placeholder(tf.float32, [None, None, 3])
            x = self.tile[None]
            if request["channelOrder"] == "bgr":
                x = x[..., ::-1]
            x = (x - tf.constant(request["mean"], tf.float32)) * request["scale"]
            tf.import_graph_def(definition, {request["input"]: x}, name="")
            layer = graph.get_tensor_by_name(request["layer"] + ":0")
            if request["channels"] is None:
                self.objective = tf.reduce_mean(tf.square(layer))
            else:
                self.objective = tf.add_n(
                    [c["weight"] * tf.reduce_mean(layer[..., c["channel"]]) for c in request["channels"]]
                )
            self.gradient = tf.gradients(self.objective, self.tile)[0]
            self.picture = tf.placeholder(tf.float32, [None, None, 3])
            self.size = tf.placeholder(tf.int32, [2])
            self.resized = tf.compat.v1.image.resize_bilinear(
                self.picture[None], self.size, half_pixel_centers=True
            )[0]
        self.session = tf.Session(graph=graph)

    def resize(self, picture, size):
        return self.session.run(self.resized, {self.picture: picture, self.size: size})

    def evaluate(self, picture, tile_size):
        """The tiled gradient, and the objective averaged over tiles. What tiles cover twice counts once."""
        height, width = picture.shape[:2]
        rows, columns = math.ceil(height / tile_size), math.ceil(width / tile_size)
        tile_height, tile_width = tile_side(height, rows, tile_size), tile_side(width, columns, tile_size)
        gradient = np.zeros_like(picture)
        objective = 0.0
        for row in range(rows):
            for column in range(columns):
                ys = np.arange(row * tile_height, (row + 1) * tile_height)
                xs = np.arange(column * tile_width, (column + 1) * tile_width)
                tile = picture[np.ix_(ys % height, xs % width)]
                g, o = self.session.run([self.gradient, self.objective], {self.tile: tile})
                inside_y, inside_x = ys[ys < height], xs[xs < width]
                gradient[np.ix_(inside_y, inside_x)] = g[: len(inside_y), : len(inside_x)]
                objective += float(o) / (rows * columns)
        return gradient, objective


def smaller(size, scale):
    return [int(np.floor(np.float32(side) / np.float32(scale))) for side in size]


def dream(network, request, picture, keep):
    """Runs the dream; `keep(name, array)` is called for every picture on its path."""
    details, objectives = [], []
    image = picture
    for _ in range(request["octaves"] - 1):
        size = list(image.shape[:2])
        small = network.resize(image, smaller(size, request["octaveScale"]))
        details.append(image - network.resize(small, size))
        image = small
    for octave in range(request["octaves"]):
        if octave > 0:
            detail = details.pop()
            image = network.resize(image, list(detail.shape[:2])) + detail
        for iteration in range(request["iterations"]):
            gradient, objective = network.evaluate(image, request["tileSize"])
            keep(f"before-{octave}-{iteration}", image)
            gradient = normalization.normalize(gradient, request)
            rate = np.float32(request["step"]) / (np.abs(gradient).mean(dtype=np.float32) + np.float32(1e-7))
            image = image + normalization.limit(image, gradient * rate, request)
            keep(f"after-{octave}-{iteration}", image)
            objectives.append(objective)
        keep(f"octave-{octave}", image)
    return image, objectives


def main():
    with open(sys.argv[1]) as file:
        request = json.load(file)
    results = sys.argv[2]
    shape = [request["height"], request["width"], 3]
    picture = np.fromfile(request["picture"], np.float32).reshape(shape)
    network = Network(request)

    def save(name, array):
        np.ascontiguousarray(array, np.float32).tofile(os.path.join(results, name + ".f32"))

    gradient, objective = network.evaluate(picture, request["tileSize"])
    save("gradient", gradient)
    end, objectives = dream(network, request, picture, save if request["path"] else lambda name, array: None)
    save("end", end)
    nudged, _ = dream(network, request, picture + np.float32(1e-4), lambda name, array: None)
    manifest = {
        "objective": objective,
        "objectives": objectives,
        "endObjective": network.evaluate(end, request["tileSize"])[1],
        "sensitivity": float(np.abs(end - nudged).mean()),
        "tensorflow": tf.__version__,
    }
    with open(os.path.join(results, "manifest.json"), "w") as file:
        json.dump(manifest, file)


if __name__ == "__main__":
    main()
