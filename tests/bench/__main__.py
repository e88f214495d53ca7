"""How fast tuichat is, seen from the terminal, compared with other clients and with a floor.

    python3 -m tests.bench [--quick] [--rounds N] [--svg FILE]

starts each program on a pseudo-terminal, plays the server and the person at the keyboard, and
reads time stamps, the process's CPU clock and /proc: it needs Linux, and nothing but Python.
The floor is `least.py`, a bare chat client in Python's curses; for the start there is also what
`import curses, select, socket` takes. irssi, WeeChat, catgirl and tf5 are measured where they are
installed, on Debian with

    apt-get install --no-install-recommends irssi weechat-curses catgirl openssl tf5

All do the same in turn, round by round, and each ratio compares two figures of the same round.
Machines change their speed, so compare figures of one run only. The last tables are about tuichat
alone. What a turn of its loop costs in calls and bytecodes is the same on every machine with the
same version of Python, and `tests/bench/test_counts.py` limits the calls.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import measures, peers, report
from tests.bench.counts import counts
from tests.bench.growth import growth, imports
from tests.bench.load import LINES_PER_S, load
from tests.bench.picture import draw
from tests.bench.subjects import LEAST, tuichat


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(
        "python3 -m tests.bench", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--quick", action="store_true", help="a little of everything: a smoke test")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often (default: 5)")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the ratios, too")
    given = parser.parse_args()
    if sys.platform != "linux":
        parser.error("the figures come from /proc: Linux is needed")
    size = measures.QUICK if given.quick else measures.FULL
    size = size._replace(rounds=given.rounds or size.rounds)
    with tempfile.TemporaryDirectory() as home:
        ports, absent = measures.warm([tuichat(), LEAST], peers.installed(), home)
        absent += [peer.name for peer in peers.PEERS if peer not in peers.installed()]
        samples = measures.measure(ports, size, home)
        occasion = report.occasion(size)
        print(occasion, report.left_out(absent), sep="\n\n")
        rows = measures.named_rows(size)
        for table in (report.figures(rows, samples), report.ratios(rows, samples)):
            print(table.markdown())
        if given.svg:
            given.svg.write_text(draw(size, samples, occasion), encoding="utf-8")
        print(report.load(LINES_PER_S, size.load_s, load(size, home)).markdown())
        print(report.growth(growth(size, home)).markdown())
        print(report.imports(imports(size, home)).markdown())
        print(report.counts(counts(size.repeats, home)).markdown())


if __name__ == "__main__":
    main()
