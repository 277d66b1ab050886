#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares random int8 contractions on many CPUs with the interpreter.

Each round is one module of explicit matrix products and convolutions (plain,
grouped, depthwise, dilated; weights are constants or not) of random shapes, signs and zero points, with full
range weights. It is run by the reference interpreter, and compiled and run,
natively or under qemu, for each CPU; every byte must be equal. The seed and
the number of a round give the same module again: --seed=S --only=N.
"""

import argparse
import dataclasses
import pathlib
import shutil
import sys
from typing import List

import numpy as np

import models

X86 = ["--target-triple=x86_64-linux-gnu"]
ARM = ["--target-triple=aarch64-linux-gnu"]
ARM_RUN = ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", "-cpu"]


@dataclasses.dataclass(frozen=True)
class Target:
    """A row of the code generator's table."""
    name: str
    options: List[str]
    cc: str
    emulator: List[str]


TARGETS = [
    Target("host", [], "gcc", []),
    Target("avx2", X86 + ["--target-cpu=haswell"], "gcc",
           ["qemu-x86_64", "-cpu", "Haswell"]),
    Target("sse4.1", X86 + ["--target-cpu=x86-64-v2"], "gcc",
           ["qemu-x86_64", "-cpu", "Nehalem"]),
    Target("sse2", X86 + ["--target-cpu=x86-64"], "gcc",
           ["qemu-x86_64", "-cpu", "qemu64"]),
    Target("neon", ARM + ["--target-cpu=cortex-a57"], "aarch64-linux-gnu-gcc",
           ARM_RUN + ["cortex-a57"]),
    Target("neon+dotprod", ARM + ["--target-cpu=cortex-a76"],
           "aarch64-linux-gnu-gcc", ARM_RUN + ["max"]),
    Target("neon+i8mm", ARM + ["--target-cpu=neoverse-v1"],
           "aarch64-linux-gnu-gcc", ARM_RUN + ["max"]),
]

DRIVER = """
#include "kernels.h"
#include <stdio.h>
%(declarations)s
static _Alignas(64) unsigned char arena[KERNELS_ARENA_BYTES];
int main(int argc, char **argv) {
  FILE *in = fopen(argv[1], "rb"), *out = fopen(argv[2], "wb");
%(reads)s
  if (kernels_run(%(arguments)s, arena) != 0)
    return 1;
%(writes)s
  return fclose(out);
}
"""


