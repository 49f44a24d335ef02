"""The trained Fashion-MNIST networks as timm and transformers save them.

fashion_folders.py write timm_vit|timm_tnt|hf_vit WEIGHTS FOLDER
    writes a folder with the tensors of WEIGHTS, models/weights/*.safetensors
fashion_folders.py images IDX PAD FILE
    writes the images with PAD black pixels on every side, 8-bit, as .npy
fashion_folders.py compare FILE GOLDEN MODEL
    compares [images, 10] logits with the recorded ones: every image must get the
    recorded class, and logits that are off by at most 2e-5 of its largest
"""

import json
import os
import struct
import sys

import checkpoint

TOLERANCE = 2e-5
CLASSES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal",
           "Shirt", "Sneaker", "Bag", "Ankle boot"]
MEAN, STD = [0.2860], [0.3530]


def read_safetensors(path):
    """{name: (shape, bytes)} of a file of float32 tensors."""
    with open(path, "rb") as file:
        content = file.read()
    length, = struct.unpack_from("<Q", content)
    header, data = json.loads(content[8:8 + length]), content[8 + length:]
    header.pop("__metadata__", None)
    return {name: (entry["shape"], data[slice(*entry["data_offsets"])])
            for name, entry in header.items()}


def write_safetensors(tensors, folder):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, (shape, values) in sorted(tensors.items()):
        header[name] = {"dtype": "F32", "shape": shape,
                        "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    checkpoint.write_file(folder, "model.safetensors",
                          struct.pack("<Q", len(text)) + text + data)


def timm_config(architecture, side, **arguments):
    return {"architecture": architecture, "num_classes": 10,
            "model_args": {"img_size": side, "in_chans": 1, "num_classes": 10,
                           "embed_dim": 96, "depth": 4, **arguments},
            "pretrained_cfg": {"input_size": [1, side, side], "crop_pct": 1.0,
                               "interpolation": "bicubic", "mean": MEAN,
                               "std": STD},
            "label_names": CLASSES}


def timm_vit(tensors, folder):
    checkpoint.write_json(folder, "config.json", timm_config(
        "vit_tiny_patch16_224", 28, patch_size=4, num_heads=3))
    return tensors


def timm_tnt(tensors, folder):
    checkpoint.write_json(folder, "config.json", timm_config(
        "tnt_s_patch16_224", 32, patch_size=8, first_stride=2, inner_dim=12,
        num_heads_outer=3, num_heads_inner=2))
    return tensors


# What comes of a name of timm's below "blocks.{i}." and elsewhere.
HF_BLOCK = {"norm1": "layernorm_before", "norm2": "layernorm_after",
            "attn.proj": "attention.output.dense",
            "mlp.fc1": "intermediate.dense", "mlp.fc2": "output.dense"}
HF_NAMES = {"cls_token": "vit.embeddings.cls_token",
            "pos_embed": "vit.embeddings.position_embeddings"}
HF_LAYERS = {"patch_embed.proj": "vit.embeddings.patch_embeddings.projection",
             "norm": "vit.layernorm", "head": "classifier"}


def hf_vit(tensors, folder):
    result = {}
    for name, (shape, values) in tensors.items():
        layer, _, part = name.rpartition(".")
        if not name.startswith("blocks."):
            result[HF_NAMES.get(name) or f"{HF_LAYERS[layer]}.{part}"] = (
                shape, values)
            continue
        _, block, layer = layer.split(".", 2)
        prefix = f"vit.encoder.layer.{block}."
        if layer != "attn.qkv":
            result[f"{prefix}{HF_BLOCK[layer]}.{part}"] = (shape, values)
            continue
        # Rows of queries, then of keys, then of values.
        third = len(values) // 3
        for i, which in enumerate(("query", "key", "value")):
            result[f"{prefix}attention.attention.{which}.{part}"] = (
                [shape[0] // 3, *shape[1:]], values[i * third:(i + 1) * third])
    checkpoint.write_json(folder, "config.json", {
        "model_type": "vit", "architectures": ["ViTForImageClassification"],
        "image_size": 28, "patch_size": 4, "num_channels": 1, "hidden_size": 96,
        "num_hidden_layers": 4, "num_attention_heads": 3,
        "intermediate_size": 384, "hidden_act": "gelu", "layer_norm_eps": 1e-6,
        "id2label": {str(i): label for i, label in enumerate(CLASSES)}})
    checkpoint.write_json(folder, "preprocessor_config.json", {
        "do_resize": True, "size": {"height": 28, "width": 28}, "resample": 2,
        "image_mean": MEAN, "image_std": STD})
    return result


def write(kind, weights, folder):
    os.makedirs(folder)
    layout = {"timm_vit": timm_vit, "timm_tnt": timm_tnt, "hf_vit": hf_vit}[kind]
    write_safetensors(layout(read_safetensors(weights), folder), folder)


def npy(kind, shape, data):
    """The bytes of a .npy file of `data`."""
    header = repr({"descr": kind, "fortran_order": False, "shape": shape})
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header))
            + header.encode("latin1") + data)


def images(path, pad, out):
    with open(path, "rb") as file:
        magic, count, height, width = struct.unpack(">4I", file.read(16))
        pixels = file.read()
    assert magic == 0x803 and len(pixels) == count * height * width
    pad = int(pad)
    side = bytes(pad)
    border = bytes(pad * (width + 2 * pad))
    rows = [side + pixels[at:at + width] + side
            for at in range(0, len(pixels), width)]
    data = b"".join(border + b"".join(rows[at:at + height]) + border
                    for at in range(0, len(rows), height))
    with open(out, "wb") as file:
        file.write(npy("|u1", (count, height + 2 * pad, width + 2 * pad, 1), data))


def values_of(path, code):
    with open(path, "rb") as file:
        content = file.read()
    length, = struct.unpack_from("<H", content, 8)
    data = content[10 + length:]
    return struct.unpack(f"<{len(data) // struct.calcsize(code)}{code}", data)


def compare(path, golden, model):
    found = values_of(path, "f")
    expected = values_of(os.path.join(golden, f"{model}.logits.npy"), "d")
    classes = values_of(os.path.join(golden, f"{model}.classes.npy"), "B")
    assert len(found) == len(expected) == 10 * len(classes)
    other_class, too_far, worst = 0, 0, 0.0
    for i, wanted in enumerate(classes):
        ours = found[10 * i:10 * i + 10]
        theirs = expected[10 * i:10 * i + 10]
        other_class += ours.index(max(ours)) != wanted
        largest = max(map(abs, theirs))
        errors = [abs(a - b) / largest for a, b in zip(ours, theirs)]
        # A NaN must fail, so the comparison is not turned round.
        too_far += not all(error <= TOLERANCE for error in errors)
        worst = max(worst, *errors)
    print(f"{model}: {len(classes)} images, {other_class} of another class, "
          f"{too_far} too far off, largest error {worst:.1e}")


if __name__ == "__main__":
    {"write": write, "images": images, "compare": compare}[sys.argv[1]](
        *sys.argv[2:])
