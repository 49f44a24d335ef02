"""Writes a small safetensors file.

make_safetensors.py OUT NAME:DTYPE:SHAPE:VALUES ...
    SHAPE and VALUES are separated by commas; VALUES repeat to fill the shape.
make_safetensors.py OUT --header TEXT [--data BYTES] [--length N]
    The header as it is (with backslash escapes), and so many bytes of data.
"""

import argparse
import itertools
import json
import math
import struct


def bfloat16(value):
    return struct.pack("<f", value)[2:]


PACK = {
    "F32": lambda v: struct.pack("<f", v),
    "F16": lambda v: struct.pack("<e", v),
    "BF16": bfloat16,
    "F64": lambda v: struct.pack("<d", v),
    "I64": lambda v: struct.pack("<q", int(v)),
}


def encode(tensors):
    header, data = {}, b""
    for text in tensors:
        name, dtype, shape, values = text.rsplit(":", 3)
        shape = [int(n) for n in shape.split(",") if n]
        source = itertools.cycle(float(v) for v in values.split(","))
        count = math.prod(shape)
        piece = b"".join(PACK[dtype](next(source)) for _ in range(count))
        header[name] = {
            "dtype": dtype,
            "shape": shape,
            "data_offsets": [len(data), len(data) + len(piece)],
        }
        data += piece
    return json.dumps(header).encode(), data


parser = argparse.ArgumentParser(fromfile_prefix_chars="@")
parser.convert_arg_line_to_args = str.split
parser.add_argument("out")
parser.add_argument("tensors", nargs="*")
parser.add_argument("--header")
parser.add_argument("--data", type=int, default=0)
parser.add_argument("--length", type=int)
arguments = parser.parse_args()

header, data = encode(arguments.tensors)
if arguments.header is not None:
    header = arguments.header.encode().decode("unicode_escape").encode("latin1")
    data = bytes(arguments.data)
length = len(header) if arguments.length is None else arguments.length
with open(arguments.out, "wb") as file:
    file.write(struct.pack("<Q", length) + header + data)
