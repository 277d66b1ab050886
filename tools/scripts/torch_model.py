# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Convolutional networks in ONNX as PyTorch modules, for bench-training.py."""

import numpy as np
import onnx
import torch
import torch.nn.functional as functional
from onnx import helper, numpy_helper
from torch.ao import quantization


def fold_normalization(weights, bias, constants, epsilon):
    """Weights and bias of a convolution that normalizes its result."""
    scale, shift, mean, variance = (c.astype(np.float64) for c in constants)
    factor = scale / np.sqrt(variance + epsilon)
    weights = weights * factor[:, None, None, None]
    bias = (bias - mean) * factor + shift
    return weights.astype(np.float32), bias.astype(np.float32)


def window_pads(attributes, kernel):
    """[left, right, top, bottom], as torch has them."""
    kind = attributes.get("auto_pad", b"NOTSET")
    if kind in (b"NOTSET", b"VALID"):
        top, left, bottom, right = attributes.get("pads", [0] * 4)
        return [left, right, top, bottom]
    if kind != b"SAME_UPPER" or attributes.get("strides", [1, 1]) != [1, 1]:
        raise ValueError(f"auto_pad {kind} is not supported")
    height, width = kernel
    return [(width - 1) // 2, width // 2, (height - 1) // 2, height // 2]


def fake_quantize_weights(axis):
    """Signed bytes, symmetric, a scale for each channel of the result."""
    return quantization.FakeQuantize(
        observer=quantization.PerChannelMinMaxObserver, ch_axis=axis,
        quant_min=-127, quant_max=127, dtype=torch.qint8,
        qscheme=torch.per_channel_symmetric)


def fake_quantize_activations():
    """Unsigned bytes, one scale and zero point."""
    return quantization.FakeQuantize(
        observer=quantization.MinMaxObserver, quant_min=0, quant_max=255,
        dtype=torch.quint8, qscheme=torch.per_tensor_affine)


class OnnxModel(torch.nn.Module):
    """Normalizations are folded and a final softmax is left out: the results
    are logits, and the parameters those that quant-compile trains.

    Quantized, it is what quantization aware training in PyTorch runs: input,
    weights and results, those behind a ReLU that reads nothing else, go through
    torch.ao.quantization.FakeQuantize."""

    def __init__(self, path, quantized=False):
        super().__init__()
        self.quantized = quantized
        self.quantizers = torch.nn.ModuleList()
        graph = onnx.load(path).graph
        self.constants = {tensor.name: numpy_helper.to_array(tensor)
                          for tensor in graph.initializer}
        self.nodes = list(graph.node)
        self.readers = {name: node for node in self.nodes
                        for name in node.input}
        self.input = next(value.name for value in graph.input
                          if value.name not in self.constants)
        self.steps, self.done = [], set()
        self.quantize_input = self.quantizer(fake_quantize_activations)
        for node in self.nodes:
            if id(node) not in self.done:
                self.add(node)
        self.output = self.steps[-1][0]

    def parameter(self, values):
        parameter = torch.nn.Parameter(torch.from_numpy(
            np.array(values, dtype=np.float32)))
        self.register_parameter(f"p{sum(1 for _ in self.parameters())}",
                                parameter)
        return parameter

    def quantizer(self, make, *operands):
        """A module of its own, or nothing at all in a model of floats."""
        if not self.quantized:
            return lambda x: x
        self.quantizers.append(make(*operands))
        return self.quantizers[-1]

    def freeze_ranges(self):
        """What was observed stays."""
        self.quantizers.apply(quantization.disable_observer)

    def add(self, node):
        attributes = {attribute.name: helper.get_attribute_value(attribute)
                      for attribute in node.attribute}
        build = getattr(self, "add_" + node.op_type)
        build(node, attributes)

    def step(self, result, function, *operands):
        self.steps.append((result, function, operands))

    def quantized_step(self, result, function, *operands):
        """Of an operation whose result has a range of its own."""
        reader = self.readers.get(result)
        if reader is None or reader.op_type != "Relu":
            quantize = self.quantizer(fake_quantize_activations)
            self.step(result, lambda *xs: quantize(function(*xs)), *operands)
        else:
            self.step(result, function, *operands)

    def take_reader(self, name, kind):
        """The reader, which becomes part of the node before it, or None."""
        reader = self.readers.get(name)
        if reader is None or reader.op_type != kind:
            return None
        if any(i not in self.constants for i in reader.input[1:]):
            return None
        self.done.add(id(reader))
        return reader

    def add_Conv(self, node, attributes):
        weights = self.constants[node.input[1]]
        bias = (self.constants[node.input[2]] if len(node.input) > 2
                else np.zeros(len(weights), np.float32))
        result = node.output[0]
        if addition := self.take_reader(result, "Add"):
            bias = bias + self.constants[addition.input[1]].reshape(-1)
            result = addition.output[0]
        elif normalization := self.take_reader(result, "BatchNormalization"):
            constants = [self.constants[i] for i in normalization.input[1:]]
            epsilon = next((a.f for a in normalization.attribute
                            if a.name == "epsilon"), 1e-5)
            weights, bias = fold_normalization(weights, bias, constants,
                                               epsilon)
            result = normalization.output[0]
        left, right, top, bottom = window_pads(attributes, weights.shape[2:])
        w, b = self.parameter(weights), self.parameter(bias)
        strides = attributes.get("strides", [1, 1])
        groups = attributes.get("group", 1)
        quantize = self.quantizer(fake_quantize_weights, 0)
        even = left == right and top == bottom
        padding = (top, left) if even else 0

        def run(x):
            if not even:
                x = functional.pad(x, [left, right, top, bottom])
            return functional.conv2d(x, quantize(w), b, strides, padding, 1,
                                     groups)
        self.quantized_step(result, run, node.input[0])

    def add_linear(self, result, operand, weights, bias):
        w, b = self.parameter(weights), self.parameter(bias.reshape(-1))
        quantize = self.quantizer(fake_quantize_weights, 1)
        self.quantized_step(result, lambda x: torch.addmm(b, x, quantize(w)),
                            operand)

    def add_Gemm(self, node, attributes):
        weights = self.constants[node.input[1]]
        if attributes.get("transB", 0):
            weights = weights.T
        self.add_linear(node.output[0], node.input[0], weights,
                        self.constants[node.input[2]])

    def add_MatMul(self, node, _):
        addition = self.take_reader(node.output[0], "Add")
        self.add_linear(addition.output[0], node.input[0],
                        self.constants[node.input[1]],
                        self.constants[addition.input[1]])

    def add_Add(self, node, _):
        self.quantized_step(node.output[0], torch.add, *node.input)

    def add_Relu(self, node, _):
        self.quantized_step(node.output[0], functional.relu, node.input[0])

    def add_pool(self, add_step, node, attributes, function):
        kernel = attributes["kernel_shape"]
        strides = attributes.get("strides", [1, 1])
        add_step(node.output[0], lambda x: function(x, kernel, strides),
                 node.input[0])

    def add_MaxPool(self, node, attributes):
        self.add_pool(self.step, node, attributes, functional.max_pool2d)

    def add_AveragePool(self, node, attributes):
        self.add_pool(self.quantized_step, node, attributes,
                      functional.avg_pool2d)

    def add_Transpose(self, node, _):
        # Of one pixel, to channels last.
        self.step(node.output[0], lambda x: x, node.input[0])

    def add_Reshape(self, node, _):
        values, shape = (self.constants.get(name) for name in node.input)
        if values is not None:
            self.constants[node.output[0]] = values.reshape(shape)
        else:
            self.step(node.output[0],
                      lambda x: x.reshape(len(x), *shape[1:]), node.input[0])

    def add_Flatten(self, node, _):
        self.step(node.output[0], lambda x: x.flatten(1), node.input[0])

    def add_Softmax(self, node, _):
        pass

    def forward(self, x):
        values = {self.input: self.quantize_input(x)}
        for result, function, operands in self.steps:
            values[result] = function(*(values[name] for name in operands))
        return values[self.output]
