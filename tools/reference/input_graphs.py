"""Graphs with inputs of every kind that frozen graphs have, and what TensorFlow says of each.

    python input_graphs.py FOLDER

Writes NAME.pb for every graph below, and for those that can be dreamed NAME.f32: the gradient of mean(square(layer)) by the
picture PICTURE.f32 of FOLDER, [SIDE, SIDE, 3]. SavedModels go to folders of their names. NAME.facts.json tells the objective.
A graph that TensorFlow cannot run or differentiate as it stands (half precision, integers, channels first) has a twin of
float32, channels last, with the same weights, which is run in its place.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

v1 = tf.compat.v1
SIDE = 96
GRAPHS = {}


def graph(build):
    """What is built by a function of this decorator is written under the function's name."""
    GRAPHS[build.__name__.replace("_", "-")] = build
    return build


def weights(name, shape, spread=1.0):
    """The same for the same name, and exact in half precision."""
    random = np.random.default_rng(list(name.encode()))
    fan_in = np.prod(shape[:-1])
    values = random.uniform(-1, 1, shape) * spread * np.sqrt(6 / fan_in)
    # bfloat16 keeps the upper half of a float32's bits.
    bits = values.astype(np.float32).view(np.uint32) & np.uint32(0xFFFF0000)
    # float16 has three bits more, but ends at 6e-8.
    kept = bits.view(np.float32)
    kept[np.abs(kept) < 1e-4] = 0
    return kept


def constant(name, shape, like, spread=1.0):
    return tf.constant(weights(name, shape, spread), like.dtype)


def conv(x, name, channels, stride=1, data_format="NHWC"):
    axis = 3 if data_format == "NHWC" else 1
    strides = [1, stride, stride, 1] if axis == 3 else [1, 1, stride, stride]
    filters = constant(name, [3, 3, int(x.shape[axis]), channels], x)
    return v1.nn.conv2d(x, filters, strides, "SAME", data_format=data_format, name=name)


def body(x, data_format="NHWC"):
    """Two convolutions; what is dreamed of most graphs is 'second'."""
    x = tf.nn.relu(conv(x, "first", 8, 2, data_format), name="first_relu")
    return conv(x, "second", 6, 1, data_format)


def small(x):
    """To numbers around zero."""
    return (x - tf.constant(128, x.dtype)) * tf.constant(1 / 64, x.dtype)


class Asked:
    """Which gradient is asked for: of mean(square(layer)) by `by`, where `picture` is fed."""

    def __init__(self, layer, by, picture=None, feeds=None):
        self.layer, self.by, self.feeds = layer, by, feeds or {}
        self.picture = by if picture is None else picture


@graph
def bytes_cast():
    picture = v1.placeholder(tf.uint8, [1, None, None, 3], "image_tensor")
    cast = tf.cast(picture, tf.float32, name="ToFloat")
    return Asked(body(small(cast)), cast, picture)


@graph
def bytes_cropped():
    picture = v1.placeholder(tf.uint8, [None, None, None, 3], "image_tensor")
    moved = tf.pad(tf.reverse(picture, [3]), [[0, 0], [4, 2], [0, 0], [0, 0]])[:, 2:, :, :]
    cast = tf.cast(moved, tf.float32)
    layer = body(small(cast))
    # The twin has the Cast before what moves pixels.
    return Asked(layer, None, picture)


def bytes_cropped_twin():
    picture = v1.placeholder(tf.float32, [None, None, None, 3], "image_tensor")
    moved = tf.pad(tf.reverse(picture, [3]), [[0, 0], [4, 2], [0, 0], [0, 0]])[:, 2:, :, :]
    return Asked(body(small(moved)), picture)


def detection_of(picture, cast):
    resized = v1.image.resize_bilinear(cast, [64, 64], name="Preprocessor/ResizeBilinear")
    centred = tf.subtract(resized * tf.constant(2 / 255), 1.0, name="Preprocessor/sub")
    return Asked(body(centred), cast, picture)


@graph
def detection():
    picture = v1.placeholder(tf.uint8, [None, None, None, 3], "image_tensor")
    return detection_of(picture, tf.cast(picture, tf.float32, name="ToFloat"))


