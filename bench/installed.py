"""Prints as JSON the bytes on disk of the packages named and all they require.

Runs in the virtual environment. Python itself and what is not installed don't
count; a package that several need counts once.
"""

import json
import os
import sys
from importlib import metadata

from packaging.requirements import Requirement


def package_bytes(distribution):
    paths = [distribution.locate_file(file) for file in distribution.files or []]
    return sum(os.path.getsize(path) for path in paths if os.path.isfile(path))


def closure(names):
    found, left = {}, list(names)
    while left:
        name = left.pop().lower().replace("_", "-")
        if name in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[name] = package_bytes(distribution)
        for text in distribution.requires or []:
            requirement = Requirement(text)
            if not requirement.marker or requirement.marker.evaluate({"extra": ""}):
                left.append(requirement.name)
    return found


print(json.dumps(closure(sys.argv[1:])))
