"""Runs the code for AVX-512 on a machine without it, in the emulator Bochs.

    python3 check.py BUILD [NAME...]

BUILD is a build of this tree. Small models of every kind, or those named, are
compiled for x86-64-v4 and linked into one static program, which a Linux of its
own runs in Bochs; what it prints is compared with the float64 results of
evaluate-graph. The status is 0 if all agree. Some ten minutes on one core.

Needs Debian's bochs, bochs-term, bochsbios, vgabios, busybox-static, isolinux,
syslinux-common, genisoimage, cpio and linux-image-cloud-amd64.
"""

import argparse
import os
import pathlib
import pty
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
INPUTS = HERE.parent / "models" / "Inputs"
sys.path.insert(0, str(INPUTS))
import golden  # noqa: E402

LEVEL = "x86-64-v4"
TOLERANCE = 1e-5
LIMIT_SECONDS = 3600

# Name: spec, shape of the image, options of `vitc compile`.
ROWS = ("logits,windows,shares,active,mixed,gated,part,down,each_head,swapped,beside,"
        "most,mean,look,seen,seen_grid,turned_norm,planes,norm")
NESTED = ("logits,tokens,windows,part,flat,flat_norm,flat_most,shares,active,mixed,"
          "kept,beside,look,seen,seen_part")
SMALL = ["--set", "depth=1", "--set", "classes=37"]
MODELS = {
    "rows": (INPUTS / "rows.json", "3x13x22", ["--outputs", ROWS]),
    "rows_tanh": (INPUTS / "rows.json", "3x13x22", ["--set", "kind=tanh"]),
    "nested": (INPUTS / "nested.json", "3x24x40", ["--outputs", NESTED]),
    "nested_tiles": (INPUTS / "nested.json", "3x24x40",
                     ["--set", "pad=tile", "--set", "kind=gelu"]),
    "wide": (INPUTS / "wide.json", "3x30x46",
             ["--set", "image=30x46", "--outputs", "mean"]),
    "vit": ("vit_tiny_patch16_224", "3x224x224", SMALL),
    "vit_small": ("vit_small_patch16_224", "3x96x80", ["--set", "image=96x80", *SMALL]),
    "deit": ("deit_tiny_distilled_patch16_224", "3x224x224", SMALL),
    "tnt": ("tnt_s_patch16_224", "3x80x80", ["--set", "image=80", *SMALL]),
    "tnt_legacy": ("tnt_b_legacy_patch16_224", "3x48x48",
                   ["--set", "image=48", *SMALL]),
}

# stty waits until the line has sent everything.
INIT = """#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
exec >/dev/ttyS0 2>&1
/bin/busybox grep -m1 ^flags /proc/cpuinfo
/guest
echo "STATUS $?"
/bin/busybox stty sane </dev/ttyS0
/bin/busybox poweroff -f
"""

# Bochs reports a size for XSAVES that makes Linux distrust all of XSAVE, and its
# XSAVEC loses registers: both are switched off.
LOADER = """default linux
prompt 0
label linux
 kernel vmlinuz
 append initrd=initrd console=ttyS0,115200 quiet nosmp nokaslr mitigations=off \
lpj=4000000 no_timer_check noapic noxsaves clearcpuid=321,323
"""

MACHINE = """display_library: term
cpu: model=corei7_skylake_x, count=1, ips=100000000, ignore_bad_msrs=1
megs: 512
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
ata0-master: type=cdrom, path={disc}, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev={serial}
log: {log}
clock: sync=none
panic: action=fatal
error: action=report
info: action=ignore
debug: action=ignore
"""


def run(*command, **more):
    return subprocess.run(list(map(str, command)), check=True, **more)


def compile_model(build, directory, name):
    """NAME.o and its input in `directory`; the float64 results in NAME/."""
    spec, shape, options = MODELS[name]
    data, expected = directory / "root" / "data", directory / name
    image = directory / f"{name}.npy"
    golden.write_image("hashed", shape, image)
    _, pixels = golden.read(image)
    (data / f"{name}.input").write_bytes(struct.pack(f"<{len(pixels)}f", *pixels))
    weights = ["--weights", "closed-form:random"]
    vitc = [build / "bin" / "vitc", "compile", spec, *options]
    graph = directory / f"{name}.mlir"
    with open(graph, "w", encoding="utf-8") as text:
        run(*vitc, "--emit=graph", stdout=text)
    expected.mkdir()
    run(build / "bin" / "evaluate-graph", graph, *weights, "--input", image,
        "-o", expected)
    run(*vitc, *weights, f"--cpu={LEVEL}", "--prefix", name, "-o", directory,
        stdout=subprocess.DEVNULL)
    shutil.move(directory / f"{name}.weights", data / f"{name}.weights")


