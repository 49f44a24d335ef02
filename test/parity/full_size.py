"""Compare vitc with timm and transformers on models of published sizes.

    python full_size.py [--vitc PATH] [--seed S] [PATTERN ...]

For each model, the smallest first: the library builds it with random weights and
saves it; vitc imports it, and must count the parameters and multiply-adds that the
library's model has, which test/golden/counts.json records too where it lists the
model; then vitc compiles and runs it for one image, and its outputs are compared
with the library's in float64 as run.py does. A PATTERN, with `*`, picks models by
name. The status is 0 if all passed. The largest model needs 6 GB of memory and
4 GB of disk under $TMPDIR, which are free again when its line is printed.
"""

import argparse
import dataclasses
import fnmatch
import functools
import json
import pathlib
import re
import sys
import tempfile
import time
import typing

import draw
import draw_timm
import run
import timm
import torch
import transformers

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "models" / "reference"))
import networks  # noqa: E402

# Less than in small models, so that float32's error does not grow with depth.
GAIN = 0.7
transformers.utils.logging.disable_progress_bar()
torch.backends.mha.set_fastpath_enabled(False)  # its products go uncounted


@dataclasses.dataclass(eq=False)
class Model:
    name: str
    library: str
    side: int  # of the image
    make: typing.Callable  # () -> the library's model
    outputs: typing.Callable  # (model, image) -> {name: tensor}
    recorded: str = ""  # its name in counts.json
    settings: dict = dataclasses.field(default_factory=dict)  # and its "set"


def timm_model(name, entry="", **arguments):
    """A model that counts.json lists as `name`, from timm's `entry`."""
    return Model(name, "timm", int(name.split("_")[-1]),
                 lambda: timm.create_model(entry or name, **arguments).eval(),
                 draw_timm.timm_outputs, name)


def timm_classes(name, **arguments):
    return timm_model(name, num_classes=1000, **arguments)


def hf_model(name, kind, config, outputs, recorded="", **settings):
    def make():
        model = kind(config)
        model.set_attn_implementation("eager")
        return model.eval()
    vision = getattr(config, "vision_config", config)
    return Model(name, "transformers", vision.image_size, make, outputs,
                 recorded, settings)


def sizes(width):
    """Arguments of a configuration of DeiT's small and base model."""
    return dict(hidden_size=width, num_attention_heads=width // 64,
                intermediate_size=4 * width)


def logits(model, image):
    return {"logits": model(image).logits}


def pooled(model, image):
    return {"features": model(image).pooler_output}


def hf_models():
    for letter, width in (("small", 384), ("base", 768)):
        vit = transformers.ViTConfig(num_labels=1000, **sizes(width))
        yield hf_model(f"ViT-{letter}/16", transformers.ViTForImageClassification,
                       vit, logits, f"vit_{letter}_patch16_224")
        deit = transformers.DeiTConfig(num_labels=1000, **sizes(width))
        yield hf_model(f"DeiT-{letter}, one head",
                       transformers.DeiTForImageClassification, deit, logits,
                       f"deit_{letter}_distilled_patch16_224", dual_head=False)
        yield hf_model(f"DeiT-{letter} with teacher",
                       transformers.DeiTForImageClassificationWithTeacher, deit,
                       logits, f"deit_{letter}_distilled_patch16_224")
        dinov2 = dict(sizes(width), image_size=518, patch_size=14)
        del dinov2["intermediate_size"]
        yield hf_model(f"DINOv2-{letter}", transformers.Dinov2Model,
                       transformers.Dinov2Config(**dinov2), pooled)
        yield hf_model(f"DINOv2-{letter}, 4 registers",
                       transformers.Dinov2WithRegistersModel,
                       transformers.Dinov2WithRegistersConfig(**dinov2), pooled)
    clip = transformers.CLIPVisionConfig(projection_dim=512)
    yield hf_model("CLIP-B/32", transformers.CLIPVisionModel, clip, pooled)
    yield hf_model("CLIP-B/32 with projection",
                   transformers.CLIPVisionModelWithProjection, clip,
                   lambda model, image: {"logits": model(image).image_embeds})
    yield hf_model("SigLIP-B/16", transformers.SiglipVisionModel,
                   transformers.SiglipVisionConfig(), pooled,
                   "vit_base_patch16_siglip_224")


