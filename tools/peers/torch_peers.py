"""PyTorch's ways: eager, with channels last, and a step by torch.compile."""

import torch
import torch.nn.functional as F

from dreaming import Network, concatenated, from_tiles, in_tiles, same_padding


def padded(operation, x, window, strides, value=0.0):
    """The array, and what a layer may pad by itself: PyTorch pads both sides alike."""
    if operation["padding"] == "VALID":
        return x, (0, 0)
    (top, bottom), (left, right) = (same_padding(*each) for each in zip(x.shape[2:], window, strides))
    if top == bottom and left == right:
        return x, (top, left)
    return F.pad(x, (left, right, top, bottom), value=value), (0, 0)


def average(operation, x, window, strides):
    """TensorFlow's counts only what lies within the picture."""
    filled, padding = padded(operation, x, window, strides)
    if padding != (0, 0) or operation["padding"] == "VALID":
        return F.avg_pool2d(x, window, strides, padding, count_include_pad=False)
    inside = padded(operation, torch.ones_like(x[:1, :1]), window, strides)[0]
    return F.avg_pool2d(filled, window, strides) / F.avg_pool2d(inside, window, strides)


def apply(operation, inputs, bias=None):
    kind, x = operation["type"], inputs[0]
    if kind == "Conv2D":
        strides, dilations = operation["strides"][1:3], operation["dilations"][1:3]
        window = [(side - 1) * dilation + 1 for side, dilation in zip(inputs[1].shape[2:], dilations)]
        x, padding = padded(operation, x, window, strides)
        return F.conv2d(x, inputs[1], bias, strides, padding, dilations)
    if kind in ("MaxPool", "AvgPool"):
        window, strides = operation["ksize"][1:3], operation["strides"][1:3]
        if kind == "AvgPool":
            return average(operation, x, window, strides)
        x, padding = padded(operation, x, window, strides, float("-inf"))
        return F.max_pool2d(x, window, strides, padding)
    if kind == "BiasAdd":
        return x + inputs[1].view(1, -1, *[1] * (x.dim() - 2))
    if kind == "Relu":
        return F.relu(x)
    if kind == "LRN":
        size = 2 * operation["depth_radius"] + 1
        return F.local_response_norm(x, size, operation["alpha"] * size, operation["beta"], operation["bias"])
    if kind in ("ConcatV2", "Concat"):
        arrays, axis = concatenated(operation, inputs)
        return torch.cat(arrays, {3: 1, -1: 1, 1: 2, 2: 3, 0: 0}[axis])
    if kind == "Pad":
        _, (top, bottom), (left, right), _ = inputs[1].tolist()
        return F.pad(x, (left, right, top, bottom))
    return x


def constant(value):
    """Filters in PyTorch's order of axes, channels last in memory."""
    tensor = torch.from_numpy(value)
    if tensor.dim() != 4:
        return tensor
    return tensor.permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)


class Eager:
    version = torch.__version__

    def __init__(self, request):
        if request["threads"] > 0:
            torch.set_num_threads(request["threads"])
        self.request = request
        self.network = Network(request["network"], constant)
        self.mean = torch.tensor(request["mean"])

    def upload(self, picture):
        return torch.from_numpy(picture)

    def download(self, picture):
        return picture.numpy()

    def resize(self, picture, size):
        # A view of pixels with their colours together is channels last already.
        batch = picture.permute(2, 0, 1)[None]
        return F.interpolate(batch, size, mode="bilinear", align_corners=False)[0].permute(1, 2, 0)

    def apply(self, operation, inputs):
        return apply(operation, inputs)

    def objective(self, tiles):
        """Of a batch of tiles: the sum of each one's own."""
        request = self.request
        x = tiles.flip(-1) if request["channelOrder"] == "bgr" else tiles
        x = ((x - self.mean) * request["scale"]).permute(0, 3, 1, 2)
        layer = self.network.run(self.apply, x, request["input"])
        if request["channels"] is None:
            return layer.square().flatten(1).mean(1).sum()
        return sum(c["weight"] * layer[:, c["channel"]].flatten(1).mean(1).sum() for c in request["channels"])

    def of_picture(self, picture, octave):
        tiles = in_tiles(picture, octave, torch.cat, torch.stack).detach().requires_grad_()
        (gradient,) = torch.autograd.grad(self.objective(tiles), tiles)
        return from_tiles(gradient, octave, torch.cat)

    def step(self, picture, octave, y, x, step):
        gradient = self.of_picture(torch.roll(picture, (y, x), (0, 1)), octave)
        gradient = torch.roll(gradient, (-y, -x), (0, 1))
        return picture + gradient * (step / (gradient.abs().mean() + 1e-7))

    def gradient(self, picture, octave):
        return self.of_picture(torch.from_numpy(picture), octave).numpy()

    def climb(self, picture, octave, shifts, step):
        for y, x in shifts.tolist():
            picture = self.step(picture, octave, y, x, float(step))
        return picture


class Tuned(Eager):
    """Biases within convolutions; and the sum over neighbouring channels, which PyTorch pools in three dimensions, by a
    convolution with a matrix of ones along its diagonal."""

    def __init__(self, request):
        super().__init__(request)
        self.network.operations = list(self.fused(self.network.operations))
        self.bands = {}

    def fused(self, operations):
        users = [name for operation in operations for name in operation["inputs"]]
        biased = {each["inputs"][0] for each in operations if each["type"] == "BiasAdd"}
        convolutions = {
            each["name"]: each
            for each in operations
            if each["type"] == "Conv2D" and each["name"] in biased and users.count(each["name"]) == 1
        }
        for operation in operations:
            convolution = convolutions.get(operation["inputs"][0])
            if convolution is not None:
                inputs = [*convolution["inputs"], operation["inputs"][1]]
                yield {**convolution, "name": operation["name"], "inputs": inputs}
            elif operation["name"] not in convolutions:
                yield operation

    def band(self, channels, radius):
        key = channels, radius
        if key not in self.bands:
            self.bands[key] = torch.ones(channels, channels).triu(-radius).tril(radius)[..., None, None]
        return self.bands[key]

    def apply(self, operation, inputs):
        if operation["type"] == "Conv2D" and len(inputs) == 3:
            return apply(operation, inputs[:2], inputs[2])
        if operation["type"] != "LRN":
            return apply(operation, inputs)
        x = inputs[0]
        squares = F.conv2d(x * x, self.band(x.shape[1], operation["depth_radius"]))
        return x * (operation["bias"] + operation["alpha"] * squares) ** -operation["beta"]


class Compiled(Tuned):
    """The network and its objective are compiled, forward and back."""

    def __init__(self, request):
        super().__init__(request)
        # One program for each size: a general one is slower.
        self.objective = torch.compile(self.objective, dynamic=False)
        torch._dynamo.config.recompile_limit = 64
