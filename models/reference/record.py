"""Record what PyTorch and timm compute, for the tests to compare with.

    python record.py [--golden DIR] [counts] [closed_form] [full_size]

Writes into test/golden; its README.md says what each file holds. The tests read
the files and never run this script.
"""

import argparse
import json
import pathlib
import re

import numpy as np
import torch

import formula
import networks
import timm

# timm name -> digits of a NumPy program that shares no code with timm: five
# logits, image 32, depth 2, 5 classes, weights and image from the closed form.
CLOSED_FORM = {
    "vit_tiny_patch16_224": [
        -0.288128071, 1.140897994, -0.611891093, -0.842198325, 1.070308327],
    "deit_tiny_distilled_patch16_224": [
        -0.766585227, 0.373225246, 0.510005249, -0.747778578, -0.032425318],
    "tnt_s_patch16_224": [
        -0.728500941, 0.247019999, 0.209569833, -0.731608129, 0.735359613],
    "tnt_s_legacy_patch16_224": [
        -0.745095120, 0.262141910, 0.203195371, -0.737047883, 0.749996507],
}
SMALL = dict(img_size=32, depth=2, num_classes=5)

FULL_SIZE = ["deit_small_patch16_224", "deit_small_distilled_patch16_224",
             "tnt_s_patch16_224", "tnt_s_legacy_patch16_224"]

ORIGIN = f"timm {timm.__version__}, torch {torch.__version__}"


def write(path, value):
    text = json.dumps(value, indent=1)
    # Lists of numbers and the rows of `counts.json` go on one line.
    text = re.sub(r"\[[^][{}]*\]", lambda m: " ".join(m[0].split()), text)
    text = re.sub(r"\{\s+\"name\"[^{}]*\{[^{}]*\}[^{}]*\}",
                  lambda m: " ".join(m[0].split()), text)
    path.write_text(text + "\n")
    print(f"{path}: {path.stat().st_size} bytes")


def digits(values, count=12):
    """Values as numbers with `count` significant digits."""
    return [float(f"{v:.{count}g}") for v in np.asarray(values).ravel()]


class Taps:
    """Keeps the tokens that leave each block and the last LayerNorm."""

    def __init__(self, model):
        self.stages = {}
        for i, block in enumerate(model.blocks):
            block.register_forward_hook(self.keep(f"block {i}"))
        model.norm.register_forward_hook(self.keep("norm"))
        model.blocks[0].register_forward_pre_hook(
            lambda module, args: self.store("embedding", args))

    def keep(self, stage):
        return lambda module, args, result: self.store(stage, result)

    def store(self, stage, value):
        # A TNT block has words and patches; a ViT block has patches alone.
        words, tokens = value if isinstance(value, tuple) and len(
            value) == 2 else (None, value[0] if isinstance(value, tuple)
                              else value)
        self.stages[stage] = tokens[0].numpy()
        if words is not None:
            self.stages[stage + ", words"] = words.numpy().reshape(
                -1, words.shape[-1])

    def ends(self, stages):
        """First and last four values of the first, second and last row."""
        return {stage: {"shape": list(self.stages[stage].shape), "rows": {
            str(row): {"first": digits(self.stages[stage][row, :4]),
                       "last": digits(self.stages[stage][row, -4:])}
            for row in (0, 1, len(self.stages[stage]) - 1)}}
            for stage in stages if stage in self.stages}


def record_counts(golden):
    entries = []
    small = dict(image=32, depth=2, classes=5)
    cases = [(name, {}, {}) for name in networks.PUBLISHED]
    cases += [(name, {"one_head": True}, {"dual_head": False})
              for name in networks.DEIT if "distilled" in name]
    cases += [(name, {"img_size": 224}, {"image": 224})
              for name in networks.DINOV2]
    cases += [(name, {}, {}) for name in networks.fashion.MODELS]
    cases += [(name, SMALL, small) for name in CLOSED_FORM]
    for name, arguments, set_ in cases:
        model_of = lambda: networks.build(name, **arguments)
        parameters, macs = networks.count(model_of)
        with torch.device("meta"):
            if (parameters, macs) != networks.formula_counts(model_of()):
                raise SystemExit(f"{name}: counted {parameters}, {macs}; "
                                 f"{networks.formula_counts(model_of())} "
                                 "by the formula")
        entries.append({"name": name, "set": set_, "parameters": parameters,
                        "macs": macs})
    write(golden / "counts.json", {
        "source": f"{ORIGIN}: parameters of the constructed model and "
                  "multiply-adds of its matrix products and convolutions, "
                  "counted as they are dispatched on the meta device, one "
                  "image; each equal to the closed formula",
        "models": entries})


