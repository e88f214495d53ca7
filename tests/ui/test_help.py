"""Help: what it shows at which size, where a word leads, and what line mode is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.screens import in_room
from tuichat.chat.options import Options
from tuichat.input.commands import COMMANDS, PLACES
from tuichat.input.keymap import BINDINGS, KEY_GROUPS
from tuichat.text import width
from tuichat.ui.help import GROUPS, WIDE_COLS, Help, entries_about
from tuichat.ui.state import State


def showing(overlay):
    """A state with an overlay opened, nothing said, no connection."""
    state = State(Options())
    state.overlay = overlay
    return state


def scrolled_through(session):
    """All of help, seen by scrolling through it row by row."""
    seen = []
    while session.rows != seen[-len(session.rows) :]:
        seen += session.rows
        session.press("down")
    return "\n".join(seen)


@pytest.mark.parametrize("key", ["escape", "f1", "C-c"])
def test_help_closes(key):
    state = showing(Help())
    assert state.overlay.key(key, state)
    assert state.overlay is None


def test_help_scrolls_and_stops_at_its_ends():
    overlay = Help()
    state = showing(overlay)
    state.cols, state.rows = 60, 13  # of which three are not the pane's
    first = overlay.rows(60, 10)
    assert overlay.key("up", state)
    assert overlay.rows(60, 10) == first
    overlay.key("pagedown", state)
    assert overlay.rows(60, 10)[0] == first[9]
    overlay.key("C-end", state)
    last = overlay.rows(60, 10)
    overlay.key("down", state)
    assert overlay.rows(60, 10) == last
    assert len(last) == 10
    overlay.key("C-home", state)
    assert overlay.rows(60, 10) == first
    assert state.overlay is overlay


def test_help_leaves_other_keys_and_all_text_to_the_line():
    state = showing(Help())
    assert not state.overlay.key("C-w", state)
    assert not state.overlay.typed("hello", state)


def test_help_shows_commands_first():
    session = in_room(64, 14)
    session.press("f1")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │ Commands in the lobby                                          │
        │  /list                list the rooms                           │
        │                                                                │
        │ Commands in a room                                             │
        │  /nick NAME           choose the nick others see               │
        │  /who                 show who is here                         │
        │  //text               send text that starts with a slash       │
        │                                                                │
        │ Commands everywhere                                            │
        │  /join ROOM           enter a room, or create it               │
        │  /lobby               go back to the list of rooms             │
        │ ● #general as dave    Esc closes · arrows, PgUp, PgDn scroll   │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)
    session.press("C-end")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                    Sun 22 Nov │
        │  Ctrl-Y               insert what was cut                      │
        │  Alt-Y                after Ctrl-Y: an earlier cut             │
        │  Ctrl-T               swap two characters                      │
        │  Ctrl-_               undo                                     │
        │  Alt-_                redo                                     │
        │                                                                │
        │ Other keys                                                     │
        │  F1                   show this help                           │
        │  F10, Ctrl-Q          log out and quit                         │
        │  Ctrl-L               redraw the screen                        │
        │  Ctrl-Z               suspend; fg in the shell returns         │
        │ ● #general as dave    Esc closes · arrows, PgUp, PgDn scroll   │
        │dave› type here                                                 │
        └────────────────────────────────────────────────────────────────┘
    """)
    session.press("escape")
    assert "Esc closes" not in session.text


def test_on_a_wide_screen_the_groups_stand_in_two_columns():
    session = in_room(100, 12)
    session.enter("/help")
    session.shows("""
        ┌────────────────────────────────────────────────────────────────────────────────────────────────────┐
        │ #general · chat.example.org:5220                                                        Sun 22 Nov │
        │ Commands in the lobby                             Keys for writing                                 │
        │  /list                list the rooms               Enter                send                       │
        │                                                    Up, Ctrl-P           previous input; in the     │
        │ Commands in a room                                                      lobby: room above          │
        │  /nick NAME           choose the nick others see   Down, Ctrl-N         next input; in the lobby:  │
        │  /who                 show who is here                                  room below                 │
        │  //text               send text that starts with   Ctrl-R               search earlier input       │
        │                       a slash                      Tab                  complete a nick, room or   │
        │                                                                         command                    │
        │ ● #general as dave    Esc closes · arrows, PgUp, PgDn scroll                                       │
        │dave› type here                                                                                     │
        └────────────────────────────────────────────────────────────────────────────────────────────────────┘
    """)  # noqa: E501


def test_on_a_small_screen_words_wrap_below_each_other():
    session = in_room(40, 10)
    session.enter("/help ctrl+r")
    session.shows("""
        ┌────────────────────────────────────────┐
        │ #general · chat.example.org:5220       │
        │  Down, Ctrl-N      next input; in the  │
        │                    lobby: room below   │
        │  Ctrl-R            search earlier      │
        │                    input               │
        │  Tab               complete a nick,    │
        │                    room or command     │
        │  Shift-Tab         previous completion │
        │ Esc closes · arrows, PgUp, PgDn scroll │
        │dave› type here                         │
        └────────────────────────────────────────┘
    """)
    assert session.styled("match-here")[0] == "Ctrl-R"


@pytest.mark.parametrize(
    ("cols", "rows"), [(200, 50), (120, 30), (100, 30), (64, 14), (40, 10), (30, 8), (20, 5)]
)
def test_help_has_every_key_and_every_command_at_any_size(cols, rows):
    session = in_room(cols, rows)
    session.enter("/help")
    text = scrolled_through(session)
    for binding in BINDINGS:
        assert binding.label[: cols - 1] in text
        assert all(word in text for word in binding.help.split())
    for command in COMMANDS:
        assert f"{command.name} {command.argument}".strip()[: cols - 1] in text


