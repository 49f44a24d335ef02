"""Writes recorded cases under the names and in the layouts of their authors.

foreign.py google RECORDED FILE.npz [option ...]
    hf_vit_0 as Google's JAX code saves it
    big_vision      names of big_vision, which begin with params/
    stacked         the blocks' tensors on top of each other
    pre_logits      with a layer before the head
    rows=N          rows of the position table
    grid=N          a position table of N x N rows, as NaFlex has
    head_width=N    channels of a head
    drop=NAME       without this tensor
    add=NAME        with another one
    dtype=TYPE      element type of all tensors
foreign.py tnt RECORDED FILE.safetensors [option ...]
    timm_tnt_0 with the names of huawei-noah
    add=NAME, drop=NAME
foreign.py dinov2 RECORDED FILE.safetensors [drop=NAME]
    timm_swiglu_2 as DINOv2's authors save a giant with registers
foreign.py dinov2_plain RECORDED FILE.safetensors
    timm_deit_3 less its second token as they save a model without registers
foreign.py clip RECORDED FILE.safetensors
    hf_clip_1 with OpenAI's names, beside tensors of a text's tower
foreign.py rename RECORDED CASE FILE.safetensors OLD=NEW ...
    a case with parts of its tensors' names replaced
"""

import json
import math
import struct
import sys

import checkpoint
import make_npz

TNT = {"patch_pos": "outer_pos", "pixel_embed.": "patch_embed.",
       "norm1_proj": "proj_norm1", "norm2_proj": "proj_norm2",
       ".norm_in.": ".inner_norm1.", ".norm_mlp_in.": ".inner_norm2.",
       ".attn_in.": ".inner_attn.", ".mlp_in.": ".inner_mlp.",
       ".norm_out.": ".outer_norm1.", ".norm_mlp.": ".outer_norm2.",
       ".attn_out.": ".outer_attn.", ".mlp.": ".outer_mlp."}


def transpose(values, shape, order):
    """The elements of an array with its axes in another order."""
    strides = [math.prod(shape[axis + 1:]) for axis in range(len(shape))]

    def walk(axes, offset):
        if not axes:
            yield values[offset]
        else:
            for i in range(shape[axes[0]]):
                yield from walk(axes[1:], offset + i * strides[axes[0]])
    return list(walk(order, 0))


