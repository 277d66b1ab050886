# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Bad samples that the lints must find, good ones that they must not.

`lint.py --self-test` runs this. A lint without a bad sample fails the test.
"""

import pathlib
import tempfile

SPDX = "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n"
RUN = "// RUN: quant-opt %s | FileCheck %s --check-prefixes=CHECK,AVX2\n"
# A path that the lint of machine paths must not see in this file.
WORK = "/" + "work/main"


def function(lines):
    return SPDX + "int f(int x) {\n" + "  x = 1;\n" * (lines - 2) + "}\n"


def pass_entry(flag="qnn-fold-foo", summary="Fold foo", description="Folds."):
    return {
        "include/qnn/Passes.td":
            f'def QNNFoldFooPass : Pass<"{flag}"> {{\n'
            f'  let summary = "{summary}";\n'
            f"  let description = [{{{description}}}];\n}}\n",
        "lib/Transforms/FoldFoo.cpp": SPDX,
        "test/fold-foo.mlir": "// RUN: quant-opt %s --qnn-fold-foo\n",
    }


def pattern(body):
    return {"lib/A.cpp": SPDX +
            "struct A : OpRewritePattern<B> {\n"
            "  LogicalResult matchAndRewrite(B op,\n"
            "                                PatternRewriter &r) const {\n"
            f"    {body}\n  }}\n}};\n"}


# Lint, files, the number of findings, a part of the first.
SAMPLES = [
    ("filecheck", {"test/a.mlir": RUN + "// CHECK-NEXT foo\n"}, 1, "colon"),
    ("filecheck", {"test/a.mlir": RUN + "// CHECK-LABEL : foo\n"}, 1, "colon"),
    ("filecheck", {"test/a.mlir": RUN + "// CHECK-NXT: foo\n"}, 1, "CHECK-NXT"),
    ("filecheck", {"test/a.mlir": RUN + "// CHECK_NEXT: a\n"}, 1, "CHECK_NEXT"),
    ("filecheck", {"test/a.mlir": RUN + "// CHECK foo\n"}, 1, "colon"),
    ("filecheck", {"test/a.mlir": RUN + "// CHECK-COUNT: foo\n"}, 1, "COUNT"),
    ("filecheck", {"test/a.test": RUN + "# AVX2-NOT foo\n"}, 1, "AVX2-NOT"),
    ("filecheck", {"test/a.mlir": RUN + "; AVX512-NOT: foo\n"}, 1, "AVX512"),
    ("filecheck", {"test/a.mlir": RUN +
                   "// CHECK: a\n// CHECK-NEXT: b\n// AVX2-SAME: c\n"
                   "// CHECK-COUNT-2: d\n// CHECK-DAG{LITERAL}: e\n"
                   "/// A sentence about CHECKs.\n"}, 0, ""),
    ("passes", pass_entry(), 0, ""),
    ("passes", pass_entry(summary="Fold foo."), 1, "full stop"),
    ("passes", pass_entry(summary="Fold " * 20), 1, "characters"),
    ("passes", pass_entry(summary=""), 1, "no summary"),
    ("passes", pass_entry(description=" "), 1, "no description"),
    ("passes", pass_entry(flag="qnn-fold-bar"), 2, "no test runs"),
    ("doc-links", {"README.md": "[a](docs/gone.md)\n"}, 1, "dead link"),
    ("doc-links", {"docs/a.md": "see `lib/Gone.cpp`\n"}, 1, "lib/Gone.cpp"),
    ("doc-links", {"docs/a.md": "```\ntools/gone --x\n```\n"}, 1, "tools/gone"),
    ("doc-links", {"README.md": "[a](docs/b.md) `tools/x.py -o build/lib/y`\n"
                                "`test/<Folder>/<name>.mlir`\n",
                   "docs/b.md": "[up](../README.md) <https://llvm.org>\n",
                   "tools/x.py": ""}, 0, ""),
    ("sizes", {"lib/A.cpp": function(101)}, 1, "function of 101"),
    ("sizes", {"lib/A.cpp": function(61)}, 1, "warning"),
    ("sizes", {"lib/A.cpp": function(60)}, 0, ""),
    ("sizes", {"lib/A.cpp": SPDX + "// {\n" * 101 + "namespace a {\n" +
               "int x;\n" * 101 + "}\n"}, 0, ""),
    ("sizes", {"lib/A.cpp": SPDX + "struct A {\n  A() : x(1) {\n" +
               "    f(\"}\");\n" * 101 + "  }\n};\n"}, 1, "function of 103"),
    ("sizes", {"include/A.td": "\n" * 601}, 1, "601 lines"),
    ("text", {"lib/A.cpp": "int x;\n"}, 1, "first line"),
    ("text", {"lib/A.cpp": SPDX + "\tint x;\n"}, 1, "tab"),
    ("text", {"lib/A.cpp": SPDX + "int x; \n"}, 1, "white space"),
    ("text", {"lib/A.cpp": SPDX + "int x;"}, 1, "newline"),
    ("text", {"include/A.td": SPDX + "// " + "x" * 80 + "\n"}, 1, "columns"),
    ("text", {"include/A.td": SPDX + "// " + "x" * 77 + "\n"}, 0, ""),
    ("idioms", {"lib/A.cpp": SPDX + "llvm::cl::opt<int> x;\n"}, 1, ".td"),
    ("idioms", pattern("return failure();"), 1, "notifyMatchFailure"),
    ("idioms", pattern("if (a < b)\n      return failure();"), 1, "A.cpp:6"),
    ("idioms", pattern("if (failed(match(op, r)))\n      return failure();"), 0,
     ""),
    ("idioms", pattern('return r.notifyMatchFailure(op, "why");'), 0, ""),
    ("argument-order", {"lib/A.cpp": SPDX + "void f() {\n  g(emitA(b), x,\n"
                        "    emitB(b, 1));\n}\n"}, 1, "A.cpp:3"),
    ("argument-order", {"lib/A.cpp": SPDX + "void f() {\n  g(h(emitA(b)), "
                        "[&] { emitB(b); });\n}\n"}, 0, ""),
    ("clang-format", {"lib/A.cpp": SPDX + "int  x;\n",
                      ".clang-format": "BasedOnStyle: LLVM\n"}, 1, "A.cpp:2"),
    ("clang-format", {"lib/A.cpp": SPDX + "int x;\n",
                      ".clang-format": "BasedOnStyle: LLVM\n"}, 0, ""),
    ("machine-paths", {"docs/a.md": f"cd {WORK}\n"}, 1, "one machine"),
    ("machine-paths", {"a.py": f"x = \"{WORK}\"\n"}, 1, "one machine"),
    ("machine-paths", {"docs/a.md": "see /t" "mp/x\n"}, 1, "one machine"),
    ("machine-paths", {"docs/a.md": "from p" "ypi.org\n"}, 1, "network"),
    ("machine-paths", {"docs/a.md": f"..{WORK}/x a{WORK}\n",
                       "test/a.mlir": "// RUN: cat /t" "mp/x\n"}, 0, ""),
    ("scripts", {"a.py": "def f(:\n"}, 1, "python"),
    ("scripts", {"a": "#!/usr/bin/env bash\nset -euo pipefail\nif\n"}, 1,
     "end"),
    ("scripts", {"a": "#!/usr/bin/env bash\ntrue\n"}, 1, "pipefail"),
    ("untested-errors", {"lib/Dialect/A.cpp": 'emitOpError("expects x");'}, 1,
     "expects x"),
    ("untested-errors", {"lib/A.cpp": 'createStringError("\'" + path + '
                                      '"\' is no x");'}, 1, "is no x"),
    ("untested-errors", {"lib/A.cpp": 'refuse("expects \\"x\\" alone");',
                         "test/a.cpp": '"expects \\"x\\" alone"'}, 0, ""),
    ("untested-errors", {"tools/A.cpp": 'refuse("expects x alone");',
                         "test/a.cpp": '"expects x al"\n    "one"'}, 0, ""),
    ("untested-errors", {"lib/Dialect/A.cpp": 'emitOpError("expects x");',
                         "test/a.mlir": "// expected-error {{expects x}}"}, 0,
     ""),
    ("untested-errors", {"lib/A.cpp": 'emitError() << "key " << key << '
                                      '" is of\\"\\n"\n    "no use";',
                         "test/a.test": "CHECK: key k is bad"}, 1, "is of"),
    ("untested-errors", {"lib/A.cpp": 'refuse("%zu of %zu files are bad");',
                         "test/a.test": "CHECK: 1 of 2 files are bad"}, 0, ""),
    ("untested-errors", {"lib/A.cpp": "// Not tested: the system\n"
                                      "// refuses.\n"
                                      'return refuse("no pipe");'}, 0, ""),
    ("untested-errors", {"lib/A.cpp": "// Not tested: of another.\n"
                                      "f();\n"
                                      'return refuse("no pipe");'}, 1,
     "no pipe"),
    ("untested-errors", {"lib/A.cpp": "// Not tested: it is.\n"
                                      'refuse("expects x");',
                         "test/a.cpp": '"expects x"'}, 1, "Not tested"),
]


def check(lint, make_tree, files, expected, part):
    """What is wrong with the findings in these files, or None."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            full = pathlib.Path(folder) / path
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_text(text, "utf-8")
        found = [finding.text for finding in lint(make_tree(folder))]
    if len(found) != expected:
        return f"{len(found)} findings, not {expected}: {found}"
    if part and part not in found[0]:
        return f"'{found[0]}' does not say '{part}'"
    return None


def run(lints, make_tree, skip):
    """Runs all samples; 1 if one of them went wrong."""
    num_wrong, proved = 0, set()
    for name, files, expected, part in SAMPLES:
        try:
            wrong = check(lints[name], make_tree, files, expected, part)
        except skip as reason:
            print(f"self-test {name}: SKIPPED: {reason}")
            proved.add(name)
            continue
        if wrong:
            print(f"self-test {name}: {files}: {wrong}")
            num_wrong += 1
        if expected:
            proved.add(name)
    for name in sorted(set(lints) - proved):
        print(f"self-test {name}: no sample shows that it finds anything")
        num_wrong += 1
    print(f"self-test: {len(SAMPLES) - num_wrong} of {len(SAMPLES)} samples "
          "as expected")
    return 1 if num_wrong else 0
