"""Imports, compiles and runs every recorded checkpoint; compares its outputs.

run_recorded.py RECORDED FOLDER
    prints "NAME passed" for each; vitc is found through PATH
"""

import json
import os
import subprocess
import sys

import checkpoint


def vitc(*arguments):
    done = subprocess.run(["vitc", *arguments], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        sys.exit(f"vitc {' '.join(arguments)}\n{done.stderr}")


def run(name, case, folder):
    def path(*parts):
        return os.path.join(folder, name, *parts)
    outputs = list(case["outputs"])
    checkpoint.write(case, path("saved"), [])
    checkpoint.write_image(case, path("image.npy"))
    settings = [f"--set={key}={value}"
                for key, value in case["settings"].items()]
    vitc("import", path("saved"), "-o", path("spec"), *settings)
    spec, = os.listdir(path("spec"))
    vitc("compile", path("spec", spec), "-o", path("out"),
         "--outputs", ",".join(outputs))
    options = [f"--output={output}={path(output)}.npy" for output in outputs]
    vitc("run", path("out"), "--input", path("image.npy"), *options)
    for output in outputs:
        checkpoint.compare(case, output, path(f"{output}.npy"))
    print(name, "passed", flush=True)


def main():
    recorded, folder = sys.argv[1:]
    with open(recorded, encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    for name, case in cases.items():
        run(name, case, folder)


if __name__ == "__main__":
    main()
