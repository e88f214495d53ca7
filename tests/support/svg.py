"""What a terminal shows, as an animated SVG picture in which text is text, in its place.

Each row of the screen is a strip of all that it ever shows, side by side, behind a window of the
screen's size; a CSS animation moves the strip on whenever the row changes. Without animations, or
for those who prefer reduced motion, the picture shows how it ends. Nothing depends on the reader's
fonts: each run of cells that look the same is placed by itself and given the length that it has
to fill (SVG 1.1, 10.5: `textLength`).
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
DIM = 0.6  # the share of its own colour that dim text keeps; the rest is background


class Theme(NamedTuple):
    """The colours of a terminal: of its window, and of what programs call by name."""

    ink: str
    paper: str
    cursor: str
    frame: str
    edge: str
    title: str
    named: dict[str, str]


DARK = Theme("#d8dde6", "#171a21", "#f2c879", "#242933", "#454c5a", "#a3acbb", {
    "black": "#2b303b", "red": "#e06c75", "green": "#8cc570", "brown": "#e0b566",
    "blue": "#61a5f0", "magenta": "#c882dd", "cyan": "#4fb8c4", "white": "#d8dde6",
    "brightblack": "#7c8594", "brightred": "#f08a92", "brightgreen": "#a6d98c",
    "brightbrown": "#f2cd85", "brightblue": "#8abdf7", "brightmagenta": "#dba2ec",
    "brightcyan": "#79d2dc", "brightwhite": "#ffffff",
})  # fmt: skip
LIGHT = Theme("#1f2328", "#ffffff", "#e0912f", "#eceff2", "#c8cfd6", "#59636e", {
    "black": "#1f2328", "red": "#b3202c", "green": "#1a7f37", "brown": "#8a6100",
    "blue": "#0550ae", "magenta": "#8250df", "cyan": "#0f6e78", "white": "#6e7781",
    "brightblack": "#57606a", "brightred": "#cf222e", "brightgreen": "#2da44e",
    "brightbrown": "#9a6700", "brightblue": "#0969da", "brightmagenta": "#a475f9",
    "brightcyan": "#1b7c83", "brightwhite": "#8c959f",
})  # fmt: skip


class Shot(NamedTuple):
    """The screen as it is for a while: its rows, the cell of a visible cursor, how long (s)."""

    rows: Sequence[Sequence[Cell]]
    cursor: tuple[int, int] | None = None
    seconds: float = 1.0


class Look(NamedTuple):
    """How a cell looks. Letters, signs and wide characters may come from different fonts."""

    ink: str
    paper: str
    bold: bool = False
    underline: bool = False
    sort: str = "blank"


Row = tuple[tuple[str, Look], ...]
"""The text and the look of each cell; of a wide character, the second cell's text is empty."""


def draw(shots: Sequence[Shot], title: str, description: str, theme: Theme = DARK) -> str:
    """Return the SVG document of screens that follow each other in a loop.

    Arguments: the screens, all of one size; the window's title; a description for those who
    cannot see it; the colours.
    """
    columns, count = len(shots[0].rows[0]), len(shots[0].rows)
    width, height = columns * CELL_WIDTH, count * CELL_HEIGHT
    picture = _window(title, description, width, height, theme)
    style = SubElement(picture, "style")
    screen = SubElement(
        picture, "svg", id="screen", x=str(PADDING), y=str(PADDING + TITLE_BAR), width=str(width),
        height=str(height), fill=theme.ink,
    )  # fmt: skip
    screen.set("font-family", FONTS)
    screen.set("font-size", str(FONT_SIZE))
    shared, names = SubElement(screen, "defs"), dict[Row, str]()
    still, moving = "", ""
    # Some blank space between what stands side by side, for pictures that are scaled.
    step, total = width + PADDING, sum(shot.seconds for shot in shots)
    for y in range(count):
        changes = list(_changes(shots, y, theme))
        strip = list(dict.fromkeys(row for _, row in changes))
        group = SubElement(screen, "g", id=f"y{y}")
        for place, row in enumerate(strip):
            if row not in names:
                names[row] = f"r{len(names)}"
                _draw_row(SubElement(shared, "g", id=names[row]), row, theme)
            x = str(place * step)
            SubElement(group, "use", href=f"#{names[row]}", x=x, y=str(y * CELL_HEIGHT))
        if len(strip) > 1:
            frames = [
                f"{100 * when / total:.6g}%{{{_moved(strip.index(row) * step)}}}"
                for when, row in changes
            ]
            still += f"#y{y}{{{_moved(strip.index(changes[-1][1]) * step)}}}\n"
            moving += f"#y{y}{{animation:y{y} {total:.6g}s step-end infinite}}\n"
            moving += f"@keyframes y{y}{{{''.join(frames)}}}\n"
    if moving:
        style.text = f"{still}@media (prefers-reduced-motion:no-preference){{\n{moving}}}"
    return document(picture)


def document(picture: Element) -> str:
    """Return the text of a picture."""
    indent(picture, "")
    return tostring(picture, encoding="unicode") + "\n"


