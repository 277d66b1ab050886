"""Changes all packed weights of a 64-bit ELF object: damage-weights.py IN OUT."""

import struct
import sys

with open(sys.argv[1], "rb") as f:
    data = bytearray(f.read())
headers_offset = struct.unpack_from("<Q", data, 0x28)[0]
entry_size, count, names_index = struct.unpack_from("<HHH", data, 0x3A)
headers = [
    struct.unpack_from("<IIQQQQ", data, headers_offset + i * entry_size)
    for i in range(count)
]
names_offset = headers[names_index][4]
for name_index, _, _, _, offset, size in headers:
    name = data[names_offset + name_index :].split(b"\0", 1)[0]
    # Constants have sections of their own, named after them.
    if b"packed_weights" in name and not name.startswith(b".rela"):
        for i in range(offset, offset + size):
            data[i] ^= 0x15
with open(sys.argv[2], "wb") as f:
    f.write(data)
