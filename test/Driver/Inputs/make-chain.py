# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a model of N additions, each with a result of its own range."""

import sys

count = int(sys.argv[1])
print('func.func @chain(%v0: tensor<1x4xf32> {qnn.name = "x"})\n'
      '    -> (tensor<1x4xf32> {qnn.name = "y"}) {\n'
      '  %c = qnn.parameter "c" dense<0.125> : tensor<4xf32>')
for i in range(count):
    print(f"  %v{i + 1} = qnn.add %v{i}, %c : (tensor<1x4xf32>, tensor<4xf32>)"
          f' -> tensor<1x4xf32> loc("v{i + 1}")')
print(f"  return %v{count} : tensor<1x4xf32>\n}}")
