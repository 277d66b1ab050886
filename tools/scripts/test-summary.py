#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums test results and prints one line: N passed, N failed, N skipped.

  test-summary.py [--failure=TEXT]... [--suite=NAME]... RESULTS.xml...

RESULTS.xml is what lit's --xunit-xml-output and lint.py's --output write. (The
JSON output of lit leaves out the tests that GTEST_SKIP ended.) A file that is
missing, or lacks a test of one of the suites named, counts as one failure, as
does each --failure. Exits with 1 if anything failed.
"""

import argparse
import collections
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

# What lit prints for a test that --filter left out: not run, not skipped.
NOT_SELECTED = "Test not selected"
# What lit prints for a GTEST_SKIP.
GTEST_SKIP = "User interrupt"
# Names of lit features, said in words.
FEATURES = {
    "shared": "../shared not found",
    "asan": "only in the sanitizer build",
}


def reason_in_words(message):
    if message.startswith(GTEST_SKIP):
        return "GTEST_SKIP in the test"
    prefix = "Missing required feature(s): "
    if not message.startswith(prefix):
        return message
    names = message[len(prefix):].split(", ")
    return ", ".join(
        FEATURES.get(name, f"{name} not available") for name in names)


class Summary:

    def __init__(self):
        self.passed = 0
        self.failures = []
        self.skipped = collections.defaultdict(list)

    def add_file(self, path, suites):
        try:
            root = ElementTree.parse(path).getroot()
        except (OSError, ElementTree.ParseError) as error:
            self.failures.append(f"{path}: no test results: {error}")
            return
        seen = set()
        for suite in root.iter("testsuite"):
            for case in suite.iter("testcase"):
                self.add_case(case, path)
                seen.add(suite.get("name"))
        for name in suites:
            if name not in seen:
                self.failures.append(f"{path}: no test of suite {name} was run")

    def add_case(self, case, path):
        name = f"{case.get('classname')}/{case.get('name')}"
        name = f"[{pathlib.Path(path).stem}] {name}"
        skipped = case.find("skipped")
        if case.find("failure") is not None:
            self.failures.append(name)
        elif skipped is None:
            self.passed += 1
        elif not skipped.get("message").startswith(NOT_SELECTED):
            self.skipped[reason_in_words(skipped.get("message"))].append(name)

    def print(self):
        for reason, names in sorted(self.skipped.items()):
            print(f"skipped: {reason}: {len(names)} tests")
            for name in names[:20]:
                print(f"  {name}")
            if len(names) > 20:
                print(f"  ... and {len(names) - 20} more")
        for name in self.failures:
            print(f"failed: {name}")
        num_skipped = sum(len(names) for names in self.skipped.values())
        print(f"{self.passed} passed, {len(self.failures)} failed, "
              f"{num_skipped} skipped")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="*")
    parser.add_argument("--failure", action="append", default=[])
    parser.add_argument("--suite", action="append", default=[])
    args = parser.parse_args()
    summary = Summary()
    summary.failures += args.failure
    for path in args.results:
        is_lint = pathlib.Path(path).stem == "lint"
        summary.add_file(path, [] if is_lint else args.suite)
    summary.print()
    return 1 if summary.failures else 0


if __name__ == "__main__":
    sys.exit(main())
