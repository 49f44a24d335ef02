"""Compare vitc with timm and transformers on models drawn at random.

    python run.py [--vitc PATH] [--count N] [--seed S] [--keep DIR] [KIND ...]

For each model: the library saves it, vitc imports, compiles and runs it, and its
outputs, with those of one block, are compared with the library's in float64. The
difference may be 2e-5 of the largest value, or twice what the library itself is off
by in float32: over eight images, since from one to the next that varies severalfold.
In maps of attention it may be 1e-5. Prints the worst case of each family; the status
is 0 if all passed.
"""

import subprocess

import cases
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


def compare(program, case, folder, seed, images=8):
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
        own = np.abs(single[name].numpy() - reference).max() / scale
        result = found[name].reshape(reference.shape)
        error = np.abs(result - reference).max() / scale
        share = error / (ATTENTION_TOLERANCE if attention
                         else max(TOLERANCE, 2 * own))
        if not share < worst[0]:
            worst = (share, f"{name} {error:.1e}, the library {own:.1e}")
    return worst


def check(program, name, rng, folder, index):
    case = families.FAMILIES[name](rng)
    try:
        share, text = compare(program, case, folder, index)
    except RuntimeError as error:
        share, text = float("inf"), str(error)
    return cases.Verdict(share, text, case.text)


def main():
    cases.main(__doc__, families.FAMILIES, 40, check)


if __name__ == "__main__":
    main()
