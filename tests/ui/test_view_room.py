"""The room's screen: columns, wrapping, rules, marks, and what the bars show."""

from __future__ import annotations

import pytest

from tests.support.screens import MONDAY, Session, in_room
from tuichat.chat import effects
from tuichat.chat.transcript import Stamp
from tuichat.text import width
from tuichat.wire import Stage


def numbered(session, start, stop):
    """Have alice say a number a line."""
    session.server(*(f"alice> line {n}" for n in range(start, stop)))


def test_long_messages_wrap_under_their_own_text():
    session = in_room()
    session.server("bob> a long message wraps under its own text, so that the column stays clean")
    session.server("averylongnickname> hi", "https://example.org/" + "x" * 60)
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │                                                                │
        │                                                                │
        │ 12:01      bob │ a long message wraps under its own text, so   │
        │                │ that the column stays clean                   │
        │       avery+me │ hi                                            │
        │              – │ https://example.org/xxxxxxxxxxxxxxxxxxxxxxxxx │
        │                │ xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx           │
        │ ● #general as dave    F1 help  F2 who  F3 search  F10 quit     │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)


def test_wide_and_combining_characters_are_never_cut():
    session = in_room(cols=52)
    session.server("李小龙> 中文字符测试宽字符在这里会不会被切断呢我们来看看")
    session.server("ann> cafe\u0301 👩‍👩‍👧 한국어")
    session.shows("""
        ┌────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220        Sun 22 Nov │
        │                                                    │
        │                                                    │
        │                                                    │
        │                                                    │
        │ 12:01   李小龙 │ 中文字符测试宽字符在这里会不会被  │
        │                │ 切断呢我们来看看                  │
        │            ann │ café 👩👩👧 한국어                │
        │ ● #general as dave    F1 help  F2 who  F10 quit    │
        │dave› type here                                     │
        └────────────────────────────────────────────────────┘
    """)


def test_the_time_is_shown_only_when_the_minute_changes_and_a_new_day_has_a_rule():
    session = in_room()
    session.server("alice> one", "alice> two")
    session.at("23:59")
    session.server("alice> three")
    session.at("00:00", MONDAY)
    session.server("alice> four", "alice> five")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Mon 23 Nov │
        │                                                                │
        │ 12:01    alice │ one                                           │
        │          alice │ two                                           │
        │ 23:59    alice │ three                                         │
        │────────────────────────── Mon 23 Nov ──────────────────────────│
        │ 00:00    alice │ four                                          │
        │          alice │ five                                          │
        │ ● #general as dave    F1 help  F2 who  F3 search  F10 quit     │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)


PAST = {
    f"#{room} on chat.example.org:5220": [
        (text, Stamp("18:30", f"from the log, {day}", "")) for day, text in lines
    ]
    for room, lines in {
        "general": [("20 Nov 2026", "alice> bye dave"), ("21 Nov 2026", "dave> bye alice")],
        "lab": [("2 Jan 2025", "last year")],
    }.items()
}  # fmt: skip


def test_what_was_said_on_earlier_visits_stands_under_the_day_and_the_log():
    session = Session(rows=14, room="general", nick="dave", bell="all", past=PAST)
    session.press("focus-out")
    session.opened()
    session.server("0")
    session.server("0")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │                                                                │
        │                                                                │
        │                                                                │
        │                                                                │
        │────────────────── from the log, 20 Nov 2026 ───────────────────│
        │ 18:30    alice │ bye dave                                      │
        │────────────────── from the log, 21 Nov 2026 ───────────────────│
        │ 18:30     dave │ bye alice                                     │
        │────────────────────────── Sun 22 Nov ──────────────────────────│
        │ 12:01          » You are in general as dave. Messages go to    │
        │                  everyone here. /help helps, /logout quits.    │
        │ ● #general as dave    F1 help  F2 who  F3 search  F10 quit     │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)
    assert session.styled("dim") == [" │ ", " │ "]
    assert session.styled("mention") == session.styled("unread") == []
    assert effects.Bell() not in session.effects
    assert session.state.conversation.latest_speakers([], "dave") == []
    assert session.frame.title == "#general – tuichat"


def test_each_room_has_its_own_past_and_shows_it_once():
    session = Session(rows=30, room="general", nick="dave", past=PAST)
    for room in ("general", "lab", "general"):
        if session.chat.stage == Stage.ROOM:
            session.enter(f"/join {room}")
            session.chat.left()
        session.opened()
        session.server("0")
        session.server("0")
        assert f"You are in {room} as dave." in session.text
    text = session.text
    assert text.count("bye dave") == text.count("bye alice") == text.count("last year") == 1
    rows = session.rows
    [lab] = [at for at, row in enumerate(rows) if " #lab " in row and row.startswith("─")]
    assert " from the log, 2 Jan 2025 " in rows[lab + 1]
    assert rows[lab + 2].endswith("│ last year")


