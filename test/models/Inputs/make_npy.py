"""Writes a .npy file as NumPy does, or with a header as it is given.

make_npy.py OUT TYPE SHAPE [--values V ...] [--version N] [--header TEXT]
"""

import argparse
import struct

FORMATS = {"<f4": "<f", "<f8": "<d", "|u1": "<B"}

parser = argparse.ArgumentParser()
parser.add_argument("out")
parser.add_argument("type")
parser.add_argument("shape")
parser.add_argument("--values", nargs="*", type=float, default=[])
parser.add_argument("--version", type=int, default=1)
parser.add_argument("--header")
parser.add_argument("--length", type=int)
arguments = parser.parse_args()

header = arguments.header
if header is None:
    header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (
        arguments.type,
        arguments.shape,
    )
size = 2 if arguments.version == 1 else 4
header += " " * (-(len(header) + 9 + size) % 64) + "\n"
length = len(header) if arguments.length is None else arguments.length
layout = FORMATS.get(arguments.type, "<f")
integral = layout == "<B"
with open(arguments.out, "wb") as file:
    file.write(b"\x93NUMPY" + bytes([arguments.version, 0]))
    file.write(struct.pack("<H" if size == 2 else "<I", length))
    file.write(header.encode())
    for value in arguments.values:
        file.write(struct.pack(layout, int(value) if integral else value))
