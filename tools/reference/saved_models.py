"""Exports real Keras applications, and says what their gradients are: for test/correctness/saved-models.test.ts.

    python saved_models.py NAME DIR PICTURE.f32 SIDE

Writes DIR/NAME (a SavedModel by Keras's own export), DIR/NAME.json (the objective), DIR/NAME.f32 (the picture's gradient) and
DIR/NAME-double.f32 (the same, computed in float64). The network is built without pretrained weights and from a fixed seed, so
nothing is downloaded. The objective is the mean of squares of the network's own output; it is differentiated by
tf.GradientTape through the reloaded SavedModel, and in float64 through the same network built again.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tensorflow as tf

BUILD = {
    "InceptionV3": {},
    "MobileNetV2": {},
    "EfficientNetV2B0": {},
    "ResNet50": {},
    "ConvNeXtTiny": {},
}


def gradient(network, picture):
    with tf.GradientTape() as tape:
        tape.watch(picture)
        objective = tf.reduce_mean(tf.square(network(picture)))
    return float(objective), tape.gradient(objective, picture).numpy()


def in_double(name, weights):
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    model = getattr(keras.applications, name)(weights=None, include_top=False, **BUILD[name])
    model.set_weights([weight.astype(np.float64) for weight in weights])
    return lambda picture: model(picture, training=False)


def main():
    name, folder, picture_file, side = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    keras.utils.set_random_seed(7)
    model = getattr(keras.applications, name)(weights=None, include_top=False, **BUILD[name])
    # As trained networks have them: normalisation that is not the identity.
    random = np.random.default_rng(3)
    for weight in model.weights:
        if weight.path.split("/")[-1] in ("moving_mean", "beta", "bias"):
            weight.assign(random.normal(0, 0.1, weight.shape))
        if weight.path.split("/")[-1] in ("moving_variance", "gamma"):
            weight.assign(random.uniform(0.6, 1.4, weight.shape))
    model.export(os.path.join(folder, name), verbose=False)
    picture = np.fromfile(picture_file, np.float32).reshape([1, side, side, 3])
    loaded = tf.saved_model.load(os.path.join(folder, name))
    served = loaded.signatures["serving_default"]
    objective, single = gradient(lambda x: next(iter(served(x).values())), tf.constant(picture))
    _, double = gradient(in_double(name, model.get_weights()), tf.constant(picture.astype(np.float64)))
    np.ascontiguousarray(single).tofile(os.path.join(folder, name + ".f32"))
    np.ascontiguousarray(double, np.float32).tofile(os.path.join(folder, name + "-double.f32"))
    with open(os.path.join(folder, name + ".json"), "w") as file:
        json.dump({"objective": objective}, file)


if __name__ == "__main__":
    main()
