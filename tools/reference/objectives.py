"""The reference for objectives: gradients of sums of terms by TensorFlow Python's sessions and tf.gradients.

    python objectives.py request.json results/

The request: { "graph": "graph.pb", "channelOrder": "rgb", "mean": [r, g, b], "scale": s,
               "picture": P, "guide": P, "regions": [P, ...], "objectives": [[term, ...], ...] }
A picture P is { "file": "picture.f32", "width": w, "height": h }, of regions with one channel; a term is
    { "kind": "channels", "layer": name, "weight": w, "balanced": b, "channels": [{ "channel": c, "weight": v }, ...] }
    { "kind": "layer", "evenPositions", "evenChannels", "guideDot" or "guideStatistics", "layer", "weight", "balanced" }
perhaps with "region": r, the place of the region by which its push is weighted in every position of its layer. It shares no formula with the engine but those of docs/steering.md: tf.gradients derives what the engine has written out. Results
are raw float32 files, 0.f32 and so on, and manifest.json: one { "objective": x } an objective, the sum before it is balanced.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()


def products(layer):
    """The products of channels, averaged over positions."""
    vectors = tf.reshape(layer, [-1, layer.shape[3]])
    return tf.matmul(vectors, vectors, transpose_a=True) / tf.cast(tf.shape(vectors)[0], tf.float32)


def even(layer, axes):
    """The mean over parts of the root of each mean square, with a hundredth of the layer's."""
    squares = tf.reduce_mean(tf.square(layer), axes)
    return tf.reduce_mean(tf.sqrt(squares + 0.01 * tf.reduce_mean(squares) + 1e-12))


def raw_term(term, layer, guide):
    """A term's value without its weight; of channels with theirs."""
    kind = term["kind"]
    if kind == "channels":
        return tf.add_n([c["weight"] * tf.reduce_mean(layer[..., c["channel"]]) for c in term["channels"]])
    if kind == "layer":
        return tf.reduce_mean(tf.square(layer))
    if kind == "evenPositions":
        return even(layer, [3])
    if kind == "evenChannels":
        return even(layer, [1, 2])
    if kind == "guideDot":
        vectors = tf.reshape(layer, [-1, layer.shape[3]])
        guides = tf.reshape(guide, [-1, guide.shape[3]])
        return tf.reduce_mean(tf.reduce_max(tf.matmul(vectors, guides, transpose_b=True), 1))
    wanted = products(guide)
    return -tf.reduce_sum(tf.square(products(layer) - wanted)) / tf.reduce_sum(tf.square(wanted))


def shares(region, layer):
    """How much of each position lies in a region: every pixel is cut so finely that no piece lies in two positions."""
    height, width = region.shape
    rows, columns = int(layer.shape[1]), int(layer.shape[2])
    means = np.repeat(region, rows, 0).reshape(rows, height, width).mean(1)
    return np.repeat(means, columns, 1).reshape(rows, columns, width).mean(2).astype(np.float32)


def weighted_term(term, layer, guide, region):
    """A term whose mean over positions is weighted; of others what has the weighted push as its gradient."""
    weights = tf.constant(shares(region, layer))
    if term["kind"] == "channels":
        return tf.add_n([c["weight"] * tf.reduce_mean(weights * layer[..., c["channel"]]) for c in term["channels"]])
    if term["kind"] == "layer":
        return tf.reduce_mean(weights[..., None] * tf.square(layer))
    push = tf.gradients(raw_term(term, layer, guide), layer)[0]
    return tf.reduce_sum(tf.stop_gradient(push * weights[..., None]) * layer)


def pushed(term, layer, guide, pixels, regions):
    """What is climbed for a term, and what is told of it."""
    raw = raw_term(term, layer, guide)
    climbed = raw if "region" not in term else weighted_term(term, layer, guide, regions[term["region"]])
    told = term["weight"] * raw
    if not term["balanced"]:
        return term["weight"] * climbed, told
    push = tf.gradients(raw, layer)[0]
    values = pixels * (1 if term["kind"] == "channels" else int(layer.shape[3]))
    size = tf.sqrt(tf.reduce_mean(tf.square(layer)))
    length = tf.sqrt(tf.reduce_sum(tf.square(push)))
    return term["weight"] * climbed / tf.stop_gradient(size * length * np.float32(np.sqrt(values))), told


def read(picture, folder, channels=(3,)):
    shape = [picture["height"], picture["width"], *channels]
    return np.fromfile(os.path.join(folder, picture["file"]), np.float32).reshape(shape)


def layers_of(request, definition, x, scope):
    seen = x[None]
    if request["channelOrder"] == "bgr":
        seen = seen[..., ::-1]
    seen = (seen - tf.constant(request["mean"], tf.float32)) * request["scale"]
    tf.import_graph_def(definition, {"input": seen}, name=scope)

    def layer(name):
        values = tf.get_default_graph().get_tensor_by_name(f"{scope}/{name}:0")
        # A head's classes are one position.
        return values[:, None, None, :] if len(values.shape) == 2 else values

    return layer


def main():
    with open(sys.argv[1]) as file:
        request = json.load(file)
    folder = os.path.dirname(sys.argv[1])
    definition = tf.GraphDef()
    with open(os.path.join(folder, request["graph"]), "rb") as file:
        definition.ParseFromString(file.read())
    picture, guide = read(request["picture"], folder), read(request["guide"], folder)
    regions = [read(region, folder, ()) for region in request["regions"]]
    pixels = picture.shape[0] * picture.shape[1]
    manifest = []
    for number, objective in enumerate(request["objectives"]):
        with tf.Graph().as_default() as graph:
            x = tf.placeholder(tf.float32, picture.shape)
            of_picture = layers_of(request, definition, x, "picture")
            of_guide = layers_of(request, definition, tf.constant(guide), "guide")
            terms = [
                pushed(term, of_picture(term["layer"]), of_guide(term["layer"]), pixels, regions) for term in objective
            ]
            gradient = tf.gradients(tf.add_n([climbed for climbed, _ in terms]), x)[0]
            told = tf.add_n([value for _, value in terms])
            with tf.Session(graph=graph) as session:
                values, value = session.run([gradient, told], {x: picture})
        np.ascontiguousarray(values, np.float32).tofile(os.path.join(sys.argv[2], f"{number}.f32"))
        manifest.append({"objective": float(value)})
    with open(os.path.join(sys.argv[2], "manifest.json"), "w") as file:
        json.dump(manifest, file)


if __name__ == "__main__":
    main()
