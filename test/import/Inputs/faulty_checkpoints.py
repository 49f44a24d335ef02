"""Folders with something wrong, and what vitc import and compile say of them.

faulty_checkpoints.py RECORDED FOLDER
    vitc is found through PATH; nothing may be written for any of them
"""

import copy
import json
import os
import subprocess
import sys

import checkpoint

NORM = "blocks.0.norm2.weight"
HF_TABLE = "vit.embeddings.position_embeddings"


def config(**members):
    return "config=" + json.dumps(members)


def arguments(**members):
    return config(model_args=members)


def pretrained(**members):
    return config(pretrained_cfg=members)


def preprocessor(**members):
    return "preprocessor=" + json.dumps(members)


# The recorded case, changes to it, and a part of the error.
WRONG_TYPES = [
    ("timm_vit_clip", [arguments(depth="three")],
     "error: /model_args/depth: expected an integer, found 'three'"),
    ("timm_vit_clip", [arguments(num_heads=1.5)],
     "error: /model_args/num_heads: expected an integer, found 1.5"),
    ("timm_vit_clip", [arguments(img_size="large")],
     "error: /model_args/img_size: expected a size above 0: a number, [height, "
     "width] or an object of the two, found 'large'"),
    ("hf_vit_0", [config(patch_size=0)],
     "error: /patch_size: expected a size above 0: a number, [height, width] or "
     "an object of the two, found 0"),
    ("hf_vit_0", ["processor=5"],
     "processor_config.json:2:22: error: /image_processor: expected an object, "
     "found 5"),
    ("timm_vit_clip", [arguments(pool_include_prefix=1)],
     "error: /model_args/pool_include_prefix: expected true or false, found 1"),
    ("timm_vit_clip", [arguments(act_layer="gelu_tnah")],
     "error: /model_args/act_layer: expected one of 'gelu', "),
    ("timm_vit_clip", [arguments(norm_layer=3)],
     "error: /model_args/norm_layer: expected a text, found 3"),
    ("timm_vit_clip", [arguments(global_pool="sum")],
     "error: /model_args/global_pool: expected one of '', 'token', 'avg', "
     "'max', 'avgmax' or 'map', found 'sum'"),
    ("timm_vit_clip", [pretrained(mean="dark")],
     "error: /pretrained_cfg/mean: expected a list of numbers, found 'dark'"),
    ("timm_vit_clip", [pretrained(crop_pct="all")],
     "error: /pretrained_cfg/crop_pct: expected a number, found 'all'"),
    ("timm_vit_clip", [pretrained(interpolation="lanczos")],
     "error: /pretrained_cfg/interpolation: expected one of 'bicubic'"),
    ("timm_vit_clip", [config(model_args=5)],
     "error: /model_args: expected an object, found 5"),
    ("timm_vit_clip", [config(pretrained_cfg="none")],
     "error: /pretrained_cfg: expected an object, found 'none'"),
    ("timm_vit_clip", [config(architecture=7)],
     "error: expected the key 'architecture' (timm) or 'model_type'"),
    ("hf_siglip_4", [config(vision_config=3)],
     "error: /vision_config: expected an object, found 3"),
    ("hf_vit_0", [config(model_type=5)],
     "error: /model_type: unknown model_type 5, expected one of "),
    ("hf_vit_0", [config(qkv_bias="yes")],
     "error: /qkv_bias: expected true or false, found 'yes'"),
    ("hf_vit_0", [config(layer_norm_eps=[])],
     "error: /layer_norm_eps: expected a number, found an array"),
    ("hf_vit_0", [preprocessor(image_mean=["red"])],
     "preprocessor_config.json:2:17: error: /image_mean: expected a list of "
     "numbers, found an array"),
    ("hf_vit_0", [preprocessor(resample=1)],
     "error: /resample: expected one of '2' or '3', found 1"),
    ("hf_vit_0", [preprocessor(do_center_crop=True, crop_size="big")],
     "error: /crop_size: expected a size"),
]

