"""make-rows.py FILE EXPRESSION: saves a numpy expression as .npy."""

import sys

import numpy

numpy.save(sys.argv[1], eval(sys.argv[2], vars(numpy)))
