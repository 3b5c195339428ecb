"""Times steps of the reference for tools/bench-step.mjs: one line of JSON, milliseconds a step, for every line on stdin.

The work is the seed's and every Python DeepDream's: a session run for the gradient, the jitter's rolls, the normalisation and
the update in numpy.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np

from deepdream import Network

request = json.loads(sys.argv[1])
network = Network(request)
random = np.random.RandomState(1)
picture = (random.rand(request["height"], request["width"], 3) * 255).astype(np.float32)
for _ in sys.stdin:
    image, times = picture, []
    for _ in range(request["steps"]):
        start = time.perf_counter()
        y, x = random.randint(0, request["height"]), random.randint(0, request["width"])
        rolled = np.roll(np.roll(image, y, 0), x, 1)
        gradient = network.session.run(network.gradient, {network.tile: rolled})
        gradient = np.roll(np.roll(gradient, -y, 0), -x, 1)
        image = image + gradient * (request["step"] / (np.abs(gradient).mean() + 1e-7))
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps(times), flush=True)