CONTRADICTIONS = [
    ("timm_vit_clip", [arguments(depth=2)],
     "config.json:19:14: error: /model_args/depth: expected a depth of 1, as in "
     "the tensors, found 2"),
    ("timm_vit_clip", [arguments(num_heads=3)], "heads"),
    ("timm_vit_clip", [arguments(num_heads=0)], "heads"),
    ("timm_vit_clip", [arguments(embed_dim=16)],
     "config.json:17:18: error: /model_args/embed_dim: expected 8 channels of a "
     "token, as in the tensors, found 16"),
    ("timm_vit_clip", [arguments(in_chans=1)],
     "error: /model_args/in_chans: expected 3 channels of an image, as in the "
     "tensors, found 1"),
    ("timm_vit_clip", [arguments(patch_size=16)],
     "error: /model_args/patch_size: expected patches of 8x8, as in the tensors, "
     "found 16x16"),
    ("timm_vit_clip", [arguments(embed_dim=None)],
     "config.json:2:19: error: /architecture: expected 8 channels of a token, as "
     "in the tensors, found 768 by the name 'vit_base_patch16_clip_224'; a model "
     "of other sizes needs another name (--arch)"),
    ("timm_vit_clip", [arguments(depth=None)],
     "config.json:2:19: error: /architecture: expected a depth of 1, as in the "
     "tensors, found 12 by the name"),
    ("timm_vit_clip", [arguments(patch_size=None)],
     "config.json:2:19: error: /architecture: expected patches of 8x8, as in the "
     "tensors, found 16x16 by the name"),
    ("timm_vit_clip", [arguments(global_pool="")],
     "error: /model_args/global_pool: expected a pooling, as the model has 5 "
     "classes, found none"),
    ("timm_vit_clip", [pretrained(crop_pct=1.5)],
     "error: /pretrained_cfg/crop_pct: expected a number above 0 and at most 1, "
     "found 1.5"),
    ("timm_vit_clip", [pretrained(std=[1, 0, 1])],
     "error: /pretrained_cfg/std: expected numbers above 0, found [1, 0, 1]"),
    ("timm_vit_clip", [arguments(img_size=None),
                       pretrained(input_size=[3, 64, 64])],
     "error: /pretrained_cfg/input_size/1: expected a position table of 64 rows, "
     "or 66 with the tokens before the patches, for an image of 64x64, found 18"),
    ("timm_vit_clip", [arguments(num_classes=7)],
     "error: /model_args/num_classes: expected 5 classes, as in the tensors, "
     "found 7"),
    ("timm_vit_clip", [config(num_classes=7)],
     "error: /num_classes: expected 5 classes, as in the tensors, found 7"),
    ("timm_vit_clip", [arguments(img_size=64)],
     "error: /model_args/img_size: expected a position table of 64 rows, or 66 "
     "with the tokens before the patches, for an image of 64x64, found 18"),
    ("timm_vit_clip", ["tensor=pos_embed=[1]"],
     "expected more than 1 dimensions of tensor 'pos_embed', found [1]"),
    ("timm_vit_clip", [f"tensor={NORM}=[9]"],
     "expected tensor 'blocks.0.norm2.weight' of shape [8], found [9]"),
    ("timm_vit_clip", [f"tensor={NORM}"],
     "expected tensor 'blocks.0.norm2.weight' of shape [8], found none"),
    ("timm_vit_clip", ["tensor=patch_embed.proj.weight"],
     "expected tensor 'patch_embed.proj.weight', found none"),
    ("timm_tnt_0", [arguments(embed_dim=40)],
     "error: /model_args/embed_dim: expected 20 channels of a token, as in the "
     "tensors, found 40"),
    ("timm_tnt_0", [arguments(inner_dim=6)],
     "error: /model_args/inner_dim: expected 8 channels of a word, as in the "
     "tensors, found 6"),
    ("timm_tnt_0", [arguments(inner_dim=None)],
     "config.json:2:19: error: /architecture: expected 8 channels of a word, as "
     "in the tensors, found 24 by the name 'tnt_s_patch16_224'"),
    ("timm_tnt_0", [arguments(depth=3)],
     "error: /model_args/depth: expected a depth of 1, as in the tensors, found "
     "3"),
    ("timm_tnt_0", [pretrained(crop_mode="border")],
     "not supported: crop_mode 'border'"),
    ("timm_tnt_0", [arguments(in_chans=4)],
     "error: /model_args/in_chans: expected 3 channels of an image, as in the "
     "tensors, found 4"),
    ("timm_tnt_0", [config(num_classes=2), arguments(num_classes=None)],
     "error: /num_classes: expected 5 classes, as in the tensors, found 2"),
    ("timm_tnt_0", [arguments(img_size=64)],
     "error: /model_args/img_size: expected a position table of 17 rows for an "
     "image of 64x64, found 10"),
    ("timm_tnt_0", [arguments(first_stride=2)],
     "not supported: 4 x 4 words in a patch of 16 pixels with a stride of 2"),
    ("hf_vit_0", [config(hidden_size=64)], "of shape [64"),
    ("hf_vit_0", [config(patch_size=6)],
     "error: /image_size: expected a position table of 5 rows for an image of "
     "12x12, found 10"),
    ("hf_vit_0", [config(num_channels=1)], "of shape [32, 1, 4, 4], found [32, 3"),
    ("hf_vit_0", [config(intermediate_size=65)], "found [64"),
    ("hf_vit_0", [config(num_attention_heads=5)], "heads"),
    ("hf_vit_0", [config(num_hidden_layers=0)],
     "expected only tensors that the model needs, found 'vit.encoder.layer.0."),
    ("hf_vit_0", [config(qkv_bias=False)],
     "error: /qkv_bias: expected true, as the tensors have it, found false"),
    ("hf_vit_0", ["tensor=vit.encoder.layer.0.layernorm_before.bias"],
     "expected tensor 'vit.encoder.layer.0.layernorm_before.bias' of shape [32]"),
    ("hf_dinov2_3", [config(qkv_bias=False)],
     "error: /qkv_bias: expected true, as the tensors have it, found false"),
    ("hf_dinov2_3", [config(image_size=28)],
     "error: /image_size: expected a position table of 17 rows for an image of "
     "28x28, found 10"),
    ("hf_clip_1", [config(image_size=28)],
     "error: /image_size: expected a position table of 50 rows for an image of "
     "28x28, found 26"),
    ("hf_siglip_7", ["tensor=vision_model.embeddings.patch_embedding.weight",
                     "tensor=embeddings.patch_embedding.weight"],
     "expected one of the tensors 'vision_model.embeddings.patch_embedding."
     "weight' or 'embeddings.patch_embedding.weight', found none"),
]

