"""Train one of the Fashion-MNIST networks and write its weights.

    python train.py fashion_vit --out ../weights/fashion_vit.safetensors

The test images are looked at once, after the last step. A checkpoint is written
after every epoch; --resume goes on from it.
"""

import argparse
import math
import os
import pathlib
import time

import torch
from safetensors.torch import save_file
from torch import nn

import fashion
from timm.layers import set_fused_attn

SHIFT = 2  # largest shift of a training image, pixels either way


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=sorted(fashion.MODELS))
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--checkpoint", type=pathlib.Path)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--until", type=int, metavar="N",
                        help="stop after epoch N of them; --resume goes on")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--decay", type=float, default=0.05)
    parser.add_argument("--smoothing", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--held-out", type=int, default=0, metavar="N",
                        help="keep the last N training images for validation")
    parser.add_argument("--bf16", action="store_true",
                        help="matrix products in bfloat16")
    parser.add_argument("--compile", action="store_true",
                        help="run the network through torch.compile")
    parser.add_argument("--steps", type=int, default=0, metavar="N",
                        help="stop after N steps and print the time of one")
    parser.add_argument("--set", action="append", default=[],
                        metavar="NAME=INT", help="change a model argument")
    return parser.parse_args()


class Batches:
    """Shuffled, shifted and flipped training batches, all from one seed."""

    def __init__(self, images, labels, name, batch, seed):
        side = fashion.padding(name) + SHIFT
        padded = nn.functional.pad(images, (side, side, side, side))
        size = padded.shape[-1] - 2 * SHIFT
        # Every shifted copy of every image, as a view: [N, dy, dx, size, size].
        self.windows = padded.unfold(1, size, 1).unfold(2, size, 1)
        self.labels, self.batch = labels, batch
        self.random = torch.Generator().manual_seed(seed)

    def epoch(self, shift):
        """One pass over the images, moved by up to `shift` pixels."""
        order = torch.randperm(len(self.labels), generator=self.random)
        for part in order.split(self.batch):
            if len(part) < self.batch:
                return
            dy, dx = torch.randint(SHIFT - shift, SHIFT + shift + 1,
                                   (2, len(part)), generator=self.random)
            flip = torch.rand(len(part), generator=self.random) < 0.5
            x = self.windows[part, dy, dx]
            x = torch.where(flip[:, None, None], x.flip(-1), x)
            x = (x.float() / 255 - fashion.MEAN) / fashion.STD
            yield x.unsqueeze(1), self.labels[part]


def parameter_groups(model, decay):
    """Weight decay for matrices only: no scale, bias, token or position."""
    matrices, rest = [], []
    for name, parameter in model.named_parameters():
        plain = name.endswith(".weight") and parameter.dim() > 1
        (matrices if plain else rest).append(parameter)
    return [{"params": matrices, "weight_decay": decay},
            {"params": rest, "weight_decay": 0.0}]


@torch.no_grad()
def accuracy(model, images, labels, name):
    model.eval()
    correct = 0
    for x, y in zip(images.split(500), labels.split(500)):
        correct += (model(fashion.prepare(x, name)).argmax(1) == y).sum().item()
    model.train()
    return correct / len(labels)


def main():
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    # The fused kernel's backward pass in bfloat16 is many times slower on CPUs.
    set_fused_attn(not args.bf16)
    changes = {k: int(v) for k, v in (s.split("=") for s in args.set)}
    model = fashion.build(args.model, **changes)
    count = sum(p.numel() for p in model.parameters())
    print(f"{args.model}: {count} parameters, torch {torch.__version__}",
          flush=True)

    images, labels = fashion.load(args.data, "train")
    held = len(labels) - args.held_out
    batches = Batches(images[:held], labels[:held], args.model, args.batch,
                      args.seed)
    steps = held // args.batch * args.epochs
    optimizer = torch.optim.AdamW(parameter_groups(model, args.decay),
                                  lr=args.rate, betas=(0.9, 0.99), fused=True)
    warmup = min(500, steps // 10 + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: min(
        (i + 1) / warmup, 0.5 * (1 + math.cos(math.pi * i / steps)) + 1e-3))
    loss_of = nn.CrossEntropyLoss(label_smoothing=args.smoothing)
    run = torch.compile(model) if args.compile else model

    checkpoint = args.checkpoint or args.out.with_suffix(".checkpoint")
    first = 0
    if args.resume and checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        batches.random.set_state(state["random"])
        first = state["epoch"]

    taken = 0
    last = args.epochs if args.until is None else args.until
    for epoch in range(first, last):
        start, total, n = time.time(), 0.0, 0
        # Ever smaller shifts; the second half sees the images as they are.
        shift = max(0, round(SHIFT * (1 - 1.5 * epoch / args.epochs)))
        for x, y in batches.epoch(shift):
            with torch.autocast("cpu", torch.bfloat16, enabled=args.bf16):
                scores = run(x)
            loss = loss_of(scores.float(), y)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, n, taken = total + loss.item(), n + 1, taken + 1
            if args.steps and taken in (20, args.steps):
                if taken == args.steps:
                    each = (time.time() - mark) / (taken - 20)
                    print(f"{each * 1e3:.1f} ms a step, "
                          f"{each * len(labels) / args.batch:.1f} s an epoch, "
                          f"loss {total / n:.3f}")
                    return
                mark = time.time()
        line = f"epoch {epoch + 1}/{args.epochs} loss {total / n:.4f}"
        if args.held_out:
            kept = accuracy(model, images[held:], labels[held:], args.model)
            line += f" held out {100 * kept:.2f} %"
        print(f"{line} {time.time() - start:.1f} s", flush=True)
        torch.save({"model": model.state_dict(), "epoch": epoch + 1,
                    "optimizer": optimizer.state_dict(),
                    "schedule": schedule.state_dict(),
                    "random": batches.random.get_state()},
                   checkpoint.with_suffix(".new"))
        os.replace(checkpoint.with_suffix(".new"), checkpoint)

    if last < args.epochs:
        return
    tensors = {k: v.detach().float().contiguous()
               for k, v in model.state_dict().items()}
    save_file(tensors, args.out)
    test = accuracy(model, *fashion.load(args.data, "t10k"), args.model)
    print(f"test accuracy {100 * test:.2f} %")


if __name__ == "__main__":
    main()
