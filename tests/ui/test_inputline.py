"""Which part of a long line its row shows, the cursor drawn as | in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.screens import in_room
from tuichat.text import clean, graphemes, width
from tuichat.ui.inputline import drawn, in_view

FAMILY = "👨\u200d👩\u200d👧"
E_ACUTE = "e\u0301"
PIECES = ["a", "b ", "中", "\u0301", "\u200d", "👩", "🏽", "🇩", "\u1100", "\u1161", "\u202e", "é-x"]


def view(line: str, cells: int, last: int = 0) -> tuple[str, int]:
    """What a row of `cells` shows of a line such as "hel|lo", and the offset it begins at.

    `‹` and `›` mark where there is more.
    """
    text, cursor = line.replace("|", ""), line.index("|")
    start, end = in_view(text, cursor, cells, last)
    shown = f"{drawn(text[start:cursor])}|{drawn(text[cursor:end])}"
    return "‹" * bool(start) + shown + "›" * (end < len(text)), start


@pytest.mark.parametrize(
    ("line", "cells", "shown"),
    [
        ("|", 5, "|"),
        ("hel|lo", 6, "hel|lo"),
        ("hello|", 6, "hello|"),
        ("hello|", 5, "‹ello|"),  # the cursor takes a cell of its own
        ("|hello", 5, "|hello"),
        ("|hello", 4, "|hell›"),
        ("0123456789|", 5, "‹6789|"),
        ("|0123456789", 5, "|01234›"),
        ("中文字符|", 5, "‹字符|"),
        ("中文字符|", 6, "‹字符|"),
        ("|中文字符", 5, "|中文›"),
        (f"a{FAMILY}b|", 20, "a👨👩👧b|"),
        (f"{E_ACUTE}x|", 5, f"{E_ACUTE}x|"),
        ("a\u202eb|", 20, "a<U+202E>b|"),
        ("ab|c", 1, "‹|c"),
        ("abc|", 1, "‹|"),
        ("a\nb|", 5, "a␤b|"),
        ("中\n文|", 5, "‹␤文|"),
        ("中\n文|", 6, "中␤文|"),
        ("中|\n\n文", 4, "中|␤␤›"),
    ],
)
def test_a_row_shows_the_part_with_the_cursor(line: str, cells: int, shown: str) -> None:
    assert view(line, cells)[0] == shown


def test_the_view_stays_until_the_cursor_comes_near_its_edge() -> None:
    text, last, seen = "abcdefghijklmnopqrstuvwxyz", 0, {}
    for step, cursor in enumerate([*range(26, 13, -1), *range(14, 22), 0]):
        seen[step], last = view(f"{text[:cursor]}|{text[cursor:]}", 13, last)
    assert seen[0] == "‹opqrstuvwxyz|"
    assert seen[9] == "‹opq|rstuvwxyz"
    assert seen[10] == "‹nop|qrstuvwxyz"
    assert seen[11] == "‹mno|pqrstuvwxy›"
    assert seen[12] == "‹lmn|opqrstuvwx›"
    assert seen[20] == "‹mnopqrstu|vwxy›"
    assert seen[21] == "|abcdefghijklm›"


def test_the_view_fills_again_when_the_line_gets_shorter() -> None:
    shown, last = view("abcdefghij|", 6)
    assert shown == "‹fghij|"
    shown, last = view("abcdefg|", 6, last)
    assert shown == "‹cdefg|"
    assert view("|", 6, last)[0] == "|"


UNITS = ["x", "中", E_ACUTE, FAMILY, "🇩🇪", "\u202e", "각", "\u0301"]


@pytest.mark.parametrize("unit", UNITS)
def test_of_100_000_characters_a_part_is_shown(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    for cursor in (0, len(text)):
        start, end = in_view(text, cursor, 80, len(text) // 2)
        assert width(drawn(text[start:cursor])) < 80
        assert width(drawn(text[start:end])) <= 80


def shown_as(text: str) -> str:
    """What is drawn of a text whose ends are boundaries."""
    return "".join("␤" if piece == "\n" else clean(piece) for piece in graphemes(text))


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([*PIECES, "\n"]), max_size=40).map("".join),
    st.integers(1, 12),
    st.lists(st.integers(0, 60), min_size=1, max_size=5),
)
def test_the_cursor_is_always_in_view(text: str, cells: int, cursors: list[int]) -> None:
    boundaries = [0]
    for piece in graphemes(text):
        boundaries.append(boundaries[-1] + len(piece))
    start = 0
    for number in cursors:
        cursor = boundaries[number % len(boundaries)]
        start, end = in_view(text, cursor, cells, start)
        assert start <= cursor
        assert {start, end} <= set(boundaries)
        assert drawn(text[start:cursor]) == shown_as(text[start:cursor])
        assert drawn(text[start:end]) == shown_as(text[start:end])
        assert width(drawn(text[start:cursor])) < cells
        assert width(drawn(text[start:end])) <= cells
        assert in_view(text, cursor, cells, start) == (start, end)


def test_a_search_leaves_the_view_on_a_long_line_where_it_was() -> None:
    session = in_room(cols=40)
    session.type("the quick brown fox jumps over the lazy dog " * 3)
    session.press(*["left"] * 50)
    before = session.rows[-1]
    assert "‹" in before
    assert "›" in before[5:]
    session.press("f3")
    session.type("fox")
    assert session.rows[-1] == "search› fox"
    session.press("escape")
    assert session.rows[-1] == before


def test_the_view_on_a_line_does_not_begin_where_it_did_on_the_one_before() -> None:
    session = in_room(cols=40)
    session.type("the quick brown fox jumps over the lazy dog " * 3)
    assert "‹" in session.rows[-1]
    session.press("enter")
    for piece in ("hello ", "hello and so on, until it is longer than the row"):
        session.type(piece)
        session.press("home")
        session.press(*["right"] * 20)
        row = session.rows[-1]
    assert row.startswith("dave› hello hello and")


def test_only_what_is_typed_for_the_room_is_marked_where_it_will_be_split() -> None:
    session = in_room()
    session.press("f3")
    session.type("x" * 2000)
    assert session.styled("over") == []
    session.press("escape")
    session.type("x" * 1500)
    assert len(session.styled("over")) == 1
