"""Record small models for the tests that run without the libraries.

    python record.py

Writes test/import/recorded.json: what a library saves of a few drawn models (its
configuration, the names and shapes of its tensors) and what the model computes in
float64, with weights and an image from the formulas of
test/import/Inputs/checkpoint.py. Cases of earlier draws stay in the file: that
what a library saved once is still read is worth a test, too.
"""

import json
import pathlib
import random
import re
import sys
import tempfile

import families
import safetensors.torch
import timm
import torch
import transformers

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "import" / "Inputs"))
import checkpoint  # noqa: E402

# Which of a family's draws are kept: they differ in what they have.
CASES = {"timm_vit": [2, 3, 13], "timm_vit_resized": [3, 6],
         "timm_swiglu": [0], "timm_eva": [5], "timm_deit": [6, 8],
         "timm_tnt": [0, 5],
         "hf_vit": [5, 12], "hf_deit": [3, 4], "hf_vit_mae": [10],
         "hf_dinov2": [5, 9, 12], "hf_clip": [0, 10], "hf_siglip": [6, 12]}
# Those of which the outputs of the last block are kept, too.
BLOCKS = {"timm_deit": [6], "timm_tnt": [0], "hf_dinov2": [5]}


def fill(path):
    """Gives the tensors of a file the formula's numbers; returns shapes."""
    tensors = safetensors.torch.load_file(path)
    shapes = {name: list(tensor.shape) for name, tensor in tensors.items()}
    safetensors.torch.save_file(
        {name: torch.tensor(checkpoint.weight(name, shape)).reshape(shape)
         for name, shape in shapes.items()}, path, metadata={"format": "pt"})
    return shapes


def record(name, index):
    case = families.FAMILIES[name](random.Random(f"record {name} {index}"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        case.save(folder)
        shapes = fill(folder / "model.safetensors")
        config = json.loads((folder / "config.json").read_text())
        if isinstance(case.model, transformers.PreTrainedModel):
            model = type(case.model).from_pretrained(folder)
        else:
            model = case.model
            model.load_state_dict(
                safetensors.torch.load_file(folder / "model.safetensors"))
    if case.resized:
        model = case.resized(model)
    image = torch.tensor(checkpoint.image(case.shape)).reshape(1, *case.shape)
    with torch.no_grad():
        outputs = case.outputs(model.eval().double(), image.double())
        if index in BLOCKS.get(name, []):
            outputs |= case.blocks(model, image.double(), case.depth - 1)
    return {"config": config, "tensors": shapes, "settings": case.settings,
            "shape": list(case.shape),
            "outputs": {key: [float(f"{v:.10g}") for v in value.flatten()]
                        for key, value in outputs.items()}}


def main():
    path = HERE.parent / "import" / "recorded.json"
    cases = json.loads(path.read_text())["cases"]
    cases.update({f"{name}_{index}": record(name, index)
                  for name, indices in CASES.items() for index in indices})
    origin = (f"timm {timm.__version__}, transformers "
              f"{transformers.__version__}, torch {torch.__version__}")
    text = json.dumps({"origin": origin, "cases": dict(sorted(cases.items()))},
                      indent=1)
    # Lists of numbers go on one line.
    text = re.sub(r"\[[^][{}]*\]", lambda m: " ".join(m[0].split()), text)
    path.write_text(text + "\n")
    print(f"{path}: {len(cases)} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
