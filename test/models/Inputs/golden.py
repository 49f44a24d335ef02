"""Writes the closed-form image, or compares a model's logits with timm's."""

import json
import math
import struct
import sys


def write_image(path):
    values = [math.cos(0.013 * i) for i in range(3 * 32 * 32)]
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 32, 32)}"
    header = header.ljust(117) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)))
        file.write(header.encode("latin1"))
        file.write(struct.pack(f"<{len(values)}f", *values))


def read_floats(path):
    with open(path, "rb") as file:
        data = file.read()
    start = 10 + struct.unpack("<H", data[8:10])[0]
    return struct.unpack(f"<{(len(data) - start) // 4}f", data[start:])


def compare(path, model, golden):
    with open(golden, encoding="utf-8") as file:
        expected = json.load(file)["models"][model]["logits"]
    found = read_floats(path)
    assert len(found) == len(expected), (found, expected)
    worst = max(abs(a - b) for a, b in zip(found, expected))
    assert worst <= 1e-5, f"largest difference {worst}: {found} {expected}"


if sys.argv[1] == "image":
    write_image(sys.argv[2])
else:
    compare(*sys.argv[2:])