def google(case, options):
    """Arrays by name: shape and elements."""
    config, shapes, arrays = case["config"], case["tensors"], {}
    width, heads = config["hidden_size"], config["num_attention_heads"]
    hidden = config["intermediate_size"]
    new = "big_vision" in options
    prefix = "params/" if new else ""

    def put(name, source, order=None, shape=None):
        source = "vit." + source if "classifier" not in source else source
        old = shapes[source]
        values = checkpoint.weight(source, old)
        if order:
            values = transpose(values, old, order)
            old = [old[axis] for axis in order]
        arrays[prefix + name] = (shape or old, values)

    def dense(name, source, kernel=None, bias=None):
        put(name + "/kernel", source + ".weight", (1, 0), kernel)
        put(name + "/bias", source + ".bias", shape=bias)

    def norm(name, source):
        put(name + "/scale", source + ".weight")
        put(name + "/bias", source + ".bias")

    positions = ("" if new else "Transformer/posembed_input/") + "pos_embedding"
    put("cls", "embeddings.cls_token")
    put(positions, "embeddings.position_embeddings")
    put("embedding/kernel", "embeddings.patch_embeddings.projection.weight",
        (2, 3, 1, 0))
    put("embedding/bias", "embeddings.patch_embeddings.projection.bias")
    block = "Transformer/encoderblock_0/"
    layer = "encoder.layer.0."
    norm(block + "LayerNorm_0", layer + "layernorm_before")
    norm(block + f"LayerNorm_{1 if new else 2}", layer + "layernorm_after")
    attention = block + f"MultiHeadDotProductAttention_{0 if new else 1}/"
    each = [heads, width // heads]
    for part in ("query", "key", "value"):
        dense(attention + part, layer + "attention.attention." + part,
              [width, *each], each)
    dense(attention + "out", layer + "attention.output.dense", [*each, width])
    mlp = block + f"MlpBlock_{0 if new else 3}/"
    dense(mlp + "Dense_0", layer + "intermediate.dense", [width, hidden])
    dense(mlp + "Dense_1", layer + "output.dense", [hidden, width])
    norm("Transformer/encoder_norm", "layernorm")
    dense("head", "classifier")
    if "stacked" in options:
        for name in [n for n in arrays if "encoderblock_0" in n]:
            shape, values = arrays.pop(name)
            arrays[name.replace("encoderblock_0", "encoderblock")] = (
                [1, *shape], values)
    if "pre_logits" in options:
        arrays["pre_logits/kernel"] = ([width, width], [0.0])
        arrays["pre_logits/bias"] = ([width], [0.0])
    for option in options:
        key, _, value = option.partition("=")
        if key == "rows":
            arrays[positions] = ([1, int(value), width], [0.0])
        elif key == "grid":
            arrays[positions] = ([int(value)] * 2 + [width], [0.0])
        elif key == "head_width":
            arrays[attention + "query/kernel"] = (
                [width, heads, int(value)], [0.0])
        elif key == "drop":
            del arrays[value]
        elif key == "add":
            arrays[value] = ([2], [0.0])
    return arrays


def write_google(case, path, options):
    types = [o[6:] for o in options if o.startswith("dtype=")]
    dtype = types[0] if types else "F32"
    members = {name + ".npy": make_npz.npy(dtype, shape, values)
               for name, (shape, values) in google(case, options).items()}
    with open(path, "wb") as file:
        file.write(make_npz.npz(members))


def write_safetensors(arrays, path):
    header, data = {}, b""
    for name, (shape, values) in arrays.items():
        begin = len(data)
        data += struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": shape,
                        "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def renamed(case, names):
    """A case's arrays with parts of their names replaced."""
    arrays = {}
    for name, shape in case["tensors"].items():
        values = checkpoint.weight(name, shape)
        for old, new in names.items():
            if old in name:
                name = name.replace(old, new)
                break
        arrays[name] = (shape, values)
    return arrays


def tnt(case, options):
    arrays = renamed(case, TNT)
    shape, values = arrays.pop("pixel_pos")
    words = shape[2] * shape[3]
    arrays["inner_pos"] = ([1, words, shape[1]],
                           transpose(values, [shape[1], words], (1, 0)))
    arrays["outer_tokens"] = ([1, 2, 2], [0.0] * 4)
    for option in options:
        key, _, value = option.partition("=")
        if key == "add":
            arrays[value] = ([2], [0.0, 0.0])
        elif key == "drop":
            del arrays[value]
    return arrays


def dinov2(case):
    """The class token's part of the position table apart from it, as authors do."""
    arrays = renamed(case, {"reg_token": "register_tokens", "mlp.fc1": "mlp.w12",
                            "mlp.fc2": "mlp.w3"})
    shape, token = arrays["cls_token"]
    arrays["cls_token"] = (shape, [value - 0.25 for value in token])
    (_, rows, width), table = arrays["pos_embed"]
    arrays["pos_embed"] = ([1, rows + 1, width], [0.25] * width + table)
    arrays["mask_token"] = ([1, width], [0.0] * width)
    return arrays


def dinov2_plain(case):
    arrays = {name: array for name, array in renamed(case, {}).items()
              if name != "dist_token" and not name.startswith("head")}
    (_, rows, width), table = arrays["pos_embed"]
    arrays["pos_embed"] = ([1, rows - 1, width], table[width:])
    arrays["mask_token"] = ([1, width], [0.0] * width)
    return arrays


CLIP = {"vision_model.embeddings.patch_embedding.": "conv1.",
        "vision_model.embeddings.position_embedding.weight":
        "positional_embedding",
        "vision_model.embeddings.": "", "vision_model.pre_layrnorm.": "ln_pre.",
        "vision_model.post_layernorm.": "ln_post.",
        "vision_model.encoder.layers.": "transformer.resblocks.",
        "visual_projection.weight": "proj"}
CLIP_LAYERS = {"layer_norm1": "ln_1", "layer_norm2": "ln_2", "self_attn": "attn",
               "mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj"}


def clip(case):
    arrays = {}
    for name, array in renamed(case, CLIP).items():
        for old, new in CLIP_LAYERS.items():
            name = name.replace(old, new)
        arrays["visual." + name] = array
    # Queries, keys and values are one tensor.
    for name in [n for n in arrays if ".q_proj." in n]:
        shape, _ = arrays[name]
        parts = [arrays.pop(name.replace(".q_proj.", f".{part}_proj."))[1]
                 for part in "qkv"]
        arrays[name.replace(".q_proj.", ".in_proj_")] = (
            [3 * shape[0], *shape[1:]], sum(parts, []))
    (rows, columns), values = arrays["visual.proj"]
    arrays["visual.proj"] = ([columns, rows],
                             transpose(values, [rows, columns], (1, 0)))
    for name in ("positional_embedding", "token_embedding.weight",
                 "transformer.resblocks.0.ln_1.weight", "logit_scale"):
        arrays[name] = ([2], [0.0, 0.0])
    return arrays


def main():
    command, recorded, *rest = sys.argv[1:]
    with open(recorded, encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    if command == "google":
        write_google(cases["hf_vit_0"], rest[0], rest[1:])
    elif command == "tnt":
        write_safetensors(tnt(cases["timm_tnt_0"], rest[1:]), rest[0])
    elif command == "rename":
        names = dict(option.split("=") for option in rest[2:])
        write_safetensors(renamed(cases[rest[0]], names), rest[1])
    elif command == "clip":
        write_safetensors(clip(cases["hf_clip_1"]), rest[0])
    elif command == "dinov2_plain":
        write_safetensors(dinov2_plain(cases["timm_deit_3"]), rest[0])
    elif command == "dinov2":
        arrays = dinov2(cases["timm_swiglu_2"])
        for option in rest[1:]:
            del arrays[option.removeprefix("drop=")]
        write_safetensors(arrays, rest[0])


if __name__ == "__main__":
    main()
