"""Overlays as values: their keys, their results, and what they leave to the input line."""

from __future__ import annotations

import re
from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.screens import in_lobby, in_room, stamp
from tuichat.chat.options import Options
from tuichat.chat.transcript import END, HEARD
from tuichat.input.editor import Editor
from tuichat.input.words import folded
from tuichat.text import width
from tuichat.ui import overlays
from tuichat.ui.overlays import CopyView, PasteQuestion, Recall, Search
from tuichat.ui.state import State


def showing(overlay):
    """A state with an overlay opened, nothing said, no connection."""
    state = State(Options())
    state.overlay = overlay
    return state


def searching(*texts, at=END, words="", limit=1000):
    """A state in which a search is open, with these lines in the transcript."""
    state = State(Options(scrollback=limit))
    state.chat.conversation.transcript.add(HEARD, list(texts), stamp())
    state.overlay = Search(state.chat.conversation.transcript, at, words)
    return state, finished(state.overlay, state)


def finished(search, state):
    """The search once it has looked at all lines."""
    while search.unfinished:
        search.work(state)
    return search


def test_search_finds_older_ones_first_as_the_words_grow():
    state, search = searching("cat", "dog", "catfish", "cart", "dog")
    steps = []
    for act in (
        lambda: search.typed("ca", state), lambda: search.typed("t", state),
        lambda: search.key("up", state), lambda: search.key("up", state),
        lambda: search.key("C-s", state), lambda: search.typed("x", state),
        lambda: search.key("backspace", state),
    ):  # fmt: skip
        assert act()
        finished(search, state)
        steps.append((search.hit, search.count))
    assert steps == [
        (3, "3/3"), (2, "2/2"), (0, "1/2"), (0, "1/2"), (2, "2/2"), (None, "not found"),
        (2, "2/2"),
    ]  # fmt: skip


def test_search_finds_what_comes_while_it_is_open():
    session = in_room()
    session.press("f3")
    session.type("he")
    assert session.rows[-2].endswith("not found")
    session.server("bob> bye", "bob> hello there")
    assert session.rows[-2].endswith("1/1")
    assert session.styled("match-here") == ["he"] * 2
    session.server("bob> hey")
    assert session.rows[-2].endswith("1/2")
    session.press("down")
    assert session.rows[-2].endswith("2/2")
    session.type("y")
    assert session.rows[-2].endswith("1/1")


