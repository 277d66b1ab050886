#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the simulation that learning runs with the integer program.

For each model of models.py and each pair of bit widths: the outputs of the
functions that qnn-simulate-quantization makes, compiled, must be the bytes of
the compiled int8 object on all evaluation rows, and interpreted on a few. One
function has the codes of its weights as constants; the other quantizes weights
and biases when it runs, as a training step does. Exits with 1 on any
difference.
"""

import argparse
import re
import sys

import numpy as np

import models

INTERPRETED_ROWS = 3


def parse_widths(text):
    pairs = re.findall(r"(\d+)/(\d+)", text)
    if ",".join("/".join(pair) for pair in pairs) != text:
        raise argparse.ArgumentTypeError(f"expects W/A,W/A,... not '{text}'")
    return pairs


def run_rows(args, source, rows, result, options=()):
    models.run([args.tools / "quant-run", source, *options, f"--input={rows}",
                f"--output={result}"])
    return np.load(result)


def make_programs(args, model, work, weights, activations):
    """The int8 object, and simulations of the same model by their kind."""
    name = f"w{weights}a{activations}"
    profile = work / "profile.json"
    data = (f"--profile={profile}" if profile.exists() else
            f"--calibrate={model.calib(args.shared)}")
    compiler = [args.tools / "quant-compile", model.onnx(args.shared),
                *model.input_options, f"--weight-bits={weights}",
                f"--activation-bits={activations}", "-o", work,
                f"--name={name}"]
    models.run([*compiler, data])
    if not profile.exists():
        (work / f"{name}.profile.json").rename(profile)
    simulations = {}
    for kind, phase, passes in [
            ("constants", "quantize",
             ["--qnn-simulate-quantization", "--canonicalize"]),
            ("parameters", "prepare",
             ["--qnn-mark-parameters",
              f"--qnn-choose-quantization=profile={profile} "
              f"weight-bits={weights} activation-bits={activations}",
              "--qnn-quantize", "--qnn-simulate-quantization",
              "--qnn-freeze-parameters", "--cse"])]:
        models.run([*compiler, f"--profile={profile}", f"--compile-to={phase}"])
        simulations[kind] = work / f"{name}.{kind}.mlir"
        models.run([args.tools / "quant-opt", work / f"{name}.{phase}.mlir",
                    "--mlir-print-debuginfo", *passes, "-o",
                    simulations[kind]])
    return work / f"{name}.o", simulations


def compare(args, work, simulation, expected):
    compiled = run_rows(args, simulation, work / "rows.npy",
                        work / "simulated.npy")
    interpreted = run_rows(args, simulation, work / "few.npy",
                           work / "interpreted.npy", ["--reference"])
    differing = np.count_nonzero(expected.view(np.uint8) !=
                                 compiled.view(np.uint8))
    if differing:
        return f"{differing} bytes DIFFER"
    if interpreted.tobytes() != expected[:len(interpreted)].tobytes():
        return "interpreted rows DIFFER"
    return "equal"


def check(args, model, weights, activations):
    """One line for each simulation; how many are not equal."""
    work = args.work / model.name
    integer, simulations = make_programs(args, model, work, weights,
                                         activations)
    expected = run_rows(args, integer, work / "rows.npy", work / "integer.npy")
    num_failed = 0
    for kind, simulation in simulations.items():
        verdict = compare(args, work, simulation, expected)
        num_failed += verdict != "equal"
        print(f"{model.name:18} W{weights}A{activations} {kind:10} "
              f"{len(expected):6} rows {expected.nbytes:9} bytes  {verdict}",
              flush=True)
    return num_failed


def save_rows(args, model):
    work = args.work / model.name
    work.mkdir(parents=True, exist_ok=True)
    rows = np.load(model.eval(args.shared))[:args.rows]
    np.save(work / "rows.npy", rows)
    np.save(work / "few.npy", rows[:INTERPRETED_ROWS])
    (work / "profile.json").unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    models.add_options(parser)
    parser.add_argument("--widths", type=parse_widths,
                        default=parse_widths("8/8,4/8,4/4"),
                        help="bits of weights and activations (8/8,4/8,4/4)")
    parser.add_argument("--rows", type=int,
                        help="only the first N evaluation rows of each model")
    args = parser.parse_args()
    args.work = (args.work or models.ROOT / "build/simulation").resolve()
    num_failed = 0
    for model in models.select(parser, args):
        try:
            save_rows(args, model)
            for weights, activations in args.widths:
                num_failed += check(args, model, weights, activations)
        except (models.ToolError, OSError, ValueError) as error:
            print(f"{model.name:18} FAILED: {error}", flush=True)
            num_failed += 1
    print("every byte is equal" if num_failed == 0 else
          f"{num_failed} comparisons failed")
    return 1 if num_failed else 0


if __name__ == "__main__":
    sys.exit(main())
