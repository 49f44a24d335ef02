"""Compare what vitc reads of every architecture of timm with what timm builds.

    python architectures.py [--vitc PATH] [PATTERN]

Nothing is computed: the models are built without memory, and the files that vitc
reads have a header but holes for data. A model must either be refused, or have
timm's number of parameters, heads, epsilon, activation and pooling.
"""

import argparse
import json
import math
import pathlib
import struct
import subprocess
import sys
import tempfile

import draw
import timm
import torch
from timm.models._hub import save_config_for_hf

MODULES = ("vision_transformer", "deit", "tnt", "vision_transformer_hybrid",
           "vision_transformer_relpos", "vision_transformer_sam", "eva", "beit",
           "cait", "swin_transformer", "xcit", "pit", "crossvit")
ACTIVATIONS = {"GELU": "gelu", "GELUTanh": "gelu_tanh",
               "QuickGELU": "quick_gelu", "SiLU": "silu"}
POOLS = {"token": "token", "avg": "mean", "max": "max", "avgmax": "meanmax",
         "map": "map"}


def save(model, folder):
    """What save_for_hf writes, with a hole in place of the data."""
    header, offset = {}, 0
    for name, tensor in model.state_dict().items():
        end = offset + 4 * math.prod(tensor.shape)
        header[name] = {"dtype": "F32", "shape": list(tensor.shape),
                        "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + offset)
    save_config_for_hf(model, folder / "config.json")


def expected(model):
    block = model.blocks[0]
    result = {"parameters": sum(p.numel() for p in model.parameters())}
    if hasattr(block, "attn_out"):
        return result | {"heads": block.attn_out.num_heads,
                         "inner_heads": block.attn_in.num_heads,
                         "eps": block.norm_out.eps}
    return result | {
        "heads": block.attn.num_heads, "eps": block.norm1.eps,
        "activation": ACTIVATIONS[type(block.mlp.act).__name__],
        "pool": POOLS[model.global_pool],
        "no_embed_class": model.no_embed_class and model.num_prefix_tokens > 0,
        "pool_prefix": getattr(model, "pool_include_prefix", False)}


def check(program, name, folder):
    """"same", "refused", or what differs."""
    with torch.device("meta"):
        model = timm.create_model(name)
    save(model, folder)
    done = subprocess.run([program, "info", "--json", str(folder)],
                          capture_output=True, text=True)
    if done.returncode:
        known = "not supported" in done.stderr
        return "refused" if known else done.stderr.strip()
    kind = type(model).__name__
    if kind not in ("VisionTransformer", "VisionTransformerDistilled", "Eva",
                    "TNT"):
        return f"{kind} is taken for what it is not"
    info = json.loads(done.stdout)
    found = dict(info["settings"], parameters=info["parameters"])
    differences = [
        f"{key} {found[key]} instead of {value}"
        for key, value in expected(model).items()
        if str(found[key]).lower() != str(value).lower()
        and not (key == "eps" and math.isclose(float(found[key]), value))]
    return ", ".join(differences) or "same"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pattern", nargs="?", default="")
    parser.add_argument("--vitc", default="build/bin/vitc")
    options = parser.parse_args()
    counts = {"same": 0, "refused": 0}
    wrong = 0
    names = {name for module in MODULES
             for name in timm.list_models(options.pattern, module=module)}
    for name in sorted(names):
        with tempfile.TemporaryDirectory() as folder:
            result = check(options.vitc, name, pathlib.Path(folder))
        if result in counts:
            counts[result] += 1
        else:
            wrong += 1
            print(f"{name}: {result}", flush=True)
    print(f"{counts['same']} the same, {counts['refused']} refused, "
          f"{wrong} wrong")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
