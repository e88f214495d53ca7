"""The ratios as an SVG picture: bars from a common line, and the figures below as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from math import ceil, floor, log2
from xml.etree.ElementTree import Element, SubElement

from tests.bench.measures import Row, Samples, Size, named_rows
from tests.bench.peers import PEERS
from tests.bench.report import OURS, Ratio, Table, figures, number, programs, ratio
from tests.bench.subjects import LEAST
from tests.support.svg import document

# Text and bars have a contrast of 4.5:1 or more with the paper.
LIGHT = {
    "paper": "#ffffff", "ink": "#1f2328", "dim": "#59636e", "line": "#d1d9e0",
    "peer": "#0969da", "floor": "#9a6700",
}  # fmt: skip
DARK = {
    "paper": "#0d1117", "ink": "#e6edf3", "dim": "#9198a1", "line": "#3d444d",
    "peer": "#4493f8", "floor": "#d29922",
}  # fmt: skip
STYLE = "text{{font:13px system-ui,sans-serif}}{}@media(prefers-color-scheme:dark){{{}}}"
# In the picture's units, which are pixels unless it is scaled.
WIDTH, MARGIN, CHART_LEFT, CHART_RIGHT, CHART_TOP = 920, 24, 330, 890, 136
BAR, ROW, LINE, LETTER = 10, 32, 19, 7.5
HEADLINE = "A key shows in {key} ms, the first screen in {first} ms, {lines:,} lines in {flood} s"
EXPLANATION = (
    "Bars: what tuichat takes, divided by what the other takes in the same round. Thin lines:"
    " quartiles over the rounds.",
    "The floor is the barest chat client in Python's curses.",
)
LESS, MORE = "← tuichat takes less", "tuichat takes more →"


def draw(size: Size, samples: Samples, occasion: str) -> str:
    """Return the SVG document. Arguments: what was measured; when and where."""
    rows = named_rows(size)
    table = figures(rows, samples)
    table_top = CHART_TOP + len(rows) * ROW + 56
    height = table_top + len(rows) * LINE + 48
    picture = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", role="img", width=str(WIDTH),
        height=str(height), viewBox=f"0 0 {WIDTH} {height}",
    )  # fmt: skip
    ours = {row.key: number(row.tells([*chain(*samples[row.key][OURS])]), 2) for row in rows[::-1]}
    headline = HEADLINE.format(lines=size.lines, **ours)
    SubElement(picture, "title").text = headline
    SubElement(picture, "style").text = STYLE.format(_rules(LIGHT), _rules(DARK))
    _box(picture, "paper", 0, 0, WIDTH, height)
    _write(picture, headline, MARGIN, 42, style="font-size:20px;font-weight:bold")
    for turn, line in enumerate(EXPLANATION):
        _write(picture, line, MARGIN, 68 + turn * LINE, "dim")
    _chart(picture, rows, samples)
    _table(picture, table, table_top)
    _write(picture, occasion, MARGIN, height - 14, "dim", style="font-size:11px")
    return document(picture)


def _chart(picture: Element, rows: Sequence[Row], samples: Samples) -> None:
    """Draw a bar for each row and each program that tuichat is compared with."""
    peers = [peer.name for peer in PEERS if peer.name in programs(samples)]
    others = dict.fromkeys(peers[:1], "peer") | {LEAST.name: "floor"}
    found = {(row, name): ratio(row, samples, name) for row in rows for name in others}
    drawn = [end for each in found.values() if each for end in (each.low, each.middle, each.high)]
    logs = [log2(end) for end in drawn if end]
    low, high = min(-1, floor(min(logs))), max(1, ceil(max(logs)))

    def x(value: float) -> float:
        share = (log2(min(max(value, 2**low), 2**high)) - low) / (high - low)
        return CHART_LEFT + share * (CHART_RIGHT - CHART_LEFT)

    bottom = CHART_TOP + len(rows) * ROW
    for power in range(low, high + 1):
        ink = "line" if power else "dim"
        _box(picture, ink, x(2**power) - 0.5, CHART_TOP - 4, 1, bottom - CHART_TOP + 4)
        label = f"1/{2**-power}" if power < 0 else str(2**power)
        _write(picture, label, x(2**power), bottom + 18, "dim", "middle")
    _write(picture, LESS, x(1) - 10, CHART_TOP - 15, "dim", "end")
    _write(picture, MORE, x(1) + 10, CHART_TOP - 15, "dim")
    left: float = MARGIN
    for name, ink in others.items():
        _box(picture, ink, left, CHART_TOP - 24, BAR, BAR)
        _write(picture, f"÷ {name}", left + BAR + 6, CHART_TOP - 15, ink)
        left += 4 * BAR + LETTER * len(f"÷ {name}")
    for turn, row in enumerate(rows):
        top = CHART_TOP + turn * ROW + (ROW - len(others) * BAR) / 2
        _write(picture, row.says, MARGIN, top + BAR + 5)
        for place, (name, ink) in enumerate(others.items()):
            if each := found[row, name]:
                _bar(picture, each, ink, top + place * BAR, x)


def _bar(picture: Element, each: Ratio, ink: str, top: float, x: Callable[[float], float]) -> None:
    """Draw a bar from 1 to the ratio, the line of its quartiles, and its number."""
    ends = x(1), x(each.middle)
    _box(picture, ink, min(ends), top + 1, max(abs(ends[1] - ends[0]), 1), BAR - 2)
    _box(picture, "ink", x(each.low), top + BAR / 2 - 0.5, x(each.high) - x(each.low), 1)
    ahead = max(ends[1], x(each.high)) + 5
    behind = min(ends[1], x(each.low)) - 5
    place, anchor = (ahead, "start") if each.middle >= 1 else (behind, "end")
    _write(picture, number(each.middle, 2), place, top + BAR - 1, ink, anchor, "font-size:11px")


def _table(picture: Element, table: Table, top: float) -> None:
    """Write the figures: of what, then a column for each program."""
    step = (CHART_RIGHT - CHART_LEFT) / (len(table.columns) - 1)
    for turn, row in enumerate([table.columns, *table.rows]):
        for column, cell in enumerate(row):
            place = (CHART_LEFT + column * step, "end") if column else (MARGIN, "start")
            ours = column == 0 or table.columns[column] == OURS
            _write(picture, cell, place[0], top + turn * LINE, "ink" if ours else "dim", place[1])


def _box(picture: Element, ink: str, left: float, top: float, width: float, height: float) -> None:
    box = SubElement(picture, "rect")
    figures = {"x": left, "y": top, "width": width, "height": height}
    for name, value in figures.items():
        box.set(name, f"{value:.1f}")
    box.set("class", ink)


def _write(
    picture: Element, words: str, left: float, base: float,
    ink: str = "ink", anchor: str = "start", style: str = "",
) -> None:  # fmt: skip
    text = SubElement(picture, "text", x=f"{left:.1f}", y=f"{base:.1f}", style=style)
    text.set("class", ink)
    text.set("text-anchor", anchor)
    text.text = words


def _rules(colours: dict[str, str]) -> str:
    """Return the style sheet's rule for each colour."""
    return "".join(f".{name}{{fill:{value}}}" for name, value in colours.items())
