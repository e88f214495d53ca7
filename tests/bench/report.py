"""The figures as tables of text: all programs, ratios, load, growth, imports, counts."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from tests.bench.measures import Figures, Row, Samples, Size

MOST_IMPORTS = 10
OURS = "tuichat"


class Table(NamedTuple):
    """A title, the heads of the columns, and rows of as many cells."""

    title: str
    columns: list[str]
    rows: list[list[str]]

    def markdown(self) -> str:
        """Return the table as Markdown, with an empty line before and inside it."""
        rule = [":--", *["--:"] * (len(self.columns) - 1)]
        lines = ["| " + " | ".join(row) + " |" for row in (self.columns, rule, *self.rows)]
        return "\n".join(["", f"**{self.title}**", "", *lines])


class Ratio(NamedTuple):
    """What tuichat takes, divided by what another takes: quartiles over the rounds."""

    low: float
    middle: float
    high: float


def ratio(row: Row, samples: Samples, other: str) -> Ratio | None:
    """Return the ratio to another program, if that has such figures, and none of them is 0."""
    taken = samples[row.key]
    ours, theirs = ([*map(row.tells, taken.get(name, []))] for name in (OURS, other))
    if not theirs or not all(theirs):
        return None
    pairs = [one / another for one, another in zip(ours, theirs, strict=True)]
    return Ratio(*quantiles(pairs * 2 if len(pairs) == 1 else pairs, n=4, method="inclusive"))


def programs(samples: Samples) -> list[str]:
    """Return the names of all that were measured, tuichat's first."""
    return [*dict.fromkeys(name for taken in samples.values() for name in taken)]


def figures(rows: Sequence[Row], samples: Samples) -> Table:
    """Return what each program takes, over all rounds, and the number of samples of tuichat."""
    names = programs(samples)
    cells = []
    for row in rows:
        pooled = {name: [*chain(*taken)] for name, taken in samples[row.key].items()}
        told = (number(row.tells(pooled[name])) if name in pooled else "" for name in names)
        cells.append([row.says, *told, number(len(pooled[OURS]))])
    return Table(
        "Each program: medians, unless it says otherwise, and the number of samples of tuichat",
        ["", *names, "n"],
        cells,
    )


def ratios(rows: Sequence[Row], samples: Samples) -> Table:
    """Return what tuichat takes, divided by what each other program takes in the same round."""
    names = programs(samples)[1:]
    cells = [[row.says, *(_words(ratio(row, samples, name)) for name in names)] for row in rows]
    title = "tuichat ÷ the others, round by round: median (quartiles)"
    return Table(title, ["", *names], cells)


def _words(found: Ratio | None) -> str:
    low, middle, high = (number(each, 2) for each in found or (0, 0, 0))
    return f"{middle} ({low} – {high})" if found else ""


def left_out(names: Sequence[str]) -> str:
    """Say which programs are not in the tables."""
    return f"Left out, as not installed or not starting: {', '.join(names) or 'none'}."


def load(lines_per_s: int, seconds: float, figures: Figures) -> Table:
    """Return what happened under a long load."""
    columns = [f"{lines_per_s:,} lines/s for {seconds:g} s, and a log", ""]
    return Table("Under load", columns, [[name, number(n)] for name, n in figures.items()])


def growth(steps: dict[int, Figures]) -> Table:
    """Return what an operation costs, by the length of the history."""
    columns = ["lines kept", *(f"{n:,}" for n in steps)]
    return Table("As the history grows", columns, _by_column([*steps.values()]))


def imports(times: dict[str, tuple[float, float]]) -> Table:
    """Return the modules of the package that take longest to import."""
    longest = sorted(times.items(), key=lambda item: -item[1][0])
    rows = [[name, *map(number, pair)] for name, pair in longest[:MOST_IMPORTS]]
    rows.append([f"all {len(times)} modules", number(sum(own for own, _ in times.values())), ""])
    columns = ["module", "itself", "with its imports"]
    return Table("Imports at the start, ms (python3 -X importtime)", columns, rows)


def counts(turns: dict[str, Figures]) -> Table:
    """Return what a turn costs, by what it is for."""
    return Table("What a turn costs, counted", ["", *turns], _by_column([*turns.values()]))


def _by_column(columns: list[Figures]) -> list[list[str]]:
    """Return a row for each name of a figure, with a cell for each column."""
    return [[name, *(number(figures[name]) for figures in columns)] for name in columns[0]]


def occasion(size: Size) -> str:
    """Say when and where this was measured, how often, and how busy the machine was."""
    cpus = Path("/proc/cpuinfo").read_text()
    model = [line.partition(": ")[2] for line in cpus.splitlines() if line.startswith("model name")]
    facts = (
        time.strftime("%Y-%m-%d"),
        f"{os.cpu_count()} × {model[0] if model else platform.machine()}",
        f"Linux {platform.release()}",
        f"Python {platform.python_version()}",
        f"rounds: {size.rounds}",
        f"load {os.getloadavg()[0]:.1f}",
    )
    return " · ".join(facts)


def number(value: float, digits: int = 3) -> str:
    """Return a number with `digits` digits, or with all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.{digits}g}"
