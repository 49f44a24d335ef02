"""The two Fashion-MNIST networks and the data set they are trained on.

The networks are timm's own classes with the arguments given here; everything
that must agree between training, the recorded references and the specs (input
size, padding, normalisation, order of the labels) is stated once, in this file.
"""

import functools
import gzip
import pathlib

import numpy as np
import torch
from torch import nn

import no_torchvision  # noqa: F401  (before timm)
from timm.models.tnt import TNT
from timm.models.vision_transformer import VisionTransformer

LABELS = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal",
          "Shirt", "Sneaker", "Bag", "Ankle boot"]

# Of the training images, in units of full scale (a pixel of 255 is 1).
MEAN, STD = 0.2860, 0.3530

# name -> (class, black pixels added on every side, constructor arguments).
MODELS = {
    "fashion_vit": (VisionTransformer, 0, dict(
        img_size=28, patch_size=4, in_chans=1, num_classes=10,
        embed_dim=96, depth=4, num_heads=3, mlp_ratio=4.0)),
    "fashion_tnt": (TNT, 2, dict(
        img_size=32, patch_size=8, first_stride=2, in_chans=1, num_classes=10,
        embed_dim=96, inner_dim=12, depth=4, num_heads_inner=2,
        num_heads_outer=3, mlp_ratio=4.0)),
}


def build(name, **changes):
    """Construct the network `name`; `changes` override its arguments."""
    cls, _, arguments = MODELS[name]
    return cls(**{**arguments, **changes})


def padding(name):
    """Black pixels that the input of `name` has on every side."""
    return MODELS[name][1]


def read_idx(path):
    """Read a gzip-compressed IDX file of bytes into an array of its shape."""
    with gzip.open(path) as stream:
        raw = stream.read()
    if raw[:3] != b"\0\0\x08":
        raise ValueError(f"{path}: not an IDX file of unsigned bytes")
    rank = raw[3]
    shape = np.frombuffer(raw, ">u4", rank, 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)


def load(directory, part):
    """Images [N, 28, 28] u8 and labels [N] i64; part is `train` or `t10k`."""
    directory = pathlib.Path(directory)
    images = read_idx(directory / f"{part}-images-idx3-ubyte.gz")
    labels = read_idx(directory / f"{part}-labels-idx1-ubyte.gz")
    if len(images) != len(labels):
        raise ValueError(f"{directory}: {part} has {len(images)} images and "
                         f"{len(labels)} labels")
    return torch.from_numpy(images.copy()), torch.from_numpy(
        labels.astype(np.int64))


def prepare(images, name, dtype=torch.float32):
    """u8 images [N, 28, 28] -> what `name` takes, [N, 1, size, size]."""
    side = padding(name)
    padded = nn.functional.pad(images, (side, side, side, side))
    return ((padded.to(dtype) / 255 - MEAN) / STD).unsqueeze(1)