UNSUPPORTED = [
    ("timm_vit_clip", ["tensor=blocks.0.norm1.bias"],
     "not supported: norms without a bias (RMS norm)"),
    ("timm_vit_clip", [arguments(norm_layer="rmsnorm")],
     "not supported: the norm layer rmsnorm"),
    ("timm_vit_clip", ["tensor=blocks.0.attn.q_norm.weight=[8]"],
     "not supported: norms of queries and keys without a bias (RMS norm)"),
    ("timm_vit_clip", ["tensor=blocks.0.attn.gate.weight=[1]"],
     "not supported: gated attention"),
    ("timm_vit_clip", ["tensor=blocks.0.attn.qkv.weight=[36, 8]"],
     "not supported: heads whose width is not the tokens' over their number: 36 "
     "rows of qkv for a width of 8"),
    ("timm_vit_clip", ["tensor=patch_embed.norm.weight=[8]"],
     "not supported: a norm in the patch embedding"),
    ("timm_vit_clip", ["tensor=attn_pool.pool=[8]"],
     "not supported: this kind of attention pooling"),
    ("timm_vit_clip", [pretrained(crop_mode="border")],
     "not supported: crop_mode 'border'"),
    ("timm_vit_6", [arguments(img_size=None), pretrained(input_size=None)],
     "not supported: a model without a position table whose image size is not "
     "told by a config.json"),
    ("timm_vit_clip", ["tensor=pos_embed=[1, 7, 8]", arguments(img_size=None),
                    pretrained(input_size=None)],
     "not supported: a position table of 7 rows, which is no square grid, "
     "without a config.json that tells the image size"),
    ("timm_tnt_0", ["tensor=pixel_embed.proj.weight=[8, 3, 5, 5]"],
     "not supported: a stem whose windows have 5 pixels instead of 7"),
    ("timm_tnt_0", ["tensor=blocks.0.proj.bias=[20]"],
     "not supported: a fold that is neither the official one, with norm2_proj, "
     "nor the legacy one, with a bias"),
    ("hf_dinov2_3", ["tensor=classifier.weight=[3, 47]"],
     "not supported: a classifier of 47 channels, which is not the class token "
     "and the mean of the patches"),
    ("timm_vit_clip", ["dtype=F64"],
     "of type F32, F16 or BF16, found F64 in '"),
    ("timm_vit_clip", ["dtype=I8"],
     "of type F32, F16 or BF16, found I8 in '"),
    ("hf_vit_0", ["dtype=I8", "shards=2"],
     "of type F32, F16 or BF16, found I8 in '"),
]


