"""The networks that references are recorded for, by their name in timm."""

import math
import pathlib
import sys

import torch
from torch.utils._python_dispatch import TorchDispatchMode

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "train"))
import fashion  # noqa: E402  (also lets timm be imported without torchvision)
import timm  # noqa: E402
from timm.layers import set_fused_attn  # noqa: E402
from timm.models.tnt import TNT  # noqa: E402

VIT = [f"vit_{size}_patch{patch}_{image}" for size, patch, image in [
    ("tiny", 16, 224), ("tiny", 16, 384),
    ("small", 32, 224), ("small", 32, 384),
    ("small", 16, 224), ("small", 16, 384),
    ("base", 32, 224), ("base", 32, 384),
    ("base", 16, 224), ("base", 16, 384),
    ("large", 32, 224), ("large", 32, 384),
    ("large", 16, 224), ("large", 16, 384),
    ("large", 14, 224), ("huge", 14, 224),
    ("small", 8, 224), ("base", 8, 224),
    ("giant", 14, 224), ("gigantic", 14, 224)]]
DEIT = [f"deit_{name}" for name in [
    "tiny_patch16_224", "small_patch16_224", "base_patch16_224",
    "base_patch16_384",
    "tiny_distilled_patch16_224", "small_distilled_patch16_224",
    "base_distilled_patch16_224", "base_distilled_patch16_384"]]
DEIT3 = [f"deit3_{name}" for name in [
    "small_patch16_224", "medium_patch16_224", "base_patch16_224",
    "large_patch16_224", "huge_patch14_224"]]
CLIP = [f"vit_base_patch{patch}_clip_224" for patch in (16, 32)]
FLEXI = [f"flexivit_{size}" for size in ("small", "base", "large")]
# Without a head.
DINOV2 = [f"vit_{size}_patch14_{registers}dinov2"
          for size in ("small", "base", "large") for registers in ("", "reg4_")]
SIGLIP = ["vit_base_patch16_siglip_224"]

# Sizes of the paper: inner width, inner heads, outer width, outer heads. timm
# has entry points for only some of these; its class makes all of them.
TNT_SIZES = {"ti": (12, 2, 192, 3), "s": (24, 4, 384, 6), "b": (40, 4, 640, 10)}
TNTS = [f"tnt_{size}_{graph}patch16_224" for size in TNT_SIZES
        for graph in ("", "legacy_")]
PUBLISHED = VIT + DEIT + DEIT3 + CLIP + FLEXI + DINOV2 + SIGLIP + TNTS


class Zero(torch.nn.Module):
    def forward(self, x):
        return 0


def build(name, one_head=False, **arguments):
    """The network `name` in evaluation mode, without its trained weights; a
    distilled one without its second head if `one_head`."""
    # One matrix product after the other, as the graph says: the counter sees
    # them all, and float64 takes the same path as float32.
    set_fused_attn(False)
    if name in fashion.MODELS:
        model = fashion.build(name, **arguments)
    elif name.startswith("tnt_"):
        inner, inner_heads, outer, outer_heads = TNT_SIZES[name.split("_")[1]]
        model = TNT(**{**dict(
            patch_size=16, embed_dim=outer, inner_dim=inner, depth=12,
            num_heads_inner=inner_heads, num_heads_outer=outer_heads,
            legacy="legacy" in name), **arguments})
    else:
        # Two more of timm's entries have no head unless one is asked for.
        classes = 0 if name in DINOV2 + SIGLIP else 1000
        model = timm.create_model(name, **{"num_classes": classes, **arguments})
    if one_head:
        model.head_dist = Zero()
    return model.eval()


def input_shape(model):
    """[1, channels, height, width] of what the network takes."""
    embed = getattr(model, "pixel_embed", None) or model.patch_embed
    return [1, embed.proj.in_channels, *embed.img_size]


