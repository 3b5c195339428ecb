"""The reference for single operations: gradients of small graphs by TensorFlow Python's sessions and tf.gradients.

    python gradients.py request.json results/

The request: { "channelOrder": "rgb", "mean": [r, g, b], "scale": s,
               "graphs": [{ "graph": "0.pb", "picture": "0.f32", "width": w, "height": h }] }
Every graph has a placeholder "input" and a layer "out", whose mean of squares is differentiated by the picture. Results are
raw float32 files, 0.f32 and so on, and manifest.json: one entry a graph, { "objective": x } or, where TensorFlow Python has
no gradient either, { "error": "..." }.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()


def gradient_of(request, entry, folder):
    """The gradient and the objective; an error's text in their place where there is none."""
    shape = [entry["height"], entry["width"], 3]
    picture = np.fromfile(os.path.join(folder, entry["picture"]), np.float32).reshape(shape)
    definition = tf.GraphDef()
    with open(os.path.join(folder, entry["graph"]), "rb") as file:
        definition.ParseFromString(file.read())
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, shape)
        seen = x[None]
        if request["channelOrder"] == "bgr":
            seen = seen[..., ::-1]
        seen = (seen - tf.constant(request["mean"], tf.float32)) * request["scale"]
        tf.import_graph_def(definition, {"input": seen}, name="")
        objective = tf.reduce_mean(tf.square(graph.get_tensor_by_name("out:0")))
        try:
            gradient = tf.gradients(objective, x)[0]
        except LookupError as error:
            return None, str(error)
        if gradient is None:
            return None, "no gradient"
        with tf.Session(graph=graph) as session:
            return session.run([gradient, objective], {x: picture})


def main():
    with open(sys.argv[1]) as file:
        request = json.load(file)
    folder = os.path.dirname(sys.argv[1])
    manifest = []
    for number, entry in enumerate(request["graphs"]):
        gradient, objective = gradient_of(request, entry, folder)
        if gradient is None:
            manifest.append({"error": objective})
            continue
        np.ascontiguousarray(gradient, np.float32).tofile(os.path.join(sys.argv[2], f"{number}.f32"))
        manifest.append({"objective": float(objective)})
    with open(os.path.join(sys.argv[2], "manifest.json"), "w") as file:
        json.dump(manifest, file)


if __name__ == "__main__":
    main()
