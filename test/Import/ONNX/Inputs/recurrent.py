#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""recurrent.py <folder>: LSTM, GRU and RNN in all their variants, imported and
run by the reference interpreter, against the formulas of ONNX in double
precision. Prints a line for each variant; exit status 1 if one differs."""

import itertools
import pathlib
import subprocess
import sys

import numpy
import onnx
from onnx import helper, numpy_helper

BATCH, STEPS, INPUTS, HIDDEN = 2, 3, 4, 5
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def lstm(x, w, r, wb, rb, h, c, p, _):
    i, o, f, g = numpy.split(x @ w.T + h @ r.T + wb + rb, 4, axis=1)
    pi, po, pf = numpy.split(p, 3)
    i, f = sigmoid(i + pi * c), sigmoid(f + pf * c)
    c = f * c + i * numpy.tanh(g)
    return sigmoid(o + po * c) * numpy.tanh(c), c


def gru(x, w, r, wb, rb, h, c, _, linear_before_reset):
    wx = x @ w.T + wb
    n = HIDDEN
    z = sigmoid(wx[:, :n] + h @ r[:n].T + rb[:n])
    reset = sigmoid(wx[:, n:2 * n] + h @ r[n:2 * n].T + rb[n:2 * n])
    if linear_before_reset:
        own = reset * (h @ r[2 * n:].T + rb[2 * n:])
    else:
        own = (reset * h) @ r[2 * n:].T + rb[2 * n:]
    return (1 - z) * numpy.tanh(wx[:, 2 * n:] + own) + z * h, c


def rnn(x, w, r, wb, rb, h, c, *_):
    return numpy.tanh(x @ w.T + h @ r.T + wb + rb), c


CELLS = {"LSTM": lstm, "GRU": gru, "RNN": rnn}


def expected(op, x, v, direction, linear_before_reset):
    """Y, Y_h and Y_c of layout 0."""
    hidden, last_h, last_c = [], [], []
    for d, w in enumerate(v["W"]):
        h, c = v["initial_h"][d], v["initial_c"][d]
        wb, rb = numpy.split(v["B"][d], 2)
        steps = range(STEPS)
        is_reverse = direction == "reverse" or d == 1
        states = {}
        for t in reversed(steps) if is_reverse else steps:
            h, c = CELLS[op](x[t], w, v["R"][d], wb, rb, h, c, v["P"][d],
                             linear_before_reset)
            states[t] = h
        hidden.append(numpy.stack([states[t] for t in steps]))
        last_h.append(h)
        last_c.append(c)
    return [numpy.stack(hidden, axis=1), numpy.stack(last_h),
            numpy.stack(last_c)]


def make(op, v, names, attributes, layout):
    """The model, of one input and as many outputs as the operator has."""
    inputs = [name if name in ("X", "W", "R") or name in names else ""
              for name in ("X", "W", "R", "B", "", "initial_h", "initial_c",
                           "P")[:8 if op == "LSTM" else 6]]
    outputs = ["Y", "Y_h", "Y_c"][:3 if op == "LSTM" else 2]
    node = helper.make_node(op, inputs, outputs, hidden_size=HIDDEN,
                            layout=layout, **attributes)
    shape = [BATCH, STEPS, INPUTS] if layout else [STEPS, BATCH, INPUTS]
    value = helper.make_tensor_value_info
    tensors = []
    for name in filter(lambda name: name in v, inputs):
        data = v[name].astype(numpy.float32)
        if layout and name.startswith("initial"):
            data = numpy.ascontiguousarray(data.swapaxes(0, 1))
        tensors.append(numpy_helper.from_array(data, name))
    graph = helper.make_graph(
        [node], "g", [value("X", onnx.TensorProto.FLOAT, shape)],
        [value(name, onnx.TensorProto.FLOAT, None) for name in outputs],
        initializer=tensors)
    return helper.make_model(graph, ir_version=8,
                             opset_imports=[helper.make_opsetid("", 14)])


def check(folder, op, direction, optional, layout, linear_before_reset):
    random = numpy.random.default_rng(3)
    count = 2 if direction == "bidirectional" else 1
    rows = GATES[op] * HIDDEN
    shapes = {"W": (rows, INPUTS), "R": (rows, HIDDEN), "B": (2 * rows,),
              "initial_h": (BATCH, HIDDEN), "initial_c": (BATCH, HIDDEN),
              "P": (3 * HIDDEN,)}
    values = {}
    for name, shape in shapes.items():
        values[name] = random.normal(size=(count, *shape)).astype(numpy.float32)
        if name not in ("W", "R") and name not in optional:
            values[name][:] = 0
    attributes = {"direction": direction}
    if op == "GRU":
        attributes["linear_before_reset"] = linear_before_reset
    x = random.normal(size=(STEPS, BATCH, INPUTS)).astype(numpy.float32)
    model = make(op, values, optional, attributes, layout)
    onnx.save(model, str(folder / "model.onnx"))
    numpy.save(folder / "x.npy", x.swapaxes(0, 1) if layout else x)
    outputs = [folder / f"{info.name}.npy" for info in model.graph.output]
    subprocess.run(["quant-run", folder / "model.onnx", "--reference",
                    "--whole", f"--input={folder / 'x.npy'}",
                    *[f"--output={path}" for path in outputs]], check=True)
    worst = 0
    for path, want in zip(outputs, expected(op, x, values, direction,
                                            linear_before_reset)):
        got = numpy.load(path)
        if layout:
            order = (2, 0, 1, 3) if want.ndim == 4 else (1, 0, 2)
            want = want.transpose(order)
        worst = max(worst, numpy.abs(got.reshape(want.shape) - want).max())
    return worst


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    failed = False
    for op, direction, layout, linear, optional in itertools.product(
            CELLS, ("forward", "reverse", "bidirectional"), (0, 1), (0, 1),
            ((), ("B",), ("B", "initial_h", "initial_c", "P"))):
        if linear and op != "GRU":
            continue
        worst = check(folder, op, direction, optional, layout, linear)
        failed |= not worst < 1e-5
        print("FAIL" if not worst < 1e-5 else "PASS", op, direction,
              f"layout={layout} linear_before_reset={linear}",
              *optional, f"{worst:.1e}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
