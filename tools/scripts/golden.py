#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares our float outputs with the recorded ones of onnxruntime.

For each model of models.py with golden rows: the imported model, compiled and
interpreted, must equal them to 1e-4 of the largest output. Exits with 1 if not.
"""

import argparse
import pathlib
import sys
import tempfile

import numpy as np

import models

TOLERANCE = 1e-4


def golden_files(model, shared):
    if model.name == "digits":
        return (models.DIGITS / "golden_input.npy",
                models.DIGITS / "golden_output.npy")
    folder = shared / "golden" / model.name
    return folder / "input_0.npy", folder / "output_0.npy"


def largest_error(tools, model, shared, folder, options):
    data, expected = golden_files(model, shared)
    output = pathlib.Path(folder) / "output.npy"
    models.run([tools / "quant-run", model.onnx(shared), f"--input={data}",
                f"--output={output}", *options])
    expected = np.load(expected).astype(np.float64)
    actual = np.load(output).astype(np.float64).reshape(expected.shape)
    return np.abs(actual - expected).max() / np.abs(expected).max()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=pathlib.Path,
                        default=models.ROOT / "../shared")
    models.add_tools_option(parser)
    args = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for model in models.MODELS:
            if not golden_files(model, args.shared)[0].exists():
                print(f"{model.name:16} skipped: no golden rows")
                continue
            for name, options in [("compiled", []),
                                  ("interpreted", ["--reference"])]:
                error = largest_error(args.tools, model, args.shared, folder,
                                      options)
                verdict = "PASS" if error <= TOLERANCE else "FAIL"
                failed |= verdict == "FAIL"
                print(f"{model.name:16} {name:11} {verdict} {error:.1e}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
