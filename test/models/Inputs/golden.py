"""Compares what a compiled model computes with what test/golden records.

golden.py image cosine|hashed SHAPE FILE
    writes the image that a recording was made with: a batch of one, float32
golden.py pixels HEIGHTxWIDTHxCHANNELS MEAN,... STD,... BYTES FLOATS
    writes 8-bit pixels and the planes that they are when normalised
golden.py logits FILE JSON MODEL TOLERANCE
    compares scores, and the class where one is recorded
golden.py same FILE EXPECTED TOLERANCE
    compares all elements with those of another file
golden.py rows FILE JSON MODEL STAGE TOLERANCE
    compares the recorded rows of an intermediate result
golden.py softmax FILE LOGITS TOLERANCE
    compares probabilities with those of the logits in another file
golden.py mean-row FILE TOKENS ROW,... TOLERANCE
    compares a vector with the mean of some rows of another file

Tolerances are of the largest difference over the largest expected magnitude.
A file of results holds a batch of one.
"""

import ast
import json
import math
import os
import struct
import sys

MASK = (1 << 64) - 1
CODES = {"<f4": "f", "<f8": "d", "|u1": "B"}


def cosine(count):
    """`closed_form_image` of models/reference/formula.py."""
    return [math.cos(0.013 * i) for i in range(count)]


def uniform(name, count):
    """Numbers from -1 to 1: FNV-1a of the name, then splitmix64."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) & MASK
    seed += 0x9E3779B97F4A7C15
    values = []
    for i in range(count):
        z = (seed + i) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        values.append(((z ^ (z >> 31)) >> 40) / (1 << 23) - 1.0)
    return values


def hashed(count):
    """`hashed_image` of the same file."""
    return uniform("image", count)


def write(path, kind, shape, values):
    """A batch of one; `kind` is <f4 or |u1."""
    header = repr({"descr": kind, "fortran_order": False, "shape": (1, *shape)})
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)))
        file.write(header.encode("latin1"))
        file.write(struct.pack(f"<{len(values)}{CODES[kind]}", *values))


def write_image(kind, shape, path):
    shape = [int(size) for size in shape.split("x")]
    values = {"cosine": cosine, "hashed": hashed}[kind](math.prod(shape))
    write(path, "<f4", shape, values)


def write_pixels(shape, mean, std, bytes_path, floats_path):
    height, width, channels = [int(size) for size in shape.split("x")]
    mean = [float(number) for number in mean.split(",")]
    std = [float(number) for number in std.split(",")]
    pixels = [int(127.5 * (x + 1)) for x in hashed(height * width * channels)]
    write(bytes_path, "|u1", (height, width, channels), pixels)
    planes = [(pixel / 255 - mean[c]) / std[c]
              for c in range(channels) for pixel in pixels[c::channels]]
    write(floats_path, "<f4", (channels, height, width), planes)


def read(path):
    """Shape and elements of a .npy file."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<H", data, 8)
    header = ast.literal_eval(data[10 : 10 + length].decode("latin1"))
    code = CODES[header["descr"]]
    shape = header["shape"]
    return shape, struct.unpack_from(f"<{math.prod(shape)}{code}", data, 10 + length)


def check(found, expected, tolerance, what):
    assert len(found) == len(expected), f"{what}: {len(found)}, not {len(expected)}"
    largest = max(abs(b) for b in expected)
    errors = [abs(a - b) / largest for a, b in zip(found, expected)]
    print(f"{what}: {len(found)} values, error {max(errors):.1e}")
    for i, error in enumerate(errors):
        # A NaN must fail, so the comparison is not turned round.
        assert error <= float(tolerance), f"{what}: {error} at {i}, not {tolerance}"


def load(golden, model):
    with open(golden, encoding="utf-8") as file:
        return json.load(file)["models"][model]


def compare_logits(path, golden, model, tolerance):
    record = load(golden, model)
    expected = record["logits"]
    if isinstance(expected, str):
        _, expected = read(os.path.join(os.path.dirname(golden), expected))
    _, found = read(path)
    check(found, expected, tolerance, model)
    if "class" in record:
        assert found.index(max(found)) == record["class"], "another class"


def compare_same(path, expected, tolerance):
    shape, found = read(path)
    wanted_shape, wanted = read(expected)
    assert shape == wanted_shape, f"{path}: {shape}, not {wanted_shape}"
    check(found, wanted, tolerance, os.path.basename(path))


def compare_rows(path, golden, model, stage, tolerance):
    record = load(golden, model)["stages"][stage]
    shape, values = read(path)
    assert list(shape) == [1, *record["shape"]], f"{shape}, not {record['shape']}"
    width = shape[2]
    found, expected = [], []
    for row, ends in record["rows"].items():
        begin = int(row) * width
        found += values[begin : begin + 4]
        found += values[begin + width - 4 : begin + width]
        expected += ends["first"] + ends["last"]
    check(found, expected, tolerance, f"{model}, {stage}")


def compare_softmax(path, logits, tolerance):
    _, found = read(path)
    _, scores = read(logits)
    powers = [math.exp(score - max(scores)) for score in scores]
    check(found, [power / sum(powers) for power in powers], tolerance, "softmax")


def compare_mean_row(path, tokens, rows, tolerance):
    _, found = read(path)
    shape, values = read(tokens)
    width = shape[2]
    picked = [values[int(r) * width : (int(r) + 1) * width] for r in rows.split(",")]
    mean = [sum(column) / len(picked) for column in zip(*picked)]
    check(found, mean, tolerance, f"rows {rows}")


COMMANDS = {
    "image": write_image,
    "pixels": write_pixels,
    "logits": compare_logits,
    "same": compare_same,
    "rows": compare_rows,
    "softmax": compare_softmax,
    "mean-row": compare_mean_row,
}
if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
