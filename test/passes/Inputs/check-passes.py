"""Checks that every registered pass and stage pipeline has a test.

usage: vit-opt --help | check-passes.py TEST_FOLDER

For a pass vit-fold-scale there must be TEST_FOLDER/fold-scale.mlir, for a
pipeline a line of pipelines.mlir, with a RUN line that names it. Prints every
name, then the counts.
"""

import pathlib
import re
import sys

tests = pathlib.Path(sys.argv[1])
names = sorted(set(re.findall(r"^ +--(vit-[a-z-]+)", sys.stdin.read(), re.M)))
missing = 0
for name in names:
    pipeline = name.endswith("-pipeline")
    stem = "pipelines" if pipeline else name.removeprefix("vit-")
    path = tests / f"{stem}.mlir"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    runs = "\n".join(line for line in text.splitlines() if "RUN:" in line)
    print(name)
    if not re.search(rf"\b{name}\b", runs):
        missing += 1
        print(f"missing: {name} in {path.name}")

print(f"{len(names)} passes and pipelines, {missing} missing")
sys.exit(missing != 0)
