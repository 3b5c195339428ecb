"""Writes models as Keras and TensorFlow save them into the folder of the first argument, for file-kind.test.ts."""
import os
import pickle
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import keras
import numpy as np
import tensorflow as tf

os.chdir(sys.argv[1])
keras.utils.set_random_seed(1)
picture = keras.Input((None, None, 3), name="input")
layer = keras.layers.Conv2D(8, 3, padding="same", activation="relu", name="layer")(picture)
model = keras.Model(picture, layer)
model.save("net.keras")
model.save("net.h5")
model.save_weights("net.weights.h5")
with open("net.json", "w") as file:
    file.write(model.to_json())
with open("net.tflite", "wb") as file:
    file.write(tf.lite.TFLiteConverter.from_keras_model(model).convert())
tf.train.Checkpoint(model=model).save("checkpoint2/net")
model.export("saved", verbose=False)
np.savez("net.npz", *model.get_weights())
np.save("net.npy", model.get_weights()[0])
with open("net.pkl", "wb") as file:
    pickle.dump(model.get_weights(), file)

with tf.Graph().as_default():
    picture = tf.compat.v1.placeholder(tf.float32, [None, None, None, 3], name="input")
    weights = tf.compat.v1.get_variable("weights", [3, 3, 3, 4])
    tf.nn.relu(tf.nn.conv2d(picture, weights, 1, "SAME"), name="layer")
    session = tf.compat.v1.Session()
    session.run(tf.compat.v1.global_variables_initializer())
    tf.compat.v1.train.Saver().save(session, "checkpoint1/net")
