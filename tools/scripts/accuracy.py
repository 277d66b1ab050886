#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the outputs of a model: accuracy, and distance to a reference.

  accuracy.py OUTPUT.npy [--labels=L.npy] [--reference=FLOAT_OUTPUT.npy]

The leading axis of every file is the row.
"""

import argparse
import sys

import numpy as np


def rows(array):
    """[n, elements of one row] in float64."""
    return np.asarray(array, np.float64).reshape(len(array), -1)


def top1(outputs, labels):
    """The number of rows whose largest output is the label's."""
    return int((rows(outputs).argmax(1) == np.asarray(labels).ravel()).sum())


def sqnr(reference, outputs):
    """Signal to quantization noise ratio over all elements, in dB."""
    reference, outputs = rows(reference), rows(outputs)
    noise = ((reference - outputs)**2).sum()
    signal = (reference**2).sum()
    if noise == 0:
        return float("inf")
    return float(10 * np.log10(signal / noise)) if signal else -float("inf")


def agreement(reference, outputs):
    """The share of rows with the same largest output, in percent."""
    same = rows(reference).argmax(1) == rows(outputs).argmax(1)
    return 100 * float(same.mean())


def load(path):
    try:
        return np.load(path)
    except (OSError, ValueError) as error:
        sys.exit(f"error: cannot read '{path}': {error}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", help="outputs to measure (.npy)")
    parser.add_argument("--labels", help="int labels, one for each row (.npy)")
    parser.add_argument("--reference", help="float outputs, same rows (.npy)")
    args = parser.parse_args()
    if not args.labels and not args.reference:
        parser.error("nothing to compare with: give --labels or --reference")

    outputs = load(args.output)
    if args.labels:
        labels = load(args.labels)
        if len(labels) != len(outputs):
            sys.exit(f"error: {len(outputs)} rows, but {len(labels)} labels")
        hits = top1(outputs, labels)
        print(f"top-1 accuracy: {100 * hits / len(labels):.2f} % "
              f"({hits}/{len(labels)})")
    if args.reference:
        reference = load(args.reference)
        if rows(reference).shape != rows(outputs).shape:
            sys.exit(f"error: shape {outputs.shape}, but the reference has "
                     f"{reference.shape}")
        print(f"SQNR: {sqnr(reference, outputs):.1f} dB")
        print(f"top-1 agreement: {agreement(reference, outputs):.2f} %")


if __name__ == "__main__":
    main()
