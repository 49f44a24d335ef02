"""Tries faults of a document, of its blocks and of its expressions.

faulty_specs.py DIR: writes small.json with one text replaced for every entry of
CASES and checks what `vitc info` says of it: the file, a line and a column, the
JSON pointer to the fault, and the text.
"""

import pathlib
import re
import subprocess
import sys

LET = '"patch.height * patch.width"'
HEAD = '{"name": "head", "op": "linear", "input": "mean", "features": 3}'
CALL = '"block": "mlp", "repeat": "depth", "input": "embed"'
INPUT = '"input": {"channels": 1, "size": "image"}'
SCORES = '"value": "head", "default": true, "meaning": "scores"'
OUTPUT = '"value": "head"'


def weight(text):
    return f'{{"name": "head", "op": "add", "input": "mean", "other": {text}}}'


def preprocess(text, channels=1):
    return (f'"input": {{"channels": {channels}, "size": "image", '
            f'"preprocess": {{"mean": 0, "std": 1, {text}}}}}')


def expression(text, problem):
    return (LET, text, "/let/columns", problem)


def indexed(key, value, place, problem, count='"depth"'):
    return (f'"logits": {{{SCORES}}}',
            f'{key}: {{"count": {count}, {value}, "meaning": "scores"}}',
            place, problem)


