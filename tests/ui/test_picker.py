"""The list of rooms in the lobby: columns, title, what narrows it, and where the mark is."""

from __future__ import annotations

import sys

import pytest

from tests.support.screens import Session, in_lobby
from tuichat.ui.picker import Grid, grid, moved

THIRTY = [f"room{number}" for number in range(1, 31)]
NAMES = ["general", "gentoo", "python", "golang", "go", "random"]


def listing(session: Session, *rooms: str, announced: int = 0) -> None:
    """The list is still coming in: these rooms are there."""
    chat = session.chat
    chat.lobby.names, chat.lobby.announced, chat.lobby.listing = [*rooms], announced, True
    chat.version += 1


def marked(session: Session) -> str:
    """Return what the one marked cell on the screen shows, without its blanks."""
    [cell] = session.styled("reverse")
    return cell.strip(" ▸")


def title(session: Session) -> str:
    """Return the row of the title, its blanks between left out."""
    [row] = [row for row in session.rows if row.startswith(" Rooms ")]
    return " ".join(row.split())


# What it looks like


def test_thirty_rooms():
    in_lobby(*THIRTY, cols=80, rows=24).shows("""
        ┌────────────────────────────────────────────────────────────────────────────────┐
        │ chat.example.org:5220                                               Sun 22 Nov │
        │ Rooms                                                                  1 of 30 │
        │ ▸ room1     room5     room9     room13    room17    room21    room25    room29 │
        │   room2     room6     room10    room14    room18    room22    room26    room30 │
        │   room3     room7     room11    room15    room19    room23    room27           │
        │   room4     room8     room12    room16    room20    room24    room28           │
        │                                                                                │
        │ 12:01          » Connected to chat.example.org:5220. Listing the rooms…        │
        │                » This is the lobby. /list lists the rooms; /join ROOM enters   │
        │                  or creates one.                                               │
        │                » Arrow keys and Enter pick one; typing filters.                │
        │                                                                                │
        │                                                                                │
        │                                                                                │
        │                                                                                │
        │                                                                                │
        │                                                                                │
        │                                                                                │
        │                                                                                │
        │                                                                                │
        │                                                                                │
        │                                                                                │
        │ ● lobby    F1 help  F3 search  F10 quit                                        │
        │room› room1 (Enter), or a room's name                                           │
        └────────────────────────────────────────────────────────────────────────────────┘
    """)


