"""Text: how any character is drawn, how wide it is, where lines break."""

from __future__ import annotations

import ctypes
import locale
import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tuichat.text import (
    clean,
    clip,
    fill,
    fit,
    graphemes,
    next_boundary,
    previous_boundary,
    width,
    wrap,
)

FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
INVISIBLE = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2800, 0x3164, 0xFFA0}
EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]

FAMILY = "👨\u200d👩\u200d👧"
RAINBOW = "🏳\ufe0f\u200d🌈"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
E_ACUTE = "e\u0301"

# Letters of one and two cells, marks, spaces, and what cleaning and the grapheme rules depend on.
AWKWARD = (
    "ab .é中\u0301\u0323\u200d\u200c\ufe0f👨👩🏽🇩🇪각\u1100\u1161\u11a8ि\u202e\t\x1b\ud800\u3000"
)
texts = st.text(st.one_of(st.sampled_from(AWKWARD), st.characters(codec=None)), max_size=60)
cleaned = texts.map(clean)


# --- clean ---


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain text, 100 %", "plain text, 100 %"),
        ("", ""),
        ("naïve 中文 Ωμέγα 😀", "naïve 中文 Ωμέγα 😀"),
        ("\x1b[2J", "<U+001B>[2J"),
        ("a\rb\nc\x08\x00\x7f", "a<U+000D>b<U+000A>c<U+0008><U+0000><U+007F>"),
        ("\x9b31m", "<U+009B>31m"),
        ("abc\u202edef", "abc<U+202E>def"),
        ("\ufeff\u200b\u200e\u00ad", "<U+FEFF><U+200B><U+200E><U+00AD>"),
        ("\u2028\u2029", "<U+2028><U+2029>"),
        ("\ue000\U0010fffd\uffff\u0378", "<U+E000><U+10FFFD><U+FFFF><U+0378>"),
        ("\u034f\u115f\u2800\u3164\uffa0", "<U+034F><U+115F><U+2800><U+3164><U+FFA0>"),
        (SCOTLAND[:2], "🏴<U+E0067>"),
        ("\ud83d|\udc80", "\ufffd|\ufffd"),
        ("\ufffd", "\ufffd"),
        ("a\tb", "a    b"),
        ("1\u00a0000\u2009€\u3000.", "1 000 €  ."),
        (FAMILY, "👨👩👧"),
        ("❤\ufe0f 葛\U000e0100 می\u200cخواهم", "❤ 葛 میخواهم"),
        (E_ACUTE, E_ACUTE),
        ("Z" + "\u0301" * 1000 + "a", "Z" + "\u0301" * 4 + "a"),
        ("Z\u0301\u0301\u200d\u0301\u0301\u0301", "Z" + "\u0301" * 4),
        ("\u0301x", "◌\u0301x"),
        ("a \u0301\u0302b", "a ◌\u0301\u0302b"),
        (" " + "\u0301" * 9, " ◌" + "\u0301" * 4),
        ("\x07\u0301", "<U+0007>\u0301"),
        ("각", "각"),
    ],
)
def test_what_is_shown(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_every_character_is_harmless_and_none_is_silently_blank() -> None:
    dropped = []
    for char in EVERY_CHARACTER:
        shown = clean("x" + char + "x")[1:-1]
        assert not {unicodedata.category(each) for each in shown} & FORBIDDEN, ascii(char)
        assert not {ord(each) for each in shown} & INVISIBLE, ascii(char)
        if not shown:
            dropped.append(ord(char))
        elif not shown.strip():
            assert char == "\t" or unicodedata.category(char) == "Zs", ascii(char)
    assert dropped == [0x200C, 0x200D, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]


def test_every_character_in_one_text() -> None:
    shown = clean("".join(EVERY_CHARACTER))
    assert not {unicodedata.category(each) for each in set(shown)} & FORBIDDEN
    assert clean(shown) == shown


@settings(deadline=None)
@given(texts)
@example("\u200d\u0301")
@example("\u3000\u0301")
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@settings(deadline=None)
@given(texts)
def test_a_base_has_at_most_four_marks_and_a_space_none(text: str) -> None:
    shown = clean(text)
    run = 0
    for before, char in zip(" " + shown, shown, strict=False):
        run = run + 1 if width(char) == 0 else 0
        assert run <= 4
        assert not (run and before == " ")


# --- width ---


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("hello", 5),
        ("naïve", 5),
        (E_ACUTE, 1),
        ("中文", 4),
        ("ﾊﾝ", 2),
        ("ＡＢ", 4),
        ("\u1112\u1161\u11ab", 2),
        ("👍🏽", 4),  # a terminal may think 2; drawing at fixed columns makes that harmless
        ("🇩🇪", 2),
        ("…—│", 3),
    ],
)
def test_width(text: str, cells: int) -> None:
    assert width(text) == cells


