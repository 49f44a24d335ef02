"""The comparison itself: preparation, rounds of visits, the result."""

import array
import datetime
import json
import os
import platform
import time

import report
import settings
from workplace import HERE, ROOT, Failure, Vitc, Workplace, digest, run


def say(text):
    print(text, flush=True)


def build_vitc(build):
    """The build of vitc to compare; raises Failure where there is none."""
    if build:
        return Vitc(build.resolve())
    say("building vitc")
    run([ROOT / "tools" / "build"],
        env={**os.environ, "VITC_TARGETS": "vitc vitc_runtime"})  # fmt: skip
    return Vitc(ROOT / os.environ.get("VITC_BUILD", "build"))


def file_bytes(directory):
    return sum(
        path.stat().st_size
        for path in directory.rglob("*")
        if path.is_file() and path.name != "made.json"
    )


def largest_error(logits_path, reference_path, images):
    """max |difference| over max |logit| of the first `images` images."""
    logits, reference = array.array("f"), array.array("d")
    logits.frombytes(logits_path.read_bytes())
    reference.frombytes(reference_path.read_bytes())
    count = images * settings.CLASSES
    if len(logits) != count:
        raise Failure(f"expected {count} logits, found {len(logits)}")
    expected = reference[:count]
    differences = [abs(a - b) for a, b in zip(logits, expected)]
    if any(d != d for d in differences):
        raise Failure("logits are not numbers")
    return max(differences) / max(map(abs, expected))


class Comparison:
    def __init__(self, arguments):
        self.arguments = arguments
        self.workplace = Workplace(arguments.cache.resolve(), say)
        self.programs = ["vitc", *arguments.peers]
        self.cells = [
            {"model": model, "images": images, "threads": threads}
            for model in arguments.models
            for images in arguments.images
            for threads in arguments.threads
        ]
        self.visits = [{} for _ in self.cells]  # program -> list of visits
        self.failures = [{} for _ in self.cells]  # program -> text
        self.made = [{} for _ in self.cells]  # program -> sizes and times
        self.commands = [{} for _ in self.cells]  # program -> command's head
        self.loads = []  # the machine's load at the start of every round
        self.rounds = 0  # completed
        self.facts = {}  # of the machine and the versions
        self.code_bytes = {}  # peer -> package -> bytes
        self.vitc = self.vitc_failure = None

    def prepare(self):
        self.workplace.lock()
        self.workplace.install()
        self.workplace.build_peak_library()
        try:
            self.vitc = build_vitc(self.arguments.vitc)
        except Failure as failure:
            self.vitc_failure = failure
        for index, cell in enumerate(self.cells):
            for program in self.programs:
                try:
                    if program == "vitc":
                        self.prepare_vitc(index, cell)
                    else:
                        self.prepare_peer(index, cell, program)
                except Failure as failure:
                    self.fail(index, program, failure)
        self.facts = {"machine": machine(), "versions": versions(self.vitc)}

    def prepare_vitc(self, index, cell):
        if not self.vitc:
            raise self.vitc_failure
        directory, made = self.vitc.program(
            self.workplace, cell["model"], self.arguments.cpu
        )
        self.commands[index]["vitc"] = [directory / "visit", directory / "model.weights"]
        self.made[index]["vitc"] = {
            "code_mib": made["program_bytes"] / report.MIB,
            "object_mib": made["object_bytes"] / report.MIB,
            "model_mib": made["weights_bytes"] / report.MIB,
            "prepare_s": made["compile_seconds"],
        }

    def prepare_peer(self, index, cell, peer):
        directory, made = self.workplace.peer_files(
            peer, cell["model"], cell["images"], cell["threads"]
        )
        if peer not in self.code_bytes:
            self.code_bytes[peer] = self.workplace.installed_bytes(peer)
        weights = self.workplace.weights(cell["model"]) / "weights.safetensors"
        self.commands[index][peer] = [
            self.workplace.python,
            HERE / "visit.py",
            peer,
            settings.MODELS[cell["model"]][0],
            cell["images"],
            cell["threads"],
            directory,
            weights,
        ]
        self.made[index][peer] = {
            "code_mib": sum(self.code_bytes[peer].values()) / report.MIB,
            "model_mib": (file_bytes(directory) or weights.stat().st_size) / report.MIB,
            "prepare_s": made["seconds"],
        }

    def fail(self, index, program, failure):
        """Records why a program has no figures in a cell, and says so."""
        self.failures[index][program] = str(failure)
        self.visits[index].pop(program, None)
        self.commands[index].pop(program, None)
        cell = report.cell_title(self.cells[index])
        say(f"  {cell}: {report.title_of(program)} FAILED: {failure}")

    def visit(self, index, program, number):
        """One process of `program`, pinned; raises Failure."""
        cell, arguments = self.cells[index], self.arguments
        model = self.workplace.weights(cell["model"])
        logits = self.workplace.cache / "logits.f32"
        logits.unlink(missing_ok=True)
        common = [model / "input.f32", logits]
        started = str(time.monotonic_ns())
        if program == "vitc":
            tail = [*common, cell["images"], cell["threads"], started,
                    arguments.seconds, settings.WARM_RUNS,
                    settings.BURST_SECONDS, settings.MIN_BURSTS]  # fmt: skip
        else:
            tail = [*common, self.workplace.peak_library, started, arguments.seconds]
        cores = sorted(os.sched_getaffinity(0))[-cell["threads"] :]
        environment = {
            **os.environ,
            **settings.ENVIRONMENT,
            "OMP_NUM_THREADS": str(cell["threads"]),
        }
        printed = run(
            [*self.commands[index][program], *tail],
            limit=settings.VISIT_SECONDS,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
            env=os.environ if program == "vitc" else environment,
        )
        visit = json.loads(printed.strip().splitlines()[-1])
        visit["error"] = largest_error(logits, model / "reference.f64", cell["images"])
        visit["round"] = number
        if visit["error"] > settings.TOLERANCE:
            raise Failure(
                f"logits differ from float64's by {visit['error']:.1e} of the "
                f"largest, expected at most {settings.TOLERANCE:.0e}"
            )
        return visit

    def visit_cell(self, index, number):
        """Visits every program in a cell; the first one changes by round."""
        programs = list(self.commands[index])
        shift = number % max(1, len(programs))
        figures = []
        for program in programs[shift:] + programs[:shift]:
            try:
                visit = self.visit(index, program, number)
            except Failure as failure:
                self.fail(index, program, failure)
                continue
            self.visits[index].setdefault(program, []).append(visit)
            figures.append(f"{program} {report.visit_median(visit):.1f}")
        say(f"  {report.cell_title(self.cells[index])}: {', '.join(figures)}")

    def round(self, number, after_cell):
        """Visits every cell, and calls `after_cell` behind each."""
        self.loads.append(os.getloadavg()[0])
        for index in range(len(self.cells)):
            self.visit_cell(index, number)
            after_cell()
        self.rounds += 1

    def result(self):
        cells = [
            {
                **report.summarise_cell(cell, self.visits[index]),
                "made": self.made[index],
                "failures": self.failures[index],
                "visits": self.visits[index],
            }
            for index, cell in enumerate(self.cells)
        ]
        return {
            "time": datetime.datetime.now(datetime.timezone.utc).isoformat(" ", "seconds"),
            **self.facts,
            "settings": {
                "rounds": self.rounds,
                "seconds": self.arguments.seconds,
                "tolerance": settings.TOLERANCE,
                "cpu": self.arguments.cpu,
                "peers": settings.PEERS,
                "environment": settings.ENVIRONMENT,
            },
            "packages_not_installed": self.workplace.failures,
            "load_average": self.loads,
            "code_bytes": self.code_bytes,
            "vitc_over_best_peer": report.geometric_means(cells),
            "cells": cells,
        }


