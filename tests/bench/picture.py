"""The tables as an SVG picture, in the style of the pictures of the program."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from tests.bench.report import OURS, Table
from tests.support.svg import (
    COLOURS,
    FONTS,
    FOREGROUND,
    PADDING,
    TITLE,
    TITLE_BAR,
    document,
    window,
)

# In the picture's units, which are pixels unless it is scaled.
CELL_WIDTH, LINE, FONT_SIZE, GAP = 7, 18, 12, 21
BAR_WIDTH, BAR_HEIGHT = 120, 8
DESCRIPTION = "What the client takes for its work, beside programs that do no more than that."


def draw(heading: str, tables: Sequence[Table]) -> str:
    """Return the SVG document of the tables, one below the other.

    Arguments: what stands in the title bar; the tables.
    """
    ends = [_ends(table) for table in tables]
    width = max(each[-1] for each in ends) + GAP + BAR_WIDTH + 2 * PADDING
    lines = sum(len(table.rows) + 3 for table in tables)
    picture = window(heading, DESCRIPTION, width, lines * LINE + 2 * PADDING + TITLE_BAR)
    body = SubElement(picture, "g", fill=FOREGROUND)
    body.set("transform", f"translate({PADDING} {PADDING + TITLE_BAR})")
    body.set("font-family", FONTS)
    body.set("font-size", str(FONT_SIZE))
    top = 0
    for table, columns in zip(tables, ends, strict=True):
        _draw_table(body, table, columns, top)
        top += (len(table.rows) + 3) * LINE
    return document(picture)


def _ends(table: Table) -> list[int]:
    """Return where each column ends."""
    ends: list[int] = []
    for cells in zip(table.columns, *table.rows, strict=True):
        ends.append((ends[-1] + GAP if ends else 0) + max(map(len, cells)) * CELL_WIDTH)
    return ends


def _draw_table(body: Element, table: Table, ends: list[int], top: int) -> None:
    _write(body, table.title, 0, top, FOREGROUND).set("font-weight", "bold")
    for number, row in enumerate([table.columns, *table.rows]):
        y = top + (number + 1) * LINE
        ours = OURS in row
        ink = FOREGROUND if ours or not table.bars else COLOURS["brightblack"]
        for cell, end in zip(row, ends, strict=True):
            left = 0 if end == ends[0] else end - len(cell) * CELL_WIDTH
            if cell:
                _write(body, cell, left, y, TITLE if number == 0 else ink)
        if number and table.bars and table.bars[number - 1]:
            SubElement(
                body, "rect", x=str(ends[-1] + GAP), y=str(y + (LINE - BAR_HEIGHT) // 2),
                width=f"{max(1.0, table.bars[number - 1] * BAR_WIDTH):.0f}",
                height=str(BAR_HEIGHT), fill=COLOURS["blue" if ours else "brightblack"],
            )  # fmt: skip


def _write(body: Element, words: str, left: int, top: int, ink: str) -> Element:
    text = SubElement(
        body, "text", x=str(left), y=str(top + FONT_SIZE + 1),
        textLength=str(len(words) * CELL_WIDTH), lengthAdjust="spacingAndGlyphs", fill=ink,
    )  # fmt: skip
    text.text = words
    return text
