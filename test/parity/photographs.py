"""Compare vitc's pixels with those of timm and transformers on photographs.

    python photographs.py [--vitc PATH] [--keep DIR] [FILE ...]

FILE is a PNG or JPEG file; without one, the photographs that come with the
installed scikit-image, scikit-learn and matplotlib. Variants of the first one
are added: tall, wide, tiny, one pixel, grey, palette, transparent, 16 bits, ...

Each case is a small model with a preprocessing, saved by its library and
compiled by vitc. Its resized and cropped 8-bit pixels must equal those of the
library's own transform (transformers: the one that uses Pillow) for 99.9 % of
the bytes and never differ by more than 1, and its five best classes must be the
library's. Prints a line a case; the status is 0 if all passed, which needs a Pillow
before 12.2: see the README.
"""

import argparse
import importlib.util
import pathlib
import struct
import subprocess
import sys
import tempfile
import typing
import zlib

import numpy as np
import PIL
import torch
from PIL import Image

try:
    import torchvision  # noqa: F401
except RuntimeError:
    # The transforms are Python. The compiled operators do not load beside every
    # build of torch; then their declarations will do.
    OPERATORS = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        OPERATORS.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold)"
                         " -> Tensor")
    import torchvision  # noqa: F401
import timm  # noqa: E402
import transformers  # noqa: E402

import draw  # noqa: E402

CLASSES = 1000
SHARE = 0.999  # of the bytes that must be equal
SMALL = dict(hidden_size=64, num_hidden_layers=1, num_attention_heads=2,
             intermediate_size=128)


class Case(typing.NamedTuple):
    """A model with its preprocessing."""

    name: str
    save: typing.Callable  # (folder)
    pixels: typing.Callable  # (RGB image) -> bytes, height x width x channels
    tensor: typing.Callable  # (RGB image) -> what the model is given
    logits: typing.Callable  # (tensors) -> scores, or None without a head


def timm_case(name, size=(224, 224), **preprocessing):
    model = timm.create_model(
        "deit_small_patch16_224", img_size=size, embed_dim=64, num_heads=2,
        depth=1, num_classes=CLASSES,
        pretrained_cfg_overlay=dict(input_size=(3, *size), **preprocessing))
    draw.spread(model, torch.Generator().manual_seed(1))
    data = timm.data.resolve_model_data_config(model)
    whole = timm.data.create_transform(**data)
    bytes_only = timm.data.create_transform(**data, normalize=False)
    return Case(
        f"timm {name}",
        lambda folder: timm.models.save_for_hf(model, folder,
                                               safe_serialization=True),
        lambda image: bytes_only(image).permute(1, 2, 0).numpy(),
        lambda image: whole(image).numpy(), model)


def hf_case(name, processor, model):
    draw.spread(model, torch.Generator().manual_seed(1))

    def save(folder):
        model.save_pretrained(folder)
        processor.save_pretrained(folder)

    def process(image, **options):
        return processor(image, return_tensors="np", **options)["pixel_values"][0]

    has_logits = "Classification" in type(model).__name__
    return Case(
        f"transformers {name}", save,
        lambda image: process(image, do_rescale=False,
                              do_normalize=False).transpose(1, 2, 0),
        process,
        (lambda images: model(images).logits) if has_logits else None)


def cases():
    yield timm_case("DeiT", crop_pct=0.9)
    yield timm_case("ViT, bilinear", crop_pct=0.875, interpolation="bilinear",
                    mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))
    yield timm_case("whole", crop_pct=1.0)
    yield timm_case("squash", crop_pct=0.95, crop_mode="squash")
    yield timm_case("192 x 256", (192, 256), crop_pct=0.9)
    hf = transformers
    yield hf_case("ViT", hf.ViTImageProcessorPil(),
                  hf.ViTForImageClassification(
                      hf.ViTConfig(num_labels=CLASSES, **SMALL)))
    yield hf_case("DeiT", hf.DeiTImageProcessorPil(),
                  hf.DeiTForImageClassification(
                      hf.DeiTConfig(num_labels=CLASSES, **SMALL)))
    yield hf_case("DeiT, scaled by 1/127.5",
                  hf.DeiTImageProcessorPil(
                      size={"height": 250, "width": 299}, rescale_factor=1 / 127.5,
                      image_mean=[1, 1, 1], image_std=[1, 1, 1]),
                  hf.DeiTForImageClassification(
                      hf.DeiTConfig(num_labels=CLASSES, **SMALL)))
    yield hf_case("DINOv2",
                  hf.BitImageProcessorPil(
                      size={"shortest_edge": 256},
                      image_mean=[0.485, 0.456, 0.406],
                      image_std=[0.229, 0.224, 0.225]),
                  hf.Dinov2Model(
                      hf.Dinov2Config(patch_size=16, image_size=224, **SMALL)))
    yield hf_case("CLIP", hf.CLIPImageProcessorPil(),
                  hf.CLIPVisionModelWithProjection(
                      hf.CLIPVisionConfig(projection_dim=32, **SMALL)))
    yield hf_case("SigLIP", hf.SiglipImageProcessorPil(),
                  hf.SiglipVisionModel(hf.SiglipVisionConfig(**SMALL)))


