"""Reads a frozen graph for the peers that have no reader of their own, PyTorch and JAX.

    python graph.py graph.pb input layer network.npz

Writes the operations from the picture to the layer, in order, with every constant computed: an array of JSON, "operations",
and the constants by name. It knows what Inceptions and their like are made of; anything else is an error that says so.
"""

import json
import sys

import numpy as np
import tensorflow.compat.v1 as tf

ATTRIBUTES = {
    "Conv2D": ["strides", "padding", "dilations"],
    "BiasAdd": [],
    "Relu": [],
    "MaxPool": ["ksize", "strides", "padding"],
    "AvgPool": ["ksize", "strides", "padding"],
    "LRN": ["depth_radius", "bias", "alpha", "beta"],
    "ConcatV2": [],
    "Concat": [],
    "Pad": [],
    "Identity": [],
}


def attribute(node, name):
    """As JSON has it."""
    value = node.get_attr(name)
    return value.decode() if isinstance(value, bytes) else value


def needed(layer):
    """The operations that a layer comes from, each after its inputs."""
    order, seen, stack = [], set(), [(layer, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node.name not in seen:
            seen.add(node.name)
            stack.append((node, True))
            stack.extend((tensor.op, False) for tensor in node.inputs)
    return order


def read(file, picture, layer):
    definition = tf.GraphDef()
    with open(file, "rb") as opened:
        definition.ParseFromString(opened.read())
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(definition, name="")
    constant, operations, values = {picture: False}, [], {}
    with tf.Session(graph=graph) as session:
        for node in needed(graph.get_operation_by_name(layer)):
            if node.name == picture:
                continue
            constant[node.name] = all(constant[tensor.op.name] for tensor in node.inputs)
            if constant[node.name]:
                continue
            if node.type not in ATTRIBUTES:
                raise SystemExit(f"The graph's operation '{node.type}' is not one that these peers are taught.")
            if node.type in ("Conv2D", "MaxPool", "AvgPool", "BiasAdd") and attribute(node, "data_format") != "NHWC":
                raise SystemExit(f"'{node.name}' has channels first, which these peers are not taught.")
            inputs = [tensor.op.name for tensor in node.inputs]
            for tensor in node.inputs:
                if constant[tensor.op.name] and tensor.op.name not in values:
                    values[tensor.op.name] = session.run(tensor)
            attributes = {name: attribute(node, name) for name in ATTRIBUTES[node.type]}
            operations.append({"name": node.name, "type": node.type, "inputs": inputs, **attributes})
    return operations, values


if __name__ == "__main__":
    found, constants = read(*sys.argv[1:4])
    np.savez(sys.argv[4], operations=np.array(json.dumps(found)), **{f"constant {name}": value for name, value in constants.items()})
