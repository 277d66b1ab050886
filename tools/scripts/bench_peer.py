# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the processes that quant-bench measures beside itself have in common.

A peer reads one JSON request a line from its standard input and answers with
one line. Between requests it waits, and none of its threads may spin. Requests:

  {"threads": N}     -> {"version": "..."}
  {"problem": {...}} -> {"supported": bool}    prepares a kernel
  {"model": {...}}   -> {}                     prepares a whole model
  {"turn": {...}}    -> {"us": float}          one turn of what was prepared

An answer {"error": "..."} ends nothing.
"""

import json
import os
import sys
import time

import numpy as np


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


def take_turn(call, turn, threads):
    """Microseconds of a call."""
    count = 1
    if not turn["once"]:
        warm = run_for(call, turn["warm_up_us"])
        count = max(1, int(warm * turn["turn_us"] / turn["warm_up_us"]))
    with Watch(threads) as watch:
        for _ in range(count):
            call()
    return watch.cpu * 1e6 / count


def input_shapes(path, dims):
    """Names and shapes of a model's inputs; `dims` are those with names."""
    import onnx
    graph = onnx.load(path, load_external_data=False).graph
    constants = {tensor.name for tensor in graph.initializer}
    shapes = {}
    for value in graph.input:
        if value.name in constants:
            continue
        shapes[value.name] = [
            dim.dim_value or int(dims.get(dim.dim_param, 1))
            for dim in value.type.tensor_type.shape.dim]
    return shapes


def model_rows(request, limit):
    """The first rows as feeds of the model: quant-bench's raw input options
    applied to the first input."""
    shapes = input_shapes(request["path"], request["dims"])
    files = [np.load(path, mmap_mode="r") for path in request["rows"]]
    for i in range(min(limit, len(files[0]))):
        feeds = {}
        for (name, shape), file in zip(shapes.items(), files):
            row = np.asarray(file[i])
            if name == next(iter(shapes)):
                row = prepare_raw(row, shape, request)
            feeds[name] = np.ascontiguousarray(row.reshape(shape))
        yield feeds


def prepare_raw(row, shape, request):
    row = row.astype(np.float32)
    if request["layout"] == "nhwc":
        height_width_channels = list(shape[2:]) + [shape[1]]
        row = np.moveaxis(row.reshape(height_width_channels), -1, 0)
    row = row.reshape(shape[1:])
    along = [-1] + [1] * (row.ndim - 1)
    if request["mean"]:
        row = row - np.asarray(request["mean"], np.float32).reshape(along)
    if request["scale"]:
        row = row * np.asarray(request["scale"], np.float32).reshape(along)
    return row


def quantize_model(request, folder, rows=100):
    """The model in int8, as onnxruntime's own tool makes it: QDQ, one scale for
    each channel of weights, u8 activations (s8 is slow on x86)."""
    import onnx
    from onnx import version_converter
    from onnxruntime import quantization as q
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(q.CalibrationDataReader):
        def __init__(self):
            self.feeds = model_rows(request, rows)

        def get_next(self):
            return next(self.feeds, None)

    model = onnx.load(request["path"])
    # Scales for channels exist since opset 13.
    if model.opset_import[0].version < 13:
        model = version_converter.convert_version(model, 13)
    converted, prepared, quantized = (
        os.path.join(folder, name + ".onnx")
        for name in ["converted", "prepared", "quantized"])
    onnx.save(model, converted)
    quant_pre_process(converted, prepared, skip_symbolic_shape=True)
    q.quantize_static(prepared, quantized, Reader(), per_channel=True,
                      quant_format=q.QuantFormat.QDQ,
                      activation_type=q.QuantType.QUInt8,
                      weight_type=q.QuantType.QInt8,
                      # It fails for a bias with one scale for each channel.
                      extra_options={
                          "QDQDisableWeightAdjustForInt32Bias": True})
    return quantized


def serve(version, prepare):
    """Answers requests until the input ends. `prepare(request, threads)` gives
    something with take_turn(turn), or None."""
    threads, contestant = 1, None
    # What libraries print is no answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "threads" in request:
                threads = request["threads"]
                answer = {"version": version}
            elif "turn" in request:
                answer = {"us": contestant.take_turn(request["turn"])}
            else:
                contestant = prepare(request, threads)
                answer = {"supported": contestant is not None}
        except Exception as error:  # Whatever it is, quant-bench reports it.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)
