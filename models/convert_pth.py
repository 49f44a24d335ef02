"""Turn a file of pickled tensors (.pth, .pt, .bin) into safetensors.

    python convert_pth.py CHECKPOINT.pth MODEL.safetensors

For the files of the authors of DeiT, TNT, DINOv2 and CLIP: `vitc import` reads
their names. Takes the tensors out of the dictionary that training wrote around them
(`model`, `state_dict`, `teacher`), drops the prefixes of wrappers (`module.`,
`backbone.`), and changes no number. Needs torch and safetensors; nothing that the
file has pickled is run: torch loads it with weights_only, and an archive of
TorchScript, as CLIP's are, is only asked for its tensors.
"""

import argparse
import sys
import zipfile

import safetensors.torch
import torch

WRAPPERS = ("model_ema", "model", "state_dict", "teacher")
PREFIXES = ("module.", "backbone.", "_orig_mod.")


def is_script(path):
    """Whether the file is an archive of TorchScript, with code in it."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any("/code/" in name for name in archive.namelist())


def load(path):
    if is_script(path):
        return torch.jit.load(path, map_location="cpu").state_dict()
    return torch.load(path, map_location="cpu", weights_only=True)


def unwrap(content, key=None):
    """The dictionary of tensors by name inside of what was saved."""
    if key:
        if key not in content:
            sys.exit(f"no key {key!r}, there are {', '.join(map(str, content))}")
        return content[key]
    for name in WRAPPERS:
        if isinstance(content.get(name), dict):
            print(f"took the tensors of {name!r}")
            return content[name]
    return content


def named_tensors(content):
    """The tensors, without the wrappers' prefixes, each with memory of its own."""
    tensors = {}
    for name, value in content.items():
        if not isinstance(value, torch.Tensor):
            print(f"left out {name!r}, which is no tensor")
            continue
        for prefix in PREFIXES:
            name = name.removeprefix(prefix)
        if name in tensors:
            sys.exit(f"two tensors are called {name!r} without their prefixes")
        tensors[name] = value.detach().contiguous().clone()
    if not tensors:
        sys.exit("found no tensors; --key says in which entry they are")
    return tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("output")
    parser.add_argument("--key", help="entry of the file that has the tensors")
    options = parser.parse_args()
    content = load(options.checkpoint)
    if not isinstance(content, dict):
        sys.exit(f"expected a dictionary of tensors, found {type(content)}")
    tensors = named_tensors(unwrap(content, options.key))
    safetensors.torch.save_file(tensors, options.output)
    print(f"{options.output}: {len(tensors)} tensors")


if __name__ == "__main__":
    main()
