"""The reference for what a picture costs by itself: gradients by TensorFlow Python's tape.

    python picture_terms.py FOLDER

FOLDER has request.json, { "width": w, "height": h, "wraps": false }, picture.f32 and source.f32, RGB as raw float32. Results
are variation.f32, the gradient of the sum of sqrt(dx^2 + dy^2 + 1) with differences to the next pixel, 0 at the far edge or
to the edge across; and distance.f32, that of sum((picture - source)^2) / 64.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf


def variation(picture, wraps):
    following = [tf.roll(picture, -1, axis) for axis in (0, 1)]
    if not wraps:
        following = [
            tf.concat([picture[1:], picture[-1:]], 0),
            tf.concat([picture[:, 1:], picture[:, -1:]], 1),
        ]
    down, right = (each - picture for each in following)
    return tf.reduce_sum(tf.sqrt(down**2 + right**2 + 1))


def main(folder):
    with open(os.path.join(folder, "request.json")) as file:
        request = json.load(file)
    shape = [request["height"], request["width"], 3]
    picture, source = (
        tf.constant(np.fromfile(os.path.join(folder, f"{name}.f32"), np.float32).reshape(shape))
        for name in ("picture", "source")
    )
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(picture)
        results = {
            "variation": variation(picture, request["wraps"]),
            "distance": tf.reduce_sum((picture - source) ** 2) / 64,
        }
    for name, value in results.items():
        tape.gradient(value, picture).numpy().astype(np.float32).tofile(os.path.join(folder, f"{name}.f32"))


main(sys.argv[1])
