"""The pictures of the documentation show what was on the screen."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from wcwidth import wcswidth

from tests.pictures.__main__ import PLACE, shoot_all
from tests.support.emulator import Emulator
from tests.support.svg import BACKGROUND, CELL_HEIGHT, CELL_WIDTH, COLOURS, CURSOR, FOREGROUND, draw

SVG = "{http://www.w3.org/2000/svg}"
SHOWN = {
    "lobby": "▸ general", "naming": "nick› alice", "room": "erin, frank joined · frank left",
    "scrolled": "── 17 new ──", "search": "search› time", "help": "Ctrl-Home",
    "paste": "def lines(sock):", "narrow": "alice│Good idea.", "tiny": "alice│Good idea.",
}  # fmt: skip
MOST_BYTES = 60_000


def drawn(
    written: str, cols: int = 20, rows: int = 2, cursor: tuple[int, int] | None = None
) -> tuple[Emulator, ElementTree.Element]:
    """What a terminal shows of something written, and the picture of it."""
    emulator = Emulator(cols, rows)
    emulator.feed(written.encode())
    cells = [[emulator.screen.buffer[y][x] for x in range(cols)] for y in range(rows)]
    return emulator, ElementTree.fromstring(draw(cells, cursor, "a <title>", "a & b"))


def texts(picture: ElementTree.Element) -> list[ElementTree.Element]:
    """The texts on the screen of a picture, in the order of reading."""
    found = picture.findall(f"{SVG}g[@id='screen']/{SVG}text")
    return sorted(found, key=lambda text: (float(text.get("y", "")), float(text.get("x", ""))))


def rows_of(picture: ElementTree.Element, count: int) -> list[str]:
    """The rows that a reader of the picture sees, without blanks on their right."""
    rows = [""] * count
    for text in texts(picture):
        y, column = int(text.get("y", "")) // CELL_HEIGHT, int(text.get("x", "")) // CELL_WIDTH
        words = text.text or ""
        assert int(text.get("textLength", "")) == wcswidth(words) * CELL_WIDTH, words
        rows[y] += " " * (column - wcswidth(rows[y])) + words
    return rows


@pytest.mark.parametrize(
    "written",
    [
        "plain words",
        "\x1b[7m bar   with gaps  \x1b[m\r\n second",
        "\x1b[1mbold\x1b[m \x1b[2mdim\x1b[m \x1b[31mred",
        "日本 and 語\r\n e\u0301 ▸ … │",
        "<&>\"' ]]>",
        "x" * 20 + "y" * 20,
        "",
    ],
)
def test_the_picture_has_the_rows_of_the_screen(written: str) -> None:
    emulator, picture = drawn(written)
    assert rows_of(picture, 2) == emulator.rows()


@pytest.mark.parametrize(
    ("written", "ink", "paper", "weight"),
    [
        ("word", FOREGROUND, None, None),
        ("\x1b[1mword", FOREGROUND, None, "bold"),
        ("\x1b[31mword", COLOURS["red"], None, None),
        ("\x1b[38;5;27mword", "#005fff", None, None),
        ("\x1b[38;5;2mword", "#00cd00", None, None),
        ("\x1b[7mword", BACKGROUND, FOREGROUND, None),
        ("\x1b[34;7mword", BACKGROUND, COLOURS["blue"], None),
        ("\x1b[2;22mword", FOREGROUND, None, None),
    ],
)
def test_colours_and_attributes_are_drawn(
    written: str, ink: str, paper: str | None, weight: str | None
) -> None:
    [text] = texts(picture := drawn(written)[1])
    assert text.get("fill", FOREGROUND) == ink
    assert text.get("font-weight") == weight
    boxes = picture.findall(f"{SVG}g/{SVG}rect")
    assert [(box.get("fill"), box.get("width")) for box in boxes] == (
        [(paper, str(4 * CELL_WIDTH))] if paper else []
    )


def test_dim_text_lies_between_the_colours_of_text_and_background() -> None:
    [text] = texts(drawn("\x1b[2mword\x1b[m")[1])
    shades = [int(colour[1:3], 16) for colour in (BACKGROUND, text.get("fill", ""), FOREGROUND)]
    assert shades == sorted(set(shades))


def test_underlines_are_drawn_below_blanks_too() -> None:
    [line] = drawn("\x1b[4mtwo words")[1].findall(f"{SVG}g/{SVG}rect")
    assert (line.get("width"), line.get("height")) == (str(9 * CELL_WIDTH), "1")


@pytest.mark.parametrize(
    ("column", "cells", "under"), [(0, 1, "a"), (2, 2, "日"), (9, 1, None)]
)
def test_the_cursor_is_a_block_over_its_cell(column: int, cells: int, under: str | None) -> None:
    _, picture = drawn("a 日本", cursor=(column, 0))
    [block] = picture.findall(f"{SVG}g/{SVG}rect[@fill='{CURSOR}']")
    assert block.get("x") == str(column * CELL_WIDTH)
    assert block.get("width") == str(cells * CELL_WIDTH)
    inked = [text.text for text in texts(picture) if text.get("fill") == BACKGROUND]
    assert inked == ([under] if under else [])


def test_the_picture_is_described_for_those_who_do_not_see_it() -> None:
    _, picture = drawn("")
    assert picture.findtext(f"{SVG}title") == "a <title>"
    assert picture.findtext(f"{SVG}desc") == "a & b"
    labels = picture.get("aria-labelledby", "").split()
    assert labels == [picture[0].get("id"), picture[1].get("id")]


def test_the_pictures_can_be_made_again(tmp_path: Path) -> None:
    """The script still gets through the program, and all that it makes has been kept."""
    shoot_all(tmp_path)
    for place in (tmp_path, PLACE):
        files = {file.stem: file for file in place.glob("*.svg")}
        assert files.keys() == SHOWN.keys()
        for name, file in files.items():
            assert file.stat().st_size < MOST_BYTES
            rows = rows_of(ElementTree.parse(file).getroot(), 24)
            assert any(SHOWN[name] in row for row in rows), name
