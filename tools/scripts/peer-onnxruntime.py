#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""onnxruntime for quant-bench: one JSON request a line, one answer a line.

Between requests the process waits for its standard input, and its sessions have
no threads that spin. Requests:

  {"threads": N}             -> {"version": "..."}
  {"problem": {...}}         -> {"supported": bool}    a model of one node
  {"model": {...}}           -> {}                     a whole model
  {"turn": {...}}            -> {"us": float}          one turn of the last one

An answer {"error": "..."} ends nothing.
"""

import json
import os
import sys
import tempfile
import time

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

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
        attributes = {"strides": [self.number("stride")] * 2,
                      "dilations": [self.number("dilation")] * 2,
                      "pads": [self.number("pad")] * 4, "group": groups}
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
        return self.finish(
            name, [x], p["out"],
            kernel_shape=[self.number("kh"), self.number("kw")],
            strides=[self.number("stride")] * 2,
            pads=[self.number("pad")] * 4)

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


class Watch:
    """Measures a loop: the clock, and what of it was CPU time of this thread.

    The difference is what others used the CPU for. More threads than one are
    measured by the clock alone."""

    def __init__(self, threads):
        self.threads = threads

    def __enter__(self):
        self.start, self.cpu_start = time.perf_counter(), time.thread_time()
        return self

    def __exit__(self, *exception):
        self.elapsed = time.perf_counter() - self.start
        self.cpu = time.thread_time() - self.cpu_start
        if self.threads > 1:
            self.cpu = self.elapsed


def run_for(call, microseconds):
    """Calls at least once; returns how often."""
    count, end = 0, time.perf_counter() + microseconds / 1e6
    while count == 0 or time.perf_counter() < end:
        call()
        count += 1
    return count


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
                run_for(call, turn["warm_up_us"])
            with Watch(self.threads) as watch:
                count = run_for(call, 0 if turn["once"] else turn["turn_us"])
            with open(session.end_profiling()) as file:
                events = json.load(file)
        times = [event["dur"] for event in events
                 if event.get("cat") == "Node" and
                 event["name"].endswith("_kernel_time") and
                 event["args"]["op_name"] == self.node.op]
        return float(np.mean(times[-count:])) * watch.cpu / watch.elapsed


class Model:
    """A whole model; what is timed is the session's call."""

    def __init__(self, request, threads):
        self.session = ort.InferenceSession(
            request["path"], session_options(threads),
            providers=["CPUExecutionProvider"])
        self.binding = self.session.io_binding()
        rows = np.load(request["rows"])
        value = self.session.get_inputs()[0]
        shape = [extent if isinstance(extent, int) else 1
                 for extent in value.shape]
        self.row = ort.OrtValue.ortvalue_from_numpy(
            np.ascontiguousarray(rows[:1].reshape(shape)))
        self.binding.bind_ortvalue_input(value.name, self.row)
        for output in self.session.get_outputs():
            self.binding.bind_output(output.name)
        self.threads = threads

    def take_turn(self, turn):
        run, binding = self.session.run_with_iobinding, self.binding
        count = 1
        if not turn["once"]:
            warm = run_for(lambda: run(binding), turn["warm_up_us"])
            count = max(1, int(warm * turn["turn_us"] / turn["warm_up_us"]))
        with Watch(self.threads) as watch:
            for _ in range(count):
                run(binding)
        return watch.cpu * 1e6 / count


class Server:

    def __init__(self):
        self.threads = 1
        self.contestant = None

    def answer(self, request):
        if "threads" in request:
            self.threads = request["threads"]
            return {"version": ort.__version__}
        if "problem" in request:
            self.contestant = Kernel(request["problem"], self.threads)
            return {"supported": self.contestant.model is not None}
        if "model" in request:
            self.contestant = Model(request["model"], self.threads)
            return {}
        return {"us": self.contestant.take_turn(request["turn"])}


def main():
    server = Server()
    for line in sys.stdin:
        try:
            answer = server.answer(json.loads(line))
        except Exception as error:  # Whatever it is, quant-bench reports it.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
