"""make-deep.py FILE N: writes an ONNX model of N sums, one after the other."""

import sys

import onnx
from onnx import helper

count = int(sys.argv[2])
names = ["x"] + [f"y{i}" for i in range(count)]
nodes = [helper.make_node("Add", [names[i], "one"], [names[i + 1]])
         for i in range(count)]
info = [helper.make_tensor_value_info(name, 1, [1, 4])
        for name in (names[0], names[-1])]
one = helper.make_tensor("one", 1, [4], [1, 2, 3, 4])
graph = helper.make_graph(nodes, "deep", info[:1], info[1:], [one])
onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[
    helper.make_opsetid("", 13)]), sys.argv[1])
