"""What the models that the parity suite draws at random have in common.

Imports the libraries, too: transformers, then timm, with or without torchvision.
"""

import dataclasses
import logging
import math
import pathlib
import sys
import typing

import torch
import transformers

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "models" / "train"))
import no_torchvision  # noqa: E402,F401  (before timm, behind transformers)
import timm  # noqa: E402

timm.layers.set_fused_attn(False)
logging.getLogger("timm").setLevel(logging.ERROR)
transformers.utils.logging.disable_progress_bar()


@dataclasses.dataclass
class Case:
    model: torch.nn.Module
    shape: tuple  # of the image: channels, height, width
    save: typing.Callable  # (folder)
    outputs: typing.Callable  # (model, image) -> {name: tensor}
    blocks: typing.Callable  # (model, image, block) -> {name: tensor}
    depth: int
    text: str  # what was drawn
    dtype: torch.dtype = torch.float32  # of the saved file
    settings: dict = dataclasses.field(default_factory=dict)  # for --set
    resized: typing.Callable = None  # model -> the model for `settings`

    def write(self, folder):
        """Saves the model in the drawn type, to which its weights are rounded;
        the model is then the one that the settings ask for."""
        self.model.to(self.dtype)
        self.save(folder)
        self.model.float()
        if self.resized:
            self.model = self.resized(self.model)


# Matrices of queries and keys. With them, and with what norms scale them by, scores
# stay below some hundred: beyond, the last bit of a score in float32 is more than the
# 1e-5 that a map may be off by.
SCORES = ("qkv", "qk.", "q_proj", "k_proj", "attn_pool.q.", "attn_pool.kv.", "in_proj")
SCORES_GAIN = 0.4


def spread(model, generator, gain=1.1):
    """Fills a model with numbers that show mistakes: scales of norms far from
    1, biases everywhere, some channels much larger than others. A matrix makes
    independent numbers `gain` times as large, queries and keys less."""
    def normal(like, deviation):
        return torch.randn(like.shape, generator=generator) * deviation
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if tensor.ndim == 0:
                continue  # scales image and text against each other
            if name.endswith(("q_norm.weight", "k_norm.weight")):
                tensor.copy_(normal(tensor, 0.3).exp())
            elif "norm" in name and name.endswith("weight") and tensor.ndim == 1:
                tensor.copy_(normal(tensor, 0.7).exp())
                tensor[::17] *= 4
            elif "gamma" in name or "lambda1" in name:
                tensor.copy_(normal(tensor, 0.5))
            elif tensor.ndim == 1:
                tensor.copy_(normal(tensor, 0.3))
                tensor[::29] *= 12
            elif "pos_" in name or "position" in name or "token" in name:
                tensor.copy_(normal(tensor, 0.5))
            else:
                fan_in = tensor[0].numel()
                most = SCORES_GAIN if any(part in name for part in SCORES) else gain
                deviation = min(gain, most) / math.sqrt(fan_in)
                tensor.copy_(normal(tensor, deviation))
    return model.eval()


def sizes(rng):
    """Patch (height, width), grid and the image that they make."""
    patch = rng.choice([(4, 4), (8, 8), (7, 7), (4, 8)])
    grid = rng.choice([(3, 3), (2, 5), (4, 4), (1, 1), (5, 5)])
    return patch, (patch[0] * grid[0], patch[1] * grid[1])


def widths(rng):
    heads = rng.choice([1, 2, 3, 4])
    return heads, heads * rng.choice([6, 8, 10, 16, 22])


def file_type(rng):
    return rng.choice([torch.float32] * 4 + [torch.float16, torch.bfloat16])


def other_grid(rng, grid):
    """Another grid of patches, square or not."""
    return rng.choice([other for other in ((2, 2), (3, 3), (4, 2), (3, 7), (6, 6))
                       if other != grid])


def add_attention(result, attention, class_token):
    """Adds the map and what the class token sees of the patches."""
    result["attention"] = attention
    patches = result["patches"].shape[1]
    if class_token:
        result["class_attention"] = attention[:, :, 0, -patches:].unflatten(
            -1, result["map"].shape[2:])
