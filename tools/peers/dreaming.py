"""What the peers have in common: octaves as docs/algorithm.md has them, and tiles cut as livedream cuts them.

A peer gives `upload`, `resize` and `climb`, each its own way, on arrays of its own; arrays are added and subtracted as usual.
"""

import json

import numpy as np


class Network:
    """The operations that graph.py wrote, run by a peer's `apply`."""

    def __init__(self, file, constant):
        saved = np.load(file)
        self.operations = json.loads(str(saved["operations"]))
        prefix = "constant "
        raw = {name[len(prefix) :]: saved[name] for name in saved.files if name.startswith(prefix)}
        self.raw = raw
        self.constants = {name: constant(value) for name, value in raw.items() if value.dtype == np.float32}

    def run(self, apply, picture, name):
        values = {name: picture}
        for operation in self.operations:
            inputs = [values.get(each, self.constants.get(each, self.raw.get(each))) for each in operation["inputs"]]
            values[operation["name"]] = apply(operation, inputs)
        return values[self.operations[-1]["name"]]


def same_padding(side, window, stride):
    """What TensorFlow's SAME puts before and after."""
    total = max((-(-side // stride) - 1) * stride + window - side, 0)
    return total // 2, total - total // 2


def concatenated(operation, inputs):
    """The arrays and the axis: TensorFlow had it first once."""
    return (inputs[:-1], int(inputs[-1])) if operation["type"] == "ConcatV2" else (inputs[1:], int(inputs[0]))


def in_tiles(picture, octave, concatenate, stack):
    """Tiles of a picture, which wrap round at its far edges: one beside another, as a batch."""
    rows, columns, height, width = (octave[name] for name in ("rows", "columns", "tileHeight", "tileWidth"))
    beyond_y, beyond_x = rows * height - octave["height"], columns * width - octave["width"]
    if beyond_y > 0:
        picture = concatenate([picture, picture[:beyond_y]], 0)
    if beyond_x > 0:
        picture = concatenate([picture, picture[:, :beyond_x]], 1)
    cut = [
        picture[row * height : (row + 1) * height, column * width : (column + 1) * width]
        for row in range(rows)
        for column in range(columns)
    ]
    return stack(cut)


def from_tiles(tiles, octave, concatenate):
    """The picture of a batch of tiles, without what reached over its edges."""
    rows, columns = octave["rows"], octave["columns"]
    lines = [concatenate([tiles[row * columns + column] for column in range(columns)], 1) for row in range(rows)]
    return concatenate(lines, 0)[: octave["height"], : octave["width"]]


def dream(peer, picture, request, random):
    """A whole dream: bytes in, bytes out. `request["octaves"]` are the sizes and their tiles, smallest first."""
    octaves = request["octaves"]
    sizes = [(octave["height"], octave["width"]) for octave in octaves]
    image, details = peer.upload(picture.astype(np.float32)), []
    for small, size in zip(sizes[-2::-1], sizes[:0:-1]):
        smaller = peer.resize(image, small)
        details.append(image - peer.resize(smaller, size))
        image = smaller
    for number, octave in enumerate(octaves):
        if number > 0:
            image = peer.resize(image, sizes[number]) + details.pop()
        shifts = random.randint(0, sizes[number], (request["iterations"], 2)).astype(np.int32)
        image = peer.climb(image, octave, shifts, np.float32(request["step"]))
    return np.clip(np.rint(peer.download(image)), 0, 255).astype(np.uint8)
