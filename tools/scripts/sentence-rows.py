#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes rows for a classifier of bytes from a text with one sentence in a line.

The lines are joined by spaces. A row is what is around a space that follows a
byte other than a letter or a digit: a sentence may end there, or go on after a
comma, a quotation, an abbreviation. Its label is 1 if a sentence ends, else 0.
Writes OUTPUT.npy, bytes of [rows, before + after], where the space is the first
of the bytes after, and OUTPUT_labels.npy, int32.
"""

import argparse
import pathlib

import numpy as np


def join(lines):
    """The text, and the positions of the spaces between two lines."""
    ends = np.cumsum([len(line) + 1 for line in lines])[:-1] - 1
    return b" ".join(lines), set(ends.tolist())


def candidates(text):
    """Positions of spaces at which a sentence could end."""
    return [i for i in range(1, len(text))
            if text[i:i + 1] == b" " and not text[i - 1:i].isalnum()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("text", type=pathlib.Path, help="a text file")
    parser.add_argument("output", help="path of the files without their ends")
    parser.add_argument("--before", type=int, default=20,
                        help="bytes before the space (%(default)s)")
    parser.add_argument("--after", type=int, default=12,
                        help="bytes from the space on (%(default)s)")
    args = parser.parse_args()

    lines = [line for line in args.text.read_bytes().split(b"\n") if line]
    text, ends = join(lines)
    padded = bytes(args.before) + text + bytes(args.after)
    positions = candidates(text)
    rows = [np.frombuffer(padded, np.uint8, args.before + args.after, i)
            for i in positions]
    np.save(args.output + ".npy", np.stack(rows))
    np.save(args.output + "_labels.npy",
            np.array([i in ends for i in positions], np.int32))


if __name__ == "__main__":
    main()
