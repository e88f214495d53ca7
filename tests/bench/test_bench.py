"""The benchmark runs, with nothing but Python, and tells what it has measured."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from tests.bench import report

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = [
    "start → first screen, ms", "start → in the room, ms",
    "flood of 2,000 lines → the last on screen, ms", "flood of 2,000 lines: CPU, ms",
    "key → echo at rest, ms", "key → echo at rest: 99th percentile, ms",
    "key → echo under 2,000 lines/s, ms", "key → echo under 2,000 lines/s: 99th percentile, ms",
    "CPU under 2,000 lines/s, %",
    "message → screen, ms", "message → screen: 99th percentile, ms",
    "memory per kept line, bytes",
    "resize with 2,000 lines → last byte, ms", "resize: CPU each, ms",
    "page up → last byte, ms",
    "idle for 1 s: wake-ups", "idle for 1 s: CPU, ms",
]  # fmt: skip
GROWTH = [
    "flood, µs a line", "message → screen, ms", "page up, ms", "search: first letter, ms",
    "resize, ms",
]  # fmt: skip
LOAD = ["lines sent", "key → echo, ms", "key → echo: 99th percentile, ms"]
COUNTS = [
    "Python calls", "C calls", "modules entered", "modules imported", "of them tuichat's",
    "bytecodes",
]  # fmt: skip
FIGURE = r"[\d.,]+"


def test_a_quick_run_fills_every_row(tmp_path: Path) -> None:
    picture = tmp_path / "bench.svg"
    # -S: without the packages that are installed
    command = [sys.executable, "-S", "-m", "tests.bench", "--quick", "--svg", str(picture)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for row in ROWS:  # each with a floor below it
        ours = rf"^\| {re.escape(row)} \| tuichat \| {FIGURE} \| {FIGURE} – {FIGURE} \|  \|\n"
        floor = rf"\|  \| [^|]+ \| {FIGURE} \| {FIGURE} – {FIGURE} \| ({FIGURE})? \|$"
        assert re.search(ours + floor, done.stdout, re.MULTILINE), (row, done.stdout)
    for row in GROWTH:
        assert re.search(rf"^\| {row} \| {FIGURE} \| {FIGURE} \|$", done.stdout, re.MULTILINE), row
    for row in LOAD:
        assert re.search(rf"^\| {row} \| {FIGURE} \|$", done.stdout, re.MULTILINE), row
    assert "\n| lines lost, doubled or out of order | 0 |\n" in done.stdout
    assert len(re.findall(r"^\| tuichat[\w.]* \|", done.stdout, re.MULTILINE)) == 10
    for row in COUNTS:  # for the start, a letter, a message, a page up
        assert re.search(rf"^\| {row}( \| {FIGURE}){{4}} \|$", done.stdout, re.MULTILINE), row
    drawn = "".join(ElementTree.parse(picture).getroot().itertext())
    assert all(row in drawn for row in ROWS + GROWTH + COUNTS)


def test_a_row_has_the_median_the_spread_and_our_part_of_the_floor() -> None:
    samples = {"key, ms": {"tuichat": [0.3, 0.5, 0.4], "echo": [0.2], "none": [0.0]}}
    assert report.work(samples).rows == [
        ["key, ms", "tuichat", "0.4", "0.3 – 0.5", ""],
        ["", "echo", "0.2", "0.2 – 0.2", "2"],
        ["", "none", "0", "0 – 0", ""],
    ]