@pytest.fixture
def small_slices():
    """Let a search look at two lines a turn, and go through no more than two that were found."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(overlays, "SLICE_BYTES", 1)
        patched.setattr(overlays, "BLOCK_LINES", 2)
        patched.setattr(overlays, "FEW_LINES", 2)
        yield


TIMES = st.integers(0, 20)
WORDS = ["cat", "Catfish", "dog", "cart", "e", "cafe\N{COMBINING ACUTE ACCENT}", "CAFÉ"]
KEYS = ["c", "a", "t", "cafe", "\N{COMBINING ACUTE ACCENT}", "e", "backspace", "up", "down"]
ARRIVALS = st.builds(lambda texts, times: texts * times, st.lists(st.sampled_from(WORDS)), TIMES)
HAPPENINGS = st.lists(ARRIVALS | st.sampled_from(KEYS) | TIMES, max_size=20)


def matching(transcript, words):
    """The lines with the words in them, found by a plain search."""
    lines = range(transcript.first, transcript.end) if words else ()
    return [number for number in lines if folded(words) in folded(transcript.text(number))]


@pytest.mark.usefixtures("small_slices")
@given(TIMES, st.integers(0, 99) | st.just(END[0]), HAPPENINGS)
def test_a_search_finds_what_there_is_whatever_happens_meanwhile(times, at, happenings):
    """Arrivals, by which lines drop out; keys; some turns in which nothing comes."""
    state, search = searching(*WORDS * times, at=(at, 0), limit=100)
    transcript = state.chat.conversation.transcript
    for happening in happenings:
        if isinstance(happening, list):
            transcript.add(HEARD, happening, stamp())
        elif isinstance(happening, str):
            act = search.key if happening in ("backspace", "up", "down") else search.typed
            assert act(happening, state)
        for _ in range(happening if isinstance(happening, int) else 1):
            search.work(state)  # as at the end of every turn
        there = matching(transcript, search.editor.text)
        assert search.found == sorted({*search.found} & {*there})
        assert search.unfinished or search.found == there
        assert search.hit in (search.found or [None])
    finished(search, state)
    assert search.found == matching(transcript, search.editor.text)
    if search.found:
        at = search.found.index(search.hit) + 1
        assert search.count == f"{at}/{len(search.found)}"


@pytest.mark.usefixtures("small_slices")
@given(
    st.lists(st.sampled_from(["cat", "dog"]), min_size=20, max_size=40), st.integers(0, 40),
    st.sampled_from(["up", "down"]), st.integers(0, 9), st.integers(0, 9),
)  # fmt: skip
def test_keys_pressed_before_the_lines_are_found_are_not_lost(texts, at, key, times, turns):
    hits = [number for number, text in enumerate(texts) if text == "cat"]
    begun = bisect_right(hits, at) - 1
    if begun < 0:  # the first of the newer ones is found when there are no older ones
        begun, key = 0, "up"
    state, search = searching(*texts, at=(at, 0))
    search.typed("cat", state)
    for _ in range(times):
        search.key(key, state)
        for _ in range(turns):
            search.work(state)
    finished(search, state)
    wanted = begun + (-times if key == "up" else times)
    assert search.hit == (hits[max(0, min(len(hits) - 1, wanted))] if hits else None)


def test_a_search_in_a_long_history_shows_the_nearest_line_at_once_and_counts_on():
    session = in_room()
    texts = [f"alice> line {number:06}" for number in range(200_000)]
    session.chat.conversation.transcript.add(HEARD, texts, stamp())
    session.press("f3")
    session.type("LINE")
    assert session.styled("match-here") == ["line"]
    assert "line 199999" in session.rows[-3]
    assert re.search(r" (\d+)/\1…$", session.rows[-2])
    session.press("up", "up", "down")
    assert session.rows[-2].endswith("…")
    turns = turned(session)
    assert session.rows[-2].endswith(" 199999/200000")
    assert 10 < turns < 60
    session.type(" ")
    assert session.rows[-2].endswith("…")
    session.press("escape")
    assert not session.works


@pytest.mark.parametrize(
    ("words", "count", "shown"), [("000000", "1/1", True), ("nowhere", "not found", False)]
)
def test_a_search_that_goes_far_back_says_so_and_takes_keys_meanwhile(words, count, shown):
    session = in_room()
    texts = [f"alice> line {number:06}" for number in range(200_000)]
    session.chat.conversation.transcript.add(HEARD, texts, stamp())
    session.press("f3")
    session.type(f"{words}!")
    for key in ("backspace", "up"):
        assert session.rows[-2].endswith(" searching…")
        session.press(key)
    assert session.rows[-1] == f"search› {words}"
    assert "line 199999" in session.rows[-3]
    assert 10 < turned(session) < 60
    assert session.rows[-2].endswith(f" {count}")
    assert session.styled("match-here") == [words] * shown
    session.server("bob> hello")
    assert not session.works  # that one line was looked at in the turn in which it came
    session.type("?")
    assert session.rows[-2].endswith("not found")


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize(("words", "steps"), [("cat", 0), ("cat", 9), ("fish", 1), ("cow", 2)])
def test_keys_that_come_together_lead_to_the_same_view(words, steps):
    """As from a macro, or over a slow line: no turn is between them."""
    views = []
    for turn in (finished, lambda *_: None):
        state, search = searching("fish", "fish", *["cat", "dog"] * 29)
        search.typed(words, state)
        for _ in range(steps):
            turn(search, state)
            search.key("up", state)
        search.key("enter", state)
        assert state.overlay is None
        views.append((state.conversation.viewport.at, search.hit))
    assert views[0] == views[1]
    assert (views[0][0] == END) == (words == "cow" or steps == 0)


def turned(session):
    """Let the turns pass in which nothing comes; return how many there are."""
    turns = 0
    while session.works:
        session.later(0)
        turns += 1
    return turns


def test_a_letter_and_the_mark_on_it_may_be_typed_one_by_one():
    state, search = searching("café", "cafe")
    search.typed("cafe", state)
    assert finished(search, state).found == [1]
    search.typed("\N{COMBINING ACUTE ACCENT}", state)
    assert finished(search, state).found == [0]


def test_search_begins_where_the_reader_is_and_goes_back_there():
    state, search = searching(*["cat", "dog"] * 10, at=(9, 0), words="cat")
    assert search.hit == 8
    search.key("up", state)
    assert search.key("escape", state)
    assert (state.overlay, state.chat.conversation.viewport.at) == (None, (9, 0))


def test_enter_leaves_the_search_where_it_is():
    state, search = searching(*["cat", "dog"] * 100, words="cat")
    search.key("up", state)
    found = state.chat.conversation.viewport.at
    assert search.key("enter", state)
    assert (state.overlay, state.chat.conversation.viewport.at) == (None, found)


def test_search_without_words_finds_nothing_and_says_nothing():
    state, search = searching("cat")
    assert (search.count, search.hit) == ("", None)
    assert search.key("up", state)
    search.typed("c", state)
    search.key("backspace", state)
    assert (search.count, search.hit, search.unfinished) == ("", None, False)


def test_search_keeps_the_keys_that_would_act_on_the_hidden_line():
    state, search = searching("cat")
    assert search.key("tab", state)
    assert not search.key("f10", state)
    assert not search.key("C-home", state)


@pytest.mark.parametrize(("older", "newer"), [("up", "down"), ("C-p", "C-n"), ("C-r", "C-s")])
def test_search_steps_by_the_keys_for_older_and_newer(older, newer):
    state, search = searching(*["cat"] * 5, words="cat")
    search.key(older, state)
    search.key(older, state)
    assert search.hit == 2
    search.key(newer, state)
    assert search.hit == 3


@pytest.mark.parametrize(("begun", "key", "hits"), [(98, "up", (88, 86)), (9, "down", (18, 20))])
def test_search_steps_from_the_line_it_is_at_though_older_ones_drop_out(begun, key, hits):
    state, search = searching(*["cat", "dog"] * 50, at=(begun, 0), words="cat", limit=100)
    for _ in range(5):
        search.key(key, state)
    assert search.hit == hits[0]
    state.chat.conversation.transcript.add(HEARD, ["dog"] * 11, stamp())
    assert state.chat.conversation.transcript.first == 11
    search.key(key, state)
    assert search.hit == hits[1]


@pytest.mark.parametrize("key", ["tab", "S-tab"])
def test_search_completes_nothing_in_the_hidden_line(key):
    session = in_room()
    session.type("/he")
    session.press("f3", key)
    session.press("escape")
    assert session.line == "/he|"


def test_a_search_forgets_matches_that_dropped_out():
    state, search = searching(*["cat"] * 5, words="cat", limit=100)
    state.chat.conversation.transcript.add(HEARD, ["dog"] * 200, stamp())
    finished(search, state)
    assert search.key("up", state)
    assert search.count == "not found"


def recalling():
    """A session in which these lines were entered, and earlier input is searched."""
    session = in_room()
    for line in ("one cat", "two dogs", "one Catfish", "two dogs"):
        session.enter(line)
    session.take_sent()
    session.type("draft")
    session.press("C-r")
    return session


def test_earlier_input_is_searched_the_newest_first_and_each_line_once():
    session = recalling()
    assert session.rows[-2].endswith("3/3")
    assert session.styled("match-here") == [" ▸ two dogs "]
    seen = []
    for act in (
        lambda: session.type("CAT"), lambda: session.press("C-r"), lambda: session.press("C-r"),
        lambda: session.press("down"), lambda: session.type("x"),
        lambda: session.press("backspace"),
    ):  # fmt: skip
        act()
        seen.append((*session.styled("match-here"), session.rows[-2].split()[-1]))
    assert seen == [
        (" ▸ one Catfish ", "2/2"), (" ▸ one cat ", "1/2"), (" ▸ one cat ", "1/2"),
        (" ▸ one Catfish ", "2/2"), ("found",), (" ▸ one Catfish ", "2/2"),
    ]  # fmt: skip


def test_earlier_input_is_taken_into_the_line_to_be_edited_and_not_sent():
    session = recalling()
    session.type("one c")
    session.press("up", "enter")
    assert session.line == "one cat|"
    assert session.take_sent() == []
    session.press("down", "down", "down")
    session.press("down")
    assert session.line == "draft|"
    session.press("C-r")
    session.type("fish")
    session.press("enter", "enter")
    assert session.take_sent() == ["one Catfish"]


@pytest.mark.parametrize("key", ["escape", "C-c", "C-g"])
def test_the_line_is_as_it_was_after_earlier_input_was_searched(key):
    session = recalling()
    session.press("up", "up", key)
    assert session.state.overlay is None
    assert session.line == "draft|"


def test_where_no_earlier_input_has_the_words_the_line_stays():
    session = recalling()
    session.type("nothing like it")
    assert session.rows[-2].endswith("not found")
    session.press("up", "enter")
    assert session.line == "draft|"


@pytest.mark.parametrize("height", [0, 1, 2, 3, 9, 40])
@pytest.mark.parametrize("cols", [1, 10, 80])
@pytest.mark.parametrize("steps", [0, 7, 19])
def test_earlier_input_fits_and_what_is_picked_is_in_view(cols, height, steps):
    line = Editor()
    for number in range(20):
        line.set(f"中\x1b[2J文 {number}")
        line.submit()
    overlay = Recall(line)
    for _ in range(steps):
        overlay.key("up", State(Options()))
    shown = overlay.rows(cols, height)
    assert len(shown) <= height
    assert all(sum(width(text) for text, _ in row) <= cols for row in shown)
    assert sum(style == "match-here" for row in shown for _, style in row) == (height > 1)


def asking(*lines, session=None):
    """A session in which a paste of these lines is asked about."""
    session = session or in_room()
    session.paste("\n".join(lines))
    return session


def test_lines_of_which_all_but_one_are_blank_are_one_message():
    assert "Pasted 2 lines. Send them as 1 message?" in asking("", "one").text


def test_the_paste_question_is_answered_only_by_keys_that_no_text_holds():
    session = asking("one", "", "two")
    assert "Pasted 3 lines. Send them as 2 messages?" in session.text
    session.type("y")
    session.press("enter")
    assert "Send them as 2 messages?" in session.text
    assert session.line == "y|"
    session.press("C-e")
    assert session.state.overlay is None
    assert session.line == "yone\n\ntwo|"
    assert session.take_sent() == []


def test_a_paste_that_is_dropped_can_be_yanked():
    session = asking("one", "", "two")
    session.press("escape")
    assert (session.state.overlay, session.line) == (None, "|")
    session.press("C-y")
    assert session.line == "one\n\ntwo|"


def test_without_a_room_the_paste_question_offers_no_sending():
    session = asking("one", "two", session=in_lobby())
    assert "Ctrl-E edits · Esc discards" in session.text
    assert "Ctrl-S" not in session.text
    assert "not in a room" in session.text
    session.press("C-s")
    assert "not in a room" in session.text
    session.press("C-e")
    assert session.line == "one\ntwo|"


def test_the_paste_question_counts_the_messages_that_go_out():
    session = asking("x" * 3000, "y")
    assert "Send them as 4 messages?" in session.text
    session.press("C-s")
    assert len(session.take_sent()) == 4


@pytest.mark.parametrize("key", ["f1", "f3", "M-l", "C-r"])
def test_another_overlay_does_not_take_the_place_of_the_paste_question(key):
    session = asking("one", "two")
    session.press(key, "C-e")
    assert session.line == "one\ntwo|"


@pytest.mark.parametrize("key", ["f1", "M-l"])
def test_another_overlay_does_not_take_the_place_of_the_search(key):
    session = in_room()
    session.server(*(f"alice> {n}" for n in range(50)))
    session.press("pageup")
    before = session.rows[:-2]
    session.press("f3")
    session.type("alice> 7")
    session.press(key, "escape")
    assert session.rows[:-2] == before


@pytest.mark.parametrize("height", [1, 2, 3, 4, 20])
@pytest.mark.parametrize("cols", [1, 10, 80])
def test_the_paste_question_fits(cols, height):
    shown = PasteQuestion(["中\x1b[2J文"] * 50, in_room().chat).rows(cols, height)
    assert len(shown) <= height
    assert all(sum(width(text) for text, _ in row) <= cols for row in shown)
    assert not any("\x1b" in text for row in shown for text, _ in row)


@pytest.mark.parametrize("key", ["escape", "enter", "left", "f1", "C-q"])
def test_any_key_leaves_the_copy_view(key):
    state = showing(CopyView(["x"]))
    assert state.overlay.key(key, state)
    assert state.overlay is None


@pytest.mark.parametrize(
    ("text", "is_taken"), [(" ", True), ("q", True), ("h", False), ("quick", False)]
)
def test_what_is_typed_leaves_the_copy_view_and_is_kept_unless_it_closes_a_pager(text, is_taken):
    state = showing(CopyView(["x"]))
    assert state.overlay.typed(text, state) == is_taken
    assert state.overlay is None


def test_the_copy_view_takes_as_many_lines_as_the_terminal_can_wrap():
    lines = ["a" * 10, "b" * 25, "中" * 10, "c"]
    view = CopyView(lines)
    assert view.unwrapped(10, 4) == ["中" * 10, "c"]
    assert view.unwrapped(10, 6) == lines[1:]
    assert view.unwrapped(10, 7) == lines
    assert view.unwrapped(100, 2) == lines[2:]


def test_the_copy_view_shows_the_end_of_a_line_that_is_longer_than_the_screen():
    view = CopyView(["a" * 10, "中" * 20 + "END"])
    assert view.unwrapped(9, 3) == ["中" * 8 + "END"]
    assert view.unwrapped(9, 6) == ["中" * 20 + "END"]
    assert view.unwrapped(9, 8) == ["a" * 10, "中" * 20 + "END"]
    assert view.unwrapped(9, 0) == []
