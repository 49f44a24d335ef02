"""Writes a 4 x 4 PNG file: make_png.py KIND FILE.

Red is 16 * y + x, green 100 + x, blue 200 + y; grey is red. The kinds are the
colour types of the format; "interlaced" is rgb in Adam7 order, "large" rgb whose
header promises 20000 x 20000 pixels.
"""

import struct
import sys
import zlib

SIDE = 4
kind, path = sys.argv[1:]


def chunk(name, data):
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def rgb(y, x):
    return bytes([16 * y + x, 100 + x, 200 + y])


def pixel(y, x):
    red, green, blue = rgb(y, x)
    return {
        "grey": bytes([red]),
        "grey16": bytes([red, 0xAB]),
        "rgb": rgb(y, x),
        "interlaced": rgb(y, x),
        "large": rgb(y, x),
        "rgba": rgb(y, x) + bytes([17 * y]),
        "palette": bytes([SIDE * y + x]),
    }[kind]


colour_type = {"grey": 0, "grey16": 0, "rgb": 2, "interlaced": 2, "large": 2,
               "palette": 3}
depth = 16 if kind == "grey16" else 8
header = struct.pack(
    ">IIBBBBB", *[20000 if kind == "large" else SIDE] * 2, depth, colour_type.get(kind, 6), 0, 0,
    int(kind == "interlaced"),
)

# Rows as they follow in the file: of the image, or of the passes of Adam7.
grids = [(0, 0, 1, 1)]
if kind == "interlaced":
    grids = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4),
             (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
rows = b""
for first_y, first_x, step_y, step_x in grids:
    columns = range(first_x, SIDE, step_x)
    for y in range(first_y, SIDE, step_y):
        if columns:
            rows += b"\0" + b"".join(pixel(y, x) for x in columns)

with open(path, "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
    if kind == "palette":
        palette = b"".join(rgb(y, x) for y in range(SIDE) for x in range(SIDE))
        file.write(chunk(b"PLTE", palette))
    file.write(chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
