"""torch.compile with inductor and frozen weights.

A process compiles the model at its first run. What the compiler keeps on disk
between processes is allowed: it stays in the peer's directory.
"""

import os

import settings
from networks import load_network

SETTINGS = settings.PEERS["inductor"]


def prepare(network, weights, images, directory):
    pass


def load(name, weights, images, threads, directory):
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(directory / f"cache-{threads}")
    import torch
    from torch._inductor import config

    for key, value in SETTINGS["config"].items():
        setattr(config, key, value)
    torch.set_num_threads(threads)
    network = torch.compile(load_network(name, weights), **SETTINGS["compile"])

    def run(array):
        with torch.inference_mode():
            return network(torch.from_numpy(array)).numpy()

    return run
