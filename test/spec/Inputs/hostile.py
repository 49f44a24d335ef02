"""Gives vitc hostile specs, each beyond one limit: hostile.py VITC DIRECTORY.

Every one must end in the error that names the limit, in few seconds and little
memory.
"""

import copy
import json
import pathlib
import resource
import subprocess
import sys

vitc, directory = sys.argv[1], pathlib.Path(sys.argv[2])
directory.mkdir(parents=True, exist_ok=True)
SECONDS, DATA = 10, 1 << 30

small = json.loads((pathlib.Path(__file__).parents[2] /
                    "models/Inputs/small.json").read_text())


def spec(**parts):
    return json.dumps({**copy.deepcopy(small), **parts})


def node(name, source, **more):
    return {"name": name, "op": "activation", "kind": "relu",
            "input": source, **more}


def doubling(levels):
    """Blocks that each call the one below twice."""
    blocks = {"b0": {"inputs": ["x"], "graph": [node("a", "x")],
                     "output": "a"}}
    for i in range(1, levels):
        calls = [{"name": name, "block": f"b{i - 1}", "input": source}
                 for name, source in (("p", "x"), ("q", "p"))]
        blocks[f"b{i}"] = {"inputs": ["x"], "graph": calls, "output": "q"}
    return blocks


def called(blocks, block, **more):
    graph = copy.deepcopy(small["graph"])
    graph[2] = {"name": "blocks", "block": block, "input": "embed", **more}
    return spec(blocks=blocks, graph=graph)


def chain(length):
    """Documents that each build on the next; the last on none."""
    for i in range(length):
        (directory / f"chain{i}.json").write_text(json.dumps(
            {"vitc": 1, "name": f"c{i}", "base": f"chain{i + 1}.json"}))
    return (directory / "chain0.json").read_text()


def width(value):
    """small.json with the parameter's default replaced."""
    parameters = copy.deepcopy(small["parameters"])
    parameters["width"]["default"] = value
    return spec(parameters=parameters)


many = {f"l{i}": i for i in range(501)}
wide = {f"l{i}": " + ".join("len(range(4096))" for _ in range(40))
        for i in range(400)}
loop = {"mlp": {"inputs": ["x"], "output": "y", "graph": [
    {"name": "y", "block": "slow", "repeat": 1024, "input": "x"}]},
    "slow": {"inputs": ["x"], "output": "z", "graph": [
        {"name": "z", "block": "one", "repeat": 1024, "input": "x"}]},
    "one": {"inputs": ["x"], "output": "x", "graph": []}}
image = {"channels": 1, "size": "image"}

CASES = [
    ("bytes of a file", " " * (5 << 20) + spec(),
     "expected a file of at most 4194304 bytes"),
    ("values", "[" + "1," * 200001 + "1]", "expected at most 200000 JSON values"),
    ("nesting", "[" * 100000, "expected at most 64 nested JSON values"),
    ("chain of documents", chain(12),
     "expected at most 8 documents that build on each other"),
    ("members", spec(let={**small["let"], **many}),
     "expected 0 to 500 members, found 502"),
    ("expression's length", width("1+" * 600 + "1"),
     "expected an expression of at most 1000 characters"),
    ("expression's brackets", width("(" * 400), "at most 50 nested expressions"),
    ("expression's signs", width("-" * 900 + "1"),
     "at most 50 nested expressions"),
    ("integer", width(10 ** 30), "expected an integer of at most 64 bits"),
    ("integer in an expression", width("9" * 30),
     "expected an integer of at most 64 bits"),
    ("range", width("len(range(1000000000))"), "4096"),
    ("list of lists", width("len(" + "range(" * 45 + "4" + ")" * 46),
     "error: /parameters/width/default"),
    ("repetitions", called(small["blocks"], "mlp", repeat=10 ** 9),
     "expected 0 to 1024 repetitions, found 1000000000"),
    ("nested repetitions", called(loop, "mlp", repeat=1024),
     "the spec takes too much work to evaluate"),
    ("calls", called(doubling(60), "b59"), "expected at most 50000 nodes"),
    ("work of expressions", spec(let={**small["let"], **wide},
                                 require=[{"that": " + ".join(
                                     f"l{i}" for i in range(100)) + " > 0",
                                     "text": "x"}] * 400),
     "the spec takes too much work to evaluate"),
    ("elements", width(2 ** 40), "at most 2147483648 elements"),
    ("image", spec(input={**image, "size": "100000x100000"}),
     "expected a size from 1 to 65536 pixels a side"),
    ("channels", spec(input={**image, "channels": 257}),
     "expected 1 to 256 channels, found 257"),
    ("word", spec(name="x" * 65), "expected a word of at most 64"),
    ("text", spec(title="x" * 201), "expected a text of at most 200 bytes"),
    ("errors", spec(graph=[node(f"n{i}", "nowhere") for i in range(5000)]),
     "error"),
]


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (DATA, DATA))


wrong = 0
for what, text, expected in CASES:
    path = directory / "hostile.json"
    if what == "chain of documents":
        path = directory / "chain0.json"
    else:
        path.write_text(text)
    done = subprocess.run([vitc, "info", path], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, preexec_fn=limit,
                          timeout=300)
    lines = done.stderr.splitlines()
    if done.returncode != 1 or expected not in done.stderr or len(lines) > 102:
        wrong += 1
        print(f"{what}: status {done.returncode}, {len(lines)} lines, "
              f"expected {expected!r}, found {done.stderr[:300]}")
print(f"{len(CASES)} limits, {wrong} wrong")
