"""What the screen shows in each stage, each with the next step in plain words."""

from __future__ import annotations

import pytest

from tests.support.screens import Session, in_lobby, in_naming, in_room, stamp
from tuichat.chat.transcript import ERROR, SERVER


def test_without_a_host_the_program_asks_for_one():
    session = Session(rows=8, host="", last_server="chat.example.org:5220")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ tuichat                                             Sun 22 Nov │
        │                                                                │
        │ 12:01          » Which server? Type HOST, or HOST:PORT if its  │
        │                  port is not 5220, such as localhost:41400.    │
        │                » To look around without a server, type /quit   │
        │                  and start with --demo.                        │
        │ ○ which server?    F1 help  F3 search  F10 quit                │
        │server› chat.example.org:5220 (Enter)                           │
        └────────────────────────────────────────────────────────────────┘
    """)
    assert session.cursor == (7, 8)


def test_connecting_says_where_to_and_for_how_long():
    session = Session(rows=6)
    session.later(3.2)
    session.type("hi")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ chat.example.org:5220                               Sun 22 Nov │
        │                                                                │
        │                                                                │
        │                                                                │
        │ ○ connecting to chat.example.org:5220 · 3 s    F10 quit        │
        │› hi                                                            │
        └────────────────────────────────────────────────────────────────┘
    """)


def test_a_refused_connection_says_why_and_what_can_be_done():
    session = Session(rows=8)
    session.lost("No server answers at chat.example.org:5220 (connection refused).")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ chat.example.org:5220                               Sun 22 Nov │
        │                                                                │
        │ 12:01          » No server answers at chat.example.org:5220    │
        │                  (connection refused). Enter tries again,      │
        │                  /server HOST[:PORT] goes elsewhere, /logout   │
        │                  quits.                                        │
        │ ○ no connection    F1 help  F3 search  F10 quit                │
        │› Enter connects now                                            │
        └────────────────────────────────────────────────────────────────┘
    """)


def test_the_lobby_has_a_list_to_pick_from():
    session = in_lobby("general", "random", "Room42")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ chat.example.org:5220                               Sun 22 Nov │
        │ Rooms                                                   1 of 3 │
        │ ▸ general    random     Room42                                 │
        │                  the rooms…                                    │
        │                » This is the lobby. /list lists the rooms;     │
        │                  /join ROOM enters or creates one.             │
        │                » Arrow keys and Enter pick one; typing         │
        │                  filters.                                      │
        │ ● lobby    F1 help  F3 search  F10 quit                        │
        │room› general (Enter), or a room's name                         │
        └────────────────────────────────────────────────────────────────┘
    """)
    assert session.cursor == (9, 6)
    session.press("down")
    assert session.styled("reverse") == [" ▸ random  "]
    assert "room› random (Enter), or a room's name" in session.text


def test_a_lobby_without_rooms_says_how_to_make_one():
    in_lobby(rows=9).shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ chat.example.org:5220                               Sun 22 Nov │
        │ 12:01          » Connected to chat.example.org:5220. Listing   │
        │                  the rooms…                                    │
        │                » This is the lobby. /list lists the rooms;     │
        │                  /join ROOM enters or creates one.             │
        │                » There are no rooms yet. Type a name to create │
        │                  the first one.                                │
        │ ● lobby    F1 help  F3 search  F10 quit                        │
        │room› a room's name                                             │
        └────────────────────────────────────────────────────────────────┘
    """)


def test_naming_offers_the_login_name():
    session = in_naming()
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ chat.example.org:5220                               Sun 22 Nov │
        │                  the rooms…                                    │
        │                » This is the lobby. /list lists the rooms;     │
        │                  /join ROOM enters or creates one.             │
        │                » Arrow keys and Enter pick one; typing         │
        │                  filters.                                      │
        │                » Entering general. Which nick do you want? Esc │
        │                  goes back to the rooms.                       │
        │ ● choosing a nick for #general    F1 help  F10 quit            │
        │nick› dave (Enter)                                              │
        └────────────────────────────────────────────────────────────────┘
    """)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("1", "The server rejected “dave”"),
        ("2", "“dave” is already taken in general."),
    ],
)
def test_a_refused_nick_is_asked_for_again_with_the_text_in_the_line(status, sentence):
    session = in_naming()
    session.enter("dave")
    session.server(status)
    assert any(sentence in line for line in session.lines)
    assert session.rows[-1] == "nick› dave"
    assert session.line == "dave|"