def fill(model, formula):
    """Give every parameter of the network the value that `formula` says."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            value = torch.from_numpy(formula(name, tuple(parameter.shape)))
            parameter.copy_(value.to(parameter.dtype))
    return model


class MacCounter(TorchDispatchMode):
    """Counts the multiply-adds of matrix products and convolutions.

    Anything else that computes (normalisation, softmax, GELU, additions) counts
    nothing, as is the custom.
    """

    def __init__(self):
        super().__init__()
        self.macs = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        kind = func.overloadpacket
        aten = torch.ops.aten
        if kind in (aten.mm, aten.bmm):
            self.macs += result.numel() * args[0].shape[-1]
        elif kind in (aten.addmm, aten.baddbmm):
            self.macs += result.numel() * args[1].shape[-1]
        elif kind is aten.convolution:
            self.macs += result.numel() * math.prod(args[1].shape[1:])
        elif "attention" in str(kind) or "linear" in str(kind):
            raise RuntimeError(f"no count for {kind}")
        return result


def count(model_of):
    """(parameters, multiply-adds for one image) of the network that
    `model_of()` makes, on the meta device: shapes only, no arithmetic."""
    with torch.device("meta"):
        model = model_of()
        image = torch.empty(input_shape(model))
    with torch.no_grad(), MacCounter() as counter:
        model(image)
    return sum(p.numel() for p in model.parameters()), counter.macs


def formula_counts(model):
    """The same two numbers from the closed formulas for ViT and TNT."""
    classes = model.num_classes
    depth, width = len(model.blocks), model.embed_dim
    if isinstance(model, TNT):
        embed = model.pixel_embed
        kernel = math.prod(embed.proj.weight.shape[1:])
        c, m = embed.in_dim, math.prod(embed.new_patch_size)
        n, d, mc = embed.num_patches, width, m * embed.in_dim
        hidden = model.blocks[0].mlp.fc1.out_features
        norms = 2 * c + d if embed.legacy else 2 * mc + 2 * d
        parameters = (c * (kernel + 1) + mc + d + (n + 1) * d
                      + 2 * mc + mc * d + d + 2 * d
                      + depth * (12 * c * c + 10 * c + norms + mc * d
                                 + 4 * d * d + 2 * d * hidden
                                 + 5 * d + hidden + d)
                      + 2 * d + (d + 1) * classes)
        macs = (kernel * n * mc + n * mc * d
                + depth * (12 * n * m * c * c + 2 * n * m * m * c + n * mc * d
                           + (n + 1) * (4 * d * d + 2 * d * hidden)
                           + 2 * (n + 1) ** 2 * d) + d * classes)
        return parameters, macs
    d, prefix = width, model.num_prefix_tokens
    proj = model.patch_embed.proj
    patch, n = math.prod(proj.weight.shape[1:]), model.patch_embed.num_patches
    tokens, hidden = n + prefix, model.blocks[0].mlp.fc1.out_features
    placed = n if model.no_embed_class else tokens
    # DeiT III scales both branches of a block, a factor for each channel.
    scales = 2 * d if hasattr(model.blocks[0].ls1, "gamma") else 0
    heads = 1 + isinstance(getattr(model, "head_dist", None), torch.nn.Linear)
    pool_parameters, pool_macs = 0, 0
    if model.attn_pool is not None:  # SigLIP: latent, q, kv, proj, norm, MLP
        pool_parameters = d + 4 * d * d + 2 * d * hidden + 7 * d + hidden
        pool_macs = 2 * d * d + 2 * d * hidden + 2 * n * d * (d + 1)
    parameters = (d * patch + d * (proj.bias is not None)
                  + 2 * d * isinstance(model.norm_pre, torch.nn.LayerNorm)
                  + d * placed + d * prefix
                  + depth * (4 * d * d + 2 * d * hidden + 9 * d + hidden
                             + scales)
                  + 2 * d + pool_parameters + heads * (d + 1) * classes)
    macs = (patch * n * d
            + depth * (tokens * (4 * d * d + 2 * d * hidden)
                       + 2 * tokens ** 2 * d) + pool_macs
            + heads * d * classes)
    return parameters, macs
