"""Writes what all programs share of a model.

    weights.py MODEL DIRECTORY

    weights.safetensors  the network's weights
    input.f32            images, normal numbers
    reference.f64        their logits, from PyTorch in float64

Runs in the virtual environment.
"""

import sys
from pathlib import Path

import networks
import numpy
import settings
import torch
from safetensors.torch import save_file


def main():
    name, directory = sys.argv[1], Path(sys.argv[2])
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


main()
