#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""make-model.py <file> <folder>: writes <folder>/<case>.onnx for each case of a
test file.

A case begins with `//--- name opset`; its lines are ONNX's textual syntax, from
the graph's inputs on. `!` begins a line of Python on `model`, for what the
syntax cannot say: names of nodes, broken tensors.
"""

import pathlib
import re
import sys

import onnx
import onnx.parser


def cases(text):
    """(name, opset, lines) of each case."""
    parts = re.split(r"^//--- (\S+) (\d+)\n", text, flags=re.MULTILINE)[1:]
    for name, opset, body in zip(parts[::3], parts[1::3], parts[2::3]):
        yield name, int(opset), body.splitlines()


def make(opset, lines):
    lines = [line for line in lines if not line.startswith("//")]
    edits = [line[1:] for line in lines if line.startswith("!")]
    graph = "\n".join(line for line in lines if not line.startswith("!"))
    model = onnx.parser.parse_model(
        f'<ir_version: 8, opset_import: ["" : {opset}]>\ng {graph}')
    scope = {"model": model, "graph": model.graph, "onnx": onnx}
    for edit in edits:
        exec(edit.strip(), scope)  # pylint: disable=exec-used
    return model


def main():
    source, folder = map(pathlib.Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    for name, opset, lines in cases(source.read_text()):
        onnx.save(make(opset, lines), str(folder / f"{name}.onnx"))


if __name__ == "__main__":
    main()
