"""Makes what a program needs before it can run a model.

    prepare.py weights MODEL DIRECTORY
        weights.safetensors, input.f32, reference.f64: the same for all
    prepare.py PEER MODEL IMAGES THREADS WEIGHTS DIRECTORY
        the peer's own files

Runs in the virtual environment.
"""

import importlib
import sys
from pathlib import Path

import networks
import settings


def prepare_weights(name, directory):
    import numpy
    import torch
    from safetensors.torch import save_file

    network = networks.build(name)
    networks.randomise(network)
    save_file(network.state_dict(), directory / "weights.safetensors")
    images = max(settings.IMAGES)
    generator = numpy.random.default_rng(settings.SEED)
    pixels = generator.standard_normal(
        (images, *settings.INPUT_SHAPE), dtype=numpy.float32
    )
    pixels.tofile(directory / "input.f32")
    network = network.double()
    with torch.inference_mode():
        rows = [network(torch.from_numpy(p[None]).double()) for p in pixels]
    torch.cat(rows).numpy().tofile(directory / "reference.f64")


def main():
    if sys.argv[1] == "weights":
        prepare_weights(sys.argv[2], Path(sys.argv[3]))
        return
    peer, name, images, threads, weights, directory = sys.argv[1:]
    module = importlib.import_module(f"peers.{peer}")
    module.prepare(name, weights, int(images), int(threads), Path(directory))


main()
