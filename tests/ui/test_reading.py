"""Reading: scrolling, what is unread, mentions, the bell, focus, and search."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.screens import in_room
from tuichat.chat import effects


def talk(count=40, **options):
    session = in_room(**options)
    session.server(*(f"alice> line {n}" for n in range(count)))
    return session


def shown(session):
    """The numbers of the lines in view."""
    return [int(row.rpartition(" ")[2]) for row in session.rows if "│ line " in row]


# Scrolling


def test_pages_overlap_by_a_row_and_come_back_to_the_end():
    session = talk()
    assert shown(session) == list(range(33, 40))
    session.press("pageup")
    assert shown(session) == list(range(27, 34))
    session.press("pageup")
    assert shown(session) == list(range(21, 28))
    session.press("pagedown", "pagedown")
    assert shown(session) == list(range(33, 40))
    session.server("alice> line 40")
    assert shown(session)[-1] == 40


def test_what_was_read_is_not_counted_as_new_when_one_scrolls_back_once_more():
    session = talk()
    session.press("pageup")
    session.server("alice> line 40", "alice> line 41")
    assert session.rows[-2].endswith("↓ 8 below, 2 new")
    session.press("escape", "pageup")
    assert session.rows[-2].endswith("below")


def test_top_and_bottom():
    session = talk()
    session.press("C-home")
    assert shown(session) == list(range(7))
    session.press("pageup")
    assert shown(session) == list(range(7))
    session.press("C-end")
    assert shown(session)[-1] == 39


def test_the_wheel_scrolls_three_rows():
    session = talk()
    session.press("wheel-up", "wheel-up")
    assert shown(session)[-1] == 33
    session.press("wheel-down")
    assert shown(session)[-1] == 36


def test_scrolling_does_nothing_where_everything_is_in_view():
    session = talk(3)
    before = session.rows
    session.press("pageup", "C-home", "wheel-up")
    assert session.rows == before


def test_the_view_is_held_while_lines_arrive_and_a_notice_joins_a_run():
    session = talk(20)
    session.server("bob has joined the room.", "alice> line 20", "alice> line 21")
    session.press("wheel-up")
    held = session.rows[1:-2]
    session.server("carol has joined the room.", *(f"alice> line {n}" for n in range(99)))
    assert session.rows[1:-2] == held


def test_a_larger_screen_is_filled_although_one_is_at_the_top():
    session = talk()
    session.press("C-home")
    session.size(64, 20)
    assert shown(session) == list(range(17))
    assert "↓ 23 below" in session.rows[-2]


def test_a_new_width_keeps_the_line_in_view():
    session = in_room()
    session.server(*(f"alice> {f'w{n} ' * 40}" for n in range(30)))
    session.press("pageup", "pageup")
    line = session.chat.conversation.viewport.at[0]
    for cols in (40, 24, 100, 52, 64):
        session.size(cols, 10)
        assert f"w{line} " in session.text


def test_lines_that_drop_out_while_one_reads_them_leave_a_full_page():
    session = talk(100, scrollback=100)
    session.chat.conversation.transcript.limit = 100
    session.press("C-home")
    session.server(*(f"alice> line {n}" for n in range(100, 220)))
    assert any("earlier lines were dropped" in row for row in session.rows)
    assert shown(session) == [120, 121, 122, 123, 124, 125]  # below the rule


# Unread


def test_the_rule_comes_only_while_one_is_away_and_goes_when_one_goes_on():
    session = talk(3)
    session.server("alice> line 3")
    assert session.styled("unread") == []
    session.press("focus-out")
    session.server("alice> line 4", "alice> line 5")
    assert len(session.styled("unread")) == 1
    session.press("focus-in")
    assert " 2 new " in session.styled("unread")[0]
    session.enter("I am back")
    assert session.styled("unread") == []


def test_escape_at_the_end_takes_the_rule_away():
    session = talk(3)
    session.press("focus-out")
    session.server("alice> line 3")
    session.press("focus-in", "escape")
    assert session.styled("unread") == []


def test_being_away_again_begins_a_new_count():
    session = talk(3)
    session.press("focus-out")
    session.server("alice> line 3")
    session.press("focus-in", "focus-out")
    session.server("alice> line 4")
    assert " 1 new " in session.styled("unread")[0]


@pytest.mark.parametrize(
    "act", [lambda s: s.type("a"), lambda s: s.paste("a"), lambda s: s.press("left")]
)
def test_whoever_types_is_looking_though_the_terminal_never_said_so(act):
    session = talk(3)
    session.press("focus-out")
    act(session)
    session.server("alice> line 3")
    assert session.styled("unread") == []
    assert session.frame.title == "#general – tuichat"


def test_the_wheel_turns_also_over_a_window_that_is_not_typed_into():
    session = talk()
    session.press("focus-out", "wheel-up", "wheel-down")
    session.server("alice> line 40")
    assert session.frame.title == "#general (1) – tuichat"


def test_alt_u_goes_to_the_first_unread_line():
    session = talk()
    session.press("pageup")
    session.server(*(f"alice> line {n}" for n in range(40, 70)))
    session.press("M-u")
    assert 40 in shown(session)
    assert len(session.styled("unread")) == 1
    session.press("C-end", "escape", "M-u")
    assert session.flash == "No unread messages."


# Mentions and the bell


@pytest.mark.parametrize(
    ("line", "rings"),
    [
        ("alice> dave: hello", True),
        ("alice> hello DAVE!", True),
        ("alice> @dave", True),
        ("alice> davenport, dave1, _dave", False),
        ("alice> dave-b@x.org https://x.org/dave/ dave@x.org #dave", False),
        ("alice> ask dave.", True),
        ("alice> hello", False),
        ("dave has joined the room.", False),
        ("dave> talking as you", False),
    ],
)
def test_a_mention_is_the_whole_nick_in_any_case(line, rings):
    session = in_room()
    session.server(line)
    assert (effects.Bell() in session.effects) == rings
    assert bool(session.styled("mention")) == rings


@pytest.mark.parametrize(
    ("bell", "plain", "mention"), [("off", 0, 0), ("mention", 0, 1), ("all", 1, 1)]
)
def test_the_bell_rings_as_asked_for_and_once(bell, plain, mention):
    session = in_room()
    session.enter(f"/bell {bell}")
    session.effects.clear()
    session.server("alice> hello")
    assert session.effects.count(effects.Bell()) == plain
    session.effects.clear()
    session.later(1)
    session.server("alice> dave?", "alice> dave!")
    assert session.effects.count(effects.Bell()) == mention


@given(st.lists(st.floats(0, 3), max_size=20), st.sampled_from(["mention", "all"]))
def test_the_bell_rings_at_most_once_a_second_and_at_once_after_a_silence(pauses, bell):
    session = in_room(bell=bell)
    rung = []
    for pause in pauses:
        session.later(pause)
        session.effects.clear()
        session.server("alice> dave?")
        if effects.Bell() in session.effects:
            rung.append(session.now)
        assert rung, "the first one rings"
        assert session.now - rung[-1] < 1, "so does one after a second of silence"
    assert all(late - early >= 1 for early, late in pairwise(rung))


def test_the_bell_is_silent_while_the_terminal_has_the_focus():
    session = in_room()
    session.press("focus-in")
    session.server("alice> dave?")
    assert effects.Bell() not in session.effects
    session.press("focus-out")
    session.server("alice> dave?")
    assert effects.Bell() in session.effects


def test_bell_without_a_word_says_what_it_is():
    session = in_room(bell="all")
    session.enter("/bell")
    assert session.flash == "Type /bell off, /bell mention or /bell all. Current setting: all."
    session.enter("/bell loud")
    assert "Current setting: all." in session.flash
    assert session.chat.conversation.editor.text == "/bell loud"


# Search


def test_search_goes_from_match_to_match_and_back_to_where_one_was():
    session = talk()
    session.press("pageup")
    before = session.rows[1:-2]
    session.press("f3")
    session.type("line 1")
    assert session.rows[-2].endswith("11/11")
    session.press("up", "C-r")
    assert session.rows[-2].endswith("9/11")
    assert 17 in shown(session)
    session.press("down")
    assert session.rows[-2].endswith("10/11")
    session.press("escape")
    assert session.rows[1:-2] == before
    assert session.rows[-1] == "dave› type here"


def test_enter_stays_at_the_match_and_the_line_is_as_it_was():
    session = talk()
    session.type("draft")
    session.press("f3")
    session.type("line 3")
    session.press("backspace")
    session.type("7")
    session.press("enter")
    assert 7 in shown(session)
    assert session.rows[-1] == "dave› draft"
    assert session.take_sent() == []


def test_search_finds_and_marks_letters_however_they_are_composed():
    session = in_room()
    session.server("alice> café", "alice> cafe\N{COMBINING ACUTE ACCENT}")
    session.press("f3")
    session.type("CAFÉ")
    assert session.rows[-2].endswith("2/2")
    assert len(session.styled("match") + session.styled("match-here")) == 2


def test_search_by_command():
    session = talk()
    session.enter("/search LINE 12")
    assert 12 in shown(session)
    assert session.rows[-2].endswith("1/1")
    session.press("escape")
    assert shown(session)[-1] == 39
