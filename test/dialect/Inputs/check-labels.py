"""Checks that every op of the dialect and every labelled constraint has a test.

usage: check-labels.py SOURCE_ROOT

For `def ... : Vit_Op<"layer_norm"` with `(C2)` in its description there must be
test/dialect/layer-norm.mlir with `vit.layer_norm`, and layer-norm-invalid.mlir
with a function @layer_norm_c2. Prints what is missing, then the counts.
"""

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
tests = root / "test" / "dialect"
op_start = re.compile(r'^def \w+ : Vit_\w*Op<"(\w+)"', re.M)
ops = labels = missing = 0


def text_of(path):
    return path.read_text(encoding="utf-8") if path.exists() else ""


def require(held, what):
    global missing
    if not held:
        missing += 1
        print(f"missing: {what}")


for source in sorted((root / "dialect").glob("*.td")):
    parts = op_start.split(source.read_text(encoding="utf-8"))
    for name, body in zip(parts[1::2], parts[2::2]):
        ops += 1
        kebab = name.replace("_", "-")
        valid = text_of(tests / f"{kebab}.mlir")
        invalid = text_of(tests / f"{kebab}-invalid.mlir")
        require(f"vit.{name} " in valid or f"vit.{name}\n" in valid,
                f"vit.{name} in {kebab}.mlir")
        require(invalid, f"{kebab}-invalid.mlir")
        for label in sorted(set(re.findall(r"^ *\(C(\d+)\)", body, re.M))):
            labels += 1
            require(re.search(rf"@{name}_c{label}\b", invalid),
                    f"@{name}_c{label} in {kebab}-invalid.mlir")

print(f"{ops} ops, {labels} labels, {missing} missing")
sys.exit(missing != 0)
