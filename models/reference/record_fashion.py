"""Record what PyTorch says about the 10,000 Fashion-MNIST test images.

    python record_fashion.py [--weights DIR] [--golden DIR] [--data DIR]

For each of the two trained networks: logits in float64, [10000, 10], the class
that PyTorch gives in float32, and a summary in fashion.json.
"""

import argparse
import json
import pathlib

import numpy as np
import torch
from safetensors.torch import load_file

import networks
import timm
from networks import fashion


def run(model, images, name, dtype):
    """Logits [N, 10] of u8 images [N, 28, 28], computed in `dtype`."""
    model.to(dtype)
    with torch.no_grad():
        return torch.cat([model(fashion.prepare(part, name, dtype))
                          for part in images.split(250)]).numpy()


def record(name, weights, golden, images, labels):
    model = networks.build(name)
    model.load_state_dict(load_file(weights / f"{name}.safetensors"))
    single = run(model, images, name, torch.float32)
    double = run(model, images, name, torch.float64)
    # Both start from the bytes, so the error of the normalised input in float32
    # is part of the difference.
    scale = np.abs(double).max(axis=1)
    error = np.abs(single - double).max(axis=1) / scale
    classes = single.argmax(axis=1)
    order = np.sort(double, axis=1)
    margin = (order[:, -1] - order[:, -2]) / scale
    np.save(golden / f"{name}.logits.npy", double)
    np.save(golden / f"{name}.classes.npy", classes.astype(np.uint8))
    correct = int((classes == labels.numpy()).sum())
    per_label = {label: round(float((classes[labels.numpy() == i] == i).mean()),
                              4) for i, label in enumerate(fashion.LABELS)}
    summary = {
        "correct": correct, "images": len(labels),
        "accuracy": correct / len(labels),
        "float32_error": float(f"{error.max():.2g}"),
        "float64_gives_another_class": int((double.argmax(1) != classes).sum()),
        "smallest_margin": float(f"{margin.min():.2g}"),
        "accuracy_by_label": per_label}
    print(name, json.dumps(summary, indent=1))
    return summary


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = pathlib.Path(__file__).resolve().parents[2]
    parser.add_argument("--weights", type=pathlib.Path,
                        default=root / "models" / "weights")
    parser.add_argument("--golden", type=pathlib.Path,
                        default=root / "test" / "golden")
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("models", nargs="*",
                        help="both by default: fashion_vit fashion_tnt")
    args = parser.parse_args()
    torch.set_num_threads(1)
    images, labels = fashion.load(args.data, "t10k")
    path = args.golden / "fashion.json"
    summary = json.loads(path.read_text()) if path.exists() else {}
    summary["source"] = f"timm {timm.__version__}, torch {torch.__version__}"
    summary["labels"] = fashion.LABELS
    for name in args.models or fashion.MODELS:
        if name not in fashion.MODELS:
            parser.error(f"no model '{name}'")
        summary[name] = record(name, args.weights, args.golden, images, labels)
    path.write_text(json.dumps(summary, indent=1) + "\n")


if __name__ == "__main__":
    main()