def test_five_hundred_rooms_have_pages():
    session = in_lobby(*(f"room{number}" for number in range(1, 501)), cols=80, rows=24)
    session.press("pagedown", "right", "down")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────────────────────┐
        │ chat.example.org:5220                                               Sun 22 Nov │
        │ Rooms                                                               122 of 500 │
        │   room106    room121    room136    room151    room166    room181    room196    │
        │   room107  ▸ room122    room137    room152    room167    room182    room197    │
        │   room108    room123    room138    room153    room168    room183    room198    │
        │   room109    room124    room139    room154    room169    room184    room199    │
        │   room110    room125    room140    room155    room170    room185    room200    │
        │   room111    room126    room141    room156    room171    room186    room201    │
        │   room112    room127    room142    room157    room172    room187    room202    │
        │   room113    room128    room143    room158    room173    room188    room203    │
        │   room114    room129    room144    room159    room174    room189    room204    │
        │   room115    room130    room145    room160    room175    room190    room205    │
        │   room116    room131    room146    room161    room176    room191    room206    │
        │   room117    room132    room147    room162    room177    room192    room207    │
        │   room118    room133    room148    room163    room178    room193    room208    │
        │   room119    room134    room149    room164    room179    room194    room209    │
        │   room120    room135    room150    room165    room180    room195    room210    │
        │                                                                                │
        │ 12:01          » Connected to chat.example.org:5220. Listing the rooms…        │
        │                » This is the lobby. /list lists the rooms; /join ROOM enters   │
        │                  or creates one.                                               │
        │                » Arrow keys and Enter pick one; typing filters.                │
        │ ● lobby    F1 help  F3 search  F10 quit                                        │
        │room› room122 (Enter), or a room's name                                         │
        └────────────────────────────────────────────────────────────────────────────────┘
    """)
    session.press("end")
    assert title(session) == "Rooms 500 of 500"
    assert session.rows[2].split() == ["room421", "room436", "room451", "room466", "room481",
                                       "room496"]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "rows"),
    [
        (3, [" Rooms                           1 of 3", " ▸ room1    room2    room3"]),
        (
            30,
            [
                " Rooms                          1 of 30",
                " ▸ room1     room4     room7     room10",
                "   room2     room5     room8     room11",
                "   room3     room6     room9     room12",
            ],
        ),
        (
            500,
            [
                " Rooms                         1 of 500",
                " ▸ room1      room4      room7",
                "   room2      room5      room8",
                "   room3      room6      room9",
            ],
        ),
    ],
)
def test_forty_columns(count, rows):
    session = in_lobby(*(f"room{number}" for number in range(1, count + 1)), cols=40, rows=10)
    assert session.rows[1 : 1 + len(rows)] == rows
    below = session.rows[1 + len(rows) :]
    assert len(below) >= 5
    assert below[-4:] == [
        "» Arrow keys and Enter pick one; typing", "  filters.", " ● lobby    F1 help  F10 quit",
        "room› room1 (Enter), or a room's name",
    ]  # fmt: skip


def test_without_rooms_there_is_no_list():
    assert "Rooms" not in in_lobby(cols=80, rows=24).text


@pytest.mark.parametrize(
    ("rows", "has"),
    [
        (10, (True, True)), (8, (True, True)), (7, (False, True)), (4, (False, True)),
        (3, (False, False)), (2, (False, False)), (1, (False, False)),
    ],
)  # fmt: skip
def test_the_title_goes_before_the_marked_room_and_that_before_the_input_line(rows, has):
    session = in_lobby(*THIRTY, rows=rows)
    session.press(*["down"] * 8)
    shown = session.rows
    assert len(shown) == rows
    assert (" Rooms " in session.text, " ▸ room" in session.text) == has
    assert shown[-1].startswith("room› ")


def test_a_name_wider_than_the_screen_is_cut():
    session = in_lobby("general", "x" * 100, cols=30)
    assert session.rows[2:4] == [" ▸ general", f"   {'x' * 25}…"]


def test_wide_characters_stand_in_columns():
    session = in_lobby("general", "中文", "random", cols=40)
    assert session.rows[2] == " ▸ general    中文       random"


def test_a_room_named_twice_is_there_once():
    session = in_lobby("general", "general", "random")
    session.press("down")
    assert (marked(session), title(session)) == ("random", "Rooms 2 of 2")


def test_an_overlay_hides_the_list():
    session = in_lobby(*THIRTY)
    session.press("f1")
    assert " Rooms " not in session.text
    session.press("escape")
    assert title(session) == "Rooms 1 of 30"


# While the list is coming


def test_a_list_that_grows_keeps_its_places_and_the_mark_its_room():
    session = in_lobby(cols=40, rows=14)
    listing(session, *THIRTY[:7], announced=30)
    session.press("down", "down")
    session.shows("""
        ┌────────────────────────────────────────┐
        │ chat.example.org:5220       Sun 22 Nov │
        │ Rooms                         7 of 30… │
        │   room1                                │
        │   room2                                │
        │ ▸ room3                                │
        │   room4                                │
        │   room5                                │
        │   room6                                │
        │   room7                                │
        │  one.                                  │
        │» There are no rooms yet. Type a name to│
        │  create the first one.                 │
        │ ● lobby · listing rooms, Esc stops     │
        │room› room3 (Enter), or a room's name   │
        └────────────────────────────────────────┘
    """)
    listing(session, *THIRTY[:9], announced=30)
    assert title(session) == "Rooms 9 of 30…"
    assert session.rows[2:5] == ["   room1    room8", "   room2    room9", " ▸ room3"]
    listing(session, "first", *THIRTY[:9], announced=30)
    assert marked(session) == "room3"


@pytest.mark.parametrize(
    ("announced", "typed", "words"),
    [
        (60, "", "Rooms 30 of 60…"), (0, "", "Rooms 30…"), (7, "", "Rooms 30…"),
        (60, "room2", "Rooms 11 of 30… match “room2”"),
    ],
)  # fmt: skip
def test_the_title_counts_while_the_list_is_coming(announced, typed, words):
    session = in_lobby()
    listing(session, *THIRTY, announced=announced)
    session.type(typed)
    assert title(session) == words


# Narrowed by what is typed


def test_typing_narrows_the_list():
    session = in_lobby(*NAMES)
    session.type("GO")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ chat.example.org:5220                               Sun 22 Nov │
        │ Rooms                                        2 of 6 match “GO” │
        │ ▸ golang    go                                                 │
        │                  the rooms…                                    │
        │                » This is the lobby. /list lists the rooms;     │
        │                  /join ROOM enters or creates one.             │
        │                » Arrow keys and Enter pick one; typing         │
        │                  filters.                                      │
        │ ● lobby    F1 help  F3 search  F10 quit                        │
        │room› GO                                                        │
        └────────────────────────────────────────────────────────────────┘
    """)
    assert "go" in session.styled("bold")
    session.press("enter")
    assert session.take_sent() == ["/join golang"]


