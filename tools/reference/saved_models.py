"""Exports real Keras applications, and says what their gradients are: for test/correctness/saved-models.test.ts.

    python saved_models.py NAME DIR PICTURE.f32 SIDE

Writes DIR/NAME (a SavedModel by Keras's own export) and DIR/NAME.json: for some layers their gradients' files. The network is
built without pretrained weights and from a fixed seed, so nothing is downloaded. The objective is the mean of squares of the
network's own output; it is differentiated by tf.GradientTape through the reloaded SavedModel.
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
    picture = tf.constant(np.fromfile(picture_file, np.float32).reshape([1, side, side, 3]))
    loaded = tf.saved_model.load(os.path.join(folder, name))
    served = loaded.signatures["serving_default"]
    with tf.GradientTape() as tape:
        tape.watch(picture)
        (output,) = served(picture).values()
        objective = tf.reduce_mean(tf.square(output))
    np.ascontiguousarray(tape.gradient(objective, picture).numpy()).tofile(os.path.join(folder, name + ".f32"))
    with open(os.path.join(folder, name + ".json"), "w") as file:
        json.dump({"objective": float(objective)}, file)


if __name__ == "__main__":
    main()
