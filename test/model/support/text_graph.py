"""For text-graph.test.ts. `write FOLDER GRAPH...`: graphs as text, and one of this file's own with all that a graph can say.
`same FOLDER`: whether each NAME.bytes in the folder is the same message as NAME.pb. `fields`: the numbers of all fields."""
import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import tensorflow as tf


# What says nothing of what is computed and is passed over, or is refused.
PASSED = (
    "debug_info",
    "experimental_debug_info",
    "experimental_type",
    "handle_data",
    "experimental_full_type",
    "resource_handle_val",
    "variant_val",
)


def everything():
    @tf.function
    def double(x):
        return x * 2.0

    with tf.Graph().as_default() as graph:
        x = tf.compat.v1.placeholder(tf.float32, [None, None, None, 3], name="input")
        double(x)
        for value in (
            tf.constant([0.1, -1e-30, float("inf"), float("-inf"), 3e38, float("nan")]),
            tf.constant([[1, -2], [3, 2**62]], tf.int64),
            tf.constant([1, 2**63 + 5], tf.uint64),
            tf.constant([7, -7], tf.int32),
            tf.constant([1.5, -2.5], tf.half),
            tf.constant([1.5, 1e-300], tf.double),
            tf.constant([1 + 2j], tf.complex64),
            tf.constant([True, False]),
            tf.constant([b"a\0\xff\"'\\\n\t", "grüße ✓".encode()]),
            tf.constant(3.25, shape=[2, 2]),
            tf.constant([], tf.float32),
        ):
            tf.identity(value)
        tf.nn.max_pool2d(x, 3, 2, [[0, 0], [1, 1], [1, 1], [0, 0]])
    definition = graph.as_graph_def()
    values = definition.node[0].attr
    values["_list"].list.CopyFrom(
        tf.compat.v1.AttrValue.ListValue(
            s=[b"x", b""], i=[-1, 2**63 - 1], f=[0.5, -0.25], b=[True, False], type=[1, 103]
        )
    )
    values["_list"].list.shape.add(unknown_rank=True)
    values["_list"].list.shape.add().dim.add(size=-1, name="rows")
    values["_list"].list.func.add(name="double").attr["T"].type = 1
    values["_none"].list.SetInParent()
    values["_placeholder"].placeholder = "later"
    definition.node[0].device = "/device:CPU:0"
    definition.versions.bad_consumers.extend([3, 4])
    return definition


def write(folder, *files):
    graphs = {"everything": everything()}
    for file in files:
        graph = tf.compat.v1.GraphDef()
        with open(file, "rb") as stream:
            graph.ParseFromString(stream.read())
        graphs[os.path.splitext(os.path.basename(file))[0]] = graph
    for name, graph in graphs.items():
        tf.io.write_graph(graph, folder, name + ".pb", as_text=False)
        tf.io.write_graph(graph, folder, name + ".pbtxt", as_text=True)


def parsed(file):
    graph = tf.compat.v1.GraphDef()
    with open(file, "rb") as stream:
        graph.ParseFromString(stream.read())
    # What says nothing of what is computed, and livedream passes over.
    for nodes in (graph.node, *(function.node_def for function in graph.library.function)):
        for node in nodes:
            node.ClearField("experimental_debug_info")
            node.ClearField("experimental_type")
    for function in graph.library.function:
        for argument in (*function.signature.input_arg, *function.signature.output_arg):
            argument.ClearField("handle_data")
            argument.ClearField("experimental_full_type")
    # Deterministic, as NaN is not equal to itself.
    return graph.SerializeToString(deterministic=True)


def same(folder):
    for file in sorted(os.listdir(folder)):
        if file.endswith(".bytes"):
            graph = os.path.join(folder, file[: -len(".bytes")])
            print(file, parsed(graph + ".bytes") == parsed(graph + ".pb"))


def fields():
    from tensorflow.core.framework import types_pb2

    messages = {}

    def visit(descriptor):
        if descriptor.name in messages or descriptor.GetOptions().map_entry:
            return
        messages[descriptor.name] = {field.name: field.number for field in descriptor.fields}
        for field in descriptor.fields:
            if field.message_type and field.name not in PASSED:
                visit(map_value(field.message_type))

    def map_value(descriptor):
        value = descriptor.fields_by_name.get("value")
        whole = descriptor.GetOptions().map_entry and value.message_type
        return value.message_type if whole else descriptor

    visit(tf.compat.v1.GraphDef.DESCRIPTOR)
    print(json.dumps({"types": {"DataType": dict(types_pb2.DataType.items())}, "messages": messages}))


{"write": write, "same": same, "fields": fields}[sys.argv[1]](*sys.argv[2:])
