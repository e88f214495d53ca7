"""A terminal's screen as an SVG picture: text stays text, and every word of it has its place.

The picture brings its own dark background, as a terminal does, so that it is legible on a light
page and on a dark one. Nothing in it depends on the reader's fonts: each run of cells that look
the same is placed by itself and given the length it has to fill (SVG 1.1, 10.5: `textLength`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

if TYPE_CHECKING:
    from tests.support.emulator import Cell

# In the picture's units, which are pixels unless it is scaled.
CELL_WIDTH, CELL_HEIGHT, BASELINE, FONT_SIZE = 9, 18, 14, 15
PADDING, TITLE_BAR, CORNER = 14, 28, 8

FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
FOREGROUND, BACKGROUND, CURSOR = "#d8dde6", "#171a21", "#f2c879"
FRAME, EDGE, TITLE = "#242933", "#454c5a", "#a3acbb"
DIM = 0.6  # the share of its own colour that dim text keeps; the rest is background
COLOURS = {
    "default": FOREGROUND, "black": "#2b303b", "red": "#e06c75", "green": "#8cc570",
    "brown": "#e0b566", "blue": "#61a5f0", "magenta": "#c882dd", "cyan": "#4fb8c4",
    "white": "#d8dde6", "brightblack": "#7c8594", "brightred": "#f08a92",
    "brightgreen": "#a6d98c", "brightbrown": "#f2cd85", "brightblue": "#8abdf7",
    "brightmagenta": "#dba2ec", "brightcyan": "#79d2dc", "brightwhite": "#ffffff",
}  # fmt: skip


class Look(NamedTuple):
    """How a cell looks. Letters, signs and wide characters may come from different fonts."""

    ink: str
    paper: str = BACKGROUND
    bold: bool = False
    underline: bool = False
    sort: str = "blank"


def draw(
    rows: Sequence[Sequence[Cell]],
    cursor: tuple[int, int] | None,
    title: str,
    description: str,
) -> str:
    """Return the SVG document of a screen.

    Arguments: the rows of cells, all of one length; the cell of the cursor as (column, row), or
    None if it is hidden; the window's title; what there is to see, for those who do not see it.
    """
    width = len(rows[0]) * CELL_WIDTH + 2 * PADDING
    height = len(rows) * CELL_HEIGHT + 2 * PADDING + TITLE_BAR
    picture = window(title, description, width, height)
    screen = SubElement(picture, "g", id="screen", fill=FOREGROUND)
    screen.set("transform", f"translate({PADDING} {PADDING + TITLE_BAR})")
    screen.set("font-family", FONTS)
    screen.set("font-size", str(FONT_SIZE))
    for y, row in enumerate(rows):
        looks = _looks(row, cursor[0] if cursor and cursor[1] == y else None)
        _draw_row(screen, [cell.data for cell in row], looks, y * CELL_HEIGHT)
    return document(picture)


def document(picture: Element) -> str:
    """Return the text of a picture."""
    indent(picture, "")
    return tostring(picture, encoding="unicode") + "\n"


def window(title: str, description: str, width: int, height: int) -> Element:
    """Return a picture of that size with the background, and a frame with a title bar."""
    picture = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", role="img", width=str(width),
        height=str(height), viewBox=f"0 0 {width} {height}",
    )  # fmt: skip
    picture.set("aria-labelledby", "title description")
    SubElement(picture, "title", id="title").text = title
    SubElement(picture, "desc", id="description").text = description
    SubElement(
        picture, "rect", x="0.5", y="0.5", width=str(width - 1), height=str(height - 1),
        rx=str(CORNER), fill=FRAME, stroke=EDGE,
    )  # fmt: skip
    inner = CORNER - 1
    SubElement(
        picture, "path", fill=BACKGROUND,
        d=f"M1 {TITLE_BAR}H{width - 1}V{height - CORNER}a{inner} {inner} 0 0 1 -{inner} {inner}"
        f"H{CORNER}a{inner} {inner} 0 0 1 -{inner} -{inner}z",
    )  # fmt: skip
    label = SubElement(picture, "text", x=str(width // 2), y="19", fill=TITLE)
    label.set("text-anchor", "middle")
    label.set("font-family", "system-ui, sans-serif")
    label.set("font-size", "13")
    label.text = title
    return picture


def _draw_row(screen: Element, data: Sequence[str], looks: Sequence[Look], top: int) -> None:
    """Draw what is behind the text, then the text, then the lines under it."""
    for start, cells, paper in _runs([look.paper for look in looks]):
        if paper != BACKGROUND:
            _draw_box(screen, start, cells, top, CELL_HEIGHT, paper)
    for start, cells, look in _runs(looks):
        if look.sort != "blank":
            text = SubElement(
                screen, "text", x=str(start * CELL_WIDTH), y=str(top + BASELINE),
                textLength=str(cells * CELL_WIDTH), lengthAdjust="spacingAndGlyphs",
            )  # fmt: skip
            if look.ink != FOREGROUND:
                text.set("fill", look.ink)
            if look.bold:
                text.set("font-weight", "bold")
            text.text = "".join(data[start : start + cells])
    for start, cells, (underline, ink) in _runs([(look.underline, look.ink) for look in looks]):
        if underline:
            _draw_box(screen, start, cells, top + BASELINE + 2, 1, ink)


def _draw_box(screen: Element, start: int, cells: int, top: int, height: int, fill: str) -> None:
    SubElement(
        screen, "rect", x=str(start * CELL_WIDTH), y=str(top), width=str(cells * CELL_WIDTH),
        height=str(height), fill=fill,
    )  # fmt: skip


def _runs(looks: Sequence[Any]) -> Iterator[tuple[int, int, Any]]:
    """Yield (first cell, number of cells, look) of the runs of cells that look the same."""
    start = 0
    for look, same in groupby(looks):
        cells = len(list(same))
        yield start, cells, look
        start += cells


def _looks(row: Sequence[Cell], cursor: int | None) -> list[Look]:
    """Return how each cell of a row looks, the one under the cursor like a block."""
    looks: list[Look] = []
    for x, cell in enumerate(row):
        wide = x + 1 < len(row) and not row[x + 1].data
        look = _look(cell, wide) if cell.data else looks[-1]
        if x == cursor:
            look = look._replace(ink=BACKGROUND, paper=CURSOR)
        looks.append(look)
    return looks


def _look(cell: Cell, wide: bool) -> Look:
    ink, paper = _colour(cell.fg, FOREGROUND), _colour(cell.bg, BACKGROUND)
    if cell.dim:
        ink = _mixed(ink, paper)
    if cell.reverse:
        ink, paper = paper, ink
    if not cell.data.strip():
        sort = "blank"
    elif wide:
        sort = "wide"
    else:
        sort = "letters" if cell.data.isascii() or cell.data.isalpha() else "signs"
    return Look(ink, paper, cell.bold, cell.underscore, sort)


def _colour(name: str, default: str) -> str:
    """Return the colour of a name, or of the six digits that stand for one of the 256."""
    if name == "default":
        return default
    return COLOURS.get(name) or f"#{name}"


def _mixed(ink: str, paper: str) -> str:
    """Return what dim text has for a colour."""
    pairs = [(int(ink[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(DIM * a + (1 - DIM) * b):02x}" for a, b in pairs)