def test_without_a_match_enter_makes_a_room():
    session = in_lobby(*NAMES)
    session.type(" py3 ")
    assert session.rows[1:3] == [
        " Rooms                                       0 of 6 match “py3”",
        " No match. Enter creates a new room.",
    ]
    session.press("down", "up", "pagedown", "enter")
    assert session.take_sent() == ["/join py3"]


@pytest.mark.parametrize("line", ["/join py", "/", "/list", " "])
def test_a_command_narrows_nothing(line):
    session = in_lobby(*NAMES)
    session.type(line)
    assert title(session) == "Rooms 1 of 6"


@pytest.mark.parametrize(
    ("steps", "room"),
    [
        ("g", "general"),
        ("down g", "gentoo"),
        ("down g e n", "gentoo"),
        ("down r", "general"),  # it does not match any more: the first that does
        ("p backspace", "python"),  # the mark stays on a room that still matches
        ("p x x C-u", "python"),
        ("g down", "gentoo"),
        ("g down down backspace", "golang"),
        ("go", "go"),  # an exact name wins,
        ("go up", "golang"),  # unless the mark is moved then,
        ("go up l backspace", "go"),  # until the text changes
        ("GO", "golang"),
        ("r a n tab", "random"),
        ("down focus-out wheel-up wheel-down click focus-in", "gentoo"),
    ],
)
def test_the_mark_follows(steps, room):
    session = in_lobby(*NAMES)
    for step in steps.split():
        named = len(step) > 2 or "-" in step or step == "up"
        session.press(step) if named else session.type(step)
    assert marked(session) == room
    session.press("enter")
    assert session.take_sent() == [f"/join {room}"]


def test_the_mark_goes_to_an_exact_name_that_comes_later():
    session = in_lobby()
    listing(session, "golang")
    session.type("go")
    assert marked(session) == "golang"
    listing(session, "golang", "go")
    assert marked(session) == "go"


