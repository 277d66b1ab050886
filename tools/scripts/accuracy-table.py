#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a table of float and int8 accuracy of the models of models.py.

Every model is compiled once in float and once for each calibrator in int8,
calibrated on its calibration rows only, and run on its evaluation rows. Exits
with 1 when a bar is missed.
"""

import argparse
import pathlib
import sys

import numpy as np

import accuracy
import models


def outputs_of(args, model, name, options):
    """Compiles the model and runs the evaluation rows; the outputs."""
    work = args.work / model.name
    work.mkdir(parents=True, exist_ok=True)
    models.run([args.tools / "quant-compile", model.onnx(args.shared),
                *options, *model.input_options, "-o", work,
                f"--name={name}"])
    result = work / f"{name}.npy"
    models.run([args.tools / "quant-run", work / f"{name}.o",
                f"--input={model.eval(args.shared)}", f"--output={result}"])
    return np.load(result)


def score(model, shared, outputs):
    """Accuracy in percent; without labels the error of the reconstruction."""
    if model.has_labels:
        labels = np.load(model.labels(shared))
        return 100 * accuracy.top1(outputs, labels) / len(labels)
    rows = accuracy.rows(np.load(model.eval(shared)))
    return float(((accuracy.rows(outputs) - rows)**2).mean())


def score_text(model, value):
    if value is None:
        return "-"
    return f"{value:.2f} %" if model.has_labels else f"MSE {value:.4f}"


def missed_bars(model, float_score, int8_score, sqnr):
    """What is below its bar, in words; empty when all is well."""
    missed = []
    if model.has_labels and float_score - int8_score > models.ACCURACY_BAR:
        missed.append("accuracy")
    if model.sqnr_bar is not None and not sqnr >= model.sqnr_bar:
        missed.append("SQNR")
    return missed


def measure(args, model, calibrators):
    """The cells of the model's row, and whether all bars hold."""
    reference = outputs_of(args, model, model.name + "_float", ["--float"])
    float_score = score(model, args.shared, reference)
    cells = [model.name, score_text(model, float_score),
             score_text(model, model.published)]
    verdicts = []
    for calibrator in calibrators:
        outputs = outputs_of(args, model, f"{model.name}_{calibrator}",
                             [f"--calibrate={model.calib(args.shared)}",
                              f"--calibrator={calibrator}"])
        int8_score = score(model, args.shared, outputs)
        sqnr = accuracy.sqnr(reference, outputs)
        cells += [score_text(model, int8_score), f"{sqnr:.1f}"]
        missed = missed_bars(model, float_score, int8_score, sqnr)
        verdicts.append("FAIL: " + ", ".join(missed) if missed else "PASS")
    bar = " / ".join(text(value) for value, text in [
        (model.sqnr_bar, "{:.0f}".format), (model.sqnr_ort, "{:.1f}".format)]
                     if value is not None) or "-"
    return cells + [bar] + verdicts, all(v == "PASS" for v in verdicts)


def aligned(rows):
    """The rows as a markdown table with padded columns."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths)) + " |"
        for row in [rows[0], rule, *rows[1:]])


def write_markdown(path, table):
    # The options that name folders of one machine do not belong in the file.
    options = [a for a in sys.argv[1:]
               if not a.startswith(("--shared", "--tools", "--work"))]
    command = " ".join(["tools/scripts/accuracy-table.py", *options])
    path.write_text(f"""\
# Accuracy

Made by `{command}`; do not edit by hand.

Every number is measured on the evaluation rows, which calibration does not
see. *float* is our own float object, *published* what onnxruntime gave for the
same model and rows. SQNR is that of the int8 outputs against our float
outputs, in dB: `10 * log10(sum(ref^2) / sum((ref - out)^2))` over all rows. A
model passes when its int8 accuracy is at most {models.ACCURACY_BAR} point below
float and its SQNR is not below the bar; beside the bar stands what onnxruntime
reached.

{table}
""")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    models.add_options(parser)
    parser.add_argument("--calibrators", default="minmax,percentile,mse")
    parser.add_argument("--markdown", type=pathlib.Path,
                        help="write the table to this file as well")
    args = parser.parse_args()
    args.work = args.work or models.ROOT / "build/accuracy"
    calibrators = args.calibrators.split(",")

    header = ["model", "float", "published"]
    for calibrator in calibrators:
        header += [f"int8 {calibrator}", "SQNR"]
    header.append("SQNR bar / ORT")
    header += [f"bars {calibrator}" for calibrator in calibrators]
    rows, good = [header], True
    for model in models.select(parser, args):
        print(f"{model.name} ...", file=sys.stderr, flush=True)
        try:
            cells, passed = measure(args, model, calibrators)
        except (models.ToolError, OSError, ValueError) as error:
            print(f"error: {model.name}: {error}", file=sys.stderr)
            cells = [model.name] + ["error"] * (len(header) - 1)
            passed = False
        rows.append(cells)
        good = good and passed
    table = aligned(rows)
    print(table)
    if args.markdown:
        write_markdown(args.markdown, table)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
