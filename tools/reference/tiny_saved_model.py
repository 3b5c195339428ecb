"""Exports the small SavedModel of test/golden/tiny-saved-model, for test/api/fuzz.test.ts.

    python tiny_saved_model.py DIR

Two convolutions, variables, a function and a shape that is computed: what the reader of SavedModels has to look at.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf


class Network(tf.Module):
    def __init__(self):
        random = np.random.default_rng(1)
        self.first = tf.Variable(random.normal(0, 0.3, [3, 3, 3, 4]).astype(np.float32), name="first")
        self.bias = tf.Variable(np.zeros([4], np.float32), name="bias")
        self.second = tf.Variable(random.normal(0, 0.3, [1, 1, 4, 8]).astype(np.float32), name="second")

    @tf.function(input_signature=[tf.TensorSpec([None, None, None, 3], tf.float32, name="picture")])
    def serve(self, picture):
        x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(picture, self.first, 2, "SAME"), self.bias))
        shape = tf.shape(x)
        x = tf.nn.conv2d(tf.reshape(x, [shape[0], shape[1], shape[2], 4]), self.second, 1, "SAME")
        return {"out": tf.nn.relu(x)}


if __name__ == "__main__":
    network = Network()
    tf.saved_model.save(network, sys.argv[1], signatures={"serving_default": network.serve})
