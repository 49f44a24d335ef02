"""Everything that models/families/unsupported.json lists is refused by name.

unsupported.py FAMILIES FOLDER
    FAMILIES is unsupported.json; vitc is found through PATH. Every pattern of the
    file must have an example here.
"""

import fnmatch
import json
import os
import subprocess
import sys

import checkpoint

# What is missing: names of timm's architectures, of transformers' model types and
# of tensors in a lone file.
EXAMPLES = {
    "shifted windows": (
        "swin_tiny_patch4_window7_224 swinv2_base_window8_256",
        "swin swinv2 donut-swin maskformer-swin",
        "layers.0.blocks.1.attn.relative_position_bias_table"),
    "convolutional stems": (
        "vit_small_r26_s32_224 vit_base_r50_s16_224 vit_tiny_r_s16_p8_224 "
        "vit_small_resnet26d_224 vit_base_mci_224",
        "vit-hybrid bit",
        "patch_embed.backbone.stem.conv.weight conv_root/kernel"),
    "rotary position embeddings": (
        "eva02_base_patch14_448 vit_base_patch16_rope_224 "
        "vit_small_patch16_dinov3 naflexvit_base_patch16_gap "
        "vit_pe_core_base_patch16_224 vit_large_patch16_lingbot "
        "vit_large_patch16_sapiens2", "dinov3_vit dinov3_convnext",
        "rope.periods"),
    "relative position bias": (
        "beit_base_patch16_224 beitv2_large_patch16_224 "
        "vit_relpos_base_patch16_224 vit_srelpos_small_patch16_224 "
        "test_vit_relpos", "beit data2vec-vision",
        "blocks.0.attn.relative_position_bias_table blocks.2.attn.rel_pos_h"),
    "windowed attention": ("samvit_base_patch16", "sam sam2 vitdet", ""),
    "parallel blocks": (
        "vit_huge_patch14_xp_224 vit_pwee_patch16_reg1_gap_256 "
        "vit_dpwee_patch16_reg1_gap_256 vit_small_patch16_18x2_224", "",
        "blocks.0.in_norm.weight blocks.0.attns.1.attn.qkv.weight"),
    "norms behind the branches": ("vit_base_patch16_rpn_224", "", ""),
    "differential attention": (
        "vit_dwee_patch16_reg1_gap_256 vit_dlittle_patch16_reg1_gap_256", "",
        "blocks.0.attn.lambda_q1"),
    "RMS norms": ("aimv2_large_patch14_224 test_vit4", "aimv2_vision_model", ""),
    "talking heads": ("cait_s24_224", "", "blocks.0.attn.proj_l.weight"),
    "cross-covariance attention": ("xcit_small_12_p16_224", "", ""),
    "stages of several resolutions": (
        "pit_s_224 crossvit_15_240 mobilevit_s efficientformer_l1 "
        "maxvit_tiny_tf_224 coatnet_0_rw_224 levit_128 twins_svt_small "
        "pvt_v2_b0 nest_tiny convit_tiny volo_d1_224 t2t_vit_14 gcvit_tiny "
        "mvitv2_tiny hiera_base_224",
        "pvt pvt_v2 levit mobilevit mobilevitv2 hiera mvit mvitv2 segformer "
        "efficientformer", ""),
    "convolutional networks": (
        "resnet50 convnext_tiny efficientnet_b0 mobilenetv3_small_100 vgg16 "
        "densenet121 regnety_032",
        "resnet convnext convnextv2 efficientnet mobilenet_v2", ""),
    "models of text": (
        "", "clip_text_model siglip_text_model bert roberta gpt2 llama t5", ""),
}


def refusal(folder, name, *options):
    done = subprocess.run(["vitc", "import", os.path.join(folder, name), "-o",
                           os.path.join(folder, "none"), *options],
                          capture_output=True, text=True, check=False)
    return done.stderr if done.returncode == 1 else f"status {done.returncode}"


def with_architecture(folder, name):
    return refusal(folder, "model.safetensors", "--arch", name + ".some_tag")


def with_model_type(folder, name):
    checkpoint.write_json(folder, "config.json", {"model_type": name})
    return refusal(folder, "")


def with_tensor(folder, name):
    checkpoint.write_file(folder, "lone.safetensors",
                          checkpoint.safetensors({name: [1]}, "F32"))
    return refusal(folder, "lone.safetensors")


def main():
    families, folder = sys.argv[1:]
    with open(families, encoding="utf-8") as file:
        entries = json.load(file)["unsupported"]
    os.makedirs(folder)
    checkpoint.write_file(folder, "model.safetensors",
                          checkpoint.safetensors({"a": [1]}, "F32"))
    kinds = (("architecture", "architecture '{}'", with_architecture),
             ("model_type", "model_type '{}'", with_model_type),
             ("tensors", "a model with tensors ", with_tensor))
    wrong, count = [], 0
    for missing, examples in EXAMPLES.items():
        entry, = [e for e in entries if e["missing"].startswith(missing)]
        entries.remove(entry)
        for (key, text, refused), names in zip(kinds, examples):
            patterns = entry.get(key, [])
            for pattern in patterns:
                if not fnmatch.filter(names.split(), pattern):
                    wrong.append(f"{missing}: no example for {pattern}")
            for name in names.split():
                count += 1
                found = refused(folder, name)
                if (text.format(name) not in found
                        or f" is not supported: {entry['missing']}\n" not in found):
                    wrong.append(f"{name}: {found}")
    wrong += [f"no examples: {entry['missing']}" for entry in entries]
    if os.path.exists(os.path.join(folder, "none")):
        wrong.append("something was written")
    print(f"{count} refused, {len(wrong)} wrong", *wrong, sep="\n")


if __name__ == "__main__":
    main()
