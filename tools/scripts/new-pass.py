#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the skeleton of a pass: Passes.td entry, source file and test.

  new-pass.py FoldRequantize [--area=dialect|conversion|cpu]

From the name follow all others:
  dialect:    qnn-fold-requantize, QNNFoldRequantizePass, FoldRequantize.cpp
  cpu:        qnn-cpu-fold-requantize, QNNCPUFoldRequantizePass
  conversion: NAME is QNNToLinalg; convert-qnn-to-linalg, ConvertQNNToLinalgPass
"""

import argparse
import dataclasses
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass(frozen=True)
class Area:
    folder: str
    flag: str
    definition: str


AREAS = {
    "dialect": Area("Dialect/QNN/Transforms", "qnn-", "QNN"),
    "conversion": Area("Conversion", "convert-", "Convert"),
    "cpu": Area("Codegen/CPU", "qnn-cpu-", "QNNCPU"),
}

ENTRY = """\
def {definition} : Pass<"{flag}"> {{
  let summary = "TODO: what it does, at most 70 characters, no full stop";
  let description = [{{
    TODO: what and why in two to four sentences.

    Example, before and after:

    ```mlir
    ```

    Expects: TODO. Guarantees: TODO.
  }}];
}}

"""

SOURCE = """\
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TODO: what goes in, what comes out, what it refuses.

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
{includes}

#define DEBUG_TYPE "{flag}"

namespace qnn {{
#define GEN_PASS_DEF_{macro}
#include "qnn/{folder}/Passes.h.inc"
}} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {{

struct {base} : qnn::impl::{base}Base<{base}> {{
  using Base::Base;

  LogicalResult initialize(MLIRContext *context) override {{
    RewritePatternSet owned(context);
    patterns = std::move(owned);
    return success();
  }}

  void runOnOperation() override {{
    if (failed(applyPatternsGreedily(getOperation(), patterns)))
      signalPassFailure();
  }}

  FrozenRewritePatternSet patterns;
}};

}} // namespace
"""

TEST = """\
// RUN: quant-opt %s --{flag} -split-input-file | FileCheck %s

/// TODO: why this case exists.
// CHECK-LABEL: @{case}
func.func @{case}() {{
  return
}}

// -----

/// TODO: one such case for each reason of the pass to leave the IR alone.
// CHECK-LABEL: @negative_reason
func.func @negative_reason() {{
  return
}}
"""


def kebab(name):
    """FoldRequantize to fold-requantize, QNNToLinalg to qnn-to-linalg."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1-\2", name)
    # A D after a digit belongs to the word: Conv2D is conv2d.
    return re.sub(r"([a-z]|[0-9](?!D))([A-Z])", r"\1-\2", name).lower()


def insert_entry(passes, definition, entry):
    """Puts the entry in alphabetical order among the others of the file."""
    for match in re.finditer(r"^def (\w+)", passes, re.M):
        if match.group(1) > definition:
            return passes[:match.start()] + entry + passes[match.start():]
    end = passes.rindex("#endif")
    return passes[:end] + entry + passes[end:]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="CamelCase, a verb phrase, without Pass")
    parser.add_argument("--area", choices=AREAS, default="dialect")
    parser.add_argument("--root", type=pathlib.Path, default=ROOT,
                        help=argparse.SUPPRESS)
    args = parser.parse_args()
    if not re.fullmatch(r"[A-Z]\w+", args.name) or "_" in args.name \
            or args.name.endswith("Pass"):
        parser.error(f"'{args.name}' is not a name such as FoldRequantize")

    area = AREAS[args.area]
    stem = kebab(args.name)
    definition = area.definition + args.name + "Pass"
    names = {"definition": definition, "base": definition,
             "macro": definition.upper(), "flag": area.flag + stem,
             "folder": area.folder, "case": stem.replace("-", "_"),
             "includes": "\n".join(sorted(
                 f'#include "qnn/{folder}"' for folder in
                 ("Dialect/QNN/IR/QNN.h", f"{area.folder}/Passes.h")))}
    is_conversion = args.area == "conversion"
    subfolder = f"/{args.name}" if is_conversion else ""
    test_folder = "Dialect/QNN" if args.area == "dialect" else area.folder
    source = args.root / f"lib/{area.folder}{subfolder}/{args.name}.cpp"
    test = args.root / f"test/{test_folder}{subfolder}/{stem}.mlir"
    passes = args.root / f"include/qnn/{area.folder}/Passes.td"
    for path in (source, test):
        if path.exists():
            sys.exit(f"error: {path} exists")
    text = passes.read_text()
    if f'"{names["flag"]}"' in text:
        sys.exit(f"error: {passes} has {names['flag']}")

    passes.write_text(insert_entry(text, definition, ENTRY.format(**names)))
    for path, template in ((source, SOURCE), (test, TEST)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.format(**names))
    if shutil.which("clang-format-22"):
        subprocess.run(["clang-format-22", "-i", source], check=True)
    print(f"wrote {source}\nwrote {test}\nadded {definition} to {passes}\n"
          f"next: name {source.name} in {source.parent}/CMakeLists.txt, and "
          "see docs/HowTo/AddPass.md")


if __name__ == "__main__":
    main()
