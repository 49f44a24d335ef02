"""Draws a result of bench/compare.

    picture.py RESULT.json PICTURE.svg

One group of bars a cell, one bar a program: the share of the machine's peak
that the model's own multiply-adds reach. Runs in the virtual environment.
"""

import json
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

import report  # noqa: E402

COLOURS = {
    "vitc": "#b2182b",
    "openvino": "#2166ac",
    "inductor": "#e08214",
    "eager": "#fdb863",
    "onnxruntime": "#5aae61",
    "iree": "#9970ab",
}


def draw_cell(axes, cell):
    programs = sorted(
        cell["programs"], key=lambda name: cell["programs"][name]["median_ms"]
    )
    for place, program in enumerate(programs):
        figures = cell["programs"][program]
        median, work = figures["median_ms"], cell["work_gflop"]
        share = figures["useful_share"] or 0.0
        scale = 100 * work * 1e3 / (cell["peak_gflops"] or 1.0)
        rounds = figures["round_medians_ms"]
        low, high = scale / max(rounds), scale / min(rounds)
        axes.barh(place, 100 * share, color=COLOURS[program], height=0.75)
        axes.plot([low, high], [place, place], color="black", linewidth=1)
        axes.annotate(
            f"{median:.1f} ms",
            (max(100 * share, high), place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=7,
        )
    for program in cell["failures"]:
        axes.annotate("failed", (1, len(programs)), va="center", fontsize=7)
        programs.append(program)
    axes.set_yticks(
        range(len(programs)), [report.title_of(p) for p in programs], fontsize=8
    )
    axes.set_ylim(-0.6, len(programs) - 0.4)
    axes.invert_yaxis()
    axes.set_xlim(0, 110)
    axes.set_title(report.cell_title(cell), fontsize=9)
    axes.tick_params(axis="x", labelsize=7)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def draw(result):
    cells = result["cells"]
    columns = min(4, len(cells))
    rows = -(-len(cells) // columns)
    figure, grid = plt.subplots(
        rows,
        columns,
        figsize=(max(5, 3.6 * columns), 0.6 + 1.7 * rows),
        squeeze=False,
        layout="constrained",
    )
    for axes, cell in zip(grid.flat, cells):
        draw_cell(axes, cell)
    for axes in list(grid.flat)[len(cells) :]:
        axes.set_axis_off()
    figure.supxlabel(
        f"share of the f32 multiply-add peak in per cent; line: all rounds"
        f"\n{result['machine']['cpu']}, {result['time']}, "
        f"{report.plural(result['settings']['rounds'], 'round')}",
        fontsize=8,
    )
    return figure


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        result = json.load(file)
    # The same result gives the same bytes.
    matplotlib.rcParams["svg.hashsalt"] = "vitc"
    draw(result).savefig(sys.argv[2], metadata={"Date": None})


main()
