"""The benchmark runs with nothing but Python, and reports what it has measured."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench import peers, picture, report
from tests.bench.measures import QUICK, Row, named_rows
from tests.bench.rig import Rig
from tests.bench.server import chat
from tests.bench.subjects import Subject

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = [row.says for row in named_rows(QUICK)]
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
    drawing = tmp_path / "bench.svg"
    # -S: without the packages that are installed; the PATH has no peers
    command = [sys.executable, "-S", "-m", "tests.bench", "--quick", "--svg", str(drawing)]
    done = subprocess.run(
        command, cwd=ROOT, env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (
        "Left out, as not installed or not starting: irssi, WeeChat, catgirl, tf5." in done.stdout
    )
    for row in ROWS:  # of tuichat, the floor, and at the start what is imported
        figures = rf"^\| {re.escape(row)} \| {FIGURE} \| {FIGURE} \| ({FIGURE})? \| {FIGURE} \|$"
        assert re.search(figures, done.stdout, re.MULTILINE), (row, done.stdout)
    for row in ROWS[:-1]:  # nothing wakes up at rest: no ratio
        ratio = rf"^\| {re.escape(row)} \| {FIGURE} \({FIGURE} – {FIGURE}\) \|"
        assert re.search(ratio, done.stdout, re.MULTILINE), (row, done.stdout)
    for row in GROWTH:
        assert re.search(rf"^\| {row} \| {FIGURE} \| {FIGURE} \|$", done.stdout, re.MULTILINE), row
    for row in LOAD:
        assert re.search(rf"^\| {row} \| {FIGURE} \|$", done.stdout, re.MULTILINE), row
    assert "\n| lines lost, doubled or out of order | 0 |\n" in done.stdout
    assert len(re.findall(r"^\| tuichat[\w.]* \|", done.stdout, re.MULTILINE)) == 10
    for row in COUNTS:  # for the start, a letter, a message, a page up
        assert re.search(rf"^\| {row}( \| {FIGURE}){{4}} \|$", done.stdout, re.MULTILINE), row
    drawn = "".join(ElementTree.parse(drawing).getroot().itertext())
    assert all(row in drawn for row in ROWS)
    assert "irssi" not in drawn


@pytest.mark.parametrize("peer", peers.PEERS, ids=lambda peer: peer.name)
def test_a_peer_comes_into_the_room_and_shows_what_is_said(peer: Subject, tmp_path: Path) -> None:
    if peer not in peers.installed():
        pytest.skip(f"{peer.name} is not installed")
    with Rig(peer, str(tmp_path)) as rig:
        assert rig.started(peer.first)
        assert rig.enter().told(chat(0, 100))


def test_a_figure_is_of_all_samples_and_a_ratio_of_those_of_the_same_round() -> None:
    samples = {"key": {"tuichat": [[1.0, 2, 3], [8.0]], "other": [[1.0], [2.0]], "none": [[0.0]]}}
    rows = [Row("key, ms", "key")]
    assert report.figures(rows, samples).rows == [["key, ms", "2.5", "1.5", "0", "4"]]
    assert report.ratios(rows, samples).rows == [["key, ms", "3 (2.5 – 3.5)", ""]]


@pytest.mark.parametrize("scheme", [picture.LIGHT, picture.DARK], ids=["light", "dark"])
def test_the_picture_is_legible_on_light_and_dark(scheme: dict[str, str]) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5:1."""

    def luminance(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    paper = luminance(scheme["paper"])
    for name in ("ink", "dim", "peer", "floor"):
        dark, light = sorted([luminance(scheme[name]), paper])
        assert (light + 0.05) / (dark + 0.05) >= 4.5, name
