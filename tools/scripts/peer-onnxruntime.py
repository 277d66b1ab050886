#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""onnxruntime for quant-bench: kernels and whole models, see bench_peer.py."""

import json
import os
import tempfile
import time

import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

import bench_peer

ELEMENT = {"u8": (TensorProto.UINT8, np.uint8),
           "s8": (TensorProto.INT8, np.int8),
           "s32": (TensorProto.INT32, np.int32),
           "f32": (TensorProto.FLOAT, np.float32)}
OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]


def fill(random, shape, kind):
    dtype = ELEMENT[kind][1]
    if kind == "f32":
        return random.uniform(-1, 1, shape).astype(dtype)
    info = np.iinfo(dtype)
    return random.integers(info.min, info.max + 1, shape).astype(dtype)


class OneNode:
    """A model of the one node that solves a problem."""

    def __init__(self, problem):
        self.problem = problem
        self.random = np.random.default_rng(1)
        self.initializers = []
        self.feeds = {}
        self.inputs = []
        self.op = None

    def number(self, key):
        return int(self.problem[key])

    def numbers(self, key, count):
        """As many numbers as the key has, which one can stand for."""
        values = [int(value) for value in self.problem[key].split(",")]
        return values if len(values) == count else values * count

    def window(self):
        top, bottom, left, right = self.numbers("pad", 4)
        return {"strides": self.numbers("stride", 2),
                "pads": [top, left, bottom, right],
                "dilations": self.numbers("dilation", 2)}

    def constant(self, name, array):
        self.initializers.append(
            numpy_helper.from_array(np.asarray(array), name))
        return name

    def feed(self, name, shape, kind):
        self.feeds[name] = fill(self.random, shape, kind)
        self.inputs.append(
            helper.make_tensor_value_info(name, ELEMENT[kind][0], shape))
        return name

    def quantization(self, name, kind, scale, channels=0):
        """Names of a scale and a zero point, one or one for each channel."""
        shape = [channels] if channels else []
        return [self.constant(name + "_scale",
                              np.full(shape, scale, np.float32)),
                self.constant(name + "_zero_point",
                              np.zeros(shape, ELEMENT[kind][1]))]

    def finish(self, op, operands, out, domain="", **attributes):
        self.op = op
        node = helper.make_node(op, operands, ["y"], domain=domain,
                                **attributes)
        result = helper.make_tensor_value_info("y", ELEMENT[out][0], None)
        graph = helper.make_graph([node], "problem", self.inputs, [result],
                                  self.initializers)
        model = helper.make_model(graph, opset_imports=OPSETS, ir_version=8)
        return model.SerializeToString()

    def build(self):
        """The model's bytes, or None if there is no such node."""
        return getattr(self, "build_" + self.problem["kind"],
                       lambda: None)()

    def channels(self, count):
        return count if self.problem["scales"] == "channel" else 0

    def build_gemm(self):
        p = self.problem
        m, n, k, batch = map(self.number, ["m", "n", "k", "batch"])
        if p["epilogue"] == "add":
            return None
        lead = [batch] if batch > 1 else []
        dynamic = p["rhs"] == "input"
        a = self.feed("a", lead + [m, k], p["in"])
        if dynamic:
            b = self.feed("b", lead + [k, n], p["weights"])
        else:
            b = self.constant("b", fill(self.random, [k, n], p["weights"]))
        if p["in"] == "f32":
            return self.finish("MatMul", [a, b], "f32")
        if p["out"] == "s32":
            return self.finish("MatMulInteger", [a, b], "s32")
        if p["out"] == "f32":
            return None
        operands = ([a] + self.quantization("a", p["in"], .03) +
                    [b] + self.quantization("b", p["weights"], .001,
                                            self.channels(n)) +
                    self.quantization("y", p["out"], .07))
        return self.finish("QLinearMatMul", operands, p["out"])

    def build_conv(self, groups=None, outputs=None):
        p = self.problem
        groups = groups or self.number("groups")
        outputs = outputs or self.number("o")
        if p["epilogue"] == "add" or p["out"] == "s32":
            return None
        channels = self.number("c")
        x = self.feed("x", [self.number("n"), channels, self.number("h"),
                            self.number("w")], p["in"])
        w = self.constant("w", fill(
            self.random, [outputs, channels // groups, self.number("kh"),
                          self.number("kw")], p["weights"]))
        attributes = {**self.window(), "group": groups}
        if p["in"] == "f32":
            bias = self.constant("bias", fill(self.random, [outputs], "f32"))
            return self.finish("Conv", [x, w, bias], "f32", **attributes)
        if p["out"] == "f32":
            return None
        bias = self.constant("bias", np.arange(outputs, dtype=np.int32))
        operands = ([x] + self.quantization("x", p["in"], .03) +
                    [w] + self.quantization("w", p["weights"], .001,
                                            self.channels(outputs)) +
                    self.quantization("y", p["out"], .07) + [bias])
        return self.finish("QLinearConv", operands, p["out"], **attributes)

    def build_depthwise(self):
        # The border is part of the node, whoever writes it elsewhere.
        channels = self.number("c")
        return self.build_conv(channels, channels * self.number("multiplier"))

    def build_eltwise(self):
        p = self.problem
        name = {"add": "Add", "mul": "Mul"}.get(p["op"])
        if not name:
            return None
        shape = [self.number("size")]
        a, b = self.feed("a", shape, p["in"]), self.feed("b", shape, p["in"])
        if p["in"] == "f32":
            return self.finish(name, [a, b], "f32")
        operands = ([a] + self.quantization("a", p["in"], .05) +
                    [b] + self.quantization("b", p["in"], .07) +
                    self.quantization("y", p["out"], .1))
        return self.finish("QLinear" + name, operands, p["out"],
                           "com.microsoft")

    def build_pool(self):
        p = self.problem
        if p["op"] == "avg" and p["in"] != "f32":
            return None
        x = self.feed("x", [self.number("n"), self.number("c"),
                            self.number("h"), self.number("w")], p["in"])
        name = "MaxPool" if p["op"] == "max" else "AveragePool"
        window = self.window()
        if name == "AveragePool" and window.pop("dilations") != [1, 1]:
            return None  # Not in this opset.
        return self.finish(
            name, [x], p["out"], **window,
            kernel_shape=[self.number("kh"), self.number("kw")])

    def build_softmax(self):
        p = self.problem
        if p["in"] != "f32":
            return None
        shape = [self.number("rows"), self.number("columns")]
        return self.finish("Softmax", [self.feed("x", shape, "f32")], "f32",
                           axis=1)


