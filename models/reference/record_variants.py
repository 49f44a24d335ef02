"""Record small networks whose graph differs from the published ones.

    python record_variants.py [--golden DIR]

Each takes one switch that a spec has and a published network does not: another
kind of position, no class token, a picture that patches do not divide, plain
blocks among TNT blocks. Weights and image are `hashed` of formula.py.
"""

import argparse
import pathlib

import numpy as np
import torch
from torch import nn

import formula
import networks
from record import ORIGIN, digits, write

VIT = "vit_tiny_patch16_224"
SMALL = dict(depth=2, num_classes=5)


class PlainBlock(nn.Module):
    """A TNT block without its inner half and fold: words pass unchanged.

    The parameters that remain keep the names they have in a TNT block.
    """

    def __init__(self, block):
        super().__init__()
        self.norm_out, self.attn_out = block.norm_out, block.attn_out
        self.norm_mlp, self.mlp = block.norm_mlp, block.mlp

    def forward(self, words, tokens):
        tokens = tokens + self.attn_out(self.norm_out(tokens))
        return words, tokens + self.mlp(self.norm_mlp(tokens))


def sincos(rows, columns, width):
    """[rows * columns + 1, width]: a zero row for the class token, then for
    the patch at (y, x) sin(w x), cos(w x), sin(w y), cos(w y), each for
    w_i = 10000^(-i / (width / 4)), i < width / 4."""
    w = 10000.0 ** (-np.arange(width // 4) / (width / 4))
    y, x = np.divmod(np.arange(rows * columns), columns)
    x, y = x[:, None] * w, y[:, None] * w
    table = np.concatenate([np.sin(x), np.cos(x), np.sin(y), np.cos(y)], 1)
    return np.concatenate([np.zeros((1, width)), table])


def learned_2d(rows, columns, width):
    """[rows * columns + 1, width]: a zero row for the class token, then for
    the patch at (y, x) row x of `pos_embed_x` [columns, width / 2] and row y
    of `pos_embed_y` [rows, width / 2], one after the other."""
    x = formula.hashed("pos_embed_x", (columns, width // 2))
    y = formula.hashed("pos_embed_y", (rows, width // 2))
    table = np.concatenate([np.tile(x, (rows, 1)),
                            np.repeat(y, columns, axis=0)], 1)
    return np.concatenate([np.zeros((1, width)), table])


def with_positions(model, table_of):
    """Filled network whose position table is `table_of(rows, columns, D)`."""
    networks.fill(model, formula.hashed)
    table = table_of(*model.patch_embed.grid_size, model.embed_dim)
    with torch.no_grad():
        model.pos_embed.copy_(torch.from_numpy(table)[None])
    return model


def variants():
    """Yield (name, what it is, filled network in float64)."""

    def vit(**arguments):
        return networks.build(VIT, **{**SMALL, **arguments}).double()

    def filled(model):
        return networks.fill(model, formula.hashed)

    yield ("no_class_token", f"{VIT}, image 32, no class token: mean of the "
           "patches, then the last LayerNorm (`fc_norm`)",
           filled(vit(img_size=32, class_token=False, global_pool="avg")))
    yield ("no_position", f"{VIT}, image 32, no position table",
           filled(vit(img_size=32, pos_embed="none")))
    yield ("sincos_position", f"{VIT}, image 32 rows by 48 columns, fixed "
           "sine-cosine positions, zero for the class token",
           with_positions(vit(img_size=(32, 48)), sincos))
    yield ("learned_2d_position", f"{VIT}, image 32 rows by 48 columns, tables "
           "`pos_embed_x` and `pos_embed_y`, zero for the class token",
           with_positions(vit(img_size=(32, 48)), learned_2d))
    yield ("ragged_image", f"{VIT}, image 30, patch 7: 4 by 4 patches, the "
           "last two rows and columns unused",
           filled(vit(img_size=30, patch_size=7)))
    yield ("odd_heads", f"{VIT}, image 32, width 66 in 3 heads of 22",
           filled(vit(img_size=32, embed_dim=66, num_heads=3)))
    hybrid = networks.build("tnt_s_patch16_224", img_size=32, depth=4,
                            num_classes=5).double()
    for i in (1, 3):
        hybrid.blocks[i] = PlainBlock(hybrid.blocks[i])
    yield ("tnt_and_plain_blocks", "tnt_s_patch16_224, image 32, depth 4: "
           "blocks 0 and 2 are TNT blocks, 1 and 3 have only the outer half",
           filled(hybrid))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = pathlib.Path(__file__).resolve().parents[2]
    parser.add_argument("--golden", type=pathlib.Path,
                        default=root / "test" / "golden")
    args = parser.parse_args()
    torch.set_num_threads(1)
    models = {}
    for name, what, model in variants():
        shape = networks.input_shape(model)
        image = torch.from_numpy(formula.hashed_image(shape)).double()
        with torch.no_grad(), networks.MacCounter() as counter:
            logits = model(image)[0]
        models[name] = {
            "what": what, "input": shape[1:],
            "parameters": sum(p.numel() for p in model.parameters()),
            "macs": counter.macs, "logits": digits(logits)}
    write(args.golden / "variants.json", {
        "source": f"{ORIGIN}, float64; `parameters` counts the whole position "
                  "table where timm has one",
        "formula": "models/reference/formula.py, hashed",
        "models": models})


if __name__ == "__main__":
    main()
