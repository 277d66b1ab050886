#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares objects with the reference interpreter, byte by byte.

For each model of models.py and each target: the outputs of the compiled object
on all evaluation rows must be the bytes of the reference interpreter, which
runs the quantized module; or, with --float, the float one. Targets other than
the host run under qemu. Exits with 1 on any difference.
"""

import argparse
import concurrent.futures
import dataclasses
import re
import shutil
import sys
from typing import List

import numpy as np

import models

DRIVER = models.ROOT / "test/Integration/Inputs/run-rows.c"


@dataclasses.dataclass(frozen=True)
class Target:
    name: str
    options: List[str]
    # The compiler that links the driver, and the emulator; empty: quant-run.
    cc: List[str]
    emulator: List[str]
    # Without fused multiply-adds, floats are only close.
    has_fma: bool = True


TARGETS = [
    Target("host", [], [], []),
    Target("avx2",
           ["--target-triple=x86_64-linux-gnu", "--target-cpu=haswell"],
           ["gcc"], ["qemu-x86_64", "-cpu", "Haswell"]),
    Target("sse4.1",
           ["--target-triple=x86_64-linux-gnu", "--target-cpu=x86-64-v2"],
           ["gcc"], ["qemu-x86_64", "-cpu", "Nehalem"], has_fma=False),
    Target("sse2",
           ["--target-triple=x86_64-linux-gnu", "--target-cpu=x86-64"],
           ["gcc"], ["qemu-x86_64", "-cpu", "qemu64"], has_fma=False),
    Target("neon",
           ["--target-triple=aarch64-linux-gnu", "--target-cpu=cortex-a57"],
           ["aarch64-linux-gnu-gcc"],
           ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", "-cpu",
            "cortex-a57"]),
    Target("neon+dotprod",
           ["--target-triple=aarch64-linux-gnu", "--target-cpu=cortex-a76"],
           ["aarch64-linux-gnu-gcc"],
           ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", "-cpu", "max"]),
    Target("neon+i8mm",
           ["--target-triple=aarch64-linux-gnu", "--target-cpu=neoverse-v1"],
           ["aarch64-linux-gnu-gcc"],
           ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", "-cpu", "max"]),
]


def missing_tool(target):
    for tool in target.cc[:1] + target.emulator[:1]:
        if not shutil.which(tool):
            return tool
    return None


def compile_model(args, model, name, options):
    work = args.work / model.name
    kind = ("--float" if args.float else
            f"--calibrate={model.calib(args.shared)}")
    models.run([args.tools / "quant-compile", model.onnx(args.shared), kind,
                *model.input_options, *options, "-o", work, f"--name={name}"])
    return work


def make_reference(args, model):
    """Saves the rows; returns the reference interpreter's outputs."""
    work = args.work / model.name
    work.mkdir(parents=True, exist_ok=True)
    np.save(work / "rows.npy", np.load(model.eval(args.shared))[:args.rows])
    name = model.name
    phase = "prepare" if args.float else "quantize"
    compile_model(args, model, name, [f"--compile-to={phase}"])
    models.run([args.tools / "quant-run", work / f"{name}.{phase}.mlir",
                "--reference", f"--input={work / 'rows.npy'}",
                f"--output={work / 'reference.npy'}"])
    return np.load(work / "reference.npy")


def run_on_host(args, work, name):
    models.run([args.tools / "quant-run", work / f"{name}.o",
                f"--input={work / 'rows.npy'}",
                f"--output={work / f'{name}.npy'}"])
    return np.load(work / f"{name}.npy").tobytes()


def raw_rows(work, input_bytes):
    """The rows as the object wants them: float32, or the bytes as they are."""
    rows = np.load(work / "rows.npy")
    if rows[0].nbytes != input_bytes:
        rows = rows.astype(np.float32)
    if rows[0].nbytes != input_bytes:
        raise models.ToolError(f"a row of {work / 'rows.npy'} has "
                               f"{rows[0].size} elements, but the model takes "
                               f"{input_bytes} bytes")
    return np.ascontiguousarray(rows).tobytes()


