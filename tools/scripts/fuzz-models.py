#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles random small models and compares what computes the same.

Each model is a chain of random operators with random shapes, branches and
constants, and comes with random calibration rows. What must hold:

  * compiled float   == interpreted prepared model, every byte
  * prepared float   == imported float, to 1e-4 of the largest output
  * compiled int8    == interpreted quantized and legalized model, every byte
  * int8 is close to float: at most one model in ten is below --sqnr (single
    ones can be: differences that cancel, values that are nearly constant)

A model that fails is kept in a folder with the commands to repeat it. The seed
and the number of a model give the same model again: --seed=S --only=N.
"""

import argparse
import concurrent.futures
import dataclasses
import pathlib
import shutil
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import accuracy
import models

ROWS = 6
TOLERANCE = 1e-4
MAX_ELEMENTS = 6000


@dataclasses.dataclass(frozen=True)
class Value:
    """A tensor of the graph: [1, C, H, W] or [1, features]."""
    name: str
    shape: tuple


class ModelMaker:
    """Appends random operators to a graph; `values` may be read by the next."""

    def __init__(self, rng):
        self.rng = rng
        self.opset = int(rng.choice([9, 11, 13, 17]))
        self.nodes, self.initializers = [], []
        self.inputs, self.values = [], []

    def pick(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def integer(self, low, high):
        """low <= result <= high."""
        return int(self.rng.integers(low, high + 1))

    def chance(self, probability):
        return self.rng.random() < probability

    def constant(self, array, dtype=np.float32):
        name = f"constant_{len(self.initializers)}"
        self.initializers.append(
            numpy_helper.from_array(np.asarray(array, dtype), name))
        return name

    def weights(self, *shape):
        """Of a size that keeps the values of a deep model near 1."""
        fan_in = max(1, int(np.prod(shape[1:])))
        return self.constant(self.rng.normal(0, 1.4 / np.sqrt(fan_in), shape))

    def numbers(self, *shape):
        return self.constant(self.rng.normal(0, 0.5, shape))

    def add(self, op, inputs, shape, **attributes):
        number = len(self.nodes)
        value = Value(f"{op}_{number}", tuple(int(n) for n in shape))
        self.nodes.append(
            helper.make_node(op, inputs, [value.name], name=f"node_{number}",
                             **attributes))
        self.values.append(value)
        return value

    def add_input(self, shape):
        value = Value(f"input_{len(self.inputs)}", shape)
        self.inputs.append(value)
        self.values.append(value)

    # --- Operators on images. Each returns None where it does not apply. -----

    def window(self, value, kernel_max, with_dilation):
        """Random kernel, strides, pads and dilations, and the extents that
        come out; None if the window does not fit."""
        kernel = [self.integer(1, kernel_max) for _ in range(2)]
        strides = [self.pick(1, 1, 2, 3) for _ in range(2)]
        dilations = [self.pick(1, 1, 2) if with_dilation else 1
                     for _ in range(2)]
        reach = [d * (k - 1) + 1 for d, k in zip(dilations, kernel)]
        # The pads of a pool must be smaller than its kernel.
        pads = [self.integer(0, min(2, k - 1)) for k in kernel * 2]
        spans = [value.shape[2 + i] + pads[i] + pads[2 + i] - reach[i]
                 for i in range(2)]
        if min(spans) < 0:
            return None
        extents = [span // stride + 1 for span, stride in zip(spans, strides)]
        attributes = {"kernel_shape": kernel, "strides": strides, "pads": pads}
        if with_dilation:
            attributes["dilations"] = dilations
        return attributes, extents

    def conv(self, value):
        window = self.window(value, 4, with_dilation=True)
        if not window:
            return None
        channels = value.shape[1]
        groups = self.pick(1, 1, channels, 2 if channels % 2 == 0 else 1)
        out = groups * self.integer(1, max(1, 9 // groups))
        attributes, extents = window
        inputs = [value.name,
                  self.weights(out, channels // groups,
                               *attributes["kernel_shape"])]
        if self.chance(0.7):
            inputs.append(self.numbers(out))
        result = self.add("Conv", inputs, (1, out, *extents), group=groups,
                          **attributes)
        return self.batch_norm(result) if self.chance(0.3) else result

    def conv_transpose(self, value):
        kernel = [self.integer(1, 4) for _ in range(2)]
        strides = [self.pick(1, 2, 2, 3) for _ in range(2)]
        dilations = [self.pick(1, 1, 2) for _ in range(2)]
        added = [self.integer(0, max(s, d) - 1)
                 for s, d in zip(strides, dilations)]
        pads = [self.integer(0, k - 1) for k in kernel * 2]
        extents = [stride * (extent - 1) + add + d * (k - 1) + 1 - low - high
                   for stride, extent, add, d, k, low, high in
                   zip(strides, value.shape[2:], added, dilations, kernel,
                       pads[:2], pads[2:])]
        if min(extents) < 1:
            return None
        channels = value.shape[1]
        groups = self.pick(1, 1, channels, 2 if channels % 2 == 0 else 1)
        out = self.integer(1, max(1, 9 // groups))
        deviation = 1.4 / np.sqrt(channels / groups * np.prod(kernel) /
                                  min(np.prod(strides), np.prod(kernel)))
        inputs = [value.name,
                  self.constant(self.rng.normal(0, deviation,
                                                (channels, out, *kernel)))]
        if self.chance(0.7):
            inputs.append(self.numbers(groups * out))
        result = self.add("ConvTranspose", inputs, (1, groups * out, *extents),
                          kernel_shape=kernel, strides=strides, pads=pads,
                          dilations=dilations, output_padding=added,
                          group=groups)
        return self.batch_norm(result) if self.chance(0.3) else result

    def batch_norm(self, value):
        channels = value.shape[1]
        inputs = [value.name, self.numbers(channels), self.numbers(channels),
                  self.numbers(channels),
                  self.constant(self.rng.uniform(0.5, 2, channels))]
        return self.add("BatchNormalization", inputs, value.shape)

    def max_pool(self, value):
        window = self.window(value, 3, with_dilation=False)
        if not window:
            return None
        return self.add("MaxPool", [value.name],
                        (*value.shape[:2], *window[1]), **window[0])

    def average_pool(self, value):
        window = self.window(value, 3, with_dilation=False)
        if not window:
            return None
        return self.add("AveragePool", [value.name],
                        (*value.shape[:2], *window[1]),
                        count_include_pad=self.integer(0, 1), **window[0])

    def global_pool(self, value):
        return self.add(self.pick("GlobalAveragePool", "GlobalMaxPool"),
                        [value.name], (*value.shape[:2], 1, 1))

    def flatten(self, value):
        return self.add("Flatten", [value.name],
                        (1, int(np.prod(value.shape))))

    def to_channels_last_and_back(self, value):
        """A softmax or a mean between two transposes, as exporters write."""
        _, channels, height, width = value.shape
        value = self.add("Transpose", [value.name],
                         (1, height, width, channels), perm=[0, 2, 3, 1])
        value = self.any_of([self.softmax, self.clip, self.relu], value)
        return self.add("Transpose", [value.name],
                        (1, channels, height, width), perm=[0, 3, 1, 2])

    def reduce_mean(self, value):
        if self.chance(0.5):
            axes, shape = [2, 3], (*value.shape[:2], 1, 1)
        else:
            axes, shape = [1], (1, 1, *value.shape[2:])
        return self.add("ReduceMean", [value.name], shape, axes=axes,
                        keepdims=1)

    # --- Operators on any shape. --------------------------------------------

    def pad(self, value):
        rank = len(value.shape)
        low = [0, 0] + [self.integer(0, 2) for _ in range(rank - 2)]
        high = [0, self.integer(0, 2)] + [self.integer(0, 2)
                                          for _ in range(rank - 2)]
        shape = np.add(value.shape, np.add(low, high))
        fill = float(self.pick(0, 0, 0.5, -1))
        if self.opset < 11:
            return self.add("Pad", [value.name], shape, pads=low + high,
                            value=fill)
        return self.add("Pad", [value.name,
                                self.constant(low + high, np.int64),
                                self.constant(fill)], shape)

    def relu(self, value):
        return self.add("Relu", [value.name], value.shape)

    def curve(self, value):
        """A table of codes when quantized."""
        return self.add(self.pick("Sigmoid", "Tanh", "Abs"), [value.name],
                        value.shape)

    def clip(self, value):
        low, high = sorted(self.rng.uniform(-1.5, 6, 2))
        if self.opset < 11:
            return self.add("Clip", [value.name], value.shape, min=float(low),
                            max=float(high))
        return self.add("Clip", [value.name, self.constant(low),
                                 self.constant(high)], value.shape)

    def softmax(self, value):
        axis = len(value.shape) - 1 if self.opset < 13 else self.integer(
            1, len(value.shape) - 1)
        return self.add("Softmax", [value.name], value.shape, axis=axis)

    def identity(self, value):
        return self.add(self.pick("Identity", "Dropout"), [value.name],
                        value.shape)

    def with_constant(self, value):
        shape = [self.pick(1, extent) for extent in value.shape]
        return self.add(self.pick("Add", "Sub", "Mul"),
                        [value.name, self.numbers(*shape)], value.shape)

    def with_other(self, value):
        same = [other for other in self.values if other.shape == value.shape]
        other = self.pick(*same)
        return self.add(self.pick("Add", "Add", "Sub", "Mul"),
                        [value.name, other.name], value.shape)

    def concat(self, value):
        axis = self.integer(1, len(value.shape) - 1)

        def fits(other):
            without = list(other.shape)
            if len(without) == len(value.shape):
                without[axis] = value.shape[axis]
            return tuple(without) == value.shape

        others = [other for other in self.values if fits(other)]
        parts = [value] + [self.pick(*others)
                           for _ in range(self.integer(1, 2))]
        shape = list(value.shape)
        shape[axis] = sum(part.shape[axis] for part in parts)
        return self.add("Concat", [part.name for part in parts], shape,
                        axis=axis)

    def reshape(self, value):
        count = int(np.prod(value.shape))
        channels = self.pick(*[n for n in range(1, 17) if count % n == 0])
        left = count // channels
        height = self.pick(*[n for n in range(1, 9) if left % n == 0])
        shape = (1, channels, height, left // height)
        return self.add("Reshape", [value.name, self.constant(shape, np.int64)],
                        shape)

    # --- Operators on features. ---------------------------------------------

    def gemm(self, value):
        depth, out = value.shape[1], self.integer(1, 20)
        transposed = self.chance(0.5)
        shape = (out, depth) if transposed else (depth, out)
        matrix = self.constant(self.rng.normal(0, 1.4 / np.sqrt(depth), shape))
        inputs = [value.name, matrix]
        if self.chance(0.7) or self.opset < 11:
            inputs.append(self.numbers(*self.pick((out,), (1, out), (1,))))
        return self.add("Gemm", inputs, (1, out), transB=int(transposed),
                        alpha=float(self.pick(1, 1, 0.5)),
                        beta=float(self.pick(1, 1, 2)))

    def mat_mul(self, value):
        depth, out = value.shape[1], self.integer(1, 20)
        matrix = self.constant(self.rng.normal(0, 1.4 / np.sqrt(depth),
                                               (depth, out)))
        return self.add("MatMul", [value.name, matrix], (1, out))

    def any_of(self, operators, value):
        """The first of the operators, in random order, that applies."""
        for index in self.rng.permutation(len(operators)):
            result = operators[index](value)
            if result:
                return result
        return self.relu(value)

    def append_operator(self):
        recent = self.values[-3:]
        value = recent[-1] if self.chance(0.8) else self.pick(*recent)
        anywhere = [self.relu, self.curve, self.clip, self.softmax,
                    self.identity,
                    self.with_constant, self.with_other, self.concat,
                    self.reshape, self.pad]
        if len(value.shape) == 4:
            here = [self.conv, self.conv, self.conv, self.conv,
                    self.conv_transpose, self.max_pool, self.average_pool,
                    self.global_pool, self.reduce_mean,
                    self.to_channels_last_and_back, self.flatten]
        else:
            here = [self.gemm, self.gemm, self.mat_mul]
        result = self.any_of(here if self.chance(0.6) else anywhere, value)
        if np.prod(result.shape) > MAX_ELEMENTS and len(result.shape) == 4:
            self.global_pool(result)

    def make(self):
        for _ in range(self.pick(1, 1, 1, 2)):
            if self.chance(0.8):
                self.add_input((1, self.integer(1, 9), self.integer(1, 12),
                                self.integer(1, 12)))
            else:
                self.add_input((1, self.integer(1, 40)))
        for _ in range(self.integer(1, 9)):
            self.append_operator()
        outputs = [self.values[-1]]
        made = self.values[len(self.inputs):]
        if self.chance(0.2):
            outputs.append(self.pick(*made))
        return self.to_model(list(dict.fromkeys(outputs)))

    def to_model(self, outputs):
        def info(value):
            return helper.make_tensor_value_info(
                value.name, TensorProto.FLOAT, value.shape)

        graph = helper.make_graph(
            self.nodes, "fuzz", [info(value) for value in self.inputs],
            [info(value) for value in outputs], self.initializers)
        return helper.make_model(
            graph, ir_version=8,
            opset_imports=[helper.make_opsetid("", self.opset)])


class Mismatch(Exception):
    pass


def host_has_fma():
    """Without fused multiply-adds, compiled floats are only close to the
    reference. Of the CPUs we meet, only old x86 ones have none."""
    info = pathlib.Path("/proc/cpuinfo").read_text()
    return "flags" not in info or " fma " in info


class Checker:
    """The files of one model, and the tools run on them."""

    def __init__(self, tools, folder):
        self.tools, self.folder = tools, folder
        self.commands = []
        self.inputs = []
        self.num_outputs = 0

    def tool(self, name, *arguments):
        command = [self.tools / name, *arguments]
        self.commands.append(" ".join(map(str, command)))
        models.run(command, timeout=300)

    def write(self, maker, rng):
        model = maker.make()
        self.folder.mkdir(parents=True, exist_ok=True)
        onnx.save(model, str(self.folder / "model.onnx"))
        self.num_outputs = len(model.graph.output)
        for value in maker.inputs:
            rows = rng.normal(0, 1, (ROWS, *value.shape[1:]))
            path = self.folder / f"{value.name}.npy"
            np.save(path, rows.astype(np.float32))
            self.inputs.append(path)

    def compile(self, *options):
        self.tool("quant-compile", self.folder / "model.onnx", "-o",
                  self.folder, *options)

    def run(self, file, *options):
        """The outputs of a model file on the rows."""
        stem = file + "".join(options)
        outputs = [self.folder / f"{stem}.{i}.npy"
                   for i in range(self.num_outputs)]
        self.tool("quant-run", self.folder / file,
                  "--input=" + ",".join(map(str, self.inputs)),
                  "--output=" + ",".join(map(str, outputs)), *options)
        return [np.load(path) for path in outputs]

    def expect_equal(self, what, expected, actual):
        for i, (left, right) in enumerate(zip(expected, actual)):
            if left.tobytes() != right.tobytes():
                count = np.count_nonzero(left != right)
                raise Mismatch(f"{what}: output {i}: {count} of {left.size} "
                               "elements differ")

    def expect_close(self, what, expected, actual):
        for left, right in zip(expected, actual):
            error = np.abs(left - right).max() / max(1, np.abs(left).max())
            if not error <= TOLERANCE:
                raise Mismatch(f"{what} changes the result by {error:.1e}")

    def check_float(self):
        """Returns the float outputs."""
        imported = self.run("model.onnx", "--reference")
        self.compile("--float", "--compile-to=prepare", "--name=float")
        prepared = self.run("float.prepare.mlir", "--reference")
        self.expect_close("prepare", imported, prepared)
        self.compile("--float", "--name=float")
        compiled = self.run("float.o")
        if host_has_fma():
            self.expect_equal("compiled float", prepared, compiled)
        else:
            self.expect_close("compiled float", prepared, compiled)
        return prepared

    def check_int8(self, calibrator):
        data = ",".join(map(str, self.inputs))
        self.compile(f"--calibrate={data}", f"--calibrator={calibrator}",
                     "--name=int8", f"--dump-phases={self.folder}")
        expected = self.run("3-quantize.mlir", "--reference")
        legalized = self.run("4-legalize.mlir", "--reference")
        self.expect_equal("legalized", expected, legalized)
        self.expect_equal("compiled int8", expected, self.run("int8.o"))
        return expected


def check(args, number):
    """(number, error or None, SQNR of the worst output, folder)."""
    rng = np.random.default_rng([args.seed, number])
    folder = args.work / f"{args.seed}-{number}"
    checker = Checker(args.tools, folder)
    try:
        checker.write(ModelMaker(rng), rng)
        expected = checker.check_float()
        actual = checker.check_int8(rng.choice(["minmax", "percentile", "mse"]))
        worst = min(accuracy.sqnr(x, y) for x, y in zip(expected, actual))
        return number, None, worst, folder
    except (Mismatch, models.ToolError, OSError, ValueError) as error:
        (folder / "commands.sh").write_text("\n".join(checker.commands) + "\n")
        return number, str(error), None, folder


def report(args, results):
    """Prints a line for each model to look at; the numbers of failures and of
    models below the threshold."""
    num_failed = num_low = 0
    for number, error, worst, folder in results:
        if error:
            num_failed += 1
            print(f"FAILED --seed={args.seed} --only={number}: {error}\n"
                  f"  kept in {folder}", flush=True)
        elif worst < args.sqnr:
            num_low += 1
            if args.verbose:
                print(f"low --seed={args.seed} --only={number}: {worst:.1f} dB",
                      flush=True)
        if not error and not args.keep:
            shutil.rmtree(folder)
    return num_failed, num_low


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--only", type=int, metavar="N",
                        help="only this model, and keep its files")
    parser.add_argument("--sqnr", type=float, default=15, metavar="DB")
    parser.add_argument("--keep", action="store_true",
                        help="keep the files of models that pass, too")
    parser.add_argument("--verbose", action="store_true",
                        help="name the models below --sqnr")
    models.add_tools_option(parser)
    parser.add_argument("--work", type=pathlib.Path,
                        default=models.ROOT / "build/fuzz")
    args = parser.parse_args()
    numbers = range(args.count)
    if args.only is not None:
        numbers, args.keep, args.verbose = [args.only], True, True
    # The work is done by child processes, so two threads use two cores.
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        num_failed, num_low = report(
            args, pool.map(lambda number: check(args, number), numbers))
    print(f"seed {args.seed}: {len(numbers)} models, {num_failed} failed, "
          f"{num_low} below {args.sqnr:g} dB")
    return 1 if num_failed or num_low > max(1, len(numbers) // 10) else 0


if __name__ == "__main__":
    sys.exit(main())
