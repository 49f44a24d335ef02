"""Record what PyTorch computes of some images, for `vitc verify`.

    python record_outputs.py FOLDER -o reference.npz [PICTURE ...]
        [--images N] [--seed S] [--outputs A,B] [--arch NAME]

FOLDER is one of timm or Hugging Face transformers, or a lone safetensors file of
timm, which --arch then names. The images are the pictures, through the library's
own preprocessing, or else N of normal noise. The outputs are logits and features,
as far as the model has them, or what --outputs lists, or `all`. README.md says what
is written.
"""

import argparse
import json
import math
import pathlib
import sys

import numpy as np
import torch
import transformers

try:
    import torchvision  # only timm's preprocessing needs it
except ImportError:
    torchvision = None
    sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "train"))
    import no_torchvision  # noqa: F401  (before timm, behind transformers)
import timm  # noqa: E402


def pair(size):
    """Height and width of what a configuration gives as one number or two."""
    if isinstance(size, dict):
        return size["height"], size["width"]
    return (size, size) if isinstance(size, int) else tuple(size)


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
        kind = type(self.model).__name__
        if kind not in ("VisionTransformer", "VisionTransformerDistilled", "TNT"):
            sys.exit(f"expected a VisionTransformer or TNT of timm, found {kind}")
        block = self.model.blocks[-1]
        self.attention = Attention(getattr(block, "attn_out", None) or block.attn)

    def prepare(self, pictures):
        if torchvision is None:
            sys.exit("pictures for a network of timm need torchvision, found none")
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


# What the head of a network of transformers sees, of the tower's outputs; `prefix`
# is the number of tokens before those of the patches.

def class_token(tower, prefix):
    return tower.last_hidden_state[:, 0]


def two_tokens(tower, prefix):
    return tower.last_hidden_state[:, :2].mean(dim=1)


def patch_mean(tower, prefix):
    return tower.last_hidden_state[:, prefix:].mean(dim=1)


def token_and_mean(tower, prefix):
    return torch.cat([class_token(tower, prefix), patch_mean(tower, prefix)], dim=1)


def pooler(tower, prefix):
    return tower.pooler_output


FEATURES = {
    "ViTModel": class_token,
    "ViTForImageClassification": class_token,
    "DeiTModel": class_token,
    "DeiTForImageClassification": class_token,
    "DeiTForImageClassificationWithTeacher": two_tokens,
    "ViTMAEModel": class_token,
    "ViTMAEForPreTraining": class_token,
    "Dinov2Model": class_token,
    "Dinov2ForImageClassification": token_and_mean,
    "Dinov2WithRegistersModel": class_token,
    "Dinov2WithRegistersForImageClassification": token_and_mean,
    "CLIPVisionModel": pooler,
    "CLIPVisionModelWithProjection": pooler,
    "CLIPForImageClassification": patch_mean,
    "CLIPModel": pooler,
    "SiglipVisionModel": pooler,
    "SiglipForImageClassification": patch_mean,
    "SiglipModel": pooler,
}


class HuggingFace:
    """One of FEATURES; of CLIP and SigLIP the image's tower."""

    def __init__(self, path, kind):
        if kind not in FEATURES:
            sys.exit(f"expected one of {', '.join(FEATURES)}, found {kind}")
        self.path, self.kind = path, kind
        self.masks = kind.startswith("ViTMAE")
        options = {"mask_ratio": 0.0} if self.masks else {}
        self.model = getattr(transformers, kind).from_pretrained(path, **options)
        self.tower = getattr(self.model, "vision_model", self.model.base_model)

    def prepare(self, pictures):
        processor = transformers.AutoImageProcessor.from_pretrained(self.path)
        return processor(pictures, return_tensors="pt").pixel_values

    def shape(self):
        config = self.tower.config
        side = config.image_size
        file = self.path / "preprocessor_config.json"
        if self.kind.startswith("Dinov2") and file.exists():
            # It runs at the size of the crop, not of the position table.
            side = json.loads(file.read_text()).get("crop_size") or side
        return config.num_channels, *pair(side)

    def outputs(self, image):
        patch = pair(self.tower.config.patch_size)
        patches = math.prod(
            side // size for side, size in zip(image.shape[2:], patch))
        options = {}
        if self.masks:  # in order, instead of shuffled
            options["noise"] = torch.arange(patches).expand(len(image), -1)
        tower = self.tower(image, **options)
        result = {}
        if not self.kind.startswith("CLIP"):  # whose final norm is the pooler's
            result["tokens"] = tower.last_hidden_state
        features = FEATURES[self.kind](
            tower, tower.last_hidden_state.shape[1] - patches)
        if features is not None:
            result["features"] = features
        if hasattr(self.model, "visual_projection"):
            result["logits"] = self.model.visual_projection(features)
        elif "Classification" in self.kind:
            result["logits"] = self.model(image).logits
        self.model.set_attn_implementation("eager")  # the one that gives its maps
        maps = self.tower(image, output_attentions=True, **options).attentions
        result[f"attention@{len(maps) - 1}"] = maps[-1]
        return result


def load(path, arch):
    if not path.is_dir():
        if not arch:
            sys.exit("a lone file expects --arch, timm's name of what it holds")
        return Timm(path, arch)
    config = json.loads((path / "config.json").read_text())
    if "architecture" in config:
        return Timm(path, arch)
    return HuggingFace(path, (config.get("architectures") or ["no architecture"])[0])


def read_pictures(paths):
    from PIL import Image
    return [Image.open(path).convert("RGB") for path in paths]


def chosen(listed, found):
    """The names of the outputs to write."""
    if listed == "all":
        return list(found)
    if not listed:
        return [name for name in ("logits", "features") if name in found]
    names = listed.split(",")
    for name in names:
        if name not in found:
            sys.exit(f"no output {name!r}, there are {', '.join(found)}")
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("pictures", nargs="*", metavar="PICTURE")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--images", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--outputs", metavar="A,B",
                        help="'all', or some (default: logits and features)")
    parser.add_argument("--arch", metavar="NAME",
                        help="timm's name of what a lone file holds")
    options = parser.parse_intermixed_args()

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
    names = chosen(options.outputs, found)
    np.savez(options.output, **{"input:image": image.numpy()},
             **{name: found[name].numpy() for name in names})
    for name in names:
        print(f"{name}: {list(found[name].shape)}")


if __name__ == "__main__":
    main()
