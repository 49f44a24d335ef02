"""Holds each activation to the error that VectorMath.h states.

activations.py make FILE
    writes an image of numbers: small, large, infinite, not a number
activations.py check KIND NUMBERS RESULTS
    compares with the formula in float64
"""

import math
import struct
import sys

import golden

SIDE = 128
SMALL = 0.25  # below, the error is relative to x
SMALL_ERROR, ERROR = 4e-7, 2e-7


def logistic(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


FORMULAS = {
    "gelu": lambda x: x / 2 * math.erfc(-x / math.sqrt(2)),
    "gelu_tanh": lambda x: x * logistic(
        2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)),
    "quick_gelu": lambda x: x * logistic(1.702 * x),
    "silu": lambda x: x * logistic(x),
    "relu": lambda x: max(x, 0.0),
    "tanh": math.tanh,
}


def numbers():
    magnitudes = [10.0**e for e in range(-30, 10)]
    magnitudes += [SMALL * 10 ** (-i / 500) for i in range(3000)]
    special = [sign * x for x in magnitudes for sign in (1, -1)]
    special += [0.0, math.inf, math.nan]
    count = SIDE * SIDE - len(special)
    return special + [24 * i / (count - 1) - 12 for i in range(count)]


def is_right(kind, x, found):
    """Not-a-number stays what it is; an infinity has the formula's limit."""
    if math.isnan(x):
        return math.isnan(found)
    if math.isinf(x):
        return found == (1.0 if kind == "tanh" else math.inf)
    error = abs(found - FORMULAS[kind](x))
    if abs(x) < SMALL:
        return error <= SMALL_ERROR * abs(x)
    return error <= ERROR * max(1.0, abs(x))


def check(kind, given, results):
    _, given = golden.read(given)
    _, results = golden.read(results)
    assert len(given) == len(results) == SIDE * SIDE
    for x, found in zip(given, results):
        assert is_right(kind, x, found), f"{kind} of {x}: found {found}"


if sys.argv[1] == "make":
    golden.write(sys.argv[2], "<f4", (1, SIDE, SIDE), numbers())
else:
    check(*sys.argv[2:])
