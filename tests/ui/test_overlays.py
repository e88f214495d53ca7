"""Overlays as values: their keys, what they come to, and what they leave to the input line."""

from __future__ import annotations

import pytest

from tests.support.screens import stamp
from tuichat.chat.transcript import HEARD, Transcript
from tuichat.text import width
from tuichat.ui.copyview import CopyView
from tuichat.ui.help import Help
from tuichat.ui.overlay import Back, Close, Drop, EditLines, SendLines, Show, Stay
from tuichat.ui.paste import PasteQuestion
from tuichat.ui.search import Search


def transcript(*texts):
    made = Transcript()
    made.add(HEARD, list(texts), stamp())
    return made


@pytest.mark.parametrize("key", ["escape", "f1", "C-c"])
def test_help_closes(key):
    assert Help().key(key) == Close()


def test_help_scrolls_and_stops_at_its_ends():
    overlay = Help()
    first = overlay.rows(60, 10)
    assert overlay.key("up") == Stay()
    assert overlay.rows(60, 10) == first
    overlay.key("pagedown")
    assert overlay.rows(60, 10)[0] == first[9]
    overlay.key("C-end")
    last = overlay.rows(60, 10)
    overlay.key("down")
    assert overlay.rows(60, 10) == last
    assert len(last) == 10
    overlay.key("C-home")
    assert overlay.rows(60, 10) == first


def test_help_leaves_other_keys_and_all_text_to_the_line():
    assert Help().key("C-w") is None
    assert Help().typed("hello") is None


def test_search_finds_older_ones_first_as_the_words_grow():
    search = Search(transcript("cat", "dog", "catfish", "cart", "dog"), None)
    assert search.typed("ca") == Show(3)
    assert search.typed("t") == Show(2)
    assert search.count == "2/2"
    assert search.key("up") == Show(0)
    assert search.key("up") == Show(0)
    assert search.count == "1/2"
    assert search.key("C-s") == Show(2)
    assert search.typed("x") == Stay()
    assert (search.count, search.hit) == ("nothing found", None)
    assert search.key("backspace") == Show(2)


def test_search_begins_where_the_reader_is():
    lines = transcript(*["cat", "dog"] * 10)
    search = Search(lines, (9, 0), "cat")
    assert search.hit == 8
    assert search.key("escape") == Back((9, 0))
    assert search.key("enter") == Close()


def test_search_without_words_finds_nothing_and_says_nothing():
    search = Search(transcript("cat"), None)
    assert (search.count, search.hit) == ("", None)
    assert search.key("up") == Stay()
    search.typed("c")
    search.key("backspace")
    assert (search.count, search.hit) == ("", None)


def test_search_keeps_the_keys_that_would_act_on_the_hidden_line():
    search = Search(transcript("cat"), None)
    assert search.key("tab") == Stay()
    assert search.key("f10") is None
    assert search.key("C-home") is None


def test_a_search_forgets_matches_that_dropped_out():
    lines = Transcript(100)
    lines.add(HEARD, ["cat"] * 5, stamp())
    search = Search(lines, None, "cat")
    lines.add(HEARD, ["dog"] * 200, stamp())
    assert search.key("up") == Stay()
    assert search.count == "nothing found"


def test_the_paste_question_is_answered_only_by_keys_that_no_text_holds():
    question = PasteQuestion(["one", "", "two"], sends=True)
    assert question.typed("y") is None
    assert question.key("enter") == Stay()
    assert question.key("C-s") == SendLines(["one", "", "two"])
    assert question.key("C-e") == EditLines(["one", "", "two"])
    assert question.key("escape") == Drop(["one", "", "two"])
    assert "Send them as 2 messages?" in question.rows(80, 4)[0][0][0]


def test_without_a_room_the_paste_question_offers_no_sending():
    question = PasteQuestion(["one", "two"], sends=False)
    assert question.hint == "Ctrl-E edits · Esc drops"
    assert "no room yet" in question.rows(80, 4)[0][0][0]
    assert question.key("C-s") == Stay()


@pytest.mark.parametrize("height", [1, 2, 3, 4, 20])
@pytest.mark.parametrize("cols", [1, 10, 80])
def test_the_paste_question_fits(cols, height):
    shown = PasteQuestion(["中\x1b[2J文"] * 50, sends=True).rows(cols, height)
    assert len(shown) <= height
    assert all(sum(width(text) for text, _ in row) <= cols for row in shown)
    assert not any("\x1b" in text for row in shown for text, _ in row)


@pytest.mark.parametrize("key", ["escape", "enter", "left", "f1", "C-q"])
def test_any_key_leaves_the_copy_view(key):
    assert CopyView(["x"]).key(key) == Close()


@pytest.mark.parametrize(("text", "outcome"), [
    (" ", Close()), ("q", Close()), ("h", EditLines(["h"])), ("quick", EditLines(["quick"])),
])  # fmt: skip
def test_what_is_typed_leaves_the_copy_view_and_is_kept_unless_it_closes_a_pager(text, outcome):
    assert CopyView(["x"]).typed(text) == outcome


def test_the_copy_view_takes_as_many_lines_as_the_terminal_can_wrap():
    lines = ["a" * 10, "b" * 25, "中" * 10, "c"]
    view = CopyView(lines)
    assert view.unwrapped(10, 4) == ["中" * 10, "c"]
    assert view.unwrapped(10, 6) == lines[1:]
    assert view.unwrapped(10, 7) == lines
    assert view.unwrapped(100, 2) == lines[2:]
