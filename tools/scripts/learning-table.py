#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints what tuning regains of what few bits cost, for models of models.py.

Each model is compiled with each pair of bit widths three times: as calibrated,
tuned on the calibration rows without labels (`--tune`), and with their labels
(`--tune-labels`). Scores are those of the evaluation rows, which none of these
sees. Exits with 1 if a tool fails.
"""

import argparse
import importlib
import pathlib
import sys

import accuracy
import models

table = importlib.import_module("accuracy-table")


def ways(args, model):
    """The columns: what to add to the options of a compilation."""
    result = [("calibrated", []), ("tuned", ["--tune"])]
    if model.has_labels:
        labels = model.calib(args.shared).with_name(
            model.calib(args.shared).stem + "_labels.npy")
        result.append(("with labels", ["--tune", f"--tune-labels={labels}"]))
    return result


def score_and_noise(args, model, reference, name, options):
    outputs = table.outputs_of(args, model, name, options)
    value = table.score(model, args.shared, outputs)
    sqnr = accuracy.sqnr(reference, outputs)
    return value, f"{table.score_text(model, value)}, {sqnr:.1f}"


def regained(model, reference, calibrated, tuned):
    """The part of the lost points that came back, where many were lost."""
    lost = reference - calibrated
    if not model.has_labels or lost <= 2:
        return "-"
    return f"{100 * (tuned - calibrated) / lost:.0f} %"


def measure(args, model, weights, activations):
    reference = table.outputs_of(args, model, model.name + "_float",
                                 ["--float"])
    float_score = table.score(model, args.shared, reference)
    cells = [model.name, f"W{weights}A{activations}",
             table.score_text(model, float_score)]
    values = []
    for number, (_, options) in enumerate(ways(args, model)):
        name = f"{model.name}_w{weights}a{activations}_{number}"
        value, text = score_and_noise(args, model, reference, name, [
            f"--calibrate={model.calib(args.shared)}",
            f"--weight-bits={weights}", f"--activation-bits={activations}",
            *options])
        values.append(value)
        cells.append(text)
    cells += ["-"] * (6 - len(cells))
    return cells + [regained(model, float_score, values[0], values[1])]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    models.add_options(parser)
    parser.add_argument("--widths", default="8/8,4/8,4/4",
                        help="bits of weights and activations (%(default)s)")
    parser.add_argument("--markdown", type=pathlib.Path,
                        help="write the table to this file as well")
    args = parser.parse_args()
    args.work = args.work or models.ROOT / "build/learning"

    rows = [["model", "bits", "float", "calibrated", "tuned, no labels",
             "tuned with labels", "regained without labels"]]
    good = True
    for model in models.select(parser, args):
        for widths in args.widths.split(","):
            print(f"{model.name} {widths} ...", file=sys.stderr, flush=True)
            try:
                rows.append(measure(args, model, *widths.split("/")))
            except (models.ToolError, OSError, ValueError) as error:
                print(f"error: {model.name}: {error}", file=sys.stderr)
                good = False
    text = table.aligned(rows)
    print(text)
    if args.markdown:
        args.markdown.write_text(text + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
