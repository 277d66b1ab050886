#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""flip-bytes.py <model> <count> <seed> <folder>: imports damaged copies of a
model; fails, leaving the copy, if the importer crashes or fails without one
error line."""

import pathlib
import random
import subprocess
import sys


def damage(data, generator):
    """A copy with a few bytes changed, or cut off, or with a part doubled."""
    data = bytearray(data)
    kind = generator.randrange(8)
    if kind == 0:
        del data[generator.randrange(len(data)):]
    elif kind == 1:
        begin = generator.randrange(len(data))
        data[begin:begin] = data[begin:begin + generator.randrange(64)]
    else:
        for _ in range(generator.randrange(1, 6)):
            data[generator.randrange(len(data))] = generator.randrange(256)
    return bytes(data)


def main():
    model, count, seed, folder = sys.argv[1:]
    data = pathlib.Path(model).read_bytes()
    path = pathlib.Path(folder) / "damaged.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    generator = random.Random(int(seed))
    imported = 0
    for index in range(int(count)):
        path.write_bytes(damage(data, generator))
        done = subprocess.run(
            ["quant-translate", "--import-onnx", str(path), "-o", "/dev/null"],
            stderr=subprocess.PIPE, check=False)
        lines = done.stderr.splitlines()
        imported += done.returncode == 0
        if done.returncode == 0 and not lines:
            continue
        if done.returncode != 1 or len(lines) != 1 or \
                not lines[0].startswith(b"error: "):
            sys.stderr.buffer.write(b"\n".join(lines[:5]) + b"\n")
            sys.exit(f"{path}: case {index} of seed {seed}: exit status "
                     f"{done.returncode}, {len(lines)} lines")
    print(f"{count} damaged models, {imported} imported all the same")


if __name__ == "__main__":
    main()
