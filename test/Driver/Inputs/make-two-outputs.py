"""make-two-outputs.py FILE: a classifier and a point, of weights of their own."""

import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

rng = np.random.default_rng(1)
shapes = {"w1": (8, 16), "w2": (16, 4), "w3": (8, 16), "w4": (16, 2)}
weights = [numpy_helper.from_array(
    rng.standard_normal(shape).astype(np.float32) / 3, name)
    for name, shape in shapes.items()]
nodes = [
    helper.make_node("MatMul", ["x", "w1"], ["sum"]),
    helper.make_node("Relu", ["sum"], ["features"]),
    helper.make_node("MatMul", ["features", "w2"], ["logits"]),
    helper.make_node("Softmax", ["logits"], ["classes"]),
    helper.make_node("MatMul", ["x", "w3"], ["sum2"]),
    helper.make_node("Relu", ["sum2"], ["features2"]),
    helper.make_node("MatMul", ["features2", "w4"], ["point"]),
]


def value(name, count):
    return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT,
                                         [1, count])


graph = helper.make_graph(nodes, "two", [value("x", 8)],
                          [value("classes", 4), value("point", 2)], weights)
onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[
    helper.make_opsetid("", 13)]), sys.argv[1])