def models():
    for name in networks.VIT:
        if not re.search("huge|giant|gigantic", name):
            yield timm_classes(name)
    for name in networks.DEIT:
        yield timm_classes(name)
    for name in networks.TNTS:
        # timm has no entry for some sizes; its legacy graph has one name.
        inner, inner_heads, outer, outer_heads = networks.TNT_SIZES[
            name.split("_")[1]]
        graph = "tnt_s_legacy" if "legacy" in name else "tnt_s"
        yield timm_model(name, f"{graph}_patch16_224", embed_dim=outer,
                         inner_dim=inner, num_heads_outer=outer_heads,
                         num_heads_inner=inner_heads)
    for size in ("small", "base"):
        for registers in ("", "reg4_"):
            name = f"vit_{size}_patch14_{registers}dinov2"
            yield dataclasses.replace(timm_model(name + "_518", name), name=name,
                                      recorded=name)
    yield timm_classes("vit_base_patch32_clip_224")
    yield dataclasses.replace(
        timm_classes("vit_base_patch32_clip_quickgelu_224"),
        recorded="vit_base_patch32_clip_224")
    yield timm_model("vit_base_patch16_siglip_224")
    yield from hf_models()


@functools.cache
def library_counts(model):
    """(parameters, multiply-adds for one image) of the library's model, as it is
    on the meta device; without the mask token, which inference never reads."""
    with torch.device("meta"):
        network = model.make()
        image = torch.empty(1, 3, model.side, model.side)
    with torch.no_grad(), networks.MacCounter() as counter:
        network(image)
    return (sum(p.numel() for name, p in network.named_parameters()
                if not name.endswith("mask_token")), counter.macs)


def recorded_counts(model):
    """The same from counts.json, or nothing if it does not list the model."""
    text = (ROOT / "test" / "golden" / "counts.json").read_text()
    for entry in json.loads(text)["models"]:
        if (entry["name"], entry["set"]) == (model.recorded, model.settings):
            return entry["parameters"], entry["macs"]
    if model.recorded:
        raise RuntimeError(f"counts.json has no {model.recorded} with "
                           f"{model.settings}")
    return None


def vitc_counts(program, folder):
    text = run.vitc(program, "import", folder / "saved", "-o", folder / "spec")
    return tuple(int(re.search(rf"{key} +(\d+)", text)[1])
                 for key in ("parameters", "macs"))


def case_of(model, seed):
    if model.library == "timm":
        with torch.device("meta"):  # not to draw numbers twice
            network = model.make()
        network.to_empty(device="cpu")
    else:
        network = model.make()
    draw.spread(network, torch.Generator().manual_seed(seed), GAIN)

    def save(folder):
        if model.library == "timm":
            timm.models.save_for_hf(network, folder, safe_serialization=True)
        else:
            network.save_pretrained(folder)
    return draw.Case(network, (3, model.side, model.side), save, model.outputs,
                     blocks=lambda *_: {}, depth=1, text=model.name)


def check(program, model, folder, seed):
    """What vitc counts, the share of what its error may be, and a text."""
    expected = library_counts(model)
    recorded = recorded_counts(model) or expected
    share, text = run.compare(program, case_of(model, seed), folder, seed,
                              images=1)
    found = vitc_counts(program, folder)
    if not expected == recorded == found:
        share = float("inf")
        text = (f"vitc counts {found}, the library {expected}, counts.json "
                f"{recorded}")
    return found, share, text


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("patterns", nargs="*", default=["*"], metavar="PATTERN")
    parser.add_argument("--vitc", default="build/bin/vitc")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    chosen = [model for model in models()
              if any(fnmatch.fnmatch(model.name, p) for p in options.patterns)]
    chosen.sort(key=lambda model: library_counts(model)[::-1])
    print(f"{'model':36} {'library':12} {'parameters':>12} "
          f"{'multiply-adds':>15} {'seconds':>7}  error", flush=True)
    failed = 0
    for model in chosen:
        started = time.monotonic()
        counts = ("", "")
        with tempfile.TemporaryDirectory() as temporary:
            try:
                counts, share, text = check(options.vitc, model,
                                            pathlib.Path(temporary), options.seed)
            except RuntimeError as error:
                share, text = float("inf"), str(error)
        failed += not share <= 1
        print(f"{model.name:36} {model.library:12} {counts[0]:>12} "
              f"{counts[1]:>15} {time.monotonic() - started:7.0f}  "
              f"{'' if share <= 1 else 'FAIL '}{text}", flush=True)
    print(f"{len(chosen) - failed} of {len(chosen)} passed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