def test_runs_of_joins_and_leaves_are_one_line():
    session = in_room(rows=8)
    session.server("alice has joined the room.", "bob has joined the room.")
    session.server("alice has left the room.", "bob> hello")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │                                                                │
        │                                                                │
        │                                                                │
        │ 12:01          · alice, bob joined · alice left                │
        │            bob │ hello                                         │
        │ ● #general as dave    F1 help  F2 who  F3 search  F10 quit     │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)


def test_scrolled_back_the_view_is_held_with_counts_and_the_date_pinned():
    session = in_room()
    session.at("23:58")
    numbered(session, 0, 20)
    session.press("pageup")
    held = session.rows[1:-2]
    session.at("00:01", MONDAY)
    numbered(session, 20, 23)
    assert session.rows[1:-2] == held
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │          alice │ line 7                                        │
        │          alice │ line 8                                        │
        │          alice │ line 9                                        │
        │          alice │ line 10                                       │
        │          alice │ line 11                                       │
        │          alice │ line 12                                       │
        │          alice │ line 13                                       │
        │ ● #general as dave    F1 help  F10 quit       ↓ 9 below, 3 new │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)


def test_what_came_meanwhile_has_a_rule_above_it():
    session = in_room()
    numbered(session, 0, 20)
    session.press("pageup")
    numbered(session, 20, 23)
    session.press("C-end")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │          alice │ line 17                                       │
        │          alice │ line 18                                       │
        │          alice │ line 19                                       │
        │──────────────────────────── 3 new ─────────────────────────────│
        │          alice │ line 20                                       │
        │          alice │ line 21                                       │
        │          alice │ line 22                                       │
        │ ● #general as dave    F1 help  F2 who  F3 search  F10 quit     │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)
    assert session.styled("unread") == [" 3 new "]


def test_what_came_meanwhile_tells_whether_it_names_the_user():
    session = in_room(40)
    numbered(session, 0, 20)
    session.press("pageup")
    session.server("alice> who knows?", "bob> ask dave", "alice> line 20")
    assert session.rows[-2] == " ● #general ↓ 9 below, 3 new, 1 mention"
    session.server("alice> dave?")
    assert session.rows[-2] == " ● #general     ↓ 10, 4 new, 2 mentions"
    session.size(34, 10)
    assert session.rows[-2].endswith("  ↓ 10, 4 new")
    session.size(64, 10)
    assert session.rows[-2].endswith("  ↓ 10 below, 4 new, 2 mentions")
    session.press("escape")
    assert session.styled("unread") == [" 4 new, 2 mentions "]
    session.press("pageup")
    assert session.rows[-2].endswith(" below")
    session.server("alice> line 21")
    assert session.rows[-2].endswith(" below, 1 new")


