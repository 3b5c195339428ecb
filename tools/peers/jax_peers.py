"""JAX's ways: a compiled function a step, and a whole octave's steps in one by fori_loop. XLA compiles both."""


import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from dreaming import Network, concatenated, from_tiles, in_tiles


def pool(operation, x, initial, combine):
    return lax.reduce_window(x, initial, combine, operation["ksize"], operation["strides"], operation["padding"])


def apply(operation, inputs):
    kind, x = operation["type"], inputs[0]
    if kind == "Conv2D":
        layout = ("NHWC", "HWIO", "NHWC")
        strides, dilations = operation["strides"][1:3], operation["dilations"][1:3]
        return lax.conv_general_dilated(
            x, inputs[1], strides, operation["padding"], rhs_dilation=dilations, dimension_numbers=layout
        )
    if kind == "MaxPool":
        return pool(operation, x, -jnp.inf, lax.max)
    if kind == "AvgPool":
        return pool(operation, x, 0.0, lax.add) / pool(operation, jnp.ones_like(x[:1, ..., :1]), 0.0, lax.add)
    if kind == "BiasAdd":
        return x + inputs[1]
    if kind == "Relu":
        return jax.nn.relu(x)
    if kind == "LRN":
        window = (1,) * (x.ndim - 1) + (2 * operation["depth_radius"] + 1,)
        squares = lax.reduce_window(x * x, 0.0, lax.add, window, (1,) * x.ndim, "SAME")
        return x / (operation["bias"] + operation["alpha"] * squares) ** operation["beta"]
    if kind in ("ConcatV2", "Concat"):
        arrays, axis = concatenated(operation, inputs)
        return jnp.concatenate(arrays, axis)
    if kind == "Pad":
        return jnp.pad(x, np.asarray(inputs[1]).tolist())
    return x


class Step:
    version = jax.__version__

    def __init__(self, request):
        self.request = request
        self.network = Network(request["network"], jnp.asarray)
        self.programs = {}
        self.resize = jax.jit(self.resized, static_argnums=1)

    def upload(self, picture):
        return jnp.asarray(picture)

    def download(self, picture):
        return np.asarray(picture)

    def resized(self, picture, size):
        return jax.image.resize(picture, (*size, 3), "linear", antialias=False)

    def objective(self, tiles):
        """Of a batch of tiles: the sum of each one's own."""
        request = self.request
        x = tiles[..., ::-1] if request["channelOrder"] == "bgr" else tiles
        x = (x - jnp.asarray(request["mean"], jnp.float32)) * request["scale"]
        layer = self.network.run(apply, x, request["input"])
        if request["channels"] is None:
            return jnp.square(layer).mean(range(1, layer.ndim)).sum()
        positions = tuple(range(1, layer.ndim - 1))
        return sum(c["weight"] * layer[..., c["channel"]].mean(positions).sum() for c in request["channels"])

    def of_picture(self, picture, octave):
        tiles = in_tiles(picture, octave, jnp.concatenate, jnp.stack)
        return from_tiles(jax.grad(self.objective)(tiles), octave, jnp.concatenate)

    def step(self, picture, octave, shift, size):
        gradient = self.of_picture(jnp.roll(picture, shift, (0, 1)), octave)
        gradient = jnp.roll(gradient, -shift, (0, 1))
        return picture + gradient * (size / (jnp.abs(gradient).mean() + 1e-7))

    def program(self, octave, function):
        key = str(octave)
        if key not in self.programs:
            self.programs[key] = jax.jit(function)
        return self.programs[key]

    def gradient(self, picture, octave):
        return np.asarray(jax.jit(lambda given: self.of_picture(given, octave))(picture))

    def climb(self, picture, octave, shifts, step):
        program = self.program(octave, lambda image, shift, size: self.step(image, octave, shift, size))
        for shift in shifts:
            picture = program(picture, shift, step)
        return picture


class Loop(Step):
    def climb(self, picture, octave, shifts, step):
        def steps(image, all_shifts, size):
            return lax.fori_loop(0, len(shifts), lambda i, each: self.step(each, octave, all_shifts[i], size), image)

        return self.program(octave, steps)(picture, shifts, step)
