"""What bench/compare makes before it measures, and keeps in its cache.

Everything lies under one directory: the virtual environment, the models'
weights, what each peer prepared, what vitc compiled, the programs in C. Each is
made once for its inputs (pinned packages, settings, the bytes of vitc) and
taken from there afterwards. Making one may fail: that is an error of the
program that needs it, to be reported, and no reason to stop.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import settings

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


class Failure(Exception):
    """A program could not be prepared or run; the text says why."""


def run(command, limit=settings.PREPARE_SECONDS, **options):
    """Runs a command and returns what it printed.

    Raises Failure with its first line that speaks of an error, or its last one.
    """
    command = [str(word) for word in command]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, **options
        )
    except subprocess.TimeoutExpired:
        raise Failure(f"{Path(command[0]).name}: no end after {limit} s") from None
    except OSError as error:
        raise Failure(f"{command[0]}: {error.strerror}") from None
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        lines = lines or [f"status {done.returncode}"]
        errors = [line for line in lines if re.search(r"\berror: ", line, re.I)]
        text = (errors or lines[-1:])[0].strip()
        raise Failure(f"{Path(command[0]).name}: {text}")
    return done.stdout


def digest(*parts):
    """A short key of texts and of the contents of files."""
    state = hashlib.sha256()
    for part in parts:
        state.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        state.update(b"\0")
    return state.hexdigest()[:16]


class Workplace:
    def __init__(self, cache, say):
        self.cache = cache
        self.say = say
        self.python = cache / "venv" / "bin" / "python"
        self.peak_library = cache / "native" / "libvitc_peak.so"
        self.failures = {}  # of packages, by name
        self.failed = {}  # directory -> Failure, so that nothing is tried twice

    def lock(self):
        """Keeps the cache to this process until it ends."""
        self.cache.mkdir(parents=True, exist_ok=True)
        self.held = (self.cache / "lock").open("w")
        try:
            fcntl.flock(self.held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Failure(f"another comparison is using {self.cache}") from None

    def once(self, directory, key, title, make):
        """Has make() fill `directory` unless that was done for `key`.

        Returns what is recorded of it: `seconds` and what make() returned.
        """
        if directory in self.failed:
            raise self.failed[directory]
        record = directory / "made.json"
        if record.exists():
            made = json.loads(record.read_text())
            if made["key"] == key:
                return made
        self.say(f"making {title}")
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        begin = time.monotonic()
        try:
            made = {"key": key, **(make() or {})}
        except Failure as failure:
            self.failed[directory] = failure
            raise
        made["seconds"] = time.monotonic() - begin
        record.write_text(json.dumps(made) + "\n")
        return made

    def install(self):
        """The virtual environment with every package that can be had."""
        requirements = HERE / "requirements.txt"
        key = digest(requirements, sys.version)
        directory = self.cache / "venv"

        def make():
            try:
                run([sys.executable, "-m", "venv", "--clear", directory])
            except Failure as failure:
                raise Failure(f"{failure} (Debian: python3-venv)") from None
            pip = [self.python, "-m", "pip", "install", "--no-deps", "-q"]
            try:
                run([*pip, "-r", requirements])
                return {"failures": {}}
            except Failure:
                return {"failures": self.install_singly(pip, requirements)}

        made = self.once(directory, key, "the virtual environment", make)
        self.failures = made["failures"]

    def install_singly(self, pip, requirements):
        """Installs what can be had; why the others can't, by their name."""
        failures = {}
        for line in requirements.read_text().splitlines():
            if not line or line.startswith("#"):
                continue
            try:
                run([*pip, line])
            except Failure as failure:
                failures[line.partition("==")[0]] = str(failure)
        return failures

    def check_installed(self, peer):
        """Raises Failure where a package of `peer` could not be installed."""
        for package in settings.PEERS[peer]["packages"]:
            if package in self.failures:
                raise Failure(f"not installed: {self.failures[package]}")

    def build_peak_library(self):
        source = HERE / "native" / "peak.c"
        command = ["cc", *settings.C_FLAGS, "-shared", "-fPIC", source]
        self.once(
            self.peak_library.parent,
            digest(source, *settings.C_FLAGS),
            "the peak loop",
            lambda: run([*command, "-o", self.peak_library]) and None,
        )

    def weights(self, model):
        """Directory with the model's weights, input and reference logits."""
        name = settings.MODELS[model][0]
        directory = self.cache / "models" / model
        key = digest(HERE / "networks.py", HERE / "weights.py", repr(settings.SEED))
        command = [self.python, HERE / "weights.py", name, directory]
        self.once(directory, key, f"{name}: weights", lambda: run(command) and None)
        return directory

    def peer_files(self, peer, model, images, threads):
        """Directory with what `peer` prepared, and what is recorded of it."""
        title = f"{settings.MODELS[model][0]}: {peer}, images: {images}"
        if settings.PEERS[peer].get("per_threads"):
            title += f", threads: {threads}"
        else:
            threads = 1  # and any other number
        self.check_installed(peer)
        name = settings.MODELS[model][0]
        weights = self.weights(model) / "weights.safetensors"
        directory = self.cache / "peers" / f"{peer}-{model}-{images}-{threads}"
        key = digest(
            HERE / "requirements.txt",
            HERE / "peers" / f"{peer}.py",
            HERE / "peers" / "onnx_file.py",
            repr(settings.PEERS[peer]),
            str(settings.ONNX_OPSET),
            (weights.parent / "made.json").read_text(),
        )
        command = [self.python, HERE / "prepare.py", peer, name, images, threads]
        made = self.once(
            directory,
            key,
            title,
            lambda: run([*command, weights, directory]) and None,
        )
        return directory, made

    def installed_bytes(self, peer):
        """Bytes of every package that `peer` needs where it runs, by name."""
        packages = settings.PEERS[peer]["packages"]
        return json.loads(run([self.python, HERE / "installed.py", *packages]))


