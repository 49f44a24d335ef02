"""Record what timm and transformers make of small photographs.

    python record_photographs.py PHOTOGRAPH FOLDER

Writes variants of the photograph, a few kilobytes each, and `recorded.json`:
for every rule its spec and, for every file, the 8-bit pixels that the library's
own transform gives. test/driver/photographs.test compares them with vitc's and
needs neither library nor Pillow.
"""

import base64
import json
import pathlib
import sys

import PIL

import photographs
import timm
import transformers

SIZE = (54, 36)  # of the photograph: width, height
SPEC = {"vitc": 1, "base": "vit",
        "set": {"patch": 4, "width": 8, "heads": 1, "depth": 1, "classes": 2}}


def rules():
    """(name, image, preprocess of a spec, transform) of the rules."""
    unit = {"crop": "image", "mean": 0, "std": 1}

    def of_timm(size, **options):
        transform = timm.data.create_transform(
            input_size=(3, *size), normalize=False, **options)
        return lambda image: transform(image).permute(1, 2, 0).numpy()

    yield ("shorter", 8, {"resize": "shorter", "size": 10, **unit},
           of_timm((8, 8), crop_pct=0.8, interpolation="bicubic"))
    yield ("cover", "8x12", {"resize": "cover", "size": "10x15",
                             "filter": "bilinear", **unit},
           of_timm((8, 12), crop_pct=0.8, interpolation="bilinear"))
    processor = transformers.DeiTImageProcessorPil(
        size={"height": 11, "width": 15}, crop_size={"height": 8, "width": 8},
        do_rescale=False, do_normalize=False)
    yield ("exact", 8, {"resize": "exact", "size": "11x15",
                        "crop_rounding": "down", **unit},
           lambda image: processor(image, return_tensors="np")
           ["pixel_values"][0].transpose(1, 2, 0))


def main():
    photograph, folder = map(pathlib.Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    small = folder / "photograph.png"
    photographs.load(photograph).resize(SIZE).save(small)
    skipped = {"large.jpg", "upright.jpg"}
    files = []
    for file in photographs.write_variants(small, folder):
        if file.name in skipped:
            file.unlink()
        else:
            files.append(file)
    small.unlink()
    recorded = {
        "origin": f"Pillow {PIL.__version__}, timm {timm.__version__}, "
                  f"transformers {transformers.__version__}",
        "rules": {}}
    for name, size, preprocess, transform in rules():
        recorded["rules"][name] = {
            "spec": {**SPEC, "name": name, "set": {"image": size, **SPEC["set"]},
                     "input": {"preprocess": preprocess}},
            "pixels": {
                file.name: base64.b64encode(
                    transform(photographs.load(file)).tobytes()).decode()
                for file in sorted(files)}}
    text = json.dumps(recorded, indent=1)
    (folder / "recorded.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
