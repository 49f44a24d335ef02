"""Holds each activation to its error, number by number.

activations.py make FILE
    writes an image of numbers: small, large, evenly spread, not a number
activations.py check KIND TOLERANCE NUMBERS RESULTS
    compares with the formula in float64; TOLERANCE is of the largest difference
    over |x| where that is below 1/4, over max(1, |x|) elsewhere
"""

import math
import struct
import sys

import golden

SIDE = 128


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
    magnitudes = [10.0**e for e in range(-30, 10)] + [0.0, math.inf]
    special = [sign * x for x in magnitudes for sign in (1, -1)] + [math.nan]
    count = SIDE * SIDE - len(special)
    return special + [24 * i / (count - 1) - 12 for i in range(count)]


def check(kind, tolerance, given, results):
    _, given = golden.read(given)
    _, results = golden.read(results)
    assert len(given) == len(results) == SIDE * SIDE
    worst = 0.0
    for x, found in zip(given, results):
        if math.isnan(x):
            assert math.isnan(found), f"{kind}: NaN gives {found}"
            continue
        if math.isinf(x):
            continue
        scale = abs(x) if 0 < abs(x) < 0.25 else max(1.0, abs(x))
        worst = max(worst, abs(found - FORMULAS[kind](x)) / scale)
    print(f"{kind}: {worst:.2e}")
    assert worst <= float(tolerance), f"{kind}: {worst} is above {tolerance}"


if sys.argv[1] == "make":
    golden.write(sys.argv[2], "<f4", (1, SIDE, SIDE), numbers())
else:
    check(*sys.argv[2:])