def _moved(x: int) -> str:
    return f"transform:translateX({-x}px)"


def _changes(shots: Sequence[Shot], y: int, theme: Theme) -> Iterator[tuple[float, Row]]:
    """Yield all that a row shows, with the time when it begins (seconds)."""
    now, before = 0.0, None
    for shot in shots:
        cursor = shot.cursor[0] if shot.cursor and shot.cursor[1] == y else None
        row = _row(shot.rows[y], cursor, theme)
        if row != before:
            yield now, row
        now, before = now + shot.seconds, row


def _window(title: str, description: str, width: int, height: int, theme: Theme) -> Element:
    """Return a picture with the background for a screen of that size, and a title bar."""
    width, height = width + 2 * PADDING, height + 2 * PADDING + TITLE_BAR
    picture = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", role="img", width=str(width),
        height=str(height), viewBox=f"0 0 {width} {height}",
    )  # fmt: skip
    picture.set("aria-labelledby", "title description")
    SubElement(picture, "title", id="title").text = title
    SubElement(picture, "desc", id="description").text = description
    SubElement(
        picture, "rect", x="0.5", y="0.5", width=str(width - 1), height=str(height - 1),
        rx=str(CORNER), fill=theme.frame, stroke=theme.edge,
    )  # fmt: skip
    inner = CORNER - 1
    SubElement(
        picture, "path", fill=theme.paper,
        d=f"M1 {TITLE_BAR}H{width - 1}V{height - CORNER}a{inner} {inner} 0 0 1 -{inner} {inner}"
        f"H{CORNER}a{inner} {inner} 0 0 1 -{inner} -{inner}z",
    )  # fmt: skip
    label = SubElement(picture, "text", x=str(width // 2), y="19", fill=theme.title)
    label.set("text-anchor", "middle")
    label.set("font-family", "system-ui, sans-serif")
    label.set("font-size", "13")
    label.text = title
    return picture


def _draw_row(group: Element, row: Row, theme: Theme) -> None:
    """Draw what is behind the text, then the text, then the lines under it."""
    for start, cells, paper in _runs([look.paper for _, look in row]):
        if paper != theme.paper:
            _draw_box(group, start, cells, 0, CELL_HEIGHT, paper)
    for start, cells, look in _runs([look for _, look in row]):
        if look.sort != "blank":
            text = SubElement(
                group, "text", x=str(start * CELL_WIDTH), y=str(BASELINE),
                textLength=str(cells * CELL_WIDTH), lengthAdjust="spacingAndGlyphs",
            )  # fmt: skip
            if look.ink != theme.ink:
                text.set("fill", look.ink)
            if look.bold:
                text.set("font-weight", "bold")
            text.text = "".join(data for data, _ in row[start : start + cells])
    for start, cells, (underline, ink) in _runs([(look.underline, look.ink) for _, look in row]):
        if underline:
            _draw_box(group, start, cells, BASELINE + 2, 1, ink)


def _draw_box(group: Element, start: int, cells: int, top: int, height: int, fill: str) -> None:
    SubElement(
        group, "rect", x=str(start * CELL_WIDTH), y=str(top), width=str(cells * CELL_WIDTH),
        height=str(height), fill=fill,
    )  # fmt: skip


def _runs(looks: Sequence[Any]) -> Iterator[tuple[int, int, Any]]:
    """Yield (first cell, number of cells, look) of the runs of cells that look the same."""
    start = 0
    for look, same in groupby(looks):
        cells = len(list(same))
        yield start, cells, look
        start += cells


def _row(cells: Sequence[Cell], cursor: int | None, theme: Theme) -> Row:
    """Return what a row shows, with the cell under the cursor like a block."""
    looks: list[Look] = []
    for x, cell in enumerate(cells):
        wide = x + 1 < len(cells) and not cells[x + 1].data
        look = _look(cell, wide, theme) if cell.data else looks[-1]
        if x == cursor:
            look = look._replace(ink=theme.paper, paper=theme.cursor)
        looks.append(look)
    # A single blank between words that look the same belongs to them, and so saves an element.
    for x in range(1, len(looks) - 1):
        before, look, after = looks[x - 1 : x + 2]
        if look.sort == "blank" and before == after == look._replace(sort="letters"):
            looks[x] = before
    return tuple((cell.data, look) for cell, look in zip(cells, looks, strict=True))


def _look(cell: Cell, wide: bool, theme: Theme) -> Look:
    ink, paper = _colour(cell.fg, theme.ink, theme), _colour(cell.bg, theme.paper, theme)
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


def _colour(name: str, default: str, theme: Theme) -> str:
    """Return the colour of a name, or of the six digits that stand for one of the 256."""
    if name == "default":
        return default
    return theme.named.get(name) or f"#{name}"


def _mixed(ink: str, paper: str) -> str:
    """Return the colour of dim text."""
    pairs = [(int(ink[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(DIM * a + (1 - DIM) * b):02x}" for a, b in pairs)
