"""Compare vitc with timm and transformers on models drawn at random.

    python run.py [--vitc PATH] [--count N] [--seed S] [--keep DIR] [FAMILY ...]

For each model: the library saves it, vitc imports, compiles and runs it, and its
outputs, with those of one block, are compared with the library's in float64. The
difference may be 2e-5 of the largest value (in maps of attention 1e-5), or twice
what the library itself is off by in float32. Prints the worst case of each family;
the status is 0 if all passed.
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile

import families
import numpy as np
import torch

TOLERANCE = 2e-5
ATTENTION_TOLERANCE = 1e-5


def vitc(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True,
                          text=True)
    if done.returncode:
        raise RuntimeError(f"vitc {arguments[0]}: {done.stderr.strip()}")
    return done.stdout


def compiled_outputs(program, folder, image, names, settings):
    """What the compiled model makes of `image`, by name."""
    changes = [f"--set={name}={value}" for name, value in settings.items()]
    vitc(program, "compile", folder / "saved", "-o", folder / "out",
         "--outputs", ",".join(names), *changes)
    np.save(folder / "image.npy", image.numpy())
    options = []
    for name in names:
        options += ["--output", f"{name}={folder / name}.npy"]
    vitc(program, "run", folder / "out", "--input", folder / "image.npy",
         *options)
    return {name: np.load(folder / f"{name}.npy") for name in names}


def all_outputs(case, image, block):
    """Outputs of the model and, at its own size, of one block."""
    result = case.outputs(case.model, image)
    if not case.settings:
        result |= case.blocks(case.model, image, block)
    return result


def compare(program, case, folder, seed, images=2):
    """The largest difference over what it may be, and where it is."""
    case.write(folder / "saved")
    image = torch.randn((images, *case.shape),
                        generator=torch.Generator().manual_seed(seed))
    block = seed % case.depth
    with torch.no_grad():
        single = all_outputs(case, image, block)
        case.model.double()
        double = all_outputs(case, image.double(), block)
    found = compiled_outputs(program, folder, image, list(double),
                             case.settings)
    worst = (0.0, "")
    for name, reference in double.items():
        reference = reference.numpy()
        attention = "attention" in name
        scale = 1 if attention else np.abs(reference).max()
        tolerance = ATTENTION_TOLERANCE if attention else TOLERANCE
        own = np.abs(single[name].numpy() - reference).max() / scale
        result = found[name].reshape(reference.shape)
        error = np.abs(result - reference).max() / scale
        share = error / max(tolerance, 2 * own)
        if not share < worst[0]:
            worst = (share, f"{name} {error:.1e}, the library {own:.1e}")
    return worst


def run_family(options, name, folder):
    worst, failed = (-1.0, "", ""), 0
    for index in range(options.count):
        # A generator a case: cases stay what they are when others change.
        rng = random.Random(f"{options.seed} {name} {index}")
        case = families.FAMILIES[name](rng)
        place = folder / f"{name}-{index}"
        place.mkdir(parents=True)
        try:
            share, text = compare(options.vitc, case, place, index)
        except RuntimeError as error:
            share, text = float("inf"), str(error)
        if not share <= 1:
            failed += 1
            print(f"FAIL {name} {index}: {text}\n     {case.text}", flush=True)
        if share > worst[0]:
            worst = (share, text, index)
    print(f"{name}: {options.count - failed} of {options.count} passed, worst "
          f"is {worst[2]}: {worst[1]}", flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("families", nargs="*", metavar="FAMILY")
    parser.add_argument("--vitc", default="build/bin/vitc")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or pathlib.Path(temporary)
        for name in options.families or families.FAMILIES:
            failed += run_family(options, name, folder)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
