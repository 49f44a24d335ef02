"""Compares models/graph.schema.json with the importer: check_schema.py VITC ROOT TEMP.

Both must accept every spec of the repository, and both refuse each of the
faulty ones below, which are small.json with one place changed.
"""

import copy
import json
import pathlib
import subprocess
import sys

import jsonschema

vitc, root, temporary = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
schema = json.loads((root / "models/graph.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
small = json.loads((root / "test/models/Inputs/small.json").read_text())

REMOVED = object()
# A place and what to put there.
GOOD = [
    ("doc", {"any": ["thing"]}),
    ("graph/1/doc", "a comment"),
    ("graph/1/when", "depth > 0"),
    ("graph/1/bias", False),
    ("graph/1/weight", {"tensor": "{name}.weight", "shape": ["width", 16]}),
    ("graph/2/block", [{"block": "mlp", "when": "depth > 1"}, {"block": "mlp"}]),
    ("graph/2/index", "i"),
    ("labels", {"names": ["a", "b", "c"], "when": "true"}),
    ("input/preprocess", {"mean": 0.5, "std": [0.25], "crop": "image"}),
    ("input/preprocess", {"mean": 0.5, "std": 1, "resize": "cover", "size": "9x8",
                          "crop_rounding": "down", "channel_order": "bgr",
                          "scale": 1}),
    ("parameters/kind", {"type": "name", "values": ["a", "b"], "default": "a"}),
    ("variants", {"wide": {"width": 32}}),
    ("ignore", ["head.*"]),
    ("graph/3/input", "blocks.{depth - 1}"),
    ("outputs/all@{k}", {"count": "depth", "value": "blocks.{k}", "meaning": "{k}", "when": "k > 0"}),
    ("outputs/more", {"block": "mlp", "input": "blocks.{depth - 1}", "meaning": "more"}),
    ("outputs/more@{k}", {"block": [{"block": "mlp"}], "inputs": {"x": "blocks.{k}"}, "count": 1, "meaning": "more"}),
]
BAD = [
    ("", []),
    ("vitc", 2),
    ("vitc", REMOVED),
    ("name", "two words"),
    ("name", REMOVED),
    ("title", "two\nlines"),
    ("title", "x" * 201),
    ("lables", []),
    ("graph", REMOVED),
    ("graph", {}),
    ("graph/0", "patches"),
    ("graph/0/imput", "image"),
    ("graph/0/name", "a..b"),
    ("graph/0/name", "9a"),
    ("graph/0/name", REMOVED),
    ("graph/0/kernel", REMOVED),
    ("graph/0/kernel", None),
    ("graph/0/kernel", [["patch"]]),
    ("graph/0/op", "fold"),
    ("graph/0/op", REMOVED),
    ("graph/0/input", 3),
    ("graph/0/input", {"value": "image", "op": "x"}),
    ("graph/1/parts", ["a"]),
    ("graph/1/parts", ["a", "a"]),
    ("graph/1/weight", "embed.weight"),
    ("graph/1/weight", {"shape": [6, 16]}),
    ("graph/1/weight", {"tensor": 1}),
    ("graph/1/weight", {"op": "transposed"}),
    ("graph/1/weight", {"op": "concat", "axis": 0, "inputs": []}),
    ("graph/1/weight", {"op": "reshape"}),
    ("graph/2/index", "1"),
    ("graph/2/repeat", {}),
    ("graph/2/inputs", {"x": "embed"}),
    ("graph/2/op", 5),
    ("graph/2/block", []),
    ("blocks/mlp/output", REMOVED),
    ("blocks/mlp/outputs", {"x": "act"}),
    ("blocks/mlp/inputs", "x"),
    ("blocks/a b", {"inputs": [], "graph": [], "output": "x"}),
    ("parameters/width/type", "int"),
    ("parameters/width/default", REMOVED),
    ("parameters/width/min", "1"),
    ("parameters/width/values", ["a"]),
    ("parameters/2x", {"type": "integer", "default": 1}),
    ("parameters/kind", {"type": "name", "default": "a"}),
    ("parameters/kind", {"type": "name", "values": [], "default": "a"}),
    ("let/columns", None),
    ("let/columns", "1+" * 500 + "1"),
    ("require/0/text", REMOVED),
    ("require/0/that", {}),
    ("input/size", REMOVED),
    ("input/preprocess", {"mean": 0.5}),
    ("input/preprocess", {"mean": 0.5, "std": 1, "factor": 2}),
    ("outputs", {}),
    ("outputs/logits/meaning", REMOVED),
    ("outputs/logits/value", 1),
    ("outputs/logits/count", 1),
    ("outputs/logits/input", "head"),
    ("outputs/logits/block", "mlp"),
    ("outputs/all@{k}", {"value": "head", "meaning": "x"}),
    ("outputs/all@{k}", {"count": 1, "default": True, "value": "head", "meaning": "x"}),
    ("outputs/all@k", {"count": 1, "value": "head", "meaning": "x"}),
    ("outputs/more", {"input": "head", "meaning": "more"}),
    ("outputs/more", {"block": "mlp", "input": "head", "inputs": {"x": "head"}, "meaning": "more"}),
    ("labels", "a"),
    ("labels", [1, 2, 3]),
    ("base", "vit"),
]


def changed(place, value):
    """A copy of small.json; keys of the place that are missing are added."""
    if not place:
        return value
    spec = copy.deepcopy(small)
    *way, last = place.split("/")
    into = spec
    for key in way:
        into = into[int(key) if isinstance(into, list) else key]
    if isinstance(into, list):
        last = int(last) if last.isdigit() else len(into)
    if value is REMOVED:
        del into[last]
    elif isinstance(into, list) and last == len(into):
        into.append(value)
    else:
        into[last] = value
    return spec


def compare(spec, good, what):
    path = pathlib.Path(temporary)
    path.write_text(json.dumps(spec))
    done = subprocess.run([vitc, "info", path], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True)
    importer, published = done.returncode == 0, validator.is_valid(spec)
    if importer == published == good and done.returncode in (0, 1):
        return 0
    print(f"{what}: expected {good}, importer {importer}, schema {published}")
    for error in validator.iter_errors(spec):
        print("  schema:", error.json_path, error.message[:200])
    print(" ", done.stderr[:300])
    return 1


wrong = 0
specs = [path for path in sorted(root.glob("models/specs/*.json"))]
specs.append(root / "test/models/Inputs/small.json")
for path in specs:
    for error in validator.iter_errors(json.loads(path.read_text())):
        wrong += 1
        print(f"{path}: {error.json_path}: {error.message[:300]}")
for place, value in GOOD:
    wrong += compare(changed(place, value), True, f"{place} = {value}")
for place, value in BAD:
    text = "(removed)" if value is REMOVED else json.dumps(value)[:60]
    wrong += compare(changed(place, value), False, f"{place} = {text}")
print(f"{len(specs)} specs, {len(GOOD)} good and {len(BAD)} faulty changes, "
      f"{wrong} wrong")