@graph
def detection_loop():
    """As the object detection API of TensorFlow 1 wrote it: each picture of the batch is prepared in a loop."""
    picture = v1.placeholder(tf.uint8, [None, None, None, 3], "image_tensor")
    cast = tf.cast(picture, tf.float32, name="ToFloat")
    resize = lambda each: v1.image.resize_bilinear(each[None], [SIDE, SIDE])[0]
    prepared = tf.map_fn(resize, cast, name="Preprocessor/map")
    prepared.set_shape([None, SIDE, SIDE, 3])
    centred = tf.subtract(prepared * tf.constant(2 / 255), 1.0, name="Preprocessor/sub")
    return Asked(body(centred), centred)


def half_of(kind):
    def build():
        picture = v1.placeholder(kind, [None, None, None, 3], "input")
        x = tf.nn.relu(conv(small(picture), "first", 8, 2))
        numbers = [tf.constant(1 + 0.5 * weights(name, [8], 0.5)) for name in ("gamma", "beta", "mean", "variance")]
        numbers[3] = tf.abs(numbers[3]) + 0.5
        x = v1.nn.fused_batch_norm(x, *numbers, is_training=False)[0]
        x = tf.cast(tf.cast(x, tf.float32) * 0.5, kind)
        return Asked(conv(tf.concat([x, tf.nn.relu(x)], 3), "second", 6), picture)

    return build


GRAPHS["half"] = half_of(tf.float16)
GRAPHS["brain-half"] = half_of(tf.bfloat16)


@graph
def one_picture():
    picture = v1.placeholder(tf.float32, [None, None, 3], "image")
    return Asked(body(small(tf.expand_dims(picture, 0))), picture)


@graph
def one_picture_first():
    picture = v1.placeholder(tf.float32, [3, None, None], "image")
    return Asked(body(tf.transpose(small(tf.expand_dims(picture, 0)), [0, 2, 3, 1])), picture)


@graph
def one_picture_of_bytes():
    picture = v1.placeholder(tf.uint8, [None, None, 3], "image")
    cast = tf.cast(tf.expand_dims(picture, 0), tf.float32)
    return Asked(body(small(cast)), cast, picture)


def channels_first_of(data_format):
    def build():
        picture = v1.placeholder(tf.float32, [None, 3, SIDE, SIDE], "data")
        x = small(picture)
        if data_format == "NHWC":
            x = tf.transpose(x, [0, 2, 3, 1])
        return Asked(body(x, data_format), picture)

    return build


GRAPHS["channels-first"] = channels_first_of("NCHW")


@graph
def batch_of_one():
    picture = v1.placeholder(tf.float32, [1, None, None, 3], "x")
    return Asked(body(small(picture)), picture)


@graph
def batch_of_four():
    picture = v1.placeholder(tf.float32, [4, None, None, 3], "x")
    layer = body(small(picture))
    one, two, three, four = tf.split(layer, 4, 0)
    tf.concat([one * two, three - 2 * four], 3, name="joined")
    return Asked(layer, picture)


@graph
def fixed_size():
    picture = v1.placeholder(tf.float32, [1, SIDE, SIDE, 3], "x")
    layer = body(small(picture))
    flat = tf.reshape(layer, [1, 48 * 48 * 6])
    tf.nn.softmax(tf.matmul(flat, tf.fill([48 * 48 * 6, 4], 0.01)), name="softmax")
    return Asked(layer, picture)


@graph
def default_picture():
    default = tf.zeros([1, 32, 32, 3])
    picture = v1.placeholder_with_default(default, [None, None, None, 3], "picture")
    return Asked(body(small(picture)), picture)


@graph
def dropout():
    picture = v1.placeholder(tf.float32, [None, None, None, 3], "x")
    keep = v1.placeholder(tf.float32, [], "keep_prob")
    # As TensorFlow 1 wrote it; today's divides otherwise.
    x = body(small(picture))
    mask = tf.floor(keep + v1.random_uniform(tf.shape(x)))
    x = tf.multiply(x / keep, mask, name="dropped")
    return Asked(conv(x, "third", 5), picture, feeds={keep: 1.0})


def batch_norm(x, training):
    gamma, beta, mean, variance = (tf.constant(weights(name, [6], 0.5)) for name in "gbmv")

    def when_trained():
        return v1.nn.fused_batch_norm(x, gamma + 1, beta)[0]

    def when_used():
        return v1.nn.fused_batch_norm(x, gamma + 1, beta, mean, tf.abs(variance) + 0.5, is_training=False)[0]

    return conv(tf.nn.relu(v1.cond(training, when_trained, when_used)), "third", 5)


