"""compare-noise.py BEFORE AFTER: fails unless each output of the summary AFTER
has a higher signal-to-noise ratio than in BEFORE."""

import re
import sys


def ratios(path):
    with open(path) as file:
        return re.findall(r"output   '(\w+)': SQNR ([0-9.]+) dB", file.read())


before, after = ratios(sys.argv[1]), ratios(sys.argv[2])
print(before, after)
sys.exit(not before or len(before) != len(after) or
         any(float(a) >= float(b) for (_, a), (_, b) in zip(before, after)))