def installed_photographs():
    """Files of packages, without drawings: of at least 200 pixels a side."""
    folders = {"skimage": "data", "sklearn": "datasets/images",
               "matplotlib": "mpl-data/sample_data"}
    for package, folder in folders.items():
        spec = importlib.util.find_spec(package)
        for path in sorted(pathlib.Path(spec.origin).parent.glob(f"{folder}/*")
                           if spec else ()):
            if path.suffix in (".png", ".jpg") and min(Image.open(path).size) >= 200:
                yield path


def load(file):
    """The photograph in RGB. Without what else the file says, as the transparent
    colour, which some processors of transformers would put on white."""
    image = Image.open(file).convert("RGB")
    image.info = {}
    return image


def write_png16(path, pixels):
    """A 16-bit PNG, of which Pillow writes only grey ones."""
    def chunk(name, data):
        return (struct.pack(">I", len(data)) + name + data +
                struct.pack(">I", zlib.crc32(name + data)))
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)) +
        chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def write_variants(photograph, folder):
    """Shapes and formats of one photograph."""
    image = load(photograph)
    width, height = image.size
    large = image.resize((1920, 1080))
    alpha = Image.linear_gradient("L").resize(image.size)
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees; timm does not turn it back
    palette = image.quantize(64)
    variants = {
        "large.jpg": (large, {"quality": 92}),
        "upright.jpg": (large.transpose(Image.Transpose.ROTATE_90), {}),
        "tall.jpg": (image.crop((0, 0, width // 9, height)), {}),
        "wide.png": (image.crop((0, 0, width, height // 11)), {}),
        "column.png": (image.crop((9, 0, 10, 40)), {}),
        "row.png": (image.crop((0, 9, 40, 10)), {}),
        "tiny.png": (image.resize((7, 5)), {}),
        "pixel.png": (image.crop((30, 30, 31, 31)), {}),
        "grey.png": (image.convert("L"), {}),
        "grey.jpg": (image.convert("L"), {}),
        "grey-alpha.png": (Image.merge("LA", (image.convert("L"), alpha)), {}),
        "bilevel.png": (image.convert("1"), {}),
        "palette.png": (palette, {}),
        "palette4.png": (image.quantize(11), {"bits": 4}),
        "palette-alpha.png": (palette, {"transparency": 3}),
        "alpha.png": (Image.merge("RGBA", (*image.split(), alpha)), {}),
        "cmyk.jpg": (image.convert("CMYK"), {}),
        "progressive.jpg": (image, {"progressive": True}),
        "full-colour.jpg": (image, {"subsampling": 0, "quality": 97}),
        "half-colour.jpg": (image, {"subsampling": 1, "quality": 40}),
        "turned.jpg": (image, {"exif": exif}),
    }
    for name, (variant, options) in variants.items():
        variant.save(folder / name, **options)
    write_png16(folder / "sixteen-bits.png",
                np.asarray(image).astype(np.uint16) * 251 + 97)
    return [folder / name for name in variants] + [folder / "sixteen-bits.png"]


def vitc(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True,
                          text=True)
    if done.returncode:
        sys.exit(f"vitc {arguments[0]}: {done.stderr.strip()}")


def compare(program, case, files, folder):
    """Prints the case's line; false if something differs too much."""
    case.save(folder / "saved")
    for kind in ("u8", "f32"):
        vitc(program, "compile", folder / "saved", "-o", folder / kind, "--input",
             kind)
        vitc(program, "run", folder / kind, "--save-input", folder / f"{kind}.npy",
             *(["--output", f"logits={folder}/logits.npy"] if case.logits else []),
             "--input", *files)
    images = [load(file) for file in files]
    count = equal = worst = 0
    for file, image, found in zip(files, images, np.load(folder / "u8.npy")):
        difference = np.abs(case.pixels(image).astype(int) - found)
        count += difference.size
        equal += (difference == 0).sum()
        worst = max(worst, difference.max())
        if difference.any():
            print(f"  {file.name}: {(difference > 0).mean():.4%} of the bytes "
                  f"differ, by up to {difference.max()}")
    tensors = np.stack([case.tensor(image) for image in images])
    error = np.abs(tensors - np.load(folder / "f32.npy")).max()
    line = (f"{case.name}: {equal / count:.4%} of {count} bytes equal, worst "
            f"{worst}; normalised {error:.1e}")
    passed = equal >= SHARE * count and worst <= 1
    if case.logits:
        with torch.no_grad():
            reference = case.logits(torch.from_numpy(tensors)).numpy()
        found = np.load(folder / "logits.npy")
        best = [np.argsort(-scores)[:, :5] for scores in (reference, found)]
        same = (best[0] == best[1]).all(axis=1).sum()
        passed &= bool(same == len(files))
        line += f"; top 5 equal for {same} of {len(files)}"
    print(("" if passed else "FAIL ") + line, flush=True)
    return passed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", metavar="FILE", type=pathlib.Path)
    parser.add_argument("--vitc", default="build/bin/vitc")
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    transformers.utils.logging.disable_progress_bar()
    files = options.files or list(installed_photographs())
    if not files:
        sys.exit("no photographs: name some, or install scikit-image")
    failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or pathlib.Path(temporary)
        (folder / "variants").mkdir(parents=True, exist_ok=True)
        files += write_variants(files[0], folder / "variants")
        print(f"{len(files)} photographs, Pillow {PIL.__version__}", flush=True)
        for index, case in enumerate(cases()):
            place = folder / str(index)
            place.mkdir(exist_ok=True)
            failed += not compare(options.vitc, case, files, place)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
