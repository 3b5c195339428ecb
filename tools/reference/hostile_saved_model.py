"""Writes a SavedModel whose initializer writes a file, and loads it as TensorFlow does: for test/api/hostile-model.test.ts.

    python hostile_saved_model.py DIR FILE
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf

v1 = tf.compat.v1
folder, file = sys.argv[1], sys.argv[2]
with tf.Graph().as_default(), v1.Session() as session:
    x = v1.placeholder(tf.float32, [None, None, None, 3], name="x")
    w = v1.get_variable("w", [1, 1, 3, 8], initializer=v1.ones_initializer())
    y = tf.nn.relu(tf.nn.conv2d(x, w, 1, "SAME"), name="y")
    session.run(v1.global_variables_initializer())
    builder = v1.saved_model.Builder(folder)
    signature = v1.saved_model.predict_signature_def({"x": x}, {"y": y})
    builder.add_meta_graph_and_variables(
        session, ["serve"], {"serving_default": signature}, main_op=tf.io.write_file(file, "started")
    )
    builder.save()
assert not os.path.exists(file)
with tf.Graph().as_default(), v1.Session() as session:
    v1.saved_model.load(session, ["serve"], folder)
assert os.path.exists(file), "TensorFlow did not run the initializer"
