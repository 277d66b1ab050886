"""fill-weights.py IN OUT [ROWS]: IR with random bytes for each 0xWEIGHTSn, and
with a number of rows, if it is given, for the unknown one."""

import random
import re
import sys

source, target, *rows = sys.argv[1:]
numbers = random.Random(1)
with open(source) as file:
    text = file.read()
text = re.sub(r"0xWEIGHTS(\d+)",
              lambda m: "0x" + numbers.randbytes(int(m.group(1))).hex(), text)
if rows:
    text = text.replace("?x", rows[0] + "x").replace("(%n)", "()")
with open(target, "w") as file:
    file.write(text)
