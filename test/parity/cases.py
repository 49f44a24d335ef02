"""The command that goes through random cases of several kinds."""

import argparse
import dataclasses
import pathlib
import random
import sys
import tempfile

import torch


@dataclasses.dataclass
class Verdict:
    share: float  # of what is allowed; passed up to 1
    text: str  # what was worst, or wrong
    case: str = ""  # what was drawn


def run_kind(options, name, check, folder):
    """The number of cases of one kind that failed."""
    worst, failed = (-1.0, "", ""), 0
    for index in range(options.count):
        # A generator a case: cases stay what they are when others change.
        rng = random.Random(f"{options.seed} {name} {index}")
        place = folder / f"{name}-{index}"
        place.mkdir(parents=True)
        verdict = check(options.vitc, name, rng, place, index)
        if not verdict.share <= 1:
            failed += 1
            print(f"FAIL {name} {index}: {verdict.text}\n     {verdict.case}",
                  flush=True)
        if not verdict.share <= worst[0]:
            worst = (verdict.share, verdict.text, index)
    print(f"{name}: {options.count - failed} of {options.count} passed, worst "
          f"is {worst[2]}: {worst[1]}", flush=True)
    return failed


def main(doc, kinds, count, check):
    """Runs check(vitc, kind, random generator, folder, index) for `count` cases of
    every kind, or as the command line says; exits with 0 if all passed."""
    parser = argparse.ArgumentParser(description=doc.split("\n")[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND",
                        help=f"which of {', '.join(kinds)}")
    parser.add_argument("--vitc", default="build/bin/vitc")
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path,
                        help="folder for what was saved and compiled")
    options = parser.parse_args()
    for kind in options.kinds:
        if kind not in kinds:
            parser.error(f"expected some of {', '.join(kinds)}, found '{kind}'")
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or pathlib.Path(temporary)
        failed = [run_kind(options, kind, check, folder)
                  for kind in options.kinds or kinds]
    sys.exit(sum(failed) > 0)
