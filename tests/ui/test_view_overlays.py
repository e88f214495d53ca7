"""The paste question and the copy view on the screen."""

from __future__ import annotations

from tests.support.screens import in_room
from tuichat.text import width


def talk(cols=64, rows=10):
    session = in_room(cols, rows)
    session.server("alice> see https://example.org/a/long/path/that/does/not/fit/into/one/row?q=1")
    session.enter("thanks")
    return session


def test_a_paste_of_several_lines_is_asked_about():
    session = talk()
    session.paste("first\nsecond\n\n\tthird\x1b[31m\n")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │ 12:01    alice │ see                                           │
        │                │ https://example.org/a/long/path/that/does/not │
        │                │ /fit/into/one/row?q=1                         │
        │           dave │ thanks                                        │
        │ Pasted 4 lines. Send them as 3 messages?                       │
        │   first                                                        │
        │ … and 3 more                                                   │
        │ ● #general    Ctrl-S sends 3 · Ctrl-E edits · Esc discards     │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)


def test_a_long_paste_shows_its_beginning():
    session = talk(rows=14)
    session.paste("\n".join(f"line {n}" for n in range(4000)))
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │                                                                │
        │                                                                │
        │ 12:01    alice │ see                                           │
        │                │ https://example.org/a/long/path/that/does/not │
        │                │ /fit/into/one/row?q=1                         │
        │           dave │ thanks                                        │
        │ Pasted 4000 lines. Send them as 4000 messages?                 │
        │   line 0                                                       │
        │   line 1                                                       │
        │   line 2                                                       │
        │ … and 3997 more                                                │
        │ ● #general    Ctrl-S sends 4000 · Ctrl-E edits · Esc discards  │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)


def test_the_copy_view_has_no_columns_and_leaves_wrapping_to_the_terminal():
    session = talk(rows=6)
    session.press("M-l")
    frame = session.frame
    link = "alice> see https://example.org/a/long/path/that/does/not/fit/into/one/row?q=1"
    assert frame.unwrapped == [link, "dave> thanks"]
    assert frame.cursor is None
    assert session.rows[-1] == " Any key returns"
    assert width(session.styled("status")[-1]) == 64
    session.press("escape")
    assert session.frame.unwrapped is None
    assert session.rows[-1] == "dave› type here"


def test_the_copy_view_shows_what_was_in_view():
    session = in_room(rows=8)
    session.server(*(f"alice> line {n}" for n in range(40)))
    session.press("pageup", "pageup")
    last = session.rows[-3].split("│ ")[1]
    session.press("M-l")
    assert session.frame.unwrapped[-1] == f"alice> {last}"
    assert len(session.frame.unwrapped) == 7