def test_search_marks_every_match_in_view_and_counts():
    session = in_room()
    session.server("alice> the Cat", "cathy> hello", "bob> a dog", "bob> cat and CAT")
    session.press("f3")
    session.type("cat")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │                                                                │
        │                                                                │
        │                                                                │
        │ 12:01    alice │ the Cat                                       │
        │          cathy │ hello                                         │
        │            bob │ a dog                                         │
        │            bob │ cat and CAT                                   │
        │ Up older · Down newer · Enter stays · Esc back             3/3 │
        │search› cat                                                     │
        └────────────────────────────────────────────────────────────────┘
    """)
    assert session.styled("match-here") == ["cat", "CAT"]
    assert session.styled("match") == ["Cat", "cathy"]
    assert session.cursor == (9, 11)


def test_a_match_is_marked_across_the_end_of_a_row():
    session = in_room(rows=8)
    session.server("alice> " + "word " * 8 + "over the edge of a row")
    session.press("f3")
    session.type("word over the")
    assert session.styled("match-here") == ["word over", "the"]


def test_a_search_without_a_match_says_so():
    session = in_room()
    session.server("alice> hello")
    session.press("f3")
    session.type("cat")
    assert session.rows[-2].endswith("not found")


def test_a_mention_is_marked_and_the_bars_have_the_colours_of_the_nicks():
    session = in_room(rows=12)
    session.server("alice> dave: hello", "alice> davenport is a town", "bob> yes")
    session.server("alice> a large one, and not far from here, by the river " + "of that name " * 3)
    session.enter("dave here")
    assert session.styled("mention") == ["dave: hello"]
    assert session.styled("mention-mark") == ["│"]
    assert session.styled("own")[0].strip() == "dave"
    spans = [span for row in session.frame.rows for span in row]
    alices, bobs, *more = [name for text, name in spans if text.endswith("│ ") and name != "dim"]
    assert alices.startswith("nick:")
    assert bobs.startswith("nick:")
    assert alices != bobs
    assert more == [alices] * 2


@pytest.mark.parametrize("cols", [20, 64])
def test_a_mention_that_wraps_is_marked_to_its_end_and_unlike_what_went_wrong(cols):
    session = in_room(cols, 20)
    session.server("alice> dave: hello " + "and hello again " * 6)
    mentions = len(session.styled("mention"))
    assert mentions > 1
    assert session.styled("mention-mark") == ["│"] * mentions
    session.chat.conversation.not_sent(["no"])
    assert [text.strip() for text in session.styled("error-mark")][0] == "»"
    assert len(session.styled("mention-mark")) == mentions


def test_messages_that_wait_for_the_pace_are_shown_as_waiting():
    session = in_room(framing="bare")
    for text in ("one", "two", "three", "four", "five"):
        session.enter(text)
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │                                                                │
        │                                                                │
        │                                                                │
        │                                                                │
        │ 12:01     dave │ one                                           │
        │ … 3 more waiting; Ctrl-C takes them all back                   │
        │ … five                                                         │
        │ ● #general as dave · 4 waiting    F1 help  F2 who  F10 quit    │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)
    session.later(0.3)
    assert "3 waiting" in session.rows[-2]


def test_text_too_long_for_a_message_is_marked_where_it_will_be_split():
    session = in_room()
    limit = session.chat.session.text_limit
    session.type("x" * (limit - 20))
    assert session.rows[-2].endswith("20 bytes left")
    session.type("x" * 20 + "yyyyy")
    assert session.styled("over") == ["yyyyy"]
    assert session.rows[-2].endswith("2 messages")


def test_the_slash_that_is_not_sent_does_not_count():
    session = in_room()
    limit = session.chat.session.text_limit
    session.type("//" + "x" * (limit - 1))
    assert session.rows[-2].endswith(" 0 bytes left")
    session.type("y")
    assert session.styled("over") == ["y"]
    session.enter("")
    session.later(1)
    assert session.sent[-2:] == ["/" + "x" * (limit - 1), "y"]


def test_bytes_count_and_not_characters():
    session = in_room()
    limit = session.chat.session.text_limit
    session.type("é" * (limit // 2) + "!!")
    assert session.styled("over") == ["!" if limit % 2 else "!!"]


def test_pasted_lines_in_the_line_are_split_and_marked_one_by_one():
    session = in_room(cols=100)
    limit = session.chat.session.text_limit
    session.paste("\n".join(["x" * 30] * 60))
    session.press("C-e")
    assert session.styled("over") == []
    session.press("C-u")
    session.paste("x" * (limit + 3) + "\nnext")
    session.press("C-e")
    assert session.styled("over") == ["xxx"]
    assert session.rows[-1].endswith("xxx␤next")


def test_a_line_end_is_bold_where_the_same_sign_typed_is_not():
    session = in_room()
    session.paste("a␤b\n中\nc")
    session.press("C-e")
    assert session.frame.rows[-1][1:] == (
        ("a␤b", ""), ("␤", "bold"), ("中", ""), ("␤", "bold"), ("c", ""),
    )  # fmt: skip
    assert session.cursor == (9, width("dave› a␤b␤中␤c"))


def test_a_sentence_about_a_slip_stands_above_the_status_bar():
    session = in_room()
    session.enter("/whoami")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │                                                                │
        │                                                                │
        │                                                                │
        │                                                                │
        │                                                                │
        │ /whoami is not a command, so it was not sent. Did you mean     │
        │ /who?                                                          │
        │ ● #general as dave    F1 help  F2 who  F3 search  F10 quit     │
        │dave› /whoami                                                   │
        └────────────────────────────────────────────────────────────────┘
    """)
    assert len(set(map(width, session.styled("alert")))) == 1, "a box"
    assert " ".join(session.styled("alert")).split() == session.flash.split()


def test_completion_shows_the_candidates():
    session = in_room()
    session.server("anna> hi", "bob> hi", "anton> hi")
    session.type("/s")
    session.press("tab")
    assert session.rows[-2].strip().endswith("/search  /server  /suspend")
    session.press("C-u")
    session.type("an")
    session.press("tab")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │                                                                │
        │                                                                │
        │                                                                │
        │                                                                │
        │ 12:01     anna │ hi                                            │
        │            bob │ hi                                            │
        │          anton │ hi                                            │
        │ ● #general as dave    anton  anna                              │
        │dave› anton:                                                    │
        └────────────────────────────────────────────────────────────────┘
    """)


@pytest.mark.parametrize("text", ["/who", "//who", "who"])
def test_the_prompt_shows_the_nick_whatever_is_typed(text):
    session = in_room()
    session.type(text)
    assert session.rows[-1] == f"dave› {text}"


def test_a_long_line_scrolls_and_says_that_there_is_more():
    session = in_room(cols=30, rows=6)
    session.type("one two three four five six seven")
    assert session.rows[-1] == "dave›‹ee four five six seven"
    session.press("home")
    assert session.rows[-1].startswith("dave› one two")
    assert session.rows[-1].endswith("›")
    assert session.cursor == (5, 6)


def test_what_is_typed_never_reaches_the_screen_raw():
    session = in_room()
    session.enter("a\u202eb \u200bc")
    session.enter("/x\u202e")
    assert "a<U+202E>b <U+200B>c" in session.text
    assert "\u202e" not in session.text
