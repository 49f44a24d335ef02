"""Compares `vitc info` with counts.json: check_counts.py VITC COUNTS.

Prints how many entries it compared and which built-in models have none.
"""

import json
import subprocess
import sys

vitc, path = sys.argv[1:]


def output(*arguments):
    return subprocess.run(
        [vitc, *arguments], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


with open(path, encoding="utf-8") as file:
    counted = json.load(file)["models"]
listed = {line.split()[0] for line in output("list").splitlines()[1:] if line}
wrong = []
for model in counted:
    if model["name"] not in listed:
        wrong.append(f"{model['name']}: not a built-in model")
        continue
    settings = [f"--set={key}={str(value).lower()}"
                for key, value in model["set"].items()]
    info = json.loads(output("info", model["name"], "--json", *settings))
    for key in "parameters", "macs":
        if info[key] != model[key]:
            wrong.append(f"{model['name']} {settings}: expected {model[key]} "
                         f"{key}, found {info[key]}")
print("compared:", len(counted))
for name in sorted(listed - {model["name"] for model in counted}):
    print("no counts:", name)
if wrong:
    sys.exit("\n".join(wrong))