class ModuleMaker:
    """Prints a function with one argument and one result for each kernel."""

    def __init__(self, rng):
        self.rng = rng
        self.body, self.arguments, self.results = [], [], []
        self.inputs = []

    def pick(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def integer(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def codes(self, shape, dtype):
        """All values, with the ends of the range more often."""
        info = np.iinfo(dtype)
        values = self.rng.integers(info.min, info.max + 1, shape)
        ends = self.rng.choice([info.min, info.max], shape)
        share = self.pick(0, 0.1, 0.9)
        return np.where(self.rng.random(shape) < share, ends,
                        values).astype(dtype)

    def weights_like(self, shape, dtype):
        """Small weights, on which no product saturates, large ones, or both."""
        codes = self.codes(shape, dtype)
        if dtype == np.uint8:
            return codes
        small = self.rng.integers(-64, 65, shape).astype(dtype)
        share = self.pick(0, 0.001, 0.02, 1)
        codes = np.where(self.rng.random(shape) < share, codes, small)
        return np.maximum(codes, -127) if self.pick(0, 1) else codes

    def zero_point(self, dtype):
        info = np.iinfo(dtype)
        return int(self.pick(0, info.min, info.max, 3, 100))

    @staticmethod
    def tensor(shape, element):
        return "tensor<" + "".join(f"{n}x" for n in shape) + element + ">"

    def add(self, operation, attributes, input_shape, weights_shape, shape,
            names):
        number = len(self.arguments)
        data = self.pick(np.uint8, np.int8)
        kind = self.pick(np.int8, np.int8, np.uint8)
        element = {np.uint8: "ui8", np.int8: "si8"}
        weights = self.weights_like(weights_shape, kind)
        image = self.tensor(input_shape, element[data])
        filters = self.tensor(weights_shape, element[kind])
        accumulator = self.tensor(shape, "i32")
        bias = self.rng.integers(-40000, 40000, shape[-1])
        attributes += f" {names[0]}({self.zero_point(data)})"
        if self.pick(0, 0, 1):
            attributes += f" {names[1]}({self.zero_point(kind)})"
        self.inputs.append(self.codes((1, *input_shape), data))
        self.arguments.append(f"%x{number}: {image}")
        self.body += [
            f'%w{number} = qnn.constant dense<"0x{weights.tobytes().hex()}"> : '
            f'{self.tensor(weights_shape, "i8")} as {filters}',
            f"%b{number} = arith.constant dense<{bias.tolist()}> : "
            f"tensor<{shape[-1]}xi32>",
            f"%a{number} = {operation} %x{number}, %w{number} "
            f"bias(%b{number}){attributes} : ({image}, {filters}, "
            f"tensor<{shape[-1]}xi32>) -> {accumulator}"]
        self.add_result(number, accumulator, shape)

    def add_result(self, number, accumulator, shape):
        out = self.pick("i32", "ui8", "si8", "f32")
        if out == "i32":
            self.results.append((f"%a{number}", accumulator))
            return
        span = {"ui8": " output_zero_point(3) range(0, 255)",
                "si8": " output_zero_point(-5) range(-128, 127)",
                "f32": ""}[out]
        result = self.tensor(shape, out)
        self.body.append(f"%r{number} = qnn.rescale %a{number} multiplier("
                         f"dense<{self.pick(0.003, 0.02, 0.0005)}> : "
                         f"tensor<f32>){span} : ({accumulator}) -> {result}")
        self.results.append((f"%r{number}", result))

    def add_product(self):
        m = self.pick(1, 2, self.integer(1, 40))
        n = self.pick(self.integer(1, 9), self.integer(1, 140))
        k = self.pick(self.integer(1, 9), self.integer(1, 300))
        self.add("qnn.matmul", "", (m, k), (k, n), (m, n),
                 ("lhs_zero_point", "rhs_zero_point"))

    def add_computed_product(self):
        """Both sides are arguments."""
        number = len(self.arguments)
        m, n, k = (self.integer(1, limit) for limit in (20, 60, 90))
        result = self.tensor((m, n), "i32")
        types = []
        for name, shape in (("x", (m, k)), ("y", (k, n))):
            data = self.pick(np.uint8, np.int8) if name == "x" else np.int8
            types.append(self.tensor(shape,
                                     "ui8" if data == np.uint8 else "si8"))
            self.inputs.append(self.codes((1, *shape), data))
            self.arguments.append(f"%{name}{number}: {types[-1]}")
        self.body.append(f"%a{number} = qnn.matmul %x{number}, %y{number} : "
                         f"({', '.join(types)}) -> {result}")
        self.add_result(number, result, (m, n))

    def add_convolution(self):
        kernel = [self.integer(1, 4) for _ in range(2)]
        strides = [self.pick(1, 1, 2, 3) for _ in range(2)]
        dilations = [self.pick(1, 1, 2) for _ in range(2)]
        pads = [self.integer(0, 2) for _ in range(4)]
        reach = [d * (k - 1) + 1 for d, k in zip(dilations, kernel)]
        size = [r + self.integer(0, 9) for r in reach]
        out = [(size[i] + pads[2 * i] + pads[2 * i + 1] - reach[i]) //
               strides[i] + 1 for i in range(2)]
        groups, depth, columns = self.pick(
            (1, self.pick(1, 2, 3, 4, 8, 33), self.pick(1, 8, 17, 40, 70)),
            (self.pick(2, 3, 16, 40), 1, 1),
            (self.pick(2, 3, 16), 1, self.pick(2, 3)),
            (self.pick(2, 3, 4, 6, 8), self.pick(2, 4, 5, 8, 16),
             self.pick(1, 2, 4, 8, 16, 20, 32)))
        batch = self.pick(1, 1, 2)
        attributes = (f" strides {strides} pad {pads} dilations {dilations} "
                      f"groups({groups})")
        self.add("qnn.conv2d", attributes, (batch, *size, groups * depth),
                 (groups * columns, *kernel, depth),
                 (batch, *out, groups * columns),
                 ("input_zero_point", "weights_zero_point"))

    def make(self, count):
        for _ in range(count):
            self.pick(self.add_product, self.add_convolution,
                      self.add_convolution, self.add_computed_product)()
        names = ", ".join(name for name, _ in self.results)
        types = ", ".join(type for _, type in self.results)
        body = "\n  ".join(self.body)
        return (f"func.func @kernels({', '.join(self.arguments)}) -> ({types})"
                f" {{\n  {body}\n  return {names} : {types}\n}}\n")


def write_driver(folder, num_inputs, num_outputs):
    def each(count, line):
        return "\n".join(line % {"i": i} for i in range(count))

    text = DRIVER % {
        "declarations":
            each(num_inputs, "static KERNELS_INPUT_%(i)d_TYPE "
                 "in%(i)d[KERNELS_INPUT_%(i)d_ELEMENTS];") + "\n" +
            each(num_outputs, "static KERNELS_OUTPUT_%(i)d_TYPE "
                 "out%(i)d[KERNELS_OUTPUT_%(i)d_ELEMENTS];"),
        "reads": each(num_inputs, "  if (!fread(in%(i)d, sizeof in%(i)d, 1, "
                      "in))\n    return 2;"),
        "writes": each(num_outputs, "  if (!fwrite(out%(i)d, sizeof out%(i)d, "
                       "1, out))\n    return 2;"),
        "arguments": ", ".join([f"in{i}" for i in range(num_inputs)] +
                               [f"out{i}" for i in range(num_outputs)])}
    (folder / "main.c").write_text(text)


def make_reference(args, folder, maker):
    """The outputs of the interpreter, one after the other."""
    inputs = [folder / f"in{i}.npy" for i in range(len(maker.inputs))]
    outputs = [folder / f"reference{i}.npy"
               for i in range(len(maker.results))]
    for path, values in zip(inputs, maker.inputs):
        np.save(path, values)
    models.run([args.tools / "quant-run", folder / "kernels.mlir",
                "--reference", "--input=" + ",".join(map(str, inputs)),
                "--output=" + ",".join(map(str, outputs))])
    return [np.load(path).tobytes() for path in outputs]


def run_on(args, folder, target):
    command = [args.tools / "quant-translate", folder / "kernels.mlir",
               *target.options]
    objects = folder / f"{target.name}.o"
    models.run([*command, "--emit-object", "-o", objects])
    models.run([*command, "--emit-header", "-o", folder / "kernels.h"])
    binary, result = folder / target.name, folder / f"{target.name}.raw"
    models.run([target.cc, "-O1", "-static", f"-I{folder}", folder / "main.c",
                objects, "-lm", "-o", binary])
    models.run([*target.emulator, binary, folder / "inputs.raw", result])
    return result.read_bytes()


def first_difference(reference, actual):
    """The number of the first kernel that differs, or None."""
    position = 0
    for number, expected in enumerate(reference):
        if actual[position:position + len(expected)] != expected:
            return number
        position += len(expected)
    return None if position == len(actual) else len(reference)


def check_round(args, number, targets):
    """The number of targets that differ."""
    rng = np.random.default_rng([args.seed, number])
    folder = args.work / f"{args.seed}-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    maker = ModuleMaker(rng)
    (folder / "kernels.mlir").write_text(maker.make(args.kernels))
    (folder / "inputs.raw").write_bytes(
        b"".join(values.tobytes() for values in maker.inputs))
    write_driver(folder, len(maker.inputs), len(maker.results))
    reference = make_reference(args, folder, maker)
    num_failed = 0
    for target in targets:
        try:
            kernel = first_difference(reference, run_on(args, folder, target))
            verdict = "equal" if kernel is None else f"kernel {kernel} DIFFERS"
        except (models.ToolError, OSError) as error:
            verdict = f"FAILED: {error}"
        num_failed += verdict != "equal"
        print(f"--seed={args.seed} --only={number}: {target.name}: {verdict}",
              flush=True)
    if num_failed == 0 and not args.keep:
        shutil.rmtree(folder)
    return num_failed


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=4, metavar="N")
    parser.add_argument("--kernels", type=int, default=16, metavar="N",
                        help="in each module")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--only", type=int, metavar="N",
                        help="only this round, and keep its files")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--targets", default=",".join(t.name for t in TARGETS),
                        help="names, comma separated (%(default)s)")
    models.add_tools_option(parser)
    parser.add_argument("--work", type=pathlib.Path,
                        default=models.ROOT / "build/fuzz-kernels")
    args = parser.parse_args()
    names = args.targets.split(",")
    for unknown in set(names) - {t.name for t in TARGETS}:
        parser.error(f"unknown target '{unknown}'")
    targets = []
    for target in TARGETS:
        if target.name not in names:
            continue
        missing = [tool for tool in [target.cc, *target.emulator[:1]]
                   if not shutil.which(tool)]
        if missing:
            print(f"skipped: {target.name}: {missing[0]} not found")
        else:
            targets.append(target)
    rounds = range(args.rounds)
    if args.only is not None:
        rounds, args.keep = [args.only], True
    num_failed = sum(check_round(args, number, targets) for number in rounds)
    print("every byte is equal" if num_failed == 0 else
          f"{num_failed} comparisons failed")
    return 1 if num_failed else 0


if __name__ == "__main__":
    sys.exit(main())