def test_a_refused_room_is_asked_for_again_with_the_text_in_the_line():
    session = in_lobby("general")
    session.enter("a b")
    session.server("1")
    assert session.line == "a b|"
    assert "The server rejected “a b”" in session.lines[-1]


def test_a_room_with_people_in_it():
    session = in_room()
    session.server("alice> hello there", "bob has joined the room.")
    session.server("There are 3 people in the room.")
    session.at("12:02")
    session.enter("hi all")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220 · 3 here           Sun 22 Nov │
        │                                                                │
        │                                                                │
        │                                                                │
        │                                                                │
        │ 12:01    alice │ hello there                                   │
        │                · bob joined · There are 3 people in the room.  │
        │ 12:02     dave │ hi all                                        │
        │ ● #general as dave    F1 help  F2 who  F3 search  F10 quit     │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)


def test_the_room_begins_without_the_sentences_of_the_lobby():
    session = in_naming(rows=9)
    session.enter("dave")
    session.server("0")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │                                                                │
        │                                                                │
        │                                                                │
        │                                                                │
        │ 12:01          » You are in general as dave. Messages go to    │
        │                  everyone here. /help helps, /logout quits.    │
        │ ● #general as dave    F1 help  F2 who  F3 search  F10 quit     │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)
    session.press("pageup", "pageup")
    assert "This is the lobby" in session.text


def test_a_lost_connection_counts_down_and_keeps_the_draft():
    session = in_room()
    session.type("half a sen")
    session.lost()
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ chat.example.org:5220                               Sun 22 Nov │
        │                                                                │
        │                                                                │
        │ 12:01          » Connection lost. The server closed the        │
        │                  connection.                                   │
        │                » The messages and your line are kept. Enter    │
        │                  reconnects now, /server goes elsewhere,       │
        │                  /logout quits.                                │
        │ ○ no connection · retry in 1 s, Enter: now    F10 quit         │
        │› half a sen                                                    │
        └────────────────────────────────────────────────────────────────┘
    """)
    session.later(0.5)
    assert "retry in 1 s, Enter: now" in session.text


def test_a_slow_answer_says_what_is_waited_for():
    session = in_naming(cols=80)
    session.enter("dave")
    assert "waiting for /nick" in session.rows[-2]
    session.later(8)
    assert "No answer to /nick for 8 s." in session.text


def test_the_title_has_the_room_and_what_is_unread():
    session = in_room()
    assert session.frame.title == "#general – tuichat"
    session.press("focus-out")
    session.server("alice> one", "alice> two", "alice> Dave?")
    assert session.frame.title == "#general (3!) – tuichat"
    session.press("focus-in")
    assert session.frame.title == "#general – tuichat"


def test_the_title_outside_a_room_is_the_server():
    assert in_lobby("general").frame.title == "chat.example.org:5220 – tuichat"
    assert Session(host="").frame.title == "tuichat"


@pytest.mark.parametrize("kind", [ERROR, SERVER])
def test_the_room_begins_with_what_was_told_on_the_way_if_it_was_more_than_routine(kind):
    session = Session(room="general", nick="dave")
    session.chat.conversation.transcript.add(kind, ["Not to be missed."], stamp())
    session.opened()
    session.server("0")
    session.server("0")
    assert "Not to be missed." in session.text
    assert "You are in general as dave." in session.text
