"""Writes checkpoints as libraries save them, with numbers from a formula.

checkpoint.py write RECORDED CASE FOLDER [option ...]
    config=JSON          members put into config.json; null removes one
    preprocessor=JSON    the same for preprocessor_config.json
    processor=JSON       the image_processor of processor_config.json
    tensor=NAME=SHAPE    changes or adds a tensor; without a shape, drops it
    dtype=TYPE           element type of all tensors (F32, F16, F64, I8)
    shards=N             N files and an index
    weights=NAME         name of the safetensors file
checkpoint.py image RECORDED CASE FILE
    writes the image that the case was recorded with, as .npy
checkpoint.py reference RECORDED CASE FILE [IMAGE]
    writes that image and the recorded outputs, but not those of single blocks,
    for vitc verify, as .npz; IMAGE is the value of all pixels instead
checkpoint.py compare RECORDED CASE NAME FILE
    compares an output with the recorded one: 2e-5 of the largest value
checkpoint.py cases RECORDED
    lists the cases

RECORDED is what test/parity/record.py wrote.
"""

import json
import math
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__),
                                "..", "..", "models", "Inputs"))
import make_npz  # noqa: E402
from golden import uniform  # noqa: E402

TOLERANCE = 2e-5
ATTENTION_TOLERANCE = 1e-5  # of probabilities


def weight(name, shape):
    """Elements of a tensor. Norms scale by 0.4 to 1.6, biases are large."""
    values = uniform(name, math.prod(shape))
    if len(shape) == 1 and "norm" in name and name.endswith("weight"):
        return [1 + 0.6 * u for u in values]
    if "gamma" in name or "lambda1" in name:
        return [0.5 + 0.5 * u for u in values]
    if len(shape) == 1:
        return [0.3 * u for u in values]
    if any(word in name for word in ("token", "pos_", "position", "probe")):
        return values
    scale = math.sqrt(3 / math.prod(shape[1:]))
    return [scale * u for u in values]


def image(shape):
    return [2 * u for u in uniform("image", math.prod(shape))]


def safetensors(tensors, dtype):
    """The bytes of a file; `tensors` has shapes by name."""
    code, size = {"F32": ("f", 4), "F16": ("e", 2), "F64": ("d", 8),
                  "I8": ("b", 1)}[dtype]
    header, data = {}, b""
    for name, shape in tensors.items():
        values = weight(name, shape)
        if code == "b":
            values = [int(60 * value) for value in values]
        begin = len(data)
        data += struct.pack(f"<{len(values)}{code}", *values)
        header[name] = {"dtype": dtype, "shape": shape,
                        "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def update(members, changes):
    for key, value in changes.items():
        if value is None:
            members.pop(key, None)
        elif isinstance(value, dict) and isinstance(members.get(key), dict):
            update(members[key], value)
        else:
            members[key] = value


def write_file(folder, name, content):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


def write_json(folder, name, value):
    write_file(folder, name, json.dumps(value, indent=2).encode() + b"\n")


def write(case, folder, options):
    os.makedirs(folder, exist_ok=True)
    config, preprocessor = case["config"], case.get("preprocessor", {})
    tensors, dtype, shards, name = case["tensors"], "F32", 1, "model.safetensors"
    for option in options:
        key, _, value = option.partition("=")
        if key == "config":
            update(config, json.loads(value))
        elif key == "preprocessor":
            update(preprocessor, json.loads(value))
        elif key == "processor":
            write_json(folder, "processor_config.json",
                       {"image_processor": json.loads(value)})
        elif key == "tensor":
            tensor, _, shape = value.partition("=")
            tensors.pop(tensor, None)
            if shape:
                tensors[tensor] = json.loads(shape)
        elif key == "dtype":
            dtype = value
        elif key == "shards":
            shards = int(value)
        elif key == "weights":
            name = value
    write_json(folder, "config.json", config)
    if preprocessor:
        write_json(folder, "preprocessor_config.json", preprocessor)
    if shards == 1:
        return write_file(folder, name, safetensors(tensors, dtype))
    index = {}
    for shard in range(shards):
        file = f"model-{shard + 1:05}-of-{shards:05}.safetensors"
        part = dict(list(tensors.items())[shard::shards])
        index.update({tensor: file for tensor in part})
        write_file(folder, file, safetensors(part, dtype))
    write_json(folder, "model.safetensors.index.json", {"weight_map": index})


def write_image(case, path):
    with open(path, "wb") as file:
        file.write(make_npz.npy("F32", (1, *case["shape"]),
                                image(case["shape"])))


def write_reference(case, path, pixels):
    members = {"input:image.npy": make_npz.npy(
        "F32", (1, *case["shape"]), pixels or image(case["shape"]))}
    for name, values in case["outputs"].items():
        if "@" in name:
            continue
        members[name + ".npy"] = make_npz.npy("F64", (1, len(values)), values)
    with open(path, "wb") as file:
        file.write(make_npz.npz(members))


def compare(case, name, path):
    with open(path, "rb") as file:
        content = file.read()
    length, = struct.unpack_from("<H", content, 8)
    found = struct.unpack(f"<{len(content[10 + length:]) // 4}f",
                          content[10 + length:])
    expected = case["outputs"][name]
    if len(found) != len(expected):
        sys.exit(f"expected {len(expected)} numbers, found {len(found)}")
    error = max(abs(a - b) for a, b in zip(found, expected))
    limit = (ATTENTION_TOLERANCE if "attention" in name
             else TOLERANCE * max(map(abs, expected)))
    if not error <= limit:
        sys.exit(f"{name}: expected at most {limit:.1e} off, found {error:.1e}")


def main():
    command, recorded, *rest = sys.argv[1:]
    with open(recorded, encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    if command == "cases":
        return print("\n".join(cases))
    case = cases[rest[0]]
    if command == "write":
        write(case, rest[1], rest[2:])
    elif command == "image":
        write_image(case, rest[1])
    elif command == "reference":
        write_reference(case, rest[1], list(map(float, rest[2:])))
    elif command == "compare":
        compare(case, rest[1], rest[2])


if __name__ == "__main__":
    main()