def record_closed_form(golden):
    models = {}
    for name, expected in CLOSED_FORM.items():
        model = networks.build(name, **SMALL).double()
        networks.fill(model, formula.closed_form)
        shape = networks.input_shape(model)
        image = torch.from_numpy(formula.closed_form_image(shape))
        taps, stem = Taps(model), []
        embed = getattr(model, "pixel_embed", None) or model.patch_embed
        embed.proj.register_forward_hook(
            lambda module, args, result: stem.append(result.numpy()))
        with torch.no_grad():
            logits = model(image)[0].numpy()
        if np.abs(logits - expected).max() > 1e-9:
            raise SystemExit(f"{name}: {logits}, expected {expected}")
        models[name] = {
            "input": shape[1:], "set": dict(image=32, depth=2, classes=5),
            "parameters": sum(p.numel() for p in model.parameters()),
            "logits": digits(logits),
            "convolution": {"shape": list(stem[0].shape),
                            "first": digits(stem[0].ravel()[:8]),
                            "last": digits(stem[0].ravel()[-8:])},
            "stages": taps.ends(taps.stages)}
    write(golden / "closed_form.json", {
        "source": f"{ORIGIN}, float64",
        "formula": "models/reference/formula.py, closed_form",
        "models": models})


def record_full_size(golden):
    models = {}
    for name in FULL_SIZE:
        model = networks.fill(networks.build(name), formula.hashed)
        shape = networks.input_shape(model)
        image = torch.from_numpy(formula.hashed_image(shape))
        with torch.no_grad():
            single = model(image)[0].double().numpy()
            model.double()
            taps = Taps(model)
            logits = model(image.double())[0].numpy()
        np.save(golden / f"{name}.logits.npy", logits)
        error = np.abs(single - logits).max() / np.abs(logits).max()
        models[name] = {
            "logits": f"{name}.logits.npy", "input": shape[1:],
            "class": int(logits.argmax()),
            "largest": float(np.abs(logits).max()),
            "float32_error": float(f"{error:.2g}"),
            "stages": taps.ends([
                "embedding", "embedding, words", "block 0", "block 0, words",
                "block 5", "block 11", "norm"])}
        spread = {stage: float(value.std().round(3))
                  for stage, value in taps.stages.items()}
        print(f"{name}: logits {logits.min():.3f} to {logits.max():.3f}, "
              f"float32 off by {error:.1e}; deviations {spread}")
    write(golden / "full_size.json", {
        "source": f"{ORIGIN}, float64, weights and image in float32",
        "formula": "models/reference/formula.py, hashed",
        "check": {name: digits(formula.uniform(name, 4), 17) for name in
                  ("image", "cls_token", "blocks.0.norm1.weight")},
        "models": models})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = pathlib.Path(__file__).resolve()
    parser.add_argument("--golden", type=pathlib.Path,
                        default=here.parents[2] / "test" / "golden")
    parts = dict(counts=record_counts, closed_form=record_closed_form,
                 full_size=record_full_size)
    parser.add_argument("parts", nargs="*", metavar="PART",
                        help=f"all by default: {' '.join(parts)}")
    args = parser.parse_args()
    for part in args.parts:
        if part not in parts:
            parser.error(f"no part '{part}': {' '.join(parts)}")
    torch.set_num_threads(1)
    for part in args.parts or parts:
        parts[part](args.golden)


if __name__ == "__main__":
    main()