def link(build, directory, names):
    table = [f"extern const vitc_model {name}_model;" for name in names]
    table.append("static const entry table[] = {")
    table += [f'  {{"{name}", &{name}_model}},' for name in names]
    table.append("  {NULL, NULL}};")
    (directory / "table.inc").write_text("\n".join(table) + "\n")
    run("cc", "-std=gnu11", "-O2", "-static", "-I", directory,
        "-I", HERE.parents[1] / "runtime" / "include", HERE / "guest.c",
        *[directory / f"{name}.o" for name in names],
        build / "lib" / "libvitc_runtime.a", "-pthread", "-lm",
        "-o", directory / "root" / "guest")


def make_disc(directory):
    root, disc = directory / "root", directory / "disc"
    for folder in ("bin", "dev", "proc"):
        (root / folder).mkdir()
    shutil.copy("/bin/busybox", root / "bin" / "busybox")
    (root / "init").write_text(INIT)
    (root / "init").chmod(0o755)
    disc.mkdir()
    with open(disc / "initrd", "wb") as image:
        files = subprocess.Popen(["find", "."], cwd=root, stdout=subprocess.PIPE)
        run("cpio", "-o", "-H", "newc", "--quiet", cwd=root, stdin=files.stdout,
            stdout=image)
        files.wait()
    kernels = sorted(pathlib.Path("/boot").glob("vmlinuz-*-cloud-amd64"))
    if not kernels:
        sys.exit("expected /boot/vmlinuz-*-cloud-amd64, found none")
    shutil.copy(kernels[-1], disc / "vmlinuz")
    shutil.copy("/usr/lib/ISOLINUX/isolinux.bin", disc)
    shutil.copy("/usr/lib/syslinux/modules/bios/ldlinux.c32", disc)
    (disc / "isolinux.cfg").write_text(LOADER)
    run("genisoimage", "-quiet", "-o", directory / "disc.iso", "-b", "isolinux.bin",
        "-c", "boot.cat", "-no-emul-boot", "-boot-load-size", "4",
        "-boot-info-table", disc)


def boot(directory):
    """Runs the machine to its end; returns what it wrote to its serial port."""
    serial = directory / "serial.txt"
    (directory / "machine").write_text(MACHINE.format(
        disc=directory / "disc.iso", serial=serial, log=directory / "bochs.log"))
    (directory / "commands").write_text("c\n")
    # Bochs wants a terminal, to which it copies the screen.
    screen, terminal = pty.openpty()
    bochs = subprocess.Popen(
        ["bochs", "-q", "-f", directory / "machine", "-rc", directory / "commands"],
        stdin=terminal, stdout=terminal, stderr=terminal,
        env={**os.environ, "TERM": "xterm"})
    os.close(terminal)
    begin = time.monotonic()
    while bochs.poll() is None:
        if time.monotonic() - begin > LIMIT_SECONDS:
            bochs.kill()
            sys.exit(f"expected an end within {LIMIT_SECONDS} s")
        if select.select([screen], [], [], 1)[0]:
            try:
                os.read(screen, 65536)
            except OSError:  # the terminal was closed
                break
    bochs.wait()
    if not serial.exists():
        sys.exit((directory / "bochs.log").read_text()[-2000:])
    return serial.read_text(errors="replace").splitlines()


def compare(directory, names, lines):
    """Compares every output of every model."""
    if "STATUS 0" not in lines:
        last = [line[:200] for line in lines[-20:]]
        sys.exit("\n".join(["the program failed:", *last]))
    flags = next((line for line in lines if line.startswith("flags")), "")
    if " avx512f " not in flags:
        sys.exit(f"expected a machine with AVX-512, found {flags}")
    found = {}
    for line in lines:
        if line.startswith("OUTPUT "):
            _, model, output, *numbers = line.split()
            bits = struct.pack(f"<{len(numbers)}I", *[int(n, 16) for n in numbers])
            found[model, output] = struct.unpack(f"<{len(numbers)}f", bits)
    for name in names:
        outputs = sorted((directory / name).glob("*.npy"))
        assert outputs, f"no outputs of {name}"
        for path in outputs:
            _, expected = golden.read(path)
            golden.check(found[name, path.stem], expected, TOLERANCE,
                         f"{name} {path.stem}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in MODELS:
            parser.error(f"expected some of {', '.join(MODELS)}, found '{name}'")
    build = arguments.build.resolve()
    names = arguments.names or list(MODELS)
    with tempfile.TemporaryDirectory(prefix="vitc-emulated-") as temporary:
        directory = pathlib.Path(temporary)
        (directory / "root" / "data").mkdir(parents=True)
        for name in names:
            print(f"compiling {name}", flush=True)
            compile_model(build, directory, name)
        link(build, directory, names)
        make_disc(directory)
        print("running in Bochs", flush=True)
        compare(directory, names, boot(directory))
    print("all agree")


main()
