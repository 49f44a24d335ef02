"""Compares a compiled model with its graph, executed in float64.

check_model.py DIR IMAGE TOLERANCE SPEC [OPTION...]
    compiles SPEC with the options of `vitc compile`, runs it on IMAGE (.npy),
    and compares every output asked for with what evaluate-graph finds;
    TOLERANCE is of the largest difference over the largest magnitude
"""

import pathlib
import subprocess
import sys

import golden

directory, image, tolerance, *options = sys.argv[1:]
directory = pathlib.Path(directory)
expected, graph = directory / "expected", directory / "graph.mlir"
expected.mkdir(parents=True)
weights = ["--weights", "closed-form:random"]
compiling = ["vitc", "compile", *options]
with open(graph, "w", encoding="utf-8") as text:
    subprocess.run([*compiling, "--emit=graph"], stdout=text, check=True)
subprocess.run(["evaluate-graph", graph, *weights, "--input", image,
                "-o", expected], check=True)
subprocess.run([*compiling, *weights, "-o", directory / "model"], check=True)
names = sorted(path.name for path in expected.iterdir())
assert names, "no outputs"
wanted = [f"--output={name[:-4]}={directory / name}" for name in names]
subprocess.run(["vitc", "run", directory / "model", "--input", image, *wanted],
               check=True)
for name in names:
    golden.compare_same(directory / name, expected / name, tolerance)
