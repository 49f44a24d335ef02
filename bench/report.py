"""From visits to figures: medians, spread, ratios, shares of the peak.

A visit is what visit.py prints; a cell is a model, a number of images and a
number of threads; a program is vitc or a peer.
"""

import math
import statistics

import settings

MIB = 1 << 20


def visit_median(visit):
    return statistics.median(visit["times_ms"])


def quantile(values, share):
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))]


def cell_peak(visits):
    """The cell's peak in GFLOP/s: the median over the programs of their medians.

    A peer whose threads still spin while the loop runs measures too little;
    half of the programs would have to for that to matter.
    """
    peaks = [
        statistics.median(peak for visit in of_program for peak in visit["peaks_gflops"])
        for of_program in visits.values()
    ]
    return statistics.median(peaks)


def best_peer(visits):
    """The peer with the smallest median, or None where no peer ran."""
    medians = {
        program: statistics.median(map(visit_median, of_program))
        for program, of_program in visits.items()
        if program != "vitc"
    }
    return min(medians, key=medians.get, default=None)


def summarise_program(program, visits, best, work_gflop, peak):
    """Figures of one program in one cell.

    `visits` are those of the program and `best` those of the best peer, round
    by round; the ratio is the median of the rounds' ratios, as the machine's
    clock is nearly the same within a round.
    """
    medians = [visit_median(visit) for visit in visits]
    times = [time for visit in visits for time in visit["times_ms"]]
    median = statistics.median(medians)
    by_round = {visit["round"]: visit_median(visit) for visit in best}
    ratios = [
        by_round[visit["round"]] / visit_median(visit)
        for visit in visits
        if visit["round"] in by_round
    ]

    def middle(key):
        return statistics.median(visit[key] for visit in visits)

    # Python's start is not the peer's.
    own_start = 0.0 if program == "vitc" else middle("start_ms")
    return {
        "median_ms": median,
        "min_ms": min(times),
        "p10_ms": quantile(times, 0.1),
        "p90_ms": quantile(times, 0.9),
        "round_medians_ms": medians,
        "speed_over_best_peer": statistics.median(ratios) if ratios else None,
        "gflops": work_gflop / median * 1e3,
        "useful_share": work_gflop / median * 1e3 / peak if peak else None,
        "peak_gflops": statistics.median(
            peak for visit in visits for peak in visit["peaks_gflops"]
        ),
        "first_result_ms": middle("first_ms") - own_start,
        "load_ms": middle("load_ms"),
        "interpreter_start_ms": own_start,
        "first_resident_mib": middle("first_resident_kib") / 1024,
        "resident_mib": middle("resident_kib") / 1024,
        "largest_logit_error": max(visit["error"] for visit in visits),
        "runs": len(times),
    }


def summarise_cell(cell, visits):
    """`visits`: program -> list of visits. Programs that failed have none."""
    work_gflop = 2e-9 * settings.MODELS[cell["model"]][1] * cell["images"]
    peak = cell_peak(visits) if visits else None
    best = best_peer(visits)
    return {
        **cell,
        "work_gflop": work_gflop,
        "peak_gflops": peak,
        "best_peer": best,
        "programs": {
            program: summarise_program(
                program, of_program, visits.get(best, []), work_gflop, peak
            )
            for program, of_program in visits.items()
        },
    }


def geometric_means(cells):
    """vitc's speed over the best peer, by family: means and the worst cell."""
    ratios = {"ViT and DeiT": [], "TNT": []}
    for cell in cells:
        ratio = cell["programs"].get("vitc", {}).get("speed_over_best_peer")
        if ratio:
            family = "TNT" if cell["model"].startswith("tnt") else "ViT and DeiT"
            ratios[family].append(ratio)
    return {
        family: {
            "cells": len(values),
            "geometric_mean": math.exp(statistics.fmean(map(math.log, values))),
            "worst": min(values),
        }
        for family, values in ratios.items()
        if values
    }


def number(value, digits=1):
    return "-" if value is None else f"{value:.{digits}f}"


def row(title, figures, made):
    ratio = figures["speed_over_best_peer"]
    share = figures["useful_share"]
    return (
        f"  {title:<15}"
        f"{figures['median_ms']:>9.2f}"
        f"{min(figures['round_medians_ms']):>9.2f}"
        f"{max(figures['round_medians_ms']):>9.2f}"
        f"{number(ratio, 2):>7}"
        f"{number(share and 100 * share):>7}"
        f"{figures['first_result_ms']:>9.0f}"
        f"{figures['load_ms']:>9.0f}"
        f"{figures['first_resident_mib']:>8.0f}"
        f"{number(made.get('code_mib')):>8}"
        f"{number(made.get('model_mib'), 0):>7}"
        f"{number(made.get('prepare_s')):>8}"
    )


HEAD = (
    f"  {'':<15}{'median':>9}{'lowest':>9}{'highest':>9}{'speed':>7}{'of':>7}"
    f"{'first':>9}{'load':>9}{'memory':>8}{'code':>8}{'model':>7}{'compile':>8}\n"
    f"  {'':<15}{'ms':>9}{'round':>9}{'round':>9}{'':>7}{'peak %':>7}"
    f"{'ms':>9}{'ms':>9}{'MiB':>8}{'MiB':>8}{'MiB':>7}{'s':>8}"
)


def title_of(program):
    return "vitc" if program == "vitc" else settings.PEERS[program]["title"]


def plural(count, noun):
    return f"{count} {noun}" + ("" if count == 1 else "s")


def cell_title(cell):
    return (
        f"{settings.TITLES[cell['model']]}, {plural(cell['images'], 'image')}, "
        f"{plural(cell['threads'], 'thread')}"
    )


def table(result):
    """The result as text, one block a cell."""
    lines = []
    for cell in result["cells"]:
        lines += [
            "",
            f"{cell_title(cell)}: {cell['work_gflop']:.2f} GFLOP, "
            f"peak {number(cell['peak_gflops'])} GFLOP/s",
            HEAD,
        ]
        order = sorted(
            cell["programs"], key=lambda name: cell["programs"][name]["median_ms"]
        )
        for program in order:
            made = cell["made"].get(program, {})
            lines.append(row(title_of(program), cell["programs"][program], made))
        for program, text in cell["failures"].items():
            lines.append(f"  {title_of(program):<15} FAILED: {text}")
    means = result["vitc_over_best_peer"]
    if means:
        lines += ["", "vitc over the best peer of each cell"]
    for family, mean in means.items():
        lines.append(
            f"  {family:<14} geometric mean {mean['geometric_mean']:.2f}, "
            f"worst {mean['worst']:.2f}, {plural(mean['cells'], 'cell')}"
        )
    return "\n".join(lines)
