"""A typed line to what is meant; nothing that looks like a command is taken for a message."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tuichat.input.commands import (
    BY_NAME,
    COMMANDS,
    SCREEN_ONLY,
    Do,
    Nothing,
    Say,
    Unknown,
    as_text,
    escaped,
    is_escaped,
    parse,
)  # fmt: skip
from tuichat.ui.actions import ACTIONS


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("hello", Say("hello")),
        ("  hello ", Say("  hello ")),
        ("a /who", Say("a /who")),
        ("", Nothing()),
        (" \t\u3000", Nothing()),
        ("/who", Do("/who", "")),
        ("/who ", Do("/who", "")),
        ("/join general", Do("/join", "general")),
        ("/join   general ", Do("/join", "general")),
        ("/log my file.txt", Do("/log", "my file.txt")),
        ("/quit", Do("/quit", "")),
        # never taken for /who
        ("/whoami", Unknown("/whoami", "/who")),
        ("/", Unknown("/", "")),
        ("//x", Say("/x")),
        ("//", Say("/")),
        ("///x", Say("//x")),
        ("/ /x", Say(" /x")),
        ("/ who", Unknown("/", "")),
        ("/ /", Unknown("/", "")),
        (" /x", Unknown("/x", "")),
        (" /who", Unknown("/who", "/who")),
        ("/Who", Unknown("/Who", "/who")),
        ("/wh", Unknown("/wh", "/who")),
        ("/lo", Unknown("/lo", "")),
        ("/who\tx", Unknown("/who\tx", "/who")),
        ("/etc/hosts", Unknown("/etc/hosts", "")),
        ("one\n/who", Say("one\n/who")),
        ("/who\ntwo", Unknown("/who␤…", "")),
        ("//who\ntwo", Say("/who\ntwo")),
        ("\n \n", Nothing()),
    ],
)
def test_lines(line, meant):
    assert parse(line) == meant


@given(st.text())
def test_only_what_does_not_look_like_a_command_is_said(line):
    meant = parse(line)
    if isinstance(meant, Say):
        assert meant.text.strip()
        assert is_escaped(line) or not line.strip().startswith("/")
    if isinstance(meant, Do):
        assert line.startswith(meant.name)


@given(st.text(st.sampled_from("/ who\t\n\u3000") | st.characters()))
def test_what_is_escaped_is_said_as_it_is(text):
    assume(text.strip() and (text.strip() != "/" or text.startswith("/")))
    assert parse(escaped(text)) == Say(text)


def test_every_command_does_something_that_there_is():
    assert {command.action for command in COMMANDS} <= set(ACTIONS)
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert all(command.help for command in COMMANDS)


def test_the_protocols_own_commands_are_among_them():
    names = {command.name for command in COMMANDS}
    assert {"/list", "/join", "/nick", "/who", "/logout"} <= names


def test_what_needs_a_screen_is_a_command():
    assert set(BY_NAME) > SCREEN_ONLY


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("/logout", " /logout"), ("/who  ", " /who  "), (" /who", " /who"), ("/whoami", "/whoami"),
        ("/logout\0", " /logout\0"), ("\t/logout", " \t/logout"), ("/log\0out", " /log\0out"),
        ("/logout\ufffd", " /logout\ufffd"), ("\ufeff/who", " \ufeff/who"), ("a /who", "a /who"),
        ("/log out\u2028", " /log out\u2028"),
    ],
)  # fmt: skip
def test_what_a_server_may_read_as_a_command_gets_a_blank(line, text):
    assert as_text(line) == text