def machine():
    """What the figures depend on and the program can't choose."""
    facts = {}
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
        for line in info:
            key, _, value = line.partition(":")
            facts.setdefault(key.strip(), value.strip())
    flags = facts.get("flags", "").split()
    wanted = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile")
    return {
        "cpu": facts.get("model name", platform.machine()),
        "cache": facts.get("cache size"),
        "features": [flag for flag in wanted if flag in flags],
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
    }


def versions(vitc):
    packages = (HERE / "requirements.txt").read_text().splitlines()
    directory = vitc.build if vitc else ROOT
    try:
        commit = run(["git", "-C", directory, "describe", "--always", "--dirty"]).strip()
    except Failure:
        commit = None
    return {
        "python": platform.python_version(),
        "vitc_commit": commit,
        "vitc_digest": vitc and digest(vitc.compiler),
        "packages": [line for line in packages if line and not line.startswith("#")],
    }


def save(comparison, name):
    """Writes NAME.json, as a whole or not at all; returns the result."""
    result = comparison.result()
    name.parent.mkdir(parents=True, exist_ok=True)
    written = name.with_name(name.name + ".json.part")
    written.write_text(json.dumps(result, indent=1) + "\n")
    written.replace(name.with_name(name.name + ".json"))
    return result


def draw(comparison, name):
    """Draws NAME.svg from NAME.json."""
    try:
        run([comparison.workplace.python, HERE / "picture.py",
             name.with_name(name.name + ".json"),
             name.with_name(name.name + ".svg")])  # fmt: skip
    except Failure as failure:
        say(f"no picture: {failure}")
