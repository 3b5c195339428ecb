"""TensorFlow's own ways: a session run for each tile and step, as Google's tutorial and the seed of this project have it; one
tf.function a step; the same compiled by XLA."""

import numpy as np
import tensorflow as tf

from dreaming import from_tiles, in_tiles

v1 = tf.compat.v1


def read(request):
    definition = v1.GraphDef()
    with open(request["graph"], "rb") as file:
        definition.ParseFromString(file.read())
    return definition


def prepared(request, pictures):
    if request["channelOrder"] == "bgr":
        pictures = pictures[..., ::-1]
    return (pictures - tf.constant(request["mean"], tf.float32)) * request["scale"]


def objective_of(request, layer):
    """Of a batch of tiles: the sum of each one's own."""
    if request["channels"] is None:
        return tf.reduce_sum(tf.reduce_mean(tf.square(layer), range(1, len(layer.shape))))
    positions = range(1, len(layer.shape) - 1)
    return tf.add_n(
        [c["weight"] * tf.reduce_sum(tf.reduce_mean(layer[..., c["channel"]], positions)) for c in request["channels"]]
    )


class Session:
    """Everything but the gradient of a tile, and resizing, is numpy's."""

    version = tf.__version__

    def __init__(self, request):
        graph = tf.Graph()
        with graph.as_default():
            self.tile = v1.placeholder(tf.float32, [None, None, 3])
            v1.import_graph_def(read(request), {request["input"]: prepared(request, self.tile[None])}, name="")
            objective = objective_of(request, graph.get_tensor_by_name(request["layer"] + ":0"))
            self.of_tile = tf.gradients(objective, self.tile)[0]
            self.picture = v1.placeholder(tf.float32, [None, None, 3])
            self.size = v1.placeholder(tf.int32, [2])
            self.resized = v1.image.resize_bilinear(self.picture[None], self.size, half_pixel_centers=True)[0]
        threads = v1.ConfigProto(intra_op_parallelism_threads=request["threads"])
        self.session = v1.Session(graph=graph, config=threads)

    def upload(self, picture):
        return picture

    def download(self, picture):
        return picture

    def resize(self, picture, size):
        return self.session.run(self.resized, {self.picture: picture, self.size: size})

    def gradient(self, picture, octave):
        tiles = in_tiles(picture, octave, np.concatenate, list)
        return from_tiles([self.session.run(self.of_tile, {self.tile: tile}) for tile in tiles], octave, np.concatenate)

    def climb(self, picture, octave, shifts, step):
        for y, x in shifts:
            rolled = np.roll(np.roll(picture, y, 0), x, 1)
            gradient = self.gradient(rolled, octave)
            gradient = np.roll(np.roll(gradient, -y, 0), -x, 1)
            picture = picture + gradient * (step / (np.abs(gradient).mean() + np.float32(1e-7)))
        return picture


class Function:
    """The picture stays a tensor; a step is one function, traced once for each octave."""

    version = tf.__version__
    compiled = False

    def __init__(self, request):
        tf.config.threading.set_intra_op_parallelism_threads(request["threads"])
        self.request = request
        self.definition = read(request)
        # XLA compiles no placeholder, not even one that nothing reads any more.
        (placeholder,) = (node for node in self.definition.node if node.name == request["input"])
        self.definition.node.remove(placeholder)
        self.steps = {}

    def upload(self, picture):
        return tf.constant(picture)

    def download(self, picture):
        return picture.numpy()

    def resize(self, picture, size):
        return v1.image.resize_bilinear(picture[None], size, half_pixel_centers=True)[0]

    def of_tiles(self, tiles):
        request = self.request
        (layer,) = tf.graph_util.import_graph_def(
            self.definition, {request["input"]: prepared(request, tiles)}, [request["layer"] + ":0"], name=""
        )
        return tf.gradients(objective_of(request, layer), tiles)[0]

    def of_picture(self, picture, octave):
        return from_tiles(self.of_tiles(in_tiles(picture, octave, tf.concat, tf.stack)), octave, tf.concat)

    def step_of(self, octave):
        """Of one size."""
        key = str(octave)
        if key not in self.steps:

            @tf.function(jit_compile=self.compiled)
            def step(picture, shift, size):
                gradient = tf.roll(self.of_picture(tf.roll(picture, shift, [0, 1]), octave), -shift, [0, 1])
                return picture + gradient * (size / (tf.reduce_mean(tf.abs(gradient)) + 1e-7))

            self.steps[key] = step
        return self.steps[key]

    def gradient(self, picture, octave):
        return tf.function(lambda given: self.of_picture(given, octave), jit_compile=self.compiled)(picture)

    def climb(self, picture, octave, shifts, step):
        function, size = self.step_of(octave), tf.constant(step)
        for shift in shifts:
            picture = function(picture, tf.constant(shift), size)
        return picture


class Compiled(Function):
    compiled = True
