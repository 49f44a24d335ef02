"""Makes what a peer needs before it can run a model.

    prepare.py PEER MODEL IMAGES THREADS WEIGHTS DIRECTORY

Runs in the virtual environment.
"""

import importlib
import sys
from pathlib import Path


def main():
    peer, name, images, threads, weights, directory = sys.argv[1:]
    module = importlib.import_module(f"peers.{peer}")
    module.prepare(name, weights, int(images), int(threads), Path(directory))


main()
