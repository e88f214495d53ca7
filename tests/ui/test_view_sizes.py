"""The screen at several sizes: columns go first, then hints, and the input line is the last."""

from __future__ import annotations

import pytest

from tests.support.screens import Session, in_lobby, in_naming, in_room


def talk(cols, rows):
    session = in_room(cols, rows)
    session.server("alice> hello there, how are you?", "bob has joined the room.", "bob> fine")
    session.enter("welcome")
    return session


def test_forty_columns():
    talk(40, 10).shows("""
        ┌────────────────────────────────────────┐
        │ #general · chat.example.org:5220       │
        │                                        │
        │                                        │
        │                                        │
        │alice│hello there, how are you?         │
        │· bob has joined the room.              │
        │bob│fine                                │
        │dave│welcome                            │
        │ ● #general    F1 help  F10 quit        │
        │dave› type here                         │
        └────────────────────────────────────────┘
    """)


def test_twenty_columns_and_five_rows():
    session = talk(20, 5)
    session.shows("""
        ┌────────────────────┐
        │  room.             │
        │bob│fine            │
        │dave│welcome        │
        │ ● #general         │
        │dave› type here     │
        └────────────────────┘
    """)
    session.type("a message that is longer")
    assert session.rows[-1] == "dave›‹at is longer"
    session.press("enter")
    assert session.take_sent()[-1] == "a message that is longer"


def test_the_hints_give_way_in_order_and_how_to_quit_is_among_the_last():
    session = in_room()
    shown = []
    for cols in range(80, 20, -1):
        session.size(cols, 10)
        hints = [word for word in ("help", "who", "search", "quit") if word in session.rows[-2]]
        shown += [hints] if hints not in shown else []
    assert shown == [
        ["help", "who", "search", "quit"], ["help", "who", "quit"], ["help", "quit"],
        ["quit"], [],
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_few_rows_keep_the_input_line(rows):
    session = talk(30, rows)
    session.type("hi")
    assert session.rows[-1] == "dave› hi"


def test_one_cell_waits():
    session = talk(1, 1)
    session.shows("""
        ┌─┐
        │ │
        └─┘
    """)
    session.type("hello")
    assert session.cursor == (0, 0)
    session.size(64, 10)
    assert session.rows[-1] == "dave› hello"
    assert "│ welcome" in session.text


def test_the_lobby_on_a_narrow_screen():
    in_lobby("general", "random", cols=30, rows=9).shows("""
        ┌──────────────────────────────┐
        │ chat.example.org:5220        │
        │ Rooms                 1 of 2 │
        │ ▸ general    random          │
        │  lists the rooms; /join ROOM │
        │  enters or creates one.      │
        │» Arrow keys and Enter pick   │
        │  one; typing filters.        │
        │ ● lobby    F10 quit          │
        │room› general (Enter), or a r │
        └──────────────────────────────┘
    """)


def test_scrolled_back_on_a_narrow_screen_the_count_below_stays():
    session = in_room(20, 5)
    session.server(*(f"alice> line {n}" for n in range(9)))
    session.press("pageup")
    session.server("alice> news")
    assert session.rows[-2] == " ● #general     ↓ 3"


def test_naming_on_a_narrow_screen():
    in_naming(cols=30, rows=8).shows("""
        ┌──────────────────────────────┐
        │ chat.example.org:5220        │
        │» Arrow keys and Enter pick   │
        │  one; typing filters.        │
        │» Entering general. Which nick│
        │  do you want? Esc goes back  │
        │  to the rooms.               │
        │ ● choosing a nick for #gener…│
        │nick› dave (Enter)            │
        └──────────────────────────────┘
    """)


def test_a_lost_connection_on_a_narrow_screen():
    session = in_room(30, 8)
    session.type("draft")
    session.lost()
    session.shows("""
        ┌──────────────────────────────┐
        │ chat.example.org:5220        │
        │  closed the connection.      │
        │» The messages and your line  │
        │  are kept. Enter reconnects  │
        │  now, /server goes elsewhere,│
        │  /logout quits.              │
        │ ○ no connection · retry in 1…│
        │› draft                       │
        └──────────────────────────────┘
    """)


def test_the_top_bar_gives_up_the_date_and_then_how_many_are_here():
    session = in_room()
    session.server("There are 4 people in the room.")
    shown = []
    for cols in range(64, 33, -1):
        session.size(cols, 10)
        bar = " ".join(session.rows[0].split())
        shown += [bar] if bar not in shown else []
    here = "#general · chat.example.org:5220"
    assert shown == [f"{here} · 4 here Sun 22 Nov", f"{here} · 4 here", here]


def test_the_status_bar_cuts_no_part_in_two_on_the_way_to_a_server():
    session, shown = Session(), []
    session.later(3)
    lost = in_room()
    lost.lost()
    for cols in range(64, 33, -1):
        for there in (session, lost):
            there.size(cols, 10)
            text = there.rows[-2].split("    ")[0].strip()
            shown += [text] if text not in shown else []
    assert shown == [
        "○ connecting to chat.example.org:5220 · 3 s", "○ no connection · retry in 1 s, Enter: now",
        "○ connecting · 3 s", "○ no connection · retry in 1 s",
    ]  # fmt: skip


def test_connecting_on_a_narrow_screen():
    session = Session(30, 5)
    session.shows("""
        ┌──────────────────────────────┐
        │                              │
        │                              │
        │                              │
        │ ○ connecting                 │
        │›                             │
        └──────────────────────────────┘
    """)


def test_a_paste_on_a_narrow_screen_still_says_how_to_answer():
    session = talk(30, 9)
    session.paste("one\ntwo\nthree")
    session.shows("""
        ┌──────────────────────────────┐
        │ #general · chat.example.org:…│
        │· bob has joined the room.    │
        │bob│fine                      │
        │dave│welcome                  │
        │ Pasted 3 lines. Send them as │
        │ 3 messages?                  │
        │ … and 3 more                 │
        │ Ctrl-S sends 3 · Ctrl-E edi… │
        │dave› type here               │
        └──────────────────────────────┘
    """)


def test_many_hints_and_waiting_messages_leave_the_frame_its_size():
    session = in_room(12, 9, framing="bare")
    for text in ("one", "two", "three", "four", "five"):
        session.enter(text)
    session.enter("/" + "x" * 60)
    assert len(session.rows) == 9
    assert session.rows[-1] == "x" * 10
