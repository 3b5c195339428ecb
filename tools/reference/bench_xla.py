"""Times steps of tf.function(jit_compile=True) for tools/bench-xla.mjs: one line of JSON, milliseconds a step, for every line on stdin.

The whole step is one compiled function, as one would write it in TensorFlow 2: the jitter's rolls, the gradient, the
normalisation and the update. The picture stays a tensor.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf

request = json.loads(sys.argv[1])
definition = tf.compat.v1.GraphDef()
with open(request["model"], "rb") as file:
    definition.ParseFromString(file.read())
# XLA compiles no placeholder, not even one that nothing reads any more.
(placeholder,) = (node for node in definition.node if node.name == request["input"])
definition.node.remove(placeholder)


def objective_of(picture):
    x = picture[None]
    if request["channelOrder"] == "bgr":
        x = x[..., ::-1]
    x = (x - tf.constant(request["mean"], tf.float32)) * request["scale"]
    (layer,) = tf.graph_util.import_graph_def(
        definition, {request["input"]: x}, [request["layer"] + ":0"], name=""
    )
    if request["channels"] is None:
        return tf.reduce_mean(tf.square(layer))
    return tf.add_n([c["weight"] * tf.reduce_mean(layer[..., c["channel"]]) for c in request["channels"]])


@tf.function(jit_compile=True)
def step(picture, shift):
    rolled = tf.roll(picture, shift, [0, 1])
    objective = objective_of(rolled)
    gradient = tf.roll(tf.gradients(objective, rolled)[0], -shift, [0, 1])
    rate = request["step"] / (tf.reduce_mean(tf.abs(gradient)) + 1e-7)
    return picture + gradient * rate, objective


random = np.random.RandomState(1)
size = [request["height"], request["width"]]
picture = tf.constant((random.rand(*size, 3) * 255).astype(np.float32))
for _ in sys.stdin:
    image, times = picture, []
    for _ in range(request["steps"]):
        start = time.perf_counter()
        image, objective = step(image, tf.constant([random.randint(side) for side in size], tf.int32))
        objective.numpy()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps(times), flush=True)
