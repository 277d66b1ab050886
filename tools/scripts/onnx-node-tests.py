#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ONNX's node tests: imports each model, runs it, compares with its outputs.

Prints a line for each test of a supported operator: PASS, FAIL with the largest
difference, or UNSUPPORTED with the tool's error. Exit status 1 if one failed, or if fewer
passed than asked for.

The tests pass parameters (shapes, axes, bounds, statistics) as inputs of the
graph. Where the tool wants a constant, all inputs but the first become
initializers, and the test is tried again.
"""

import argparse
import csv
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import numpy
import onnx
from onnx import numpy_helper


def supported_operators(table):
    """The operators of docs/SupportedOps.md."""
    return set(re.findall(r"^\| (\w+) \| \d", table.read_text(), re.MULTILINE))


def read_tensor(path):
    tensor = onnx.TensorProto()
    tensor.ParseFromString(path.read_bytes())
    return tensor


def bake(model, tensors):
    """The model with all inputs but the first as initializers."""
    names = [info.name for info in model.graph.input]
    for name, tensor in zip(names[1:], tensors[1:]):
        tensor.name = name
        model.graph.initializer.append(tensor)
    del model.graph.input[1:]
    return model


def run(command, model, arrays, num_outputs, folder):
    """(outputs, "") or (None, error line)."""
    arguments = shlex.split(command) + [str(model)]
    for index, array in enumerate(arrays):
        path = folder / f"input_{index}.npy"
        numpy.save(path, array)
        arguments.append(f"--input={path}")
    outputs = [folder / f"output_{index}.npy" for index in range(num_outputs)]
    arguments += [f"--output={path}" for path in outputs]
    arguments += ["--reference", "--whole"]
    done = subprocess.run(arguments, capture_output=True, text=True)
    if done.returncode < 0 or "Assertion" in done.stderr:
        return None, f"crash, exit status {done.returncode}"
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no error message"]
        return None, lines[0].replace(str(model), "model")
    return [numpy.load(path) for path in outputs], ""


def compare(actual, expected):
    """What is wrong with the outputs, or "". Tolerances of ONNX's own runner."""
    for index, (a, e) in enumerate(zip(actual, expected)):
        if a.size != e.size:
            return f"output {index} has shape {a.shape} instead of {e.shape}"
        a = a.reshape(e.shape)
        if not numpy.allclose(a, e, rtol=1e-3, atol=1e-7, equal_nan=True):
            difference = numpy.abs(a.astype(float) - e.astype(float)).max()
            return f"output {index} differs by up to {difference:.3g}"
    return ""


def test(command, case, folder):
    """(verdict, detail) of one test directory."""
    model = onnx.load(str(case / "model.onnx"))
    data = case / "test_data_set_0"
    tensors = [read_tensor(data / f"input_{index}.pb")
               for index in range(len(model.graph.input))]
    expected = [numpy_helper.to_array(read_tensor(data / f"output_{index}.pb"))
                for index in range(len(model.graph.output))]
    arrays = [numpy_helper.to_array(tensor) for tensor in tensors]
    actual, error = run(command, case / "model.onnx", arrays, len(expected),
                        folder)
    if actual is None and len(tensors) > 1 and "crash" not in error:
        path = folder / "model.onnx"
        onnx.save(bake(model, tensors), str(path))
        actual, error = run(command, path, arrays[:1], len(expected), folder)
    if actual is None:
        return ("FAIL" if "crash" in error else "UNSUPPORTED"), error
    difference = compare(actual, expected)
    return ("FAIL" if difference else "PASS"), difference


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=pathlib.Path, required=True,
                        help="folder with onnx_node_tests/float")
    parser.add_argument("--run", default="quant-run",
                        help="the tool; gets model, --input, --output, "
                        "--reference and --whole")
    parser.add_argument("--filter", default="", help="part of the test's name")
    parser.add_argument("--min-pass", type=int, default=1,
                        help="fail if fewer tests pass")
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parents[2]
    operators = supported_operators(root / "docs" / "SupportedOps.md")
    tests = options.shared / "onnx_node_tests" / "float"
    counts = dict.fromkeys(["PASS", "FAIL", "UNSUPPORTED"], 0)
    with open(tests / "INDEX.tsv", encoding="utf-8") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    for row in rows:
        if row["op"] not in operators or options.filter not in row["test"]:
            continue
        with tempfile.TemporaryDirectory() as folder:
            verdict, detail = test(options.run, tests / row["test"],
                                   pathlib.Path(folder))
        counts[verdict] += 1
        print(f"{verdict} {row['test']}" + (f": {detail}" if detail else ""))
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    return int(counts["FAIL"] > 0 or counts["PASS"] < options.min_pass)


if __name__ == "__main__":
    sys.exit(main())
