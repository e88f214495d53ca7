"""The command line: measure, print the tables, draw them."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import measures, report
from tests.bench.counts import counts
from tests.bench.growth import growth, imports
from tests.bench.load import LINES_PER_S, load
from tests.bench.picture import draw
from tests.bench.rig import Rig
from tests.bench.subjects import tuichat


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser("python3 -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a little of everything: a smoke test")
    parser.add_argument("--runs", type=int, metavar="N", help="how often; 5")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the tables, too")
    given = parser.parse_args()
    if sys.platform != "linux":
        parser.error("the figures come from /proc: Linux is needed")
    size = measures.QUICK if given.quick else measures.FULL
    size = size._replace(runs=given.runs or size.runs)
    with tempfile.TemporaryDirectory() as home:
        tables = _measure(size, home)
    heading = report.occasion(size.runs)
    print(heading, *(table.markdown() for table in tables), sep="\n\n")
    if given.svg:
        given.svg.write_text(draw(heading, tables), encoding="utf-8")


def _measure(size: measures.Size, home: str) -> list[report.Table]:
    with Rig(tuichat(), home) as rig:
        rig.enter()  # Python compiles the modules when it first imports them
    samples: report.Samples = {}
    for run in range(size.runs):
        for subject, figures in measures.once(size, home):
            print(f"run {run + 1}: {subject.name}, {', '.join(figures)}", file=sys.stderr)
            for name, figure in figures.items():
                samples.setdefault(name, {}).setdefault(subject.name, []).append(figure)
    print("load, growth, imports, counts", file=sys.stderr)
    return [
        report.work(samples),
        report.load(LINES_PER_S, size.load_s, load(size, home)),
        report.growth(growth(size, home)),
        report.imports(imports(size, home)),
        report.counts(counts(size.repeats, home)),
    ]


if __name__ == "__main__":
    main()
