# Asserts that JSON of quant-bench has the promised keys, and as many rows as
# expected, each checked. Further arguments are peers that some row must have.
import json
import sys

with open(sys.argv[1]) as file:
    rows = json.load(file)
keys = {"problem", "target", "threads", "us", "roof_fraction", "bytes",
        "checked", "peers"}
for row in rows:
    assert set(row) == keys, row
    assert row["checked"] is True, row
    assert row["us"] > 0 and row["bytes"] > 0, row
    assert row["threads"] == 1 and row["target"], row
assert len(rows) == int(sys.argv[2]), len(rows)
timed = {peer for row in rows for peer, us in row["peers"].items() if us > 0}
for peer in sys.argv[3:]:
    assert any(name.startswith(peer) for name in timed), timed
print("rows are right")
