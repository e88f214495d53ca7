"""Help, the paste question and the copy view on the screen."""

from __future__ import annotations

import pytest

from tests.support.screens import in_room
from tuichat.input.commands import COMMANDS
from tuichat.input.keymap import BINDINGS


def talk(cols=64, rows=10):
    session = in_room(cols, rows)
    session.server("alice> see https://example.org/a/long/path/that/does/not/fit/into/one/row?q=1")
    session.enter("thanks")
    return session


def scrolled_through(session):
    """All of help, seen by scrolling through it row by row."""
    seen = []
    while session.rows != seen[-len(session.rows) :]:
        seen += session.rows
        session.press("down")
    return "\n".join(seen)


def test_help_shows_keys_and_commands():
    session = talk(64, 14)
    session.press("f1")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │ Keys                                                           │
        │  F1                      show this help                        │
        │  F2, Alt-W               show who is here                      │
        │  F10, Ctrl-Q             log out and quit                      │
        │  F3                      search the messages                   │
        │  PgUp                    scroll back                           │
        │  PgDn                    scroll forward                        │
        │  Ctrl-Home               go to the first line                  │
        │  Ctrl-End                go to the last line                   │
        │  Esc                     go to the last line; from a nick: to  │
        │                          the rooms                             │
        │ Up, Down, PgUp, PgDn scroll · Esc closes                       │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)
    session.press("C-end")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │  /top                    go to the first line                  │
        │  /bottom                 go to the last line                   │
        │  /unread                 go to the first unread line           │
        │  /log [FILE]             log to a file; without FILE: stop     │
        │  /bell [off|mention|all] set when the terminal bell rings      │
        │  /clear                  clear the screen; PgUp shows it again │
        │  /redraw                 redraw the screen                     │
        │  /server HOST[:PORT]     go to another server                  │
        │  /reconnect              close the connection and reconnect    │
        │  /suspend                suspend; fg in the shell returns      │
        │  //text                  send text that starts with a slash    │
        │ Up, Down, PgUp, PgDn scroll · Esc closes                       │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)
    session.press("escape")
    assert "thanks" in session.text


@pytest.mark.parametrize(("cols", "rows"), [(100, 30), (64, 14), (30, 8), (20, 5)])
def test_help_has_every_key_and_every_command_at_any_size(cols, rows):
    session = talk(cols, rows)
    session.enter("/help")
    text = scrolled_through(session)
    for binding in BINDINGS:
        assert binding.label[: cols - 1] in text
        assert all(word in text for word in binding.help.split())
    for command in COMMANDS:
        assert f"{command.name} {command.argument}".strip()[: cols - 1] in text


def test_a_paste_of_several_lines_is_asked_about():
    session = talk()
    session.paste("first\nsecond\n\n\tthird\x1b[31m\n")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │ 12:01    alice │ see                                           │
        │                │ https://example.org/a/long/path/that/does/not/│
        │                │ fit/into/one/row?q=1                          │
        │           dave │ thanks                                        │
        │Pasted 4 lines. Send them as 3 messages?                        │
        │  first                                                         │
        │  … and 3 more                                                  │
        │ Ctrl-S sends 3 · Ctrl-E edits · Esc discards                   │
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
        │────────────────────────── Sun 22 Nov ──────────────────────────│
        │ 12:01    alice │ see                                           │
        │                │ https://example.org/a/long/path/that/does/not/│
        │                │ fit/into/one/row?q=1                          │
        │           dave │ thanks                                        │
        │Pasted 4000 lines. Send them as 4000 messages?                  │
        │  line 0                                                        │
        │  line 1                                                        │
        │  line 2                                                        │
        │  … and 3997 more                                               │
        │ Ctrl-S sends 4000 · Ctrl-E edits · Esc discards                │
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
    assert session.rows[-1] == "Any key returns"
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
