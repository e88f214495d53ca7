"""`tuichat --demo`: one command, and a newcomer is in company. The tour itself is in test_demo."""

from __future__ import annotations

import re
import socket

import pytest

from tests.support.stages import LOBBY, Chat


def test_a_newcomer_meets_people_who_talk_and_who_answer(chat: Chat) -> None:
    terminal = chat("--demo", cols=80, rows=24)
    terminal.wait(LOBBY)
    rooms = terminal.wait("▸ general    python     random")
    address = re.search(r"127\.0\.0\.1:(\d+)", rooms)
    assert address
    terminal.press("Enter")
    terminal.wait("nick› tester (Enter)")
    terminal.type("alice")
    terminal.press("Enter")
    terminal.wait("“alice” is already taken in general.")
    terminal.press("C-u")
    terminal.type("dave")
    terminal.press("Enter")
    terminal.wait("● #general as dave")
    terminal.wait(re.compile(r"alice │ Hello dave, good to see you!"))
    terminal.press("F2")
    terminal.wait(re.compile(r"» 4 here as of \d\d:\d\d: alice, bob, carol, dave"))
    terminal.type("thanks")
    terminal.press("Enter")
    terminal.wait("dave: you are welcome.")
    terminal.press("F10")
    assert terminal.wait_exit() == 0
    assert terminal.restored()
    with socket.socket() as client, pytest.raises(ConnectionRefusedError):
        client.connect(("127.0.0.1", int(address[1])))


def test_the_demo_is_not_offered_the_next_time(chat: Chat) -> None:
    demo = chat("--demo", "--room", "python", "--nick", "dave")
    demo.wait("● #python as dave")
    demo.press("F10")
    assert demo.wait_exit() == 0
    chat().wait("server› localhost (Enter)")


def test_the_demo_needs_no_host(chat: Chat) -> None:
    terminal = chat("--demo", "localhost")
    assert terminal.wait_exit() == 2
    assert "--demo has its own server: leave out HOST" in terminal.text


@pytest.mark.parametrize("framing", ["lf", "bare"])
def test_straight_into_a_room_of_the_demo(chat: Chat, framing: str) -> None:
    """Whatever framing the user's usual server needs."""
    terminal = chat("--demo", "--framing", framing, "--room", "python", "--nick", "dave")
    terminal.wait("● #python as dave")
    terminal.wait("dana │ Hello dave!")
