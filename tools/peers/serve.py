"""One peer in a process of its own, that dreams when it is told to.

    python serve.py PEER request.json

The request is the network's: { "graph", "network" (what graph.py wrote), "input", "channelOrder", "mean", "scale", "layer",
"channels" or null, "threads" }. Then for each line of JSON on stdin a line on stdout:

    (before any)                           { "loading": ms, "version": "..." }
    { "gradient": octave, "picture": "p.f32", "to": "g.f32" }    { }
    { "dream": { "octaves": [...], "iterations": n, "step": x }, "picture": "p.u8", "times": n }    { "milliseconds": [...] }

all with "cpu", the seconds of processor time so far, and "memory", the most bytes that the process had; { "error": "..." }
where it failed.
"""

import importlib
import json
import os
import re
import resource
import sys
import time

started = time.perf_counter()
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["JAX_PLATFORMS"] = "cpu"
import numpy as np

import dreaming

PEERS = {
    "tensorflow-session": ("tensorflow_peers", "Session"),
    "tensorflow-function": ("tensorflow_peers", "Function"),
    "tensorflow-xla": ("tensorflow_peers", "Compiled"),
    "torch-eager": ("torch_peers", "Eager"),
    "torch-tuned": ("torch_peers", "Tuned"),
    "torch-compile": ("torch_peers", "Compiled"),
    "jax-jit": ("jax_peers", "Step"),
    "jax-loop": ("jax_peers", "Loop"),
}


def most_memory():
    """Of this program alone: what getrusage tells begins with the memory of the process that started it."""
    try:
        with open("/proc/self/status") as file:
            return int(re.search(r"VmHWM:\s*(\d+)", file.read())[1]) * 1024
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def load(name, request):
    threads = request["threads"]
    if threads > 0 and hasattr(os, "sched_setaffinity"):
        # JAX has no other way.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    module, kind = PEERS[name]
    return getattr(importlib.import_module(module), kind)(request)


def shaped(task, octave, kind):
    return np.fromfile(task["picture"], kind).reshape(octave["height"], octave["width"], 3)


def answer(peer, task):
    if "gradient" in task:
        octave = task["gradient"]
        gradient = peer.gradient(shaped(task, octave, np.float32), octave)
        np.ascontiguousarray(gradient, np.float32).tofile(task["to"])
        return {}
    request = task["dream"]
    picture, random, milliseconds = shaped(task, request["octaves"][-1], np.uint8), np.random.RandomState(1), []
    for _ in range(task["times"]):
        start = time.perf_counter()
        dreaming.dream(peer, picture, request, random)
        milliseconds.append((time.perf_counter() - start) * 1000)
    return {"milliseconds": milliseconds}


def main():
    # What libraries print is no answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(said):
        print(json.dumps({**said, "cpu": time.process_time(), "memory": most_memory()}), file=answers, flush=True)

    def safely(work):
        try:
            say(work())
        except BaseException as error:
            say({"error": f"{type(error).__name__}: {error}".strip()[:500]})
            if not isinstance(error, Exception):
                raise

    with open(sys.argv[2]) as file:
        request = json.load(file)
    peers = []

    def begin():
        peers.append(load(sys.argv[1], request))
        return {"loading": (time.perf_counter() - started) * 1000, "version": peers[0].version}

    safely(begin)
    for line in sys.stdin:
        safely(lambda: answer(peers[0], json.loads(line)))


if __name__ == "__main__":
    main()