def libc_wcwidth() -> dict[str, int]:
    """The width of every character that the C library knows."""
    locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    wcwidth = ctypes.CDLL(None).wcwidth
    wcwidth.argtypes = [ctypes.c_wchar]
    known = {char: wcwidth(char) for char in EVERY_CHARACTER}
    return {char: cells for char, cells in known.items() if cells >= 0}


if sys.platform == "linux":  # elsewhere wcwidth follows tables of its own

    def test_every_character_is_as_wide_as_the_c_library_has_it() -> None:
        before = locale.setlocale(locale.LC_CTYPE)
        try:
            known = libc_wcwidth()
        finally:
            locale.setlocale(locale.LC_CTYPE, before)
        differing = {
            f"U+{ord(char):04X}": (width(char), cells)
            for char, cells in known.items()
            if clean("x" + char) == "x" + char and width(char) != cells
        }
        assert differing == {}
        assert len(known) > 100_000


# --- graphemes ---


@pytest.mark.parametrize(
    "pieces",
    [
        ["a", "b", " ", "c"],
        ["e\u0301\u0323", "x"],
        ["a", FAMILY, "b"],
        [RAINBOW, RAINBOW],
        ["👍🏽", "👍", "👩🏽\u200d🚀"],
        ["🇩🇪", "🇫🇷", "🇪"],
        [SCOTLAND, "."],
        ["1\ufe0f\u20e3", "2"],
        ["각", "가\u11a8", "\u1112\u1161\u11ab", "\u1100"],
        ["न", "म", "स्", "ते"],
        ["\u0301", "a"],
        ["\x1b", "\u0301"],
        ["a\u200d", "b"],  # a joiner between letters does not join them
        ["\r", "\n"],
        ["中", "文"],
        ["ﾊﾞ", "ﾊ"],
        ["🙂\u200d↔\ufe0f", "x"],
    ],
)
def test_graphemes(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert graphemes(text) == pieces
    offsets = [len("".join(pieces[:count])) for count in range(len(pieces) + 1)]
    for at in range(len(text)):
        assert next_boundary(text, at) == min(each for each in offsets if each > at)
        assert previous_boundary(text, at + 1) == max(each for each in offsets if each < at + 1)


@settings(deadline=None)
@given(texts)
def test_graphemes_joined_are_the_text_and_agree_with_the_boundaries(text: str) -> None:
    pieces = graphemes(text)
    assert "".join(pieces) == text
    assert all(pieces)
    at = 0
    for piece in pieces:
        assert next_boundary(text, at) == at + len(piece)
        assert previous_boundary(text, at + len(piece)) == at
        at += len(piece)
    assert next_boundary(text, at) == at
    assert previous_boundary(text, 0) == 0


# --- clip and fit ---


@pytest.mark.parametrize(
    ("text", "cells", "clipped", "fitted"),
    [
        ("hello", 5, "hello", "hello"),
        ("hello", 4, "hell", "hel…"),
        ("hello", 1, "h", "…"),
        ("hello", 0, "", ""),
        ("hello", -1, "", ""),
        ("", 3, "", ""),
        ("中文字", 6, "中文字", "中文字"),
        ("中文字", 5, "中文", "中文…"),
        ("中文字", 3, "中", "中…"),
        ("中文字", 1, "", "…"),
        ("ne\u0301e\u0301", 2, "ne\u0301", "n…"),
        ("कि कि", 2, "कि", "क…"),
        ("a👍🏽b", 4, "a", "a…"),
        ("a🇩🇪b", 2, "a", "a…"),
    ],
)
def test_clip_and_fit(text: str, cells: int, clipped: str, fitted: str) -> None:
    assert clip(text, cells) == clipped
    assert fit(text, cells) == fitted


def test_fit_with_a_mark_of_ones_own() -> None:
    assert fit("a long nick", 7, "+") == "a long+"
    assert fit("a long nick", 2, "...") == ".."


@settings(deadline=None)
@given(cleaned, st.integers(0, 12))
def test_a_clipped_text_fits_and_keeps_all_that_can_be_kept(text: str, cells: int) -> None:
    clipped = clip(text, cells)
    rest = text[len(clipped) :]
    assert text.startswith(clipped)
    assert width(clipped) <= cells
    assert not rest or width(rest[0]) > 0
    assert not rest or width(clipped + graphemes(rest)[0]) > cells
    assert width(fit(text, cells)) <= cells


# --- wrap ---


@pytest.mark.parametrize(
    ("text", "cells", "rows"),
    [
        ("", 10, [""]),
        ("fits", 4, ["fits"]),
        ("hello world", 11, ["hello world"]),
        ("hello world", 10, ["hello", "world"]),
        ("hello world", 5, ["hello", "world"]),
        ("hello   world", 7, ["hello", "world"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three ", 7, ["one two", "three "]),
        ("  indented text", 10, ["  indented", "text"]),
        ("  indented", 6, ["indent", "ed"]),
        ("unbreakable", 4, ["unbr", "eaka", "ble"]),
        ("an unbreakable", 4, ["an", "unbr", "eaka", "ble"]),
        ("abcd ef", 4, ["abcd", "ef"]),
        ("trailing    ", 8, ["trailing"]),
        ("        ", 3, [""]),
        ("ab", 1, ["a", "b"]),
        ("中文字符", 4, ["中文", "字符"]),
        ("中文字符", 5, ["中文", "字符"]),
        ("a中文 b", 3, ["a中", "文", "b"]),
        ("中a文", 1, ["中", "a", "文"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
        ("👍🏽👍🏽", 6, ["👍🏽", "👍🏽"]),
        ("👍🏽", 2, ["👍", "🏽"]),  # wider than the row: cut inside
    ],
)
def test_wrap(text: str, cells: int, rows: list[str]) -> None:
    assert [text[start:end] for start, end in wrap(text, cells)] == rows


@settings(deadline=None)
@given(st.one_of(cleaned, st.text("ab ", max_size=60)), st.integers(1, 12))
def test_wrapping_loses_nothing_and_fits(text: str, cells: int) -> None:
    rows = wrap(text, cells)
    before = 0
    for start, end in rows:
        assert not text[before:start].strip(" ")
        assert before <= start <= end
        row = text[start:end]
        assert width(row) <= cells or (cells == 1 and len(graphemes(row)) == 1)
        assert row or len(rows) == 1
        assert not row or width(row[0]) > 0
        before = end
    assert not text[before:].strip(" ")


@pytest.mark.parametrize(
    ("text", "cells", "starts"),
    [
        ("", 3, [0]), ("abc", 3, [0]), ("abcd", 3, [0, 3]), ("a b cd", 3, [0, 3]),
        ("中中中", 4, [0, 2]), ("中中中", 5, [0, 2]), ("a中中", 4, [0, 2]),
        ("中中" + E_ACUTE, 5, [0]), ("中中aa", 5, [0, 3]), ("中中", 1, [0, 1]),
    ],
)  # fmt: skip
def test_the_rows_of_a_terminal_that_wraps(text: str, cells: int, starts: list[int]) -> None:
    assert fill(text, cells) == starts


@given(st.one_of(cleaned, st.text("ab ", max_size=60)), st.integers(2, 12))
def test_a_terminal_fills_each_row_as_far_as_the_next_character_lets_it(
    text: str, cells: int
) -> None:
    starts = fill(text, cells)
    rows = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    assert "".join(rows) == text
    assert all(width(row) <= cells for row in rows)
    assert all(width(row + below[0]) > cells for row, below in pairwise(rows))
