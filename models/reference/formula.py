"""Weights and images that are computed, so that no file has to hold them.

Two formulas. `closed_form` is for the small networks: a sine of the element's
index. Its matrices have rank two, which is no good at full size, so those
networks take `hashed`: uniform pseudo-random values from splitmix64.

Both start from a hash of the tensor's name and run over its elements in
row-major order, i = 0, 1, ... The small networks keep float64; the values of
the full-size ones are float32, the type that a checkpoint would hold.
"""

import numpy as np

MASK = (1 << 64) - 1


def closed_form(name, shape):
    """w[i] = 0.05 sin(0.37 i + 0.01 h); 1-D tensors `*.weight` get 1 more.

    h = 0; for each character of the name: h = (31 h + code) mod 9973.
    """
    h = 0
    for code in name.encode():
        h = (31 * h + code) % 9973
    i = np.arange(np.prod(shape), dtype=np.float64)
    w = 0.05 * np.sin(0.37 * i + 0.01 * h)
    if name.endswith(".weight") and len(shape) == 1:
        w += 1.0
    return w.reshape(shape)


def closed_form_image(shape):
    """x[i] = cos(0.013 i)."""
    i = np.arange(np.prod(shape), dtype=np.float64)
    return np.cos(0.013 * i).reshape(shape)


def fnv1a(name):
    """FNV-1a, 64 bits, of the name's bytes."""
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    return h


def uniform(name, count):
    """u[i] in [-1, 1), exact in float32: the top 24 bits of splitmix64.

    z = fnv1a(name) + i + 0x9E3779B97F4A7C15
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB
    z = z ^ (z >> 31)                          all modulo 2^64
    u = (z >> 40) / 2^23 - 1
    """
    with np.errstate(over="ignore"):
        z = np.arange(count, dtype=np.uint64)
        z += np.uint64((fnv1a(name) + 0x9E3779B97F4A7C15) & MASK)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / (1 << 23) - 1.0


def hashed(name, shape):
    """A tensor of a well-conditioned random network, float32.

    Rank 2 or more: sqrt(3 / fan_in) u, where fan_in is the product of all
    dimensions but the first (so a matrix keeps the variance of what it gets);
    rank 1 and named `*.weight`, the scales of LayerNorm: 1 + 0.1 u;
    any other of rank 1, the biases: 0.02 u.
    Computed in float64, rounded once to float32.
    """
    u = uniform(name, int(np.prod(shape)))
    if len(shape) > 1:
        w = np.sqrt(3.0 / np.prod(shape[1:])) * u
    elif name.endswith(".weight"):
        w = 1.0 + 0.1 * u
    else:
        w = 0.02 * u
    return w.astype(np.float32).reshape(shape)


def hashed_image(shape):
    """x = u of the name `image`, float32, fed to the network as it is."""
    return uniform("image", int(np.prod(shape))).astype(
        np.float32).reshape(shape)
