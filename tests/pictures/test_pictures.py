"""The pictures of the documentation show what was on the screen."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from wcwidth import wcswidth

from tests.pictures.__main__ import PLACE, ROWS, THEMES, shoot_all
from tests.support.emulator import Emulator
from tests.support.svg import CELL_HEIGHT, CELL_WIDTH, DARK, LIGHT, Shot, draw

SVG = "{http://www.w3.org/2000/svg}"
# What a picture shows, in this order, and then begins again.
SHOWN = {
    "session": (
        "▸ general", "nick›", "TCP is a stream", "› So a client", "dave: exactly.", "search› byte",
        "Esc closes", "› bob: thank", "coming to lunch?",
    ),
    "help": ("Esc closes",),
}  # fmt: skip
MOST_BYTES = 150_000
MOVES = re.compile(r"([\d.]+)%{transform:translateX\(-?(\d+)px\)}")


def shot(
    written: str, cols: int = 20, rows: int = 2, cursor: tuple[int, int] | None = None
) -> tuple[Emulator, Shot]:
    """A terminal with something written, and what it shows."""
    emulator = Emulator(cols, rows)
    emulator.feed(written.encode())
    cells = [[emulator.screen.buffer[y][x] for x in range(cols)] for y in range(rows)]
    return emulator, Shot(cells, cursor)


def drawn(
    written: str, cursor: tuple[int, int] | None = None
) -> tuple[Emulator, ElementTree.Element]:
    """What a terminal shows of something written, and the picture of it."""
    emulator, shown = shot(written, cursor=cursor)
    return emulator, ElementTree.fromstring(draw([shown], "a <title>", "a & b"))


def texts(picture: ElementTree.Element) -> list[ElementTree.Element]:
    """The texts on the screen of a picture."""
    return picture.findall(f"{SVG}svg/{SVG}defs/{SVG}g/{SVG}text")


def boxes(picture: ElementTree.Element) -> list[ElementTree.Element]:
    """The boxes drawn behind and under the texts."""
    return picture.findall(f"{SVG}svg/{SVG}defs/{SVG}g/{SVG}rect")


def row_of(group: ElementTree.Element) -> str:
    """What a reader sees of a row, without blanks on its right."""
    row = ""
    for text in group.findall(f"{SVG}text"):
        words = text.text or ""
        assert int(text.get("textLength", "")) == wcswidth(words) * CELL_WIDTH, words
        row += " " * (int(text.get("x", "")) // CELL_WIDTH - wcswidth(row)) + words
    return row


def rows_of(picture: ElementTree.Element, share: float | None = None) -> list[str]:
    """The rows that are seen after a share of the time (percent), or without motion (None)."""
    style = picture.findtext(f"{SVG}style") or ""
    still, _, moving = style.partition("@media (prefers-reduced-motion:no-preference)")
    rows = {}
    for strip in picture.findall(f"{SVG}svg/{SVG}g"):
        name = strip.get("id")
        if share is None:
            found = re.search(rf"^#{name}{{transform:translateX\(-?(\d+)px\)}}", still, re.M)
            x = found[1] if found else "0"
        else:
            moves = re.search(rf"^@keyframes {name}{{(.*)}}", moving, re.M)
            starts = MOVES.findall(moves[1]) if moves else [("0", "0")]
            x = [x for start, x in starts if float(start) <= share + 1e-3][-1]
        [use] = strip.findall(f"{SVG}use[@x='{x}']")
        group = picture.find(f"{SVG}svg/{SVG}defs/{SVG}g[@id='{use.get('href', '')[1:]}']")
        assert group is not None
        rows[int(use.get("y", "")) // CELL_HEIGHT] = row_of(group)
    return [rows[y] for y in sorted(rows)]


def times(picture: ElementTree.Element) -> list[float]:
    """When something changes, in percent."""
    starts = MOVES.findall(picture.findtext(f"{SVG}style") or "")
    return sorted({0.0, *(float(start) for start, _ in starts)})


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
    assert rows_of(picture) == emulator.rows()


@pytest.mark.parametrize(
    ("written", "ink", "paper", "weight"),
    [
        ("word", DARK.ink, None, None),
        ("\x1b[1mword", DARK.ink, None, "bold"),
        ("\x1b[31mword", DARK.named["red"], None, None),
        ("\x1b[38;5;27mword", "#005fff", None, None),
        ("\x1b[38;5;2mword", "#00cd00", None, None),
        ("\x1b[7mword", DARK.paper, DARK.ink, None),
        ("\x1b[34;7mword", DARK.paper, DARK.named["blue"], None),
        ("\x1b[2;22mword", DARK.ink, None, None),
    ],
)
def test_colours_and_attributes_are_drawn(
    written: str, ink: str, paper: str | None, weight: str | None
) -> None:
    [text] = texts(picture := drawn(written)[1])
    assert text.get("fill", DARK.ink) == ink
    assert text.get("font-weight") == weight
    assert [(box.get("fill"), box.get("width")) for box in boxes(picture)] == (
        [(paper, str(4 * CELL_WIDTH))] if paper else []
    )


def test_dim_text_lies_between_the_colours_of_text_and_background() -> None:
    [text] = texts(drawn("\x1b[2mword\x1b[m")[1])
    shades = [int(colour[1:3], 16) for colour in (DARK.paper, text.get("fill", ""), DARK.ink)]
    assert shades == sorted(set(shades))


def test_underlines_are_drawn_below_blanks_too() -> None:
    [line] = boxes(drawn("\x1b[4mtwo words")[1])
    assert (line.get("width"), line.get("height")) == (str(9 * CELL_WIDTH), "1")


@pytest.mark.parametrize(
    ("column", "cells", "under"), [(0, 1, "a"), (2, 2, "日"), (9, 1, None)]
)
def test_the_cursor_is_a_block_over_its_cell(column: int, cells: int, under: str | None) -> None:
    _, picture = drawn("a 日本", cursor=(column, 0))
    [block] = [box for box in boxes(picture) if box.get("fill") == DARK.cursor]
    assert block.get("x") == str(column * CELL_WIDTH)
    assert block.get("width") == str(cells * CELL_WIDTH)
    inked = [text.text for text in texts(picture) if text.get("fill") == DARK.paper]
    assert inked == ([under] if under else [])


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_picture_shows_each_screen_in_its_time_and_the_last_without_motion(theme) -> None:
    written = ("one\r\nbelow", "two\r\nbelow", "one", "two words\r\none")
    shots = [shot(text)[1]._replace(seconds=second) for second, text in enumerate(written, 1)]
    picture = ElementTree.fromstring(draw(shots, "title", "words", theme))
    expected = [shot(text)[0].rows() for text in written]
    # They last for 1, 2, 3 and 4 of 10 seconds.
    assert [rows_of(picture, share) for share in (5, 20, 45, 80)] == expected
    assert rows_of(picture) == expected[-1]


def test_the_picture_is_described_for_those_who_do_not_see_it() -> None:
    _, picture = drawn("")
    assert picture.findtext(f"{SVG}title") == "a <title>"
    assert picture.findtext(f"{SVG}desc") == "a & b"
    labels = picture.get("aria-labelledby", "").split()
    assert labels == [picture[0].get("id"), picture[1].get("id")]


def test_the_pictures_can_be_made_again(tmp_path: Path) -> None:
    """The script still runs to its end, and the checkout has all the pictures that it makes."""
    shoot_all(tmp_path)
    for place in (tmp_path, PLACE):
        files = {file.stem: file for file in place.glob("*.svg")}
        assert files.keys() == {f"{name}-{theme}" for name in SHOWN for theme in THEMES}
        for name, file in files.items():
            assert file.stat().st_size < MOST_BYTES
            picture = ElementTree.parse(file).getroot()
            screens = ["\n".join(rows_of(picture, share)) for share in times(picture)]
            assert {screen.count("\n") for screen in screens} == {ROWS - 1}
            waiting = list(SHOWN[name.split("-")[0]])
            for screen in screens:
                if waiting and waiting[0] in screen:
                    del waiting[0]
            assert not waiting, f"{name} does not show {waiting[0]}"
            assert "\n".join(rows_of(picture)) == screens[-1]


def test_the_readme_has_the_pictures_that_there_are() -> None:
    readme = (PLACE.parent.parent / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"tests/pictures/([\w-]+\.svg)", readme))
    assert shown == {file.name for file in PLACE.glob("*.svg")}
