"""Compare vitc with timm on checkpoints in the layouts of their authors.

    python foreign.py [--vitc PATH] [--count N] [--seed S] [--keep DIR] [KIND ...]

For each drawn model: its weights are written as the authors' code saves them, timm
loads that file with its own converter and computes in float64, vitc compiles it, and
`vitc verify` compares. Prints the worst case of each layout; the status is 0 if all
passed.
"""

import json
import subprocess

import cases
import draw
import draw_timm
import numpy as np
import safetensors.torch
import scipy.ndimage
import timm
import torch
from timm.models import tnt, vision_transformer


def base(rng, **others):
    """Arguments of a small VisionTransformer with a square grid."""
    heads, width = draw.widths(rng)
    patch = rng.choice([4, 7, 8])
    arguments = dict(img_size=patch * rng.choice([2, 3, 5]), patch_size=patch,
                     embed_dim=width, num_heads=heads,
                     depth=rng.choice([1, 2, 3]), mlp_ratio=rng.choice([2.0, 4.0]),
                     num_classes=rng.choice([0, 6]))
    return arguments | others


def build(name, arguments, rng):
    model = timm.create_model(name, **arguments)
    return draw.spread(model, torch.Generator().manual_seed(rng.randrange(2**31)))


class GoogleLayout:
    """Arrays as vision_transformer saves them, or big_vision if `new`."""

    def __init__(self, model, new):
        self.state = {k: v.numpy() for k, v in model.state_dict().items()}
        self.new = new
        self.width = model.embed_dim
        heads = model.blocks[0].attn.num_heads
        self.each = (heads, self.width // heads)
        self.depth = len(model.blocks)
        self.out = {}

    def norm(self, name, source):
        self.out[name + "/scale"] = self.state[source + ".weight"]
        self.out[name + "/bias"] = self.state[source + ".bias"]

    def dense(self, name, source):
        self.out[name + "/kernel"] = self.state[source + ".weight"].T
        self.out[name + "/bias"] = self.state[source + ".bias"]

    def heads(self, name, parts, source):
        """Products that give queries, keys or values, one for each part."""
        for part, weight, bias in zip(
                parts, np.split(self.state[source + ".weight"], len(parts)),
                np.split(self.state[source + ".bias"], len(parts))):
            self.out[f"{name}/{part}/kernel"] = weight.T.reshape(
                self.width, *self.each)
            self.out[f"{name}/{part}/bias"] = bias.reshape(self.each)

    def merge(self, name, source):
        self.dense(name, source)
        self.out[name + "/kernel"] = self.out[name + "/kernel"].reshape(
            *self.each, self.width)

    def block(self, i):
        """One block's arrays, without its own name."""
        whole, self.out = self.out, {}
        source = f"blocks.{i}."
        attention = f"MultiHeadDotProductAttention_{0 if self.new else 1}"
        self.norm("LayerNorm_0", source + "norm1")
        self.norm(f"LayerNorm_{1 if self.new else 2}", source + "norm2")
        self.heads(attention, ("query", "key", "value"), source + "attn.qkv")
        self.merge(attention + "/out", source + "attn.proj")
        for r in (0, 1):
            self.dense(f"MlpBlock_{0 if self.new else 3}/Dense_{r}",
                       source + f"mlp.fc{r + 1}")
        whole, self.out = self.out, whole
        return whole

    def pool(self):
        attention = "MAPHead_0/MultiHeadDotProductAttention_0"
        self.out["MAPHead_0/probe"] = self.state["attn_pool.latent"]
        self.heads(attention, ("query",), "attn_pool.q")
        self.heads(attention, ("key", "value"), "attn_pool.kv")
        self.merge(attention + "/out", "attn_pool.proj")
        self.norm("MAPHead_0/LayerNorm_0", "attn_pool.norm")
        for r in (0, 1):
            self.dense(f"MAPHead_0/MlpBlock_0/Dense_{r}",
                       f"attn_pool.mlp.fc{r + 1}")

    def arrays(self, stacked):
        self.out["embedding/kernel"] = self.state[
            "patch_embed.proj.weight"].transpose(2, 3, 1, 0)
        self.out["embedding/bias"] = self.state["patch_embed.proj.bias"]
        positions = "" if self.new else "Transformer/posembed_input/"
        self.out[positions + "pos_embedding"] = self.state["pos_embed"]
        if "cls_token" in self.state:
            self.out["cls"] = self.state["cls_token"]
        self.norm("Transformer/encoder_norm", "norm")
        if "head.weight" in self.state:
            self.dense("head", "head")
        if "attn_pool.latent" in self.state:
            self.pool()
        blocks = [self.block(i) for i in range(self.depth)]
        for name in blocks[0]:
            if stacked:
                self.out["Transformer/encoderblock/" + name] = np.stack(
                    [block[name] for block in blocks])
                continue
            for i, block in enumerate(blocks):
                self.out[f"Transformer/encoderblock_{i}/{name}"] = block[name]
        prefix = "params/" if self.new else ""
        return {prefix + name: np.ascontiguousarray(value)
                for name, value in self.out.items()}


def zoomed(table, side):
    """As interpolate_posembed of vision_transformer's checkpoint.py."""
    zoom = (side / table.shape[0], side / table.shape[1], 1)
    return torch.tensor(scipy.ndimage.zoom(table.numpy(), zoom, order=1))


def bicubic(table, side, registers):
    """As interpolate_pos_encoding of DINOv2's vision_transformer.py."""
    how = (dict(size=(side, side), antialias=True) if registers else
           dict(scale_factor=[(side + 0.1) / n for n in table.shape[:2]]))
    return torch.nn.functional.interpolate(
        table.permute(2, 0, 1)[None], mode="bicubic", **how)[0].permute(1, 2, 0)


def regridded(model, name, arguments, resample):
    """The model at another image size, its table resampled in float64."""
    state = {key: value.double() for key, value in model.state_dict().items()}
    result = timm.create_model(name, **arguments).eval().double()
    rows, old = state["pos_embed"][0], model.patch_embed.grid_size
    before = len(rows) - old[0] * old[1]
    table = resample(rows[before:].reshape(*old, -1),
                     result.patch_embed.grid_size[0])
    state["pos_embed"] = torch.cat([rows[:before], table.flatten(0, 1)])[None]
    result.load_state_dict(state)
    return result


def google(rng, folder, new):
    pool = rng.choice(["token", "token", "map"] if new else ["token", "avg"])
    arguments = base(
        rng, class_token=pool == "token", global_pool=pool, fc_norm=False,
        no_embed_class=new and rng.random() < 0.5,
        act_layer=rng.choice(["gelu", "gelu_tanh"]))
    model = build("vit_base_patch16_224", arguments, rng)
    path = folder / "model.npz"
    np.savez(path, **GoogleLayout(model, new).arrays(
        stacked=new and rng.random() < 0.7))
    settings = {"activation": arguments["act_layer"]}
    others = dict(arguments)
    resized = rng.choice(["", "", "by PyTorch", "by JAX"])
    if resized:
        others["img_size"] += 2 * others["patch_size"]
        settings["image"] = others["img_size"]
    if resized == "by PyTorch":
        settings["position_filter"] = "bilinear"
        arguments = others
    loaded = timm.create_model("vit_base_patch16_224", **arguments).eval()
    vision_transformer._load_weights(loaded, str(path))
    if resized == "by JAX":
        loaded = regridded(loaded, "vit_base_patch16_224", others, zoomed)
    return loaded, path, settings, arguments


def google_old(rng, folder):
    return google(rng, folder, new=False)


def google_new(rng, folder):
    return google(rng, folder, new=True)


def from_state(state, folder, name, arguments, convert):
    """Writes a file, and has timm read it into a new model."""
    path = folder / "model.safetensors"
    safetensors.torch.save_file(
        {k: v.contiguous().clone() for k, v in state.items()}, path)
    loaded = timm.create_model(name, **arguments).eval()
    loaded.load_state_dict(convert(safetensors.torch.load_file(path), loaded))
    return loaded, path


def renamed(state, names):
    """The first of `names` that a tensor's name has in it is replaced."""
    result = {}
    for name, tensor in state.items():
        for old, new in names:
            if old in name:
                name = name.replace(old, new)
                break
        result[name] = tensor
    return result


TNT = [("patch_pos", "outer_pos"), ("pixel_embed.", "patch_embed."),
       ("norm1_proj", "proj_norm1"), ("norm2_proj", "proj_norm2"),
       (".norm_in.", ".inner_norm1."), (".norm_mlp_in.", ".inner_norm2."),
       (".attn_in.", ".inner_attn."), (".mlp_in.", ".inner_mlp."),
       (".norm_out.", ".outer_norm1."), (".norm_mlp.", ".outer_norm2."),
       (".attn_out.", ".outer_attn."), (".mlp.", ".outer_mlp.")]


def tnt_official(rng, folder):
    heads, width = draw.widths(rng)
    inner_heads = rng.choice([1, 2, 4])
    arguments = dict(
        img_size=16 * rng.choice([2, 3]), num_classes=rng.choice([0, 5]),
        in_chans=rng.choice([1, 3]), embed_dim=width, num_heads_outer=heads,
        inner_dim=inner_heads * rng.choice([4, 6, 10]),
        num_heads_inner=inner_heads, depth=rng.choice([1, 2]),
        mlp_ratio=rng.choice([2.0, 4.0]), qkv_bias=rng.random() < 0.3)
    state = renamed(build("tnt_s_patch16_224", arguments, rng).state_dict(), TNT)
    state["inner_pos"] = state.pop("pixel_pos").flatten(2).transpose(1, 2)
    state["outer_tokens"] = torch.zeros(1, state["outer_pos"].shape[1] - 1, width)
    model, path = from_state(state, folder, "tnt_s_patch16_224", arguments,
                             tnt.checkpoint_filter_fn)
    return model, path, {"heads": heads, "inner_heads": inner_heads}, arguments


def deit3_official(rng, folder):
    arguments = base(rng, init_values=0.1)
    state = build("deit3_small_patch16_224", arguments, rng).state_dict()
    state = {name.replace("ls1.gamma", "gamma_1").replace("ls2.gamma", "gamma_2"):
             tensor for name, tensor in state.items()}
    model, path = from_state(
        state, folder, "deit3_small_patch16_224", arguments,
        lambda content, model: vision_transformer.checkpoint_filter_fn(
            content, model, adapt_layer_scale=True))
    return model, path, {"heads": arguments["num_heads"]}, arguments


def dinov2_official(rng, folder):
    registers, gated = rng.choice([0, 1, 4]), rng.random() < 0.4
    name = "vit_{}_patch14_{}dinov2".format("giant" if gated else "small",
                                           "reg4_" if registers else "")
    arguments = base(rng, num_classes=0)
    if registers:
        arguments["reg_tokens"] = registers
    state = build(name, arguments, rng).state_dict()
    width = arguments["embed_dim"]
    state["mask_token"] = torch.zeros(1, width)
    if registers:
        state["register_tokens"] = state.pop("reg_token")
        row = torch.randn(1, 1, width, generator=torch.Generator().manual_seed(1))
        state["pos_embed"] = torch.cat([row, state["pos_embed"]], dim=1)
    if gated:
        state = {k.replace("mlp.fc1", "mlp.w12").replace("mlp.fc2", "mlp.w3"): v
                 for k, v in state.items()}
    model, path = from_state(state, folder, name, arguments,
                             vision_transformer.checkpoint_filter_fn)
    settings = {"heads": arguments["num_heads"]}
    if rng.random() < 0.4:
        arguments = arguments | {
            "img_size": arguments["patch_size"] * rng.choice([1, 4, 7])}
        settings["image"] = arguments["img_size"]
        model = regridded(model, name, arguments,
                          lambda table, side: bicubic(table, side, registers))
    return model, path, settings, arguments


CLIP = [("attn.qkv.", "attn.in_proj_"), ("attn.proj", "attn.out_proj"),
        ("mlp.fc1", "mlp.c_fc"), ("mlp.fc2", "mlp.c_proj"),
        (".norm1.", ".ln_1."), (".norm2.", ".ln_2."), ("norm_pre.", "ln_pre."),
        ("patch_embed.proj", "conv1"), ("pos_embed", "positional_embedding"),
        ("cls_token", "class_embedding"), ("norm.", "ln_post."),
        ("head.weight", "proj")]


def clip_official(rng, folder):
    name = "vit_base_patch16_clip_quickgelu_224"
    arguments = base(rng, num_classes=6)
    model = build(name, arguments, rng)
    state = renamed(model.state_dict(), CLIP)
    del state["head.bias"]
    state["proj"] = state["proj"].T
    state["class_embedding"] = state["class_embedding"][0, 0]
    state["positional_embedding"] = state["positional_embedding"][0]
    state = {"visual." + k.replace("blocks.", "transformer.resblocks."): v
             for k, v in state.items()}
    # The text's tower has tensors of the same names.
    state["positional_embedding"] = torch.zeros(3, 4)
    state["transformer.resblocks.0.ln_1.weight"] = torch.zeros(4)
    state["logit_scale"] = torch.tensor(1.0)
    model, path = from_state(state, folder, name, arguments,
                             vision_transformer.checkpoint_filter_fn)
    return model, path, {"heads": arguments["num_heads"]}, arguments


LAYOUTS = {function.__name__: function for function in (
    google_old, google_new, tnt_official, deit3_official, dinov2_official,
    clip_official)}


def compare(program, model, path, settings, folder, seed):
    """The largest share of a tolerance, and where it is or what went wrong."""
    embed = getattr(model, "pixel_embed", None) or model.patch_embed
    image = torch.randn((2, embed.proj.in_channels, *embed.img_size),
                        generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        outputs = draw_timm.timm_outputs(model.double(), image.double())
    reference, certificate = folder / "reference.npz", folder / "certificate.json"
    np.savez(reference, **{"input:image": image.numpy()},
             **{name: value.numpy() for name, value in outputs.items()})
    options = [f"--set={name}={value}" for name, value in settings.items()]
    for command in (["compile", path, "-o", folder / "out", "--outputs",
                     ",".join(outputs), *options],
                    ["verify", folder / "out", "--reference", reference,
                     "--certificate", certificate]):
        done = subprocess.run([program, *map(str, command)], capture_output=True,
                              text=True)
        if done.returncode == 1:
            return float("inf"), done.stderr.strip()
    report = json.loads(certificate.read_text())
    if report["verdict"] != "pass":
        return float("inf"), done.stdout
    return max((output["error_over_largest"] / output["tolerance"],
                f"{output['name']} {output['error_over_largest']:.1e}")
               for output in report["outputs"])


def check(program, name, rng, folder, index):
    drawn = ""
    try:
        model, path, settings, arguments = LAYOUTS[name](rng, folder)
        drawn = f"{arguments} {settings}"
        share, text = compare(program, model, path, settings, folder, index)
    except Exception as fault:  # one case of many: the others go on
        share, text = float("inf"), f"{type(fault).__name__}: {fault}"
    return cases.Verdict(share, text, drawn)


def main():
    cases.main(__doc__, LAYOUTS, 40, check)


if __name__ == "__main__":
    main()
