"""npy.py write FILE TYPE SHAPE: an array whose elements are 0, 1, 2, ...
npy.py print FILE: its shape, and its elements rounded, a row a line."""

import ast
import struct
import sys

CODES = {"<f4": "f", "<f8": "d", "|u1": "B"}


def write(path, kind, shape):
    shape = tuple(int(size) for size in shape.split("x"))
    count = 1
    for size in shape:
        count *= size
    head = repr({"descr": kind, "fortran_order": False, "shape": shape})
    head += " " * (-(len(head) + 11) % 64) + "\n"
    numbers = [i % 256 for i in range(count)]
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)))
        file.write(head.encode() + struct.pack(f"<{count}{CODES[kind]}", *numbers))


def show(path):
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<H", data, 8)
    head = ast.literal_eval(data[10 : 10 + length].decode())
    numbers = struct.iter_unpack("<" + CODES[head["descr"]], data[10 + length :])
    print("shape", *head["shape"])
    line = []
    for (number,) in numbers:
        line.append(f"{number:.4f}".rstrip("0").rstrip("."))
        if len(line) == head["shape"][-1]:
            print(*line)
            line = []


if sys.argv[1] == "write":
    write(*sys.argv[2:])
else:
    show(sys.argv[2])
