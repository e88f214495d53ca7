"""The figures as tables of words: work, load, growth, imports, counts."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.bench.measures import Figures

Samples = dict[str, dict[str, list[float]]]
MOST_IMPORTS = 10
OURS = "tuichat"


class Table(NamedTuple):
    """A heading, what the columns are, rows of as many cells, and a bar (0 to 1) for each row."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    bars: list[float] = []

    def markdown(self) -> str:
        """Return the table as Markdown."""
        rule = [":--", *["--:"] * (len(self.columns) - 1)]
        lines = ["| " + " | ".join(row) + " |" for row in (self.columns, rule, *self.rows)]
        return "\n".join([f"**{self.title}**", "", *lines])


def work(samples: Samples) -> Table:
    """Return what was measured: by work, the client, and below it each floor of that work."""
    rows, bars = [], []
    for name, by_subject in samples.items():
        medians = {subject: median(taken) for subject, taken in by_subject.items()}
        ours, longest = next(iter(medians.values())), max(medians.values())
        for subject, taken in by_subject.items():
            first, typical = taken is by_subject[OURS], medians[subject]
            ratio = "" if first or not typical else number(ours / typical)
            spread = f"{number(min(taken))} – {number(max(taken))}"
            rows.append([name if first else "", subject, number(typical), spread, ratio])
            bars.append(typical / longest if longest else 0.0)
    columns = ["work", "program", "median", "lowest – highest", "× floor"]
    return Table("tuichat, and below it the floors of the same work", columns, rows, bars)


def load(lines_per_s: int, seconds: float, figures: Figures) -> Table:
    """Return what became of a load that goes on for long."""
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


def occasion(runs: int) -> str:
    """Say when and where this was measured, and how busy the machine was."""
    cpus = Path("/proc/cpuinfo").read_text()
    model = [line.partition(": ")[2] for line in cpus.splitlines() if line.startswith("model name")]
    python = f"Python {platform.python_version()}"
    load = f"load {os.getloadavg()[0]:.1f}"
    cores = f"{os.cpu_count()} × {model[0] if model else platform.machine()}"
    system = f"Linux {platform.release()}"
    return f"{time.strftime('%Y-%m-%d')} · {cores} · {system} · {python} · runs: {runs} · {load}"


def number(value: float) -> str:
    """Return three digits, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
