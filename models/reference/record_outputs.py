"""Record what PyTorch computes of some images, for `vitc verify`.

    python record_outputs.py FOLDER -o reference.npz [PICTURE ...]
        [--images N] [--seed S] [--outputs A,B] [--arch NAME]

FOLDER is one of timm or Hugging Face transformers, or a lone safetensors file of
timm, which --arch then names. The images are the pictures, through the library's
own preprocessing, or else N of normal noise. README.md says what is written.
"""

import argparse
import json
import pathlib
import sys

import numpy as np
import torch
import transformers

try:
    import torchvision  # noqa: F401  (only pictures need it)
except ImportError:
    sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "train"))
    import no_torchvision  # noqa: F401  (before timm, behind transformers)
import timm  # noqa: E402


class Attention:
    """The probabilities of a block's attention: what its dropout is given."""

    def __init__(self, attention):
        attention.attn_drop.register_forward_pre_hook(self.keep)

    def keep(self, module, arguments):
        self.map = arguments[0]


class Timm:
    """VisionTransformer, VisionTransformerDistilled or TNT."""

    def __init__(self, path, arch):
        timm.layers.set_fused_attn(False)
        if path.is_dir():
            self.model = timm.create_model(f"local-dir:{path}", pretrained=True)
        else:
            self.model = timm.create_model(arch, checkpoint_path=str(path))
        block = self.model.blocks[-1]
        self.attention = Attention(getattr(block, "attn_out", None) or block.attn)

    def prepare(self, pictures):
        config = timm.data.resolve_data_config(model=self.model)
        transform = timm.data.create_transform(**config)
        return torch.stack([transform(picture) for picture in pictures])

    def shape(self):
        embed = getattr(self.model, "pixel_embed", None) or self.model.patch_embed
        return embed.proj.in_channels, *embed.img_size

    def outputs(self, image):
        tokens = self.model.forward_features(image)
        result = {
            "tokens": tokens,
            f"attention@{len(self.model.blocks) - 1}": self.attention.map,
            "features": self.model.forward_head(tokens, pre_logits=True)}
        if self.model.num_classes:
            result["logits"] = self.model.forward_head(tokens)
        return result


class HuggingFace:
    """ViT, DeiT, DINOv2 and the image towers of CLIP and SigLIP."""

    def __init__(self, path):
        config = transformers.AutoConfig.from_pretrained(path)
        kind = getattr(transformers, config.architectures[0])
        self.path = path
        self.model = kind.from_pretrained(path, attn_implementation="eager")

    def prepare(self, pictures):
        processor = transformers.AutoImageProcessor.from_pretrained(self.path)
        return processor(pictures, return_tensors="pt").pixel_values

    def shape(self):
        config = getattr(self.model.config, "vision_config", self.model.config)
        side = config.image_size
        return config.num_channels, side, side

    def outputs(self, image):
        name = self.model.base_model_prefix
        base = getattr(self.model, name, self.model) if name else self.model
        inner = base(image, output_attentions=True)
        last = len(inner.attentions) - 1
        result = {f"attention@{last}": inner.attentions[last]}
        if self.model.config.model_type in ("vit", "deit", "dinov2",
                                            "dinov2_with_registers"):
            result["tokens"] = inner.last_hidden_state
            result["features"] = inner.last_hidden_state[:, 0]
        elif getattr(inner, "pooler_output", None) is not None:
            result["features"] = inner.pooler_output
        outer = self.model(image)
        for key in ("logits", "image_embeds"):
            if hasattr(outer, key):
                result["logits"] = getattr(outer, key)
        if hasattr(self.model, "distillation_classifier"):
            result["features"] = inner.last_hidden_state[:, :2].mean(dim=1)
        return result


def load(path, arch):
    if not path.is_dir():
        if not arch:
            sys.exit("a lone file expects --arch, timm's name of what it holds")
        return Timm(path, arch)
    config = json.loads((path / "config.json").read_text())
    return Timm(path, arch) if "architecture" in config else HuggingFace(path)


def read_pictures(paths):
    from PIL import Image
    return [Image.open(path).convert("RGB") for path in paths]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("pictures", nargs="*", metavar="PICTURE")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--images", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--outputs", default="")
    parser.add_argument("--arch")
    options = parser.parse_args()

    network = load(options.folder, options.arch)
    network.model.eval()
    if options.pictures:
        image = network.prepare(read_pictures(options.pictures))
    else:
        image = torch.randn((options.images, *network.shape()),
                            generator=torch.Generator().manual_seed(options.seed))
    image = image.float()
    network.model.double()
    with torch.no_grad():
        found = network.outputs(image.double())
    if "logits" in found:
        found["probabilities"] = found["logits"].softmax(dim=-1)
    names = options.outputs.split(",") if options.outputs else list(found)
    for name in names:
        if name not in found:
            sys.exit(f"no output {name!r}, there are {', '.join(found)}")
    np.savez(options.output, **{"input:image": image.numpy()},
             **{name: found[name].numpy() for name in names})
    for name in names:
        print(f"{name}: {list(found[name].shape)}")


if __name__ == "__main__":
    main()