def truncated(folder):
    with open(os.path.join(folder, "model.safetensors"), "r+b") as file:
        file.truncate(file.seek(0, os.SEEK_END) - 4)


def endless(name):
    """A file of 65 MB, which is a hole."""
    def damage(folder):
        with open(os.path.join(folder, name), "wb") as file:
            file.truncate((64 << 20) + 1)
    return damage


def directory(name):
    def damage(folder):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            os.remove(path)
        os.mkdir(path)
    return damage


def removed(name):
    return lambda folder: os.remove(os.path.join(folder, name))


INDEX = "model.safetensors.index.json"
TOO_LONG = "expected a file of at most 67108864 bytes, found 67108865"
FILES = [  # @ stands for the folder
    ("hf_vit_0", truncated, [], "model.safetensors': tensor '"),
    ("hf_vit_0", truncated, [], "(is the file truncated?)"),
    ("hf_vit_0", endless("config.json"), [],
     f"{TOO_LONG} in '@/config.json'"),
    ("hf_vit_0", endless("preprocessor_config.json"), [],
     f"{TOO_LONG} in '@/preprocessor_config.json'"),
    ("hf_vit_0", directory("config.json"), [],
     "expected a file, found a directory or device at '@/config.json'"),
    ("hf_vit_0", removed("model.safetensors"), [],
     "expected model.safetensors or model.safetensors.index.json in '"),
    ("hf_vit_0", removed("model.safetensors"), [], "found none"),
    ("hf_vit_0", removed("model-00002-of-00002.safetensors"), ["shards=2"],
     "model-00002-of-00002.safetensors': No such file or directory"),
    ("hf_vit_0", endless(INDEX), ["shards=2"],
     f"{TOO_LONG} in '@/{INDEX}'"),
    ("hf_vit_0", directory(INDEX), ["shards=2"],
     f"expected a file, found a directory or device at '@/{INDEX}'"),
]


def refusals(path, out):
    """What vitc import and vitc compile say of the folder."""
    for command in "import", "compile":
        done = subprocess.run(["vitc", command, path, "-o", out],
                              capture_output=True, text=True, check=False)
        yield command, (done.stderr if done.returncode == 1
                        else f"status {done.returncode}")


def main():
    recorded, folder = sys.argv[1:]
    with open(recorded, encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    tables = [(case, lambda folder: None, options, expected)
              for case, options, expected in
              WRONG_TYPES + CONTRADICTIONS + UNSUPPORTED] + FILES
    wrong = 0
    for index, (case, damage, options, expected) in enumerate(tables):
        path = os.path.join(folder, str(index))
        checkpoint.write(copy.deepcopy(cases[case]), path, options)
        damage(path)
        expected = expected.replace("@", path)
        out = path + "-none"
        for command, found in refusals(path, out):
            written = os.listdir(out) if os.path.exists(out) else []
            if expected not in found or "error: " not in found or written:
                wrong += 1
                print(f"{command} {case} {options}: expected {expected!r}, "
                      f"found {found[:600]} and files {written}")
    print(f"{len(tables)} checkpoints, {wrong} wrong")


if __name__ == "__main__":
    main()