def test_every_key_and_every_command_is_in_one_group():
    shown = [term for _, group in GROUPS for term, _ in group]
    commands = [f"{command.name} {command.argument}".strip() for command in COMMANDS]
    assert sorted(shown) == sorted([*commands, "//text", *(b.label for b in BINDINGS if b.label)])
    assert {command.place for command in COMMANDS} == set(PLACES)
    assert sum((keys for _, keys in KEY_GROUPS), ()) == BINDINGS


@pytest.mark.parametrize(
    ("word", "first", "others"),
    [
        ("/search", "/search", ["F3", "Ctrl-R"]), ("search", "/search", ["F3", "Ctrl-R"]),
        ("SEARCH", "/search", ["F3"]), ("F3", "F3", []), ("f1", "F1", []),
        ("Ctrl-R", "Ctrl-R", []), ("ctrl+r", "Ctrl-R", []), ("^R", "Ctrl-R", []), ("up", "Up", []),
        ("bell", "/bell", []), ("complet", "Tab", ["Shift-Tab"]), ("Ctrl-_", "Ctrl-_", []),
        ("room", "/join", ["Up", "Tab"]), ("//text", "//text", []),
        ("//", "//text", []), ("/", "//text", []), ("//word", "//text", []), ("Alt-L", "Alt-L", []),
        ("^C", "Ctrl-C", []), ("PgUp", "PgUp", ["/clear"]), ("page up", "PgUp", []),
        ("Page-Down", "PgDn", []), ("page", "PgUp", ["PgDn"]), ("ctrl r", "Ctrl-R", []),
        ("Control-R", "Ctrl-R", []), ("C-r", "Ctrl-R", []), ("M-l", "Alt-L", []),
        ("shift tab", "Shift-Tab", []), ("escape", "Esc", []), ("delete", "Del", ["Backspace"]),
        ("F 1", "F1", []), ("c-left", "Alt-B", []),
        ("in the shell", "/suspend", ["Ctrl-Z"]),
    ],
)  # fmt: skip
def test_a_word_leads_to_what_it_names_and_marks_what_is_about_it(word, first, others):
    session = in_room(80, 24)
    session.enter(f"/help {word}")
    [here, *_] = session.styled("match-here")
    assert here.split(",")[0].split()[0] == first
    terms = [term for term, _ in entries_about(word)]
    assert all(any(term.startswith(other) for term in terms) for other in others)
    assert session.line == "|"


def test_a_word_may_be_scrolled_away_from():
    session = in_room(80, 12)
    session.enter("/help F3")
    before = session.rows
    session.press("down", "up")
    assert session.rows == before
    session.press("C-home")
    assert session.rows[1] == " Commands in the lobby"
    session.enter("/help undo")
    assert session.styled("match-here")[0] == "Ctrl-_"


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("unicorn", "Help has nothing about “unicorn”. Try another word; /help alone shows "
                    "everything."),
        ("exit", "Help has nothing about “exit”. /logout quits."),
        ("/part", "Help has nothing about “/part”. /lobby goes back to the rooms, /logout quits."),
        ("?", "Help has nothing about “?”. Try another word; /help alone shows everything."),
        ("-", "Help has nothing about “-”. Try another word; /help alone shows everything."),
    ],
)  # fmt: skip
def test_a_word_that_help_knows_nothing_about_is_given_back(word, sentence):
    session = in_room(80, 24)
    session.enter(f"/help {word}")
    assert session.flash == sentence
    assert session.state.overlay is None
    assert session.line == f"/help {word}|"


def test_tab_completes_the_word():
    session = in_room(80, 24)
    session.type("/help sea")
    session.press("tab")
    assert session.line == "/help search|"
    session.press("C-u")
    session.type("/help /unr")
    session.press("tab")
    assert session.line == "/help /unread|"


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("//", ["Commands in a room", "  //text: send text that starts with a slash"]),
        ("/who", ["Commands in a room", "  /who: show who is here"]),
        ("F10", ["Help has nothing about “F10”. Try another word; /help alone shows everything."]),
        ("top", ["Help has nothing about “top”. Try another word; /help alone shows everything."]),
    ],
)
def test_line_mode_is_told_only_the_commands_about_the_word(word, told):
    assert Help(word).told == told


def test_line_mode_is_told_all_commands_that_it_has():
    told = Help().told
    assert [line for line in told if not line.startswith(" ")] == [
        "Commands in the lobby", "Commands in a room", "Commands everywhere",
    ]  # fmt: skip
    assert "  /search [TEXT]: search the messages" in told
    assert not any("/copy" in line for line in told)


@given(st.integers(1, 300), st.integers(0, 60), st.sampled_from(["", "search", "F3", "a"]))
def test_help_fits_any_width_and_fills_the_height(cols, height, word):
    rows = Help(word).rows(cols, height)
    assert len(rows) == height
    assert all(sum(width(text) for text, _ in row) <= cols for row in rows)


def test_two_columns_need_fewer_rows_than_one():
    def rows(cols: int) -> int:
        return len([row for row in Help().rows(cols, 200) if row != ((" ", ""),)])

    assert rows(WIDE_COLS) < rows(WIDE_COLS - 1)