class Vitc:
    """A build of vitc: its compiler and its runtime."""

    def __init__(self, build):
        self.build = build
        self.compiler = build / "bin" / "vitc"
        self.library = build / "lib" / "libvitc_runtime.a"
        for file in (self.compiler, self.library):
            if not file.exists():
                raise Failure(f"no {file}")
        self.key = digest(self.compiler, self.library)
        self.include = self.source() / "runtime" / "include"

    def source(self):
        """The tree that the build was made from: its headers fit it."""
        for line in (self.build / "CMakeCache.txt").read_text().splitlines():
            if line.startswith("CMAKE_HOME_DIRECTORY"):
                return Path(line.partition("=")[2])
        return ROOT

    def program(self, workplace, model, cpu):
        """Compiles the model and links native/visit.c with it.

        Returns the directory with `visit` and `model.weights`, and the record
        with `compile_seconds` and the sizes of the parts.
        """
        name = settings.MODELS[model][0]
        weights = workplace.weights(model) / "weights.safetensors"
        directory = workplace.cache / "vitc" / f"{model}-{cpu}"
        sources = [HERE / "native" / file for file in ("visit.c", "peak.c", "peak.h")]
        key = digest(
            self.key, *sources, (weights.parent / "made.json").read_text(), cpu
        )

        def make():
            begin = time.monotonic()
            run([self.compiler, "compile", name, "--weights", weights, "--prefix",
                 "model", f"--cpu={cpu}", "-o", directory])  # fmt: skip
            seconds = time.monotonic() - begin
            run(["cc", *settings.C_FLAGS, f"-I{directory}", f"-I{self.include}",
                 sources[0], sources[1], directory / "model.o", self.library,
                 "-lm", "-s", "-o", directory / "visit"])  # fmt: skip
            return {"compile_seconds": seconds}

        made = workplace.once(directory, key, f"{name}: vitc", make)
        for part, file in (
            ("object_bytes", "model.o"),
            ("program_bytes", "visit"),
            ("weights_bytes", "model.weights"),
        ):
            made[part] = os.path.getsize(directory / file)
        return directory, made