def run_emulated(target, work, name):
    """Links the object with the driver and runs it under the emulator."""
    header = (work / f"{name}.h").read_text()
    found = re.search(rf"#define {name.upper()}_INPUT_0_BYTES\s+(\d+)", header)
    if not found:
        raise models.ToolError(f"no {name.upper()}_INPUT_0_BYTES in {name}.h")
    source, result = work / f"{name}.in.raw", work / f"{name}.out.raw"
    source.write_bytes(raw_rows(work, int(found.group(1))))
    models.run([*target.cc, "-O1", "-std=c11", "-static", f"-I{work}",
                f'-DMODEL_HEADER="{name}.h"', f"-DMODEL={name.upper()}",
                f"-DMODEL_RUN={name}_run", DRIVER, work / f"{name}.o", "-o",
                work / name])
    models.run([*target.emulator, work / name, source, result])
    return result.read_bytes()


def compare(args, model, target, reference):
    """Returns (bytes compared, bytes that differ); for floats that need only be
    close, 0 if they are."""
    name = f"{model.name}_{re.sub('[+.]', '_', target.name)}"
    work = compile_model(args, model, name, target.options)
    if target.emulator:
        actual = run_emulated(target, work, name)
    else:
        actual = run_on_host(args, work, name)
    expected = reference.tobytes()
    if len(actual) != len(expected):
        raise models.ToolError(f"{len(actual)} bytes of output, but the "
                               f"reference has {len(expected)}")
    if args.float and not target.has_fma:
        close = np.allclose(np.frombuffer(actual, np.float32),
                            reference.ravel(), rtol=0,
                            atol=1e-5 * np.abs(reference).max())
        return len(expected), 0 if close else len(expected)
    differing = np.count_nonzero(
        np.frombuffer(actual, np.uint8) != np.frombuffer(expected, np.uint8))
    return len(expected), int(differing)


def check_model(args, model, targets, pool):
    """One line for each target; the number of failures."""
    reference = make_reference(args, model)
    jobs = [(target, pool.submit(compare, args, model, target, reference))
            for target in targets]
    num_failed = 0
    for target, job in jobs:
        try:
            total, differing = job.result()
            verdict = "equal" if differing == 0 else f"{differing} DIFFER"
        except (models.ToolError, OSError, ValueError) as error:
            total, verdict = 0, f"FAILED: {error}"
        num_failed += verdict != "equal"
        print(f"{model.name:18} {target.name:12} {len(reference):6} rows "
              f"{total:9} bytes  {verdict}", flush=True)
    return num_failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    models.add_options(parser)
    parser.add_argument("--targets", default=",".join(t.name for t in TARGETS),
                        help="names, comma separated (%(default)s)")
    parser.add_argument("--rows", type=int,
                        help="only the first N evaluation rows of each model")
    parser.add_argument("--float", action="store_true",
                        help="compare float objects instead of int8")
    args = parser.parse_args()
    args.work = (args.work or models.ROOT / "build/exactness").resolve()

    targets = []
    names = args.targets.split(",")
    for unknown in set(names) - {t.name for t in TARGETS}:
        parser.error(f"unknown target '{unknown}'")
    for target in TARGETS:
        if target.name not in names:
            continue
        if missing_tool(target):
            print(f"skipped: {target.name}: {missing_tool(target)} not found")
        else:
            targets.append(target)

    num_failed = 0
    # The work is done by child processes, so two threads use two cores.
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for model in models.select(parser, args):
            try:
                num_failed += check_model(args, model, targets, pool)
            except (models.ToolError, OSError, ValueError) as error:
                print(f"{model.name:18} FAILED: {error}", flush=True)
                num_failed += 1
    print("every byte is equal" if num_failed == 0 else
          f"{num_failed} comparisons failed")
    return 1 if num_failed else 0


if __name__ == "__main__":
    sys.exit(main())