@graph
def training_default():
    picture = v1.placeholder(tf.float32, [None, None, None, 3], "x")
    training = v1.placeholder_with_default(False, [], "is_training")
    return Asked(batch_norm(body(small(picture)), training), picture)


@graph
def training_fed():
    picture = v1.placeholder(tf.float32, [None, None, None, 3], "x")
    training = v1.placeholder(tf.bool, [], "is_training")
    return Asked(batch_norm(body(small(picture)), training), picture, feeds={training: False})


@graph
def training_constant():
    picture = v1.placeholder(tf.float32, [None, None, None, 3], "x")
    training = tf.logical_not(tf.constant(True), name="is_training")
    return Asked(batch_norm(body(small(picture)), training), picture)


@graph
def asserted():
    picture = v1.placeholder(tf.float32, [None, None, None, 3], "x")
    with tf.control_dependencies([v1.debugging.assert_positive(picture + 1)]):
        x = v1.Print(small(picture), [tf.shape(picture)], "seen: ")
    tf.print("seen", x)
    return Asked(body(tf.debugging.check_numerics(x, "not finite")), picture)


@graph
def asserted_if():
    """With control flow of TensorFlow 2, which calls functions."""
    v1.enable_control_flow_v2()
    try:
        return asserted()
    finally:
        v1.disable_control_flow_v2()


@graph
def jpeg():
    contents = v1.placeholder(tf.string, [], "DecodeJpeg/contents")
    decoded = tf.cast(tf.io.decode_jpeg(contents, channels=3), tf.float32, name="Cast")
    resized = v1.image.resize_bilinear(tf.expand_dims(decoded, 0), [SIDE, SIDE], name="ResizeBilinear")
    prepared = tf.multiply(resized - 128.0, 1 / 64, name="Mul")
    return Asked(body(prepared), prepared)


@graph
def resized():
    picture = v1.placeholder(tf.float32, [1, None, None, 3], "x")
    return Asked(body(v1.image.resize_bilinear(small(picture), [64, 64], name="resize")), picture)


class Convolution(tf.Module):
    """With variables, as TensorFlow 2 has them."""

    def __init__(self):
        self.bias = tf.Variable(weights("bias", [6], 0.5), name="bias")
        self.filters = tf.Variable(weights("filters", [3, 3, 3, 6]), name="filters")

    def __call__(self, x, stride):
        return tf.nn.bias_add(tf.nn.conv2d(x, self.filters, stride, "SAME"), self.bias)


def freeze(keep_functions):
    """Variables made constants; functions put in place by TensorFlow, or kept."""
    convolution = Convolution()
    attributes = {"_noinline": True} if keep_functions else {}

    @tf.function(experimental_attributes=attributes)
    def layer(x, scale):
        return tf.nn.relu(convolution(x, 2)) * scale

    @tf.function(experimental_attributes=attributes)
    def twice(x):
        return tf.concat([layer(small(x), 0.5), layer(x / 255.0, 2.0)], 3), tf.shape(x)

    @tf.function
    def network(x):
        found, size = twice(x)
        return tf.identity(found * tf.cast(size[0], tf.float32), name="answer")

    spec = tf.TensorSpec([None, None, None, 3], tf.float32, name="x")
    definition = convert_variables_to_constants_v2(network.get_concrete_function(spec)).graph.as_graph_def()
    kept = [node.name for node in definition.node if "PartitionedCall" in node.op]
    assert bool(kept) == keep_functions, kept
    return definition


def import_frozen(keep_functions):
    definition = freeze(keep_functions)

    def build():
        tf.import_graph_def(definition, name="")
        found = v1.get_default_graph().get_tensor_by_name
        return Asked(found("answer:0"), found("x:0"))

    return build


GRAPHS["frozen"] = import_frozen(keep_functions=False)
GRAPHS["called"] = import_frozen(keep_functions=True)


# What cannot be dreamed.


@graph
def two_pictures():
    one, other = (v1.placeholder(tf.float32, [None, None, None, 3], name) for name in ("content", "style"))
    body(small(one) + small(other))


