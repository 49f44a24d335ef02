"""timm's networks with weights that are no trained ones but exercise all."""

import sys
from pathlib import Path

import settings

sys.path.insert(0, str(Path(__file__).parent.parent / "models" / "train"))


def build(name):
    """timm's network `name` in evaluation mode, as timm initialises it."""
    import no_torchvision  # noqa: F401  (timm imports torchvision)
    import timm

    return timm.create_model(name, num_classes=settings.CLASSES).eval()


def load_network(name, weights):
    """The network with the weights of the safetensors file `weights`."""
    from safetensors.torch import load_file

    network = build(name)
    network.load_state_dict(load_file(weights))
    return network


def randomise(network):
    """Gives all parameters fixed values in the range of trained networks.

    timm starts biases at zero and scales at one, where a program that leaves
    them out would go unseen.
    """
    import torch

    generator = torch.Generator().manual_seed(settings.SEED)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            values = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() == 1:
                scale = 1.0 if name.endswith(".weight") else 0.0
                parameter.copy_(scale + 0.1 * values)
            else:
                fan_in = parameter[0].numel()
                parameter.copy_(values * min(0.05, fan_in**-0.5))