def session_options(threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads spin during a run, where it helps, and sleep after it.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return options


class Kernel:
    """A node, timed by the profiler: no transposes to its layout, no call."""

    def __init__(self, problem, threads):
        self.threads = threads
        self.node = OneNode(problem)
        self.model = self.node.build()
        if self.model is not None:
            try:
                ort.InferenceSession(self.model, session_options(threads),
                                     providers=["CPUExecutionProvider"])
            except Exception:  # The node has no kernel for these types.
                self.model = None

    def take_turn(self, turn):
        with tempfile.TemporaryDirectory() as folder:
            options = session_options(self.threads)
            options.enable_profiling = True
            options.profile_file_prefix = os.path.join(folder, "profile")
            session = ort.InferenceSession(
                self.model, options, providers=["CPUExecutionProvider"])
            def call():
                session.run(None, self.node.feeds)
            if not turn["once"]:
                bench_peer.run_for(call, turn["warm_up_us"])
            lost = self.run_calls(call, 0 if turn["once"] else turn["turn_us"])
            with open(session.end_profiling()) as file:
                events = json.load(file)
        times = [event["dur"] for event in events
                 if event.get("cat") == "Node" and
                 event["name"].endswith("_kernel_time") and
                 event["args"]["op_name"] == self.node.op]
        return without_interruptions(times[-len(lost):], lost)

    def run_calls(self, call, microseconds):
        """Calls at least once; for each call, the microseconds for which others
        had the CPU. Of more threads than one nothing is known."""
        lost, end = [], time.perf_counter() + microseconds / 1e6
        while not lost or time.perf_counter() < end:
            with bench_peer.Watch(self.threads) as watch:
                call()
            lost.append((watch.elapsed - watch.cpu) * 1e6)
        return lost


def without_interruptions(times, lost):
    """The mean of the kernel's times in calls that nothing interrupted. If all
    were, the kernel is long, and the interruptions were in it."""
    calm = [us for us, gap in zip(times, lost) if gap <= 1 + us / 50]
    return float(np.mean(calm or [us - gap if gap < us else us
                                  for us, gap in zip(times, lost)]))


class Model:
    """A whole model; what is timed is the session's call."""

    def __init__(self, request, threads):
        self.threads = threads
        with tempfile.TemporaryDirectory() as folder:
            path = request["path"]
            if request["int8"]:
                path = bench_peer.quantize_model(request, folder)
            self.session = ort.InferenceSession(
                path, session_options(threads),
                providers=["CPUExecutionProvider"])
        self.binding = self.session.io_binding()
        # The binding refers to the values, it does not keep them.
        self.values = {
            name: ort.OrtValue.ortvalue_from_numpy(value)
            for name, value in next(bench_peer.model_rows(request, 1)).items()}
        for name, value in self.values.items():
            self.binding.bind_ortvalue_input(name, value)
        for output in self.session.get_outputs():
            self.binding.bind_output(output.name)

    def take_turn(self, turn):
        run, binding = self.session.run_with_iobinding, self.binding
        return bench_peer.take_turn(lambda: run(binding), turn, self.threads)


def prepare(request, threads):
    if "model" in request:
        return Model(request["model"], threads)
    kernel = Kernel(request["problem"], threads)
    return kernel if kernel.model is not None else None


if __name__ == "__main__":
    bench_peer.serve(ort.__version__, prepare)
