"""The pane: what a line looks like in rows, and positions that survive whatever arrives."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.screens import stamp
from tuichat.chat.transcript import (
    END,
    ERROR,
    HEARD,
    INFO,
    LIMIT_LINES,
    NOTICE,
    SERVER,
    Transcript,
)  # fmt: skip
from tuichat.protocol.sender import SenderFormat, asides
from tuichat.text import clean, width
from tuichat.ui.pane import Look, Pane, nick_cells, rule, shortened

JOINED, LEFT = "{} has joined the room.", "{} has left the room."


class Laid:
    """A pane that is looked at in one way: its methods without the look."""

    def __init__(self, transcript, cols=60, speaker=None, **look):
        self._pane = Pane(transcript, speaker or SenderFormat().speaker)
        self._look = Look(cols, **look)

    def __getattr__(self, name):
        return partial(getattr(self._pane, name), self._look)


def fill(*lines, limit=LIMIT_LINES):
    """A transcript of (kind, text), or of texts that somebody says."""
    transcript = Transcript(limit)
    for line in lines:
        kind, text = (HEARD, line) if isinstance(line, str) else line
        if kind == NOTICE:
            transcript.add_heard([text], asides([text]), [], stamp())
        else:
            transcript.add(kind, [text], stamp())
    return transcript


def rows(transcript, cols=60, **look):
    laid = Laid(transcript, cols, **look)
    return ["".join(text for text, _ in row).rstrip() for row in laid.page(END, 100)[0]]


@pytest.mark.parametrize(
    ("kind", "text", "row"),
    [
        (HEARD, "alice> hi", "12:01 alice │ hi"),
        (HEARD, "<alice> hi", "12:01 alice │ hi"),
        (HEARD, "no name", "12:01 – │ no name"),
        (HEARD, "» You are in root", "12:01 – │ » You are in root"),
        (HEARD, "── 2 new ──", "12:01 – │ ── 2 new ──"),
        (HEARD, "averylongnick> hi", "12:01 avery+ck │ hi"),
        (HEARD, "alice>", "12:01 alice │"),
        (SERVER, "Welcome!", "12:01 – │ Welcome!"),
        (INFO, "3 here", "12:01 » 3 here"),
        (ERROR, "no answer", "12:01 » no answer"),
        (NOTICE, JOINED.format("bob"), "12:01 · bob has joined the room."),
    ],
)
def test_every_kind_of_line_has_its_mark(kind, text, row):
    assert " ".join(rows(fill((kind, text)))[-1].split()) == row


@pytest.mark.parametrize("cols", [4, 10, 20, 49, 50, 80])
def test_a_message_never_looks_like_the_programs_own_words(cols):
    """Whatever it says, however it wraps: what is before it on the row is a bar, never `»`."""
    text = "» Connection lost. " * 5
    for row in rows(fill("alice> " + text, text), cols):
        assert "│" in row.split("»")[0]


@pytest.mark.parametrize(("cols", "longest"), [(40, 34), (80, 61), (200, 100)])
def test_a_row_of_text_has_a_margin_and_is_not_too_long_to_be_read(cols, longest):
    shown = rows(fill("alice> " + "word " * 99, "alice> " + "x" * 400), cols)
    assert max(width(row.partition("│")[2].strip()) for row in shown) == longest
    assert cols < 50 or max(map(width, shown)) < cols


def test_the_day_is_told_where_it_changes_and_not_at_the_top():
    transcript = fill("alice> one")
    transcript.add(HEARD, ["alice> two"], stamp("00:01", "Mon 23 Nov"))
    assert [" Nov " in row for row in rows(transcript)] == [False, True, False]


def test_what_is_dropped_is_said_at_the_top():
    transcript = fill(*(f"alice> {n}" for n in range(1111)), limit=1000)
    assert transcript.first > 0
    laid = Laid(transcript)
    top = laid.page(laid.first_page(3), 3)[0]
    assert f" {transcript.first:,} earlier lines were dropped " in top[0][1][0]


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        ([JOINED.format("bob")], "bob has joined the room."),
        ([JOINED.format("bob"), JOINED.format("eve")], "bob, eve joined"),
        ([JOINED.format("bob"), LEFT.format("bob")], "bob joined · bob left"),
        (
            [JOINED.format("a"), LEFT.format("b"), LEFT.format("c"), JOINED.format("b")],
            "a joined · b, c left · b joined",
        ),
    ],
)
def test_runs_of_comings_and_goings_are_folded(lines, row):
    assert rows(fill(*((NOTICE, line) for line in lines)))[-1].endswith(f"· {row}")


@pytest.mark.parametrize("cols", range(30, 120))
def test_no_further_row_of_a_folded_run_looks_like_a_line_of_its_own(cols):
    names = [f"ann{n}" for n in range(5)]
    told = [(NOTICE, notice.format(name)) for notice in (JOINED, LEFT) for name in names]
    shown = [row.strip().removeprefix("12:01").strip() for row in rows(fill(*told), cols)]
    assert " ".join(shown).endswith(f"· {', '.join(names)} joined · {', '.join(names)} left")
    assert [row for row in shown if row.startswith("·")] == shown[:1]


@pytest.mark.parametrize("cols", [1, 5, 6, 7, 30, 31])
def test_a_rule_is_as_wide_as_the_pane(cols):
    for label in ("2 new", "中文中文中文"):
        assert sum(width(text) for text, _ in rule(label, cols)) == cols


# Positions

LINES = st.lists(
    st.one_of(
        st.integers(0, 200).map(lambda size: "alice> " + "word " * (size // 5)),
        st.sampled_from([(NOTICE, JOINED.format("bob")), (NOTICE, LEFT.format("bob"))]),
        st.text("a中é ", max_size=90),
    ),
    min_size=1,
    max_size=40,
)


def everything(laid):
    return laid.page(END, 10**6)[0]


@given(LINES, st.integers(1, 80), st.integers(1, 30), st.data())
def test_up_and_down_are_each_others_inverse(lines, cols, height, data):
    laid = Laid(fill(*lines), cols)
    total = len(everything(laid))
    back = data.draw(st.integers(1, total))
    there = laid.up(END, back)
    again = laid.down(there, back)
    if back < total:
        assert again == END
        page = laid.page(there, height)[0]
        assert page == everything(laid)[: total - back][-height:]
    else:
        assert there == (0, 0)
    if back > 1 and back < total:
        assert laid.down(there, back - 1) == laid.up(END, 1)


@given(LINES, LINES, st.integers(1, 80), st.integers(1, 30), st.data())
def test_a_page_is_held_still_while_lines_arrive(lines, more, cols, height, data):
    """Only what joins the run of notices that ends the page could change it."""
    transcript = fill(*lines, "alice> the end")
    laid = Laid(transcript, cols)
    at = laid.settle(laid.up(END, data.draw(st.integers(1, 60))), height)
    if at == END:
        return
    before = laid.page(at, height)
    for line in more:
        transcript.add(HEARD, [str(line)], stamp("12:02"))
    assert laid.page(laid.settle(at, height), height) == before


@given(LINES, st.integers(1, 80), st.integers(1, 80), st.integers(1, 30), st.data())
def test_another_size_keeps_the_line_and_fills_the_page(lines, cols, other, height, data):
    transcript = fill(*lines)
    laid = Laid(transcript, cols)
    at = laid.up(END, data.draw(st.integers(0, 200)))
    narrow = Laid(transcript, other)
    settled = narrow.settle(at, height)
    page = narrow.page(settled, height)[0]
    assert len(page) == min(height, len(everything(narrow)))
    first_page = narrow.first_page(height)
    if settled != END and settled > first_page:
        assert settled[0] == at[0]


def test_the_first_page_is_the_top():
    laid = Laid(fill(*(f"alice> {n}" for n in range(50))))
    assert laid.page(laid.first_page(10), 10)[0] == everything(laid)[:10]
    assert laid.first_page(50) == END
    assert laid.first_page(49) != END


def test_an_empty_transcript_has_no_rows():
    laid = Laid(Transcript())
    assert laid.page(END, 10)[0] == []
    assert laid.first_page(10) == END


def test_far_up_costs_no_more_than_a_page():
    """Laying out goes upwards from a position: the rest of the history is not looked at."""
    asked = []

    transcript = fill(*(f"alice> {n}" for n in range(5000)))
    laid = Laid(transcript, speaker=asked.append)
    laid.page(END, 20)
    laid.page((2500, 0), 20)
    laid.settle((2500, 0), 20)
    assert len(asked) < 300


@pytest.mark.parametrize(
    ("cols", "shown"),
    [
        (20, ["chr+r1", "chr+r2"]), (80, ["chris+r1", "chris+r2"]),
        (120, ["christopher1", "christopher2"]), (160, ["christopher1", "christopher2"]),
    ],
)  # fmt: skip
def test_nicks_that_differ_at_their_ends_look_different(cols, shown):
    transcript = fill("christopher1> hi", "christopher2> hi")
    cut = [row.partition("│")[0].split()[-1] for row in rows(transcript, cols)[-2:]]
    assert [name.rstrip("│") for name in cut] == shown


@given(st.text("ab中é", max_size=30).map(clean), st.integers(1, 200))
def test_a_shortened_nick_fits_and_has_both_ends(nick, cols):
    cells = max(1, nick_cells(cols))
    shown = shortened(nick, cells)
    assert width(shown) <= cells
    head, plus, tail = shown.partition("+")
    assert nick.startswith(head)
    assert nick.endswith(tail) if plus else shown == nick
