"""What a step's convolutions, forward and back, would take at the rate of the best one: for tools/bench-step.mjs.

One line of JSON, milliseconds of several trials, for every line on stdin. The rate is that of a large 3x3 convolution of
TensorFlow's ordinary kernels (oneDNN) at the same minute.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow.compat.v1 as tf

from deepdream import Network

SIDE, CHANNELS = 64, 256
TRIALS = 5


def needed(tensor):
    """The operations that a tensor is computed by."""
    found, waiting = set(), [tensor.op]
    while waiting:
        operation = waiting.pop()
        if operation in found:
            continue
        found.add(operation)
        waiting.extend(each.op for each in operation.inputs)
    return found


def work(network, request):
    """Floating-point operations of all convolutions and of their gradients by their inputs."""
    layer = network.session.graph.get_tensor_by_name(request["layer"] + ":0")
    convolutions = [each for each in needed(layer) if each.type == "Conv2D"]
    tensors = [[tf.shape(each.outputs[0]), tf.shape(each.inputs[1])] for each in convolutions]
    picture = np.zeros((request["height"], request["width"], 3), np.float32)
    shapes = network.session.run(tensors, {network.tile: picture})
    return sum(2 * 2 * int(np.prod(output)) * int(np.prod(kernel[:3])) for output, kernel in shapes)


request = json.loads(sys.argv[1])
network = Network(request)
with network.session.graph.as_default():
    operations = work(network, request)
    x = tf.Variable(np.ones((1, SIDE, SIDE, CHANNELS), np.float32))
    kernel = tf.constant(np.ones((3, 3, CHANNELS, CHANNELS), np.float32))
    convolution = tf.nn.conv2d(x, kernel, 1, "SAME").op
    network.session.run(x.initializer)
run = network.session.make_callable(convolution)
peak_operations = 2 * SIDE * SIDE * 9 * CHANNELS * CHANNELS
run()
for _ in sys.stdin:
    times = []
    for _ in range(TRIALS):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000 * operations / peak_operations)
    print(json.dumps(times), flush=True)