def test_names_that_may_be_none_are_not_taken_for_what_is_typed():
    """The server ran its names together: there is no telling where one ends."""
    session = in_lobby("generalrandom", "lounge")
    session.chat.lobby.unclear = True
    session.chat.version += 1
    assert marked(session) == "generalrandom"
    session.type("general")
    assert session.rows[1:3] == [
        " Rooms                                 1 of 2 matches “general”", "   generalrandom",
    ]  # fmt: skip
    assert session.styled("reverse") == []
    session.press("down")
    assert marked(session) == "generalrandom"
    session.type(" ")
    session.press("backspace", "backspace")
    session.type("l")
    session.press("enter")
    assert session.take_sent() == ["/join general"]


# The keys


@pytest.mark.parametrize(
    ("at", "move", "to"),
    [
        (0, "up", 0), (1, "up", 0), (2, "down", 3), (9, "down", 9),
        (2, "left", 2), (4, "left", 1), (0, "right", 3), (7, "right", 9), (9, "right", 9),
        (8, "right", 9), (6, "right", 9), (1, "page down", 7), (7, "page down", 9),
        (7, "page up", 1), (3, "page up", 0), (5, "first", 0), (5, "last", 9),
    ],
)  # fmt: skip
def test_moves_in_ten_names_of_which_six_fit_a_page(at, move, to):
    assert moved(at, move, 10, Grid(columns=2, rows=3)) == to


@pytest.mark.parametrize(
    ("count", "cell", "cols", "height", "page"),
    [
        (3, 10, 80, 5, Grid(8, 1)), (9, 10, 80, 5, Grid(8, 2)), (500, 10, 80, 5, Grid(8, 5)),
        (3, 100, 80, 5, Grid(1, 3)), (0, 4, 80, 5, Grid(20, 1)), (3, 1, 1, 1, Grid(1, 1)),
        (3, 0, 0, 0, Grid(1, 1)), (10**30, 10, 80, 5, Grid(8, 5)),
    ],
)  # fmt: skip
def test_a_page_has_as_many_columns_as_fit_and_no_more_rows_than_it_needs(
    count, cell, cols, height, page
):
    assert grid(count, cell, cols, height) == page


@pytest.mark.parametrize(
    ("keys", "room"),
    [
        ("down", "room2"), ("C-n C-n C-p", "room2"), ("up", "room1"), ("right", "room4"),
        ("right left", "room1"), ("left", "room1"), ("end", "room30"), ("end home", "room1"),
        ("pagedown", "room13"), ("pagedown pageup", "room1"), ("pagedown " * 9, "room30"),
    ],
)  # fmt: skip
def test_keys_move_the_mark(keys, room):
    session = in_lobby(*THIRTY, cols=40, rows=10)
    session.press(*keys.split())
    assert marked(session) == room


def test_with_text_in_the_line_left_right_home_and_end_edit_it():
    session = in_lobby(*THIRTY, cols=40, rows=10)
    session.type("oom2")
    session.press("down", "left", "left")
    assert (session.line, marked(session)) == ("oo|m2", "room20")
    session.press("home", "right")
    assert (session.line, marked(session)) == ("o|om2", "room20")
    session.press("end", "up")
    assert (session.line, marked(session)) == ("oom2|", "room2")


def test_a_list_of_one_page_leaves_the_page_keys_to_the_pane():
    session = in_lobby("general", "random", rows=8)
    session.press("pageup")
    assert "below" in session.rows[-2]
    assert marked(session) == "general"


def test_up_is_earlier_input_where_there_is_no_list():
    session = in_lobby("general", rows=3)
    session.enter("/bell all")
    session.press("up")
    assert session.line == "/bell all|"


def test_a_key_among_very_many_rooms_asks_little_of_each():
    session = in_lobby("general", cols=100, rows=30)
    session.chat.lobby.names = [f"room number {number}" for number in range(11_500)]
    session.chat.version += 1
    view, keys = session._view, ["down", "pagedown", "right", "up"]
    view.frame(session.state)
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        for key in keys:
            session.app.key(key)
            view.frame(session.state)
    finally:
        sys.setprofile(None)
    assert calls < len(keys) * 5000  # as events of a profile, of which a call makes two
