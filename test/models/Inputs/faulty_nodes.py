"""Tries nodes that do not fit the values they read.

faulty_nodes.py DIR: writes a spec for every entry of CASES, whose last node is
the faulty one, and checks what `vitc info` says of it: the file, a line and a
column, the JSON pointer to the field, and the text.
"""

import json
import pathlib
import re
import subprocess
import sys

# Rows [4, 48] and [4, 12], one row [1, 12], words [4, 4, 5].
VALUES = [
    {"name": "rows", "op": "unfold", "input": "image", "kernel": 4, "stride": 4},
    {"name": "short", "op": "linear", "input": "rows", "features": 12},
    {"name": "one", "op": "pool", "kind": "mean", "input": "short"},
    {"name": "windows", "op": "unfold", "input": "image", "kernel": 2, "stride": 2, "tile": 4},
    {"name": "words", "op": "linear", "input": "windows", "features": 5},
]


def unfold(**fields):
    return {"op": "unfold", "input": "image", "kernel": 4, "stride": 4, **fields}


def tensor(*shape):
    return {"tensor": "w", "shape": list(shape)}


def plus(weight):
    return {"op": "add", "input": "short", "other": weight}


# Fields of a node, the field that is wrong, what is said of it.
CASES = [
    (plus("rows"), "other", "expected the shape of the input, [4, 12], or a trailing part of it, found [4, 48]"),
    ({**plus("short"), "row": 1}, "other", "expected rows that fit at row 1 of [4, 12], found [4, 12]"),
    ({"op": "mul", "input": "short", "other": "rows"}, "other", "expected the shape of the input, [4, 12], or a trailing part of it, found [4, 48]"),
    ({"op": "attention", "query": "short", "key": "rows", "value": "rows", "heads": 1}, "key", "expected the channels of the query, [4, 12], found [4, 48]"),
    ({"op": "attention", "query": "short", "key": "short", "value": "one", "heads": 1}, "value", "expected the tokens of the key, [4, 12], found [1, 12]"),
    ({"op": "attention", "query": "short", "key": "short", "value": "short", "heads": 5}, "heads", "expected a number of heads that divides 12 channels"),
    ({"op": "attention", "query": "short", "key": "short", "value": "short", "heads": 1, "scale": 0}, "scale", "expected a number that is not zero, found 0"),
    ({"op": "concat_rows", "inputs": ["words"]}, "inputs/0", "expected [rows, channels], found [4, 4, 5]"),
    ({"op": "concat_columns", "inputs": ["short", "one"]}, "inputs/1", "expected the shape of the first input, [4, 12], but for the channels, found [1, 12]"),
    ({"op": "concat_rows", "inputs": ["short", "rows"]}, "inputs/1", "expected [rows, 12] like the first input, found [4, 48]"),
    ({"op": "layer_norm", "input": "short", "eps": 0}, "eps", "expected a positive number, found 0"),
    ({"op": "layer_norm", "input": "short", "eps": "true"}, "eps", "expected a real number, found true"),
    ({"op": "layer_norm", "input": "short", "eps": 1, "groups": 5}, "groups", "expected a number of groups that divides 12 channels, found 5"),
    ({"op": "layer_norm", "input": "short", "eps": 1, "groups": 0}, "groups", "expected a number of groups that divides 12 channels, found 0"),
    ({"op": "linear", "input": "short", "features": 7, "parts": ["a", "b"]}, "features", "expected a multiple of 2 parts, found 7"),
    ({"op": "pool", "kind": "mean", "input": "words"}, "input", "expected [tokens, channels], found [4, 4, 5]"),
    ({"op": "reshape", "input": "short", "shape": [7, 7]}, "shape", "expected as many elements as [4, 12] has, found [7, 7]"),
    ({"op": "slice_columns", "input": "short", "begin": 10, "columns": 3}, "begin", "expected a range inside 12 channels, found 3 from 10"),
    ({"op": "slice_rows", "input": "words", "begin": 0, "rows": 1}, "input", "expected [rows, channels], found [4, 4, 5]"),
    ({"op": "slice_rows", "input": "short", "begin": 3, "rows": 2}, "begin", "expected a range inside 4 rows, found 2 from 3"),
    ({"op": "transpose", "input": "words"}, "input", "expected [rows, columns], found [4, 4, 5]"),
    (unfold(input="short"), "input", "expected [channels, height, width], found [4, 12]"),
    (unfold(stride=0), "stride", "expected a size from 1 to 4096, found 0"),
    (unfold(stride=5000), "stride", "expected a size from 1 to 4096, found 5000"),
    *((dict(op, **{field: tensor(4, 12)}), field, "expected a value that depends on the input, found a weight")
      for op, field in [
          ({"op": "pool", "kind": "mean"}, "input"),
          ({"op": "reshape", "shape": [12, 4]}, "input"),
          ({"op": "slice_rows", "begin": 0, "rows": 1}, "input"),
          ({"op": "transpose"}, "input"),
          ({"op": "unfold", "kernel": 1, "stride": 1}, "input"),
          ({"op": "attention", "query": "short", "value": "short", "heads": 1}, "key"),
          ({"op": "attention", "query": "short", "key": "short", "heads": 1}, "value"),
          ({"op": "attention_map", "query": "short", "heads": 1}, "key")]),
    (unfold(padding=4), "padding", "expected a padding from 0 to 3, found 4"),
    (unfold(kernel=9), "kernel", "expected a window that fits the padded image of 8 pixels, found 9"),
    (unfold(tile=6), "tile", "expected tiles that divide 8 pixels and are a multiple of the stride 4, found 6"),
    (plus({"op": "transpose", "input": tensor(12, 4), "permutation": [0, 0]}), "other/permutation", "expected each axis once, found [0, 0]"),
    (plus({"op": "slice", "input": tensor(9, 12), "axis": 0, "begin": 6, "length": 4}), "other/begin", "expected a range inside 9 entries, found 4 from 6"),
    (plus({"op": "slice", "input": tensor(9, 12), "axis": 2, "begin": 0, "length": 4}), "other/axis", "expected an axis from 0 to 1, found 2"),
    (plus({"op": "reshape", "input": tensor(7, 7), "shape": [4, 12]}), "other/shape", "expected as many elements as [7, 7] has, found [4, 12]"),
    (plus({"op": "concat", "inputs": [tensor(2, 12), {"tensor": "v", "shape": [2, 11]}], "axis": 0}), "other/inputs/1", "expected the shape of the first input, [2, 12], but along axis 0, found [2, 11]"),
    (plus({"op": "repeat", "input": tensor(4, 12), "axis": 0, "times": 2}), "other/input", "expected a length of 1 along axis 0, found [4, 12]"),
    (plus({"op": "resample", "input": tensor(4, 12), "size": 2, "filter": "bicubic"}), "other/input", "expected [rows, columns, channels], found [4, 12]"),
    (plus({"op": "sincos", "grid": 2, "width": 10}), "other/width", "expected a positive multiple of 4, found 10"),
    ({"op": "attention", "query": {"tensor": "w", "shape": [12]}, "key": "short", "value": "short", "heads": 1}, "query", "expected a rank of at least 2, found [12]"),
    ({"op": "concat_rows", "inputs": [{"value": "short", "when": False}]}, "inputs", "expected at least one input that is present"),
    ({"op": "reshape", "input": "short", "shape": [1.5, 2]}, "shape", "expected a list of integers, found 1.5"),
    (plus({"op": "concat", "inputs": [tensor(2, 12), tensor(1, 12)], "axis": 0}), "other/inputs/1", "expected tensor 'w' to have one shape, found [1, 12] here and [2, 12] at line "),
    (plus({"op": "transpose", "input": {"tensor": "w"}, "permutation": [1, 0]}), "other/input", "expected the key 'shape': it does not follow from the context"),
    (plus({"op": "transpose", "input": tensor(12, 4), "permutation": [0]}), "other/permutation", "expected 2 axes, found 1"),
    (plus({"op": "transpose", "input": {"op": "constant", "values": 1}, "permutation": [1, 0]}), "other/input", "expected the key 'shape': it does not follow from the context"),
    (plus({"op": "constant", "values": "true", "shape": [12]}), "other/values", "expected a number or a list of numbers, found true"),
    (plus({"op": "constant", "values": 1, "each": 0, "shape": [12]}), "other/each", "expected a positive number, found 0"),
    (plus({"tensor": "a b", "shape": [12]}), "other/tensor", "expected a tensor's name without spaces and control characters, found 'a b'"),
    (plus({"op": "matvec", "matrix": tensor(12, 4), "vector": {"tensor": "v", "shape": [5]}}), "other/vector", "expected [in] for a matrix [out, in], found [5] for [12, 4]"),
    (plus({"op": "resample_kernel", "input": tensor(2, 2, 12), "size": 2, "filter": "bicubic"}), "other/input", "expected [out, in, height, width], found [2, 2, 12]"),
    (plus({"op": "resample", "input": tensor(2, 2, 12), "size": 2, "filter": "bicubic", "offset": -1}), "other/offset", "expected a number greater than -1, found -1"),
    (plus({"op": "scale", "input": tensor(4, 12), "axis": 0, "factors": {"tensor": "v", "shape": [3]}}), "other/factors", "expected [4], a factor for every entry along axis 0, found [3]"),
    (plus({"op": "sincos", "grid": 0, "width": 12}), "other/grid", "expected sides from 1 to 65535, found 0"),
    (plus({"op": "sincos", "grid": "70000x1", "width": 12}), "other/grid", "expected sides from 1 to 65535, found 70000"),
    (plus({"op": "resample_kernel", "input": tensor(1, 1, 1, 5000), "size": 2, "filter": "bicubic"}), "other/input", "expected sides of at most 4096, found [1, 5000]"),
    (plus({"op": "resample_kernel", "input": tensor(1, 1, 2, 2), "size": "5000x2", "filter": "bicubic"}), "other/size", "expected sides of at most 4096, found [5000, 2]"),
    (plus({"op": "sincos", "grid": 2, "width": 12, "prefix": -1}), "other/prefix", "expected 0 to 65535 rows, found -1"),
    (plus({"op": "add", "input": tensor(4, 12), "other": {"tensor": "v", "shape": [3]}}), "other/other", "expected the shape of the input, [4, 12], found [3]"),
    (plus(tensor(4, 11)), "other", "expected the shape of the input, [4, 12], or a trailing part of it, found [4, 11]"),
    ({"op": "linear", "input": "short", "features": 2, "weight": tensor(3, 12)}, "weight", "expected a weight of shape [2, 12], found [3, 12]"),
]


def main():
    directory = pathlib.Path(sys.argv[1])
    failed = 0
    for i, (node, field, text) in enumerate(CASES):
        path = directory / f"{i}.json"
        graph = [*VALUES, {"name": "faulty", **node}]
        path.write_text(json.dumps({
            "vitc": 1, "name": "faulty", "input": {"channels": 3, "size": 8},
            "graph": graph, "outputs": {"y": {"value": "faulty", "meaning": "y"}}},
            indent=1), encoding="utf-8")
        run = subprocess.run(["vitc", "info", path], capture_output=True,
                             text=True, check=False)
        expected = (re.escape(str(path)) + r":\d+:\d+: error: "
                    + re.escape(f"/graph/{len(VALUES)}/{field}: {text}"))
        if run.returncode != 1 or not re.search(expected, run.stderr):
            failed += 1
            print(f"expected {field}: {text}\n{run.stderr}")
    sys.exit(f"{failed} of {len(CASES)} failed" if failed else 0)


main()