# Text of small.json, what replaces it, the pointer to the fault, what is said.
CASES = [
    # Expressions.
    expression('"not 3"', "expected true or false, found 3"),
    expression('"1e308 * 1e308"', "the result is not a finite number"),
    expression('"sqrt(-1)"', "the result is not a finite number"),
    expression('"9223372036854775807 + 1"', "the result does not fit 64 bits"),
    expression('"int(1e300)"', "the result does not fit 64 bits"),
    expression('"1 in 2"', "expected a list after 'in', found 2"),
    expression('"[[1], 2]"', "expected a value, found a list in a list"),
    expression('"depth.height"', "expected a size such as 320x256, found 2"),
    expression('"true + 1"', "expected numbers, found true + 1"),
    expression('"-true"', "expected a number, found true"),
    expression('"len(3)"', "expected a list, found 3"),
    expression('"abs(true)"', "expected a number, found true"),
    expression('"range(1.5)"', "expected an integer, found 1.5"),
    expression('"range(-1)"', "expected a range of 0 to "),
    expression('"patch.depth"', "expected 'height' or 'width' after '.', found 'depth'"),
    expression('"99999999999999999999x1"', "expected a size that fits 64 bits, found '99999999999999999999x1'"),
    expression('"99999999999999999999"', "expected an integer of at most 64 bits, found '99999999999999999999'"),
    expression('"1e999"', "expected a finite number, found '1e999'"),
    expression("\"'open\"", "expected a closing ' of the name"),
    expression('"mim(1, 2)"', "unknown function 'mim'; did you mean 'min'?"),
    expression('"sqrt(1, 2)"', "expected 1 arguments of 'sqrt', found 2"),
    expression('"1 2"', "expected the end of the expression, found '2'"),
    expression('"1 % 0"', "division by zero"),
    expression('"abs(-9223372036854775807 - 1)"', "the result does not fit 64 bits"),
    expression('"range(10000000)"', "expected a range of 0 to "),
    expression('"1 if true"', "expected 'else', found the end of the expression"),
    expression('"(1 2)"', "expected ')', found '2'"),
    expression('"[1 2]"', "expected ',' or ']', found '2'"),
    expression(f'"{"not " * 60}true"', "expected at most 50 nested expressions"),
    expression(f'"{"-" * 60}1"', "expected at most 50 nested expressions"),
    (LET, "[[1]]", "/let/columns/0", "expected a value, found an array"),
    (LET, "null", "/let/columns", "expected a value or an expression, found null"),
    ('"value": "head"', '"value": "{depth"', "/outputs/logits/value", "expected a '}' for this '{'"),
    ('"value": "head"', '"value": "{image}"', "/outputs/logits/value", "expected an integer or a name in braces, found 8x8"),
    ('"value": "head"', f'"value": "{"h" * 500}"', "/outputs/logits/value", "expected a name of at most 200 characters"),
    # Parameters.
    ('"min": 0}', '"max": "2"}', "/parameters/depth/max", "expected a number, found '2'"),
    ('"min": 0}', '"values": ["a"]}', "/parameters/depth", "expected 'values' for a parameter of type name, and only there"),
    ('"let": {', '"let": {"path": 1, ', "/let/path", "'path' is reserved"),
    ('"let": {', '"let": {"depth": 1, ', "/let/depth", "'depth' is declared twice"),
    ('"min": 0}', '"min": 0}, "taps": {"type": "integers", "default": [1, 9], "max": 8}', "/parameters/taps/default", "expected a list of integers of at most 8, found [1, 9]"),
    ('"min": 0}', '"min": 3, "max": 4}', "/parameters/depth/default", "expected an integer from 3 to 4, found 2"),
    ('"depth": {"type": "integer", "default": 2, "min": 0}', '"depth": {"type": "name", "values": ["few", "many"], "default": "manny"}', "/parameters/depth/default", "expected one of 'few' or 'many', found 'manny'; did you mean 'many'?"),
    # Nodes and blocks.
    (HEAD, "7", "/graph/4", "expected a node, an object, found 7"),
    (HEAD, '{"op": "linear", "input": "mean", "features": 3}', "/graph/4", "expected the key 'name'"),
    (HEAD, '{"name": "head"}', "/graph/4", "expected the key 'op' or 'block'"),
    ('"name": "head"', '"name": "head of"', "/graph/4/name", "expected a name such as 'attn.qkv', found 'head of'"),
    ('"name": "head"', '"name": 5', "/graph/4/name", "expected a name, found 5"),
    ('"name": "head"', '"name": "mean"', "/graph/4", "the name 'mean' is used twice"),
    ('"name": "embed", "op": "linear", "input": "patches"', '"name": "embed", "op": "concat_rows", "inputs": ["patches"], "when": false', "/graph/2/input", "'embed' is absent: its 'when' is false"),
    ('"input": "embed"', '"input": 7', "/graph/2/input", "expected the name of a value or a weight expression, found 7"),
    ('"features": 3', '"features": 4, "parts": ["a", "a"]', "/graph/4/parts/1", "part 'a' is named twice"),
    ('"features": 3', '"features": 4, "parts": ["a", "b"]', "/outputs/logits/value", "'head' has parts: expected one of them, such as 'head.PART'"),
    (HEAD, weight("{}"), "/graph/4/other", "expected the key 'tensor' or 'op'"),
    (CALL, '"block": "mlp", "index": "i", "input": "embed"', "/graph/2/index", "expected 'repeat' beside 'index'"),
    (CALL, CALL + ', "index": "depth"', "/graph/2/index", "'depth' is declared twice"),
    (CALL, CALL + ', "inputs": {"x": "embed"}', "/graph/2", "expected 'input' or 'inputs', found both"),
    (CALL, '"block": "mlp"', "/graph/2/block", "expected inputs for 'x' of block 'mlp', found 0"),
    (CALL, '"block": "mlp", "inputs": {"y": "embed"}', "/graph/2/inputs/y", "unknown input 'y' of block 'mlp'; did you mean 'x'?"),
    (CALL, CALL + ', "with": {"n": 1}', "/graph/2/with/n", "unknown argument 'n'"),
    (CALL, '"block": [{"block": "mlp", "when": false}], "input": "embed"', "/graph/2", "none of the blocks applies: add one without 'when'"),
    ('"inputs": ["x"],', '"inputs": ["x"], "arguments": ["n"],', "/graph/2/block", "expected a value of the block's argument 'n' in 'with'"),
    ('"inputs": ["x"],', '"inputs": ["x", "x"],', "/blocks/mlp/inputs/1", "'x' is declared twice"),
    ('"output": "act"', '"outputs": {"y": "act"}', "/graph/2/block", "expected a block whose outputs are named like its inputs for 'repeat'"),
    ('"output": "act"', '"doc": "none"', "/blocks/mlp", "expected 'output' or 'outputs'"),
    # The document.
    ('"name": "small"', '"name": "a small one"', "/name", "expected a word of at most 64 letters, digits and _, found 'a small one'"),
    ('"name": "small"', '"name": "small", "title": "a\\nb"', "/title", "expected a text without control characters"),
    ('"meaning": "scores"', '"meaning": "scores", "when": 1', "/outputs/logits/when", "expected true or false, found 1"),
    (OUTPUT, '"value": "image"', "/outputs/logits", "expected 'logits' to be computed from the input"),
    (OUTPUT, '"block": "mlpp", "input": "head"', "/outputs/logits/block", "unknown block 'mlpp'; did you mean 'mlp'?"),
    (OUTPUT, '"block": "mlp", "input": "haed"', "/outputs/logits/input", "unknown value 'haed'; did you mean 'head'?"),
    (OUTPUT, '"block": "mlp", "input": "head", "value": "head"', "/outputs/logits/value", "unknown key 'value'"),
    (OUTPUT, '"input": "head"', "/outputs/logits", "expected the key 'value'"),
    ('"logits": {"value"', '"logits@{k}": {"count": 2, "value"', "/outputs/logits@{k}/default", "unknown key 'default'"),
    indexed('"logits@k"', '"value": "head"', "/outputs/logits@k", "expected a name such as 'logits' or 'tokens@{K}', found 'logits@k'"),
    indexed('"logits@{depth}"', '"value": "head"', "/outputs/logits@{depth}", "'depth' is declared twice"),
    (OUTPUT, '"value": "head", "meaning": "a"}, "all@{k}": {"count": 1, "value": "head", "meaning": "b"}, "all@{j}": {"count": 1, "value": "head", "meaning": "c"}, "more": {"value": "head"', "/outputs/all@{j}", "'all@{j}' is declared twice"),
    indexed('"logits@{k}"', '"value": "blocks.{j}"', "/outputs/logits@{k}/value", "unknown name 'j'; did you mean 'k'?"),
    indexed('"logits@{k}"', '"value": "head", "when": "k"', "/outputs/logits@{k}/when", "expected true or false, found 0"),
    indexed('"logits@{k}"', '"value": "head"', "/outputs/logits@{k}/count", "expected 0 to 1024 outputs, found 1025", 1025),
    ('"mlp": {', '"doc": {', "/blocks/doc", "expected another word: 'doc' is a comment everywhere"),
    ('"default": true', '"default": false', "", 'expected an output with "default": true'),
    (INPUT, preprocess('"crop": 5'), "/input/preprocess/crop", "expected crop and padding to give the input's 8x8 pixels, found a crop of 5x5 and a padding of 0"),
    (INPUT, preprocess('"pad": -1'), "/input/preprocess/pad", "expected an integer from 0 to 65535, found -1"),
    (INPUT, preprocess('"resize": "shorter"'), "/input/preprocess", "expected the key 'size', to which the image is resized"),
    (INPUT, preprocess('"resize": "cover"'), "/input/preprocess", "expected the key 'size', to which the image is resized"),
    (INPUT, preprocess('"resize": "shorter", "size": "9x10"'), "/input/preprocess/size", "expected one number, the shorter side after resizing, found 9x10"),
    (INPUT, preprocess('"resize": "shorter", "size": 7'), "/input/preprocess/size", "expected a size from the crop's 8x8 to 65535x65535, found 7x7"),
    (INPUT, preprocess('"resize": "exact", "size": "9x7"'), "/input/preprocess/size", "expected a size from the crop's 8x8 to 65535x65535, found 9x7"),
    (INPUT, preprocess('"resize": "cover", "size": 65536'), "/input/preprocess/size", "expected a size from the crop's 8x8 to 65535x65535, found 65536x65536"),
    (INPUT, preprocess('"resize": "bigger"'), "/input/preprocess/resize", "expected one of 'none', 'exact', 'shorter' or 'cover', found 'bigger'"),
    (INPUT, preprocess('"crop_rounding": "up"'), "/input/preprocess/crop_rounding", "expected one of 'even' or 'down', found 'up'"),
    (INPUT, preprocess('"channel_order": "grb"'), "/input/preprocess/channel_order", "expected one of 'rgb' or 'bgr', found 'grb'; did you mean 'rgb'?"),
    (INPUT, preprocess('"scale": 0'), "/input/preprocess/scale", "expected a positive number, found 0"),
    (INPUT, preprocess('"pad": 0', channels=2), "/input/preprocess", "expected 1 or 3 channels for an image, found 2"),
    (INPUT, preprocess('"pad": 0').replace('"std": 1', '"std": 0'), "/input/preprocess/std", "expected a positive number, or one for each of 1 channels, found [0]"),
    ('"name": "small"', '"name": "small", "base": 7', "/base", "expected a built-in name or a file, found 7"),
    ('"name": "small"', '"name": "small", "base": "."', "/base", "expected a file, found a directory or device at '.'"),
    ('"name": "small"', '"name": "small", "checkpoint": 7', "/checkpoint", "expected the path of a file, found 7"),
]


def main():
    directory = pathlib.Path(sys.argv[1])
    small = (pathlib.Path(__file__).parent / "small.json").read_text("utf-8")
    failed = 0
    for i, (old, new, place, text) in enumerate(CASES):
        if small.count(old) != 1:
            sys.exit(f"{old!r} occurs {small.count(old)} times")
        path = directory / f"{i}.json"
        path.write_text(small.replace(old, new), encoding="utf-8")
        run = subprocess.run(["vitc", "info", path], capture_output=True,
                             text=True, check=False)
        expected = (re.escape(str(path)) + r":\d+:\d+: error: "
                    + re.escape(f"{place}: {text}" if place else text))
        if run.returncode != 1 or not re.search(expected, run.stderr):
            failed += 1
            print(f"{new}\nexpected {place}: {text}\n{run.stderr}")
    sys.exit(f"{failed} of {len(CASES)} failed" if failed else 0)


main()