@graph
def integers():
    picture = v1.placeholder(tf.uint8, [None, None, None, 3], "image_tensor")
    body(tf.cast(tf.cast(picture, tf.int32) * 2 - 255, tf.float32))


@graph
def variables():
    picture = v1.placeholder(tf.float32, [None, None, None, 3], "x")
    filters = v1.get_variable("conv/weights", [3, 3, 3, 8], use_resource=True)
    bias = v1.get_variable("conv/biases", [8], use_resource=False)
    tf.nn.bias_add(v1.nn.conv2d(picture, filters, 1, "SAME"), bias, name="conv/out")
    v1.train.Saver()


@graph
def complex_picture():
    body(tf.math.real(v1.placeholder(tf.complex64, [None, None, None, 3], "x")))


@graph
def grey():
    body(v1.placeholder(tf.float32, [None, 28, 28, 1], "x"))


@graph
def vector():
    tf.nn.relu(tf.matmul(v1.placeholder(tf.float32, [None, 784], "x"), tf.ones([784, 10])))


TWINS = {
    "half": half_of(tf.float32),
    "brain-half": half_of(tf.float32),
    "channels-first": channels_first_of("NHWC"),
    "bytes-cropped": bytes_cropped_twin,
    # TensorFlow 1 has no gradient for calls.
    "called": import_frozen(keep_functions=False),
}


def fed(tensor, picture):
    """The picture as a placeholder takes it."""
    sizes = tensor.shape.as_list()
    if 3 in (sizes[0], sizes[1]) and sizes[-1] != 3:
        picture = np.transpose(picture, [2, 0, 1])
    if len(sizes) == 4:
        picture = np.tile(picture, [sizes[0] or 1, 1, 1, 1])
    return picture.astype(tensor.dtype.as_numpy_dtype)


def as_picture(gradient):
    """[height, width, 3] of a gradient of any layout; a batch of copies is one picture."""
    if gradient.ndim == 4:
        gradient = gradient.sum(0)
    return np.transpose(gradient, [1, 2, 0]) if gradient.shape[-1] != 3 else gradient


def write(folder, name, picture):
    built = v1.Graph()
    with built.as_default():
        asked = GRAPHS[name]()
    with open(os.path.join(folder, name + ".pb"), "wb") as file:
        file.write(built.as_graph_def().SerializeToString())
    if asked is None:
        return
    facts = {"layer": asked.layer.op.name, "by": asked.by.op.name if asked.by is not None else None}
    if name in TWINS:
        built = v1.Graph()
        with built.as_default():
            asked = TWINS[name]()
    with built.as_default(), v1.Session() as session:
        objective = tf.reduce_mean(tf.square(asked.layer))
        (gradient,) = v1.gradients(objective, asked.by)
        feeds = {asked.picture: fed(asked.picture, picture), **asked.feeds}
        found, facts["objective"] = session.run([gradient, objective], feeds)
    facts["objective"] = float(facts["objective"])
    as_picture(found).astype(np.float32).tofile(os.path.join(folder, name + ".f32"))
    with open(os.path.join(folder, name + ".facts.json"), "w") as file:
        json.dump(facts, file)


def write_saved_models(folder):
    convolution = Convolution()

    def signature(stride):
        function = tf.function(lambda x: {"y": convolution(x, stride)})
        return function.get_concrete_function(tf.TensorSpec([None, None, None, 3], name="x"))

    def save(name, signatures=None):
        tf.saved_model.save(convolution, os.path.join(folder, name), signatures=signatures)

    one, other = signature(1), signature(2)
    save("two-signatures", {"one": one, "other": other})
    save("one-signature", {"one": one})
    save("no-signature")
    with v1.Graph().as_default(), v1.Session() as session:
        body(v1.placeholder(tf.float32, [None, None, None, 3], "x"))
        builder = v1.saved_model.Builder(os.path.join(folder, "trained"))
        builder.add_meta_graph_and_variables(session, ["train"])
        builder.save()


def main():
    folder = sys.argv[1]
    picture = np.fromfile(os.path.join(folder, "picture.f32"), np.float32).reshape([SIDE, SIDE, 3])
    write_saved_models(folder)
    v1.disable_control_flow_v2()
    for name in GRAPHS:
        write(folder, name, picture)


if __name__ == "__main__":
    main()
