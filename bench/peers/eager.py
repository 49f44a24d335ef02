"""PyTorch as it runs without compilation."""

from networks import load_network


def prepare(name, weights, images, threads, directory):
    pass  # it runs the network as it is


def load(name, weights, images, threads, directory):
    import torch

    torch.set_num_threads(threads)
    network = load_network(name, weights)

    def run(array):
        with torch.inference_mode():
            return network(torch.from_numpy(array)).numpy()

    return run
