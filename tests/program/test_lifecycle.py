"""The connection is lost in any stage, and made again: what the user sees, keeps and decides."""

from __future__ import annotations

import os
import re

import pytest

from tests.support.dialects import DialectServer
from tests.support.faults import FaultProxy
from tests.support.stages import (
    LINES,
    LOBBY,
    NAMING,
    NO_CONNECTION,
    Chat,
    Serve,
    enter,
    in_room,
    painted,
)
from tests.support.terminal import Terminal

ENDS = {"kick": "The server closed the connection.", "reset": "reset the connection"}
STAGES = {"lobby": ((), LOBBY), "naming": (("--room", "general"), NAMING)}


def lose(terminal: Terminal, server: DialectServer, end: str = "kick") -> None:
    """End the connection from the server's side, and wait until the user is told."""
    getattr(server, end)()
    terminal.wait(NO_CONNECTION)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("stage", STAGES)
def test_lost_before_the_room(chat: Chat, serve: Serve, stage: str, end: str) -> None:
    """The user is told and can read on, the line is kept, and Enter goes on from there."""
    server = serve("lf")
    arguments, words = STAGES[stage]
    terminal = chat(server.address, *LINES, *arguments)
    terminal.wait(words)
    terminal.type("half a wo")
    terminal.wait("half a wo")
    lose(terminal, server, end)
    assert re.search(f"Connection lost. .*{ENDS[end]}", terminal.text)
    assert words in terminal.text
    terminal.wait(painted("› ", "half a wo"))
    terminal.press("Enter")
    terminal.wait("●")
    terminal.wait(lambda terminal: terminal.text.count(words) == 2)
    assert "half a wo" not in " ".join(server.commands)


@pytest.mark.parametrize("end", ENDS)
def test_lost_in_the_room(chat: Chat, serve: Serve, end: str) -> None:
    """What was said stays, the draft stays, Enter returns to the room with the nick at once."""
    server = serve("lf")
    terminal = enter(chat, server.address)
    server.say("something to read")
    terminal.wait("something to read")
    terminal.type("my draft")
    terminal.wait(painted("ann› ", "my draft"))
    lose(terminal, server, end)
    assert re.search(f"Connection lost. .*{ENDS[end]}", terminal.text)
    assert "something to read" in terminal.text
    terminal.wait(painted("› ", "my draft"))
    terminal.press("Left")
    terminal.press("Enter")
    terminal.wait(in_room())
    terminal.wait(lambda terminal: terminal.screen[-1] == "ann› my draft")
    server.wait(lambda: server.members("general") == ["bob", "ann"])
    assert "my draft" not in server.commands
    terminal.press("Enter")
    server.wait(lambda: server.commands[-1] == "my draft")


def test_the_last_words_come_before_the_news_of_the_end(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address)
    server.farewell("bob> good bye, I am shutting down", reset=True)
    terminal.wait(NO_CONNECTION)
    said = terminal.text
    assert 0 < said.find("good bye, I am shutting down") < said.find("Connection lost.")


def test_the_countdown_is_live_and_the_pauses_grow(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address)
    server.stop()
    for shown in ("retry in 1 s", "retry in 2 s", "retry in 1 s", "retry in 5 s", "retry in 4 s"):
        terminal.wait(shown)
    terminal.press("C-c")  # stops it; the rest is up to the user
    terminal.wait_gone("retry in")
    assert "Enter connects now" in terminal.text
    with DialectServer("lf", port=server.port) as again:
        terminal.press("Enter")
        terminal.wait(in_room())
        assert again.commands == ["/join general", "/nick ann"]


def test_it_comes_back_by_itself(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address)
    lose(terminal, server)
    terminal.type("typed meanwhile")
    terminal.wait(in_room())
    terminal.wait(painted("ann› ", "typed meanwhile"))
    assert server.commands == ["/join general", "/nick ann"] * 2


def test_ones_own_ghost_on_the_nick(chat: Chat, serve: Serve) -> None:
    """The server still has the old connection: the nick is tried again until it is free."""
    server = serve("lf", instead={"nick": [None, "2"]})
    terminal = enter(chat, server.address)
    lose(terminal, server)
    terminal.press("Enter")
    terminal.wait("“ann” is still taken, probably by your lost connection.")
    terminal.wait(in_room())
    assert server.commands == ["/join general", "/nick ann", *["/join general"], *["/nick ann"] * 2]


def test_another_nick_instead_of_the_ghosts(chat: Chat, serve: Serve) -> None:
    server = serve("lf", instead={"nick": [None, "2"]})
    terminal = enter(chat, server.address)
    terminal.type("draft")
    terminal.wait(painted("ann› ", "draft"))
    lose(terminal, server)
    terminal.press("Enter")
    terminal.wait("probably by your lost connection")
    terminal.press("C-u")
    terminal.type("/nick ann2")
    terminal.press("Enter")
    terminal.wait(in_room("ann2"))
    assert server.members("general") == ["bob", "ann2"]


def test_reconnecting_by_hand_meets_the_ghost_too(chat: Chat, serve: Serve) -> None:
    server = serve("lf", instead={"nick": [None, "2"]})
    terminal = enter(chat, server.address)
    terminal.type("/reconnect")
    terminal.press("Enter")
    terminal.wait("probably by your lost connection")


def test_a_nick_never_had_before_the_loss_is_nobodys_ghost(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    terminal = chat(server.address, *LINES, "--nick", "bob")
    terminal.wait(LOBBY)
    lose(terminal, server)
    terminal.press("Enter")
    terminal.wait("▸ general")
    terminal.press("Enter")
    terminal.wait("“bob” is already taken in general. Choose another nick.")


def test_pasted_lines_are_not_sent_to_nobody(chat: Chat, serve: Serve) -> None:
    """The question stays open while the connection is lost; the answer keeps the text."""
    server = serve("lf")
    terminal = enter(chat, server.address)
    terminal.paste("first\nsecond")
    terminal.wait("Send them as 2 messages?")
    lose(terminal, server)
    terminal.press("C-s")
    terminal.wait("Not sent: you are not in a room. The text is in the line.")
    terminal.press("Enter")
    terminal.wait(in_room())
    terminal.wait(painted("ann› ", "first␤second"))
    terminal.press("Enter")
    server.wait(lambda: server.commands[-2:] == ["first", "second"])
    assert server.commands.count("first") == 1


def test_leaving_while_the_ghost_holds_the_nick(chat: Chat, serve: Serve) -> None:
    """However long the nick stays taken, the user can leave."""
    server = serve("lf", instead={"nick": [None, "2"]})
    terminal = enter(chat, server.address)
    lose(terminal, server)
    terminal.press("Enter")
    terminal.wait("probably by your lost connection")
    terminal.press("F10")
    assert terminal.wait_exit() == 0
    assert terminal.restored()


def test_nothing_is_sent_again_by_itself(chat: Chat, serve: Serve) -> None:
    """What waited for its turn is shown as not sent, and stays unsent."""
    crowd = tuple(f"user{n}" for n in range(20))  # the more there are, the slower is the pace
    server = serve("bare-exact", rooms={"general": crowd})
    arguments = ("--framing", "bare", "--room", "general", "--nick", "ann")
    terminal = chat(server.address, *arguments)
    terminal.wait(in_room())
    terminal.wait("There are 21 people")
    for text in ("one", "two", "three"):
        terminal.type(text)
        terminal.press("Enter")
    terminal.wait("2 waiting")
    server.wait(lambda: "one" in server.commands)
    lose(terminal, server)
    assert "Not sent: two" in terminal.text
    assert "Not sent: three" in terminal.text
    terminal.press("Enter")
    terminal.wait(in_room())
    terminal.type("four")
    terminal.press("Enter")
    server.wait(lambda: "four" in server.commands)
    assert server.commands == [
        "/join general", "/nick ann", "one", "/join general", "/nick ann", "four",
    ]  # fmt: skip


def test_leaving_while_the_connection_is_lost(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    terminal = enter(chat, server.address)
    lose(terminal, server)
    terminal.press("F10")
    assert terminal.wait_exit() == 69
    assert terminal.restored()


def test_leaving_a_server_that_no_longer_answers(chat: Chat, serve: Serve) -> None:
    """The orderly close is not waited for longer than a moment."""
    server = serve("lf")
    with FaultProxy(server.port) as link:
        terminal = enter(chat, link.address)
        link.up.held = link.down.held = True
        terminal.press("F10")
        assert terminal.wait_exit() == 0
        assert terminal.restored()


def test_leaving_a_server_that_resets_the_connection_at_once(chat: Chat, serve: Serve) -> None:
    """Ten times, as it is a race: the reset may come before the program has done its part."""
    server = serve("lf", logout_resets=True)
    for _ in range(10):
        terminal = enter(chat, server.address)
        terminal.press("F10")
        assert terminal.wait_exit() == 0
        assert terminal.restored()


def test_a_hundred_connections_leave_nothing_behind(chat: Chat, serve: Serve) -> None:
    """No descriptor leaks, and room and nick are asked for once each time."""
    server = serve("lf")
    terminal = enter(chat, server.address)
    descriptors = len(os.listdir(f"/proc/{terminal.pid}/fd"))
    for number in range(100):
        lose(terminal, server, "kick" if number % 2 else "reset")
        terminal.press("Enter")
        terminal.wait(in_room())
        server.wait(lambda: server.members("general") == ["bob", "ann"])
    assert len(os.listdir(f"/proc/{terminal.pid}/fd")) == descriptors
    assert server.commands == ["/join general", "/nick ann"] * 101


def test_going_to_another_server(chat: Chat, serve: Serve) -> None:
    server, other = serve("lf"), serve("lf", rooms={"elsewhere": ("eve",)})
    terminal = enter(chat, server.address)
    server.stop()
    terminal.wait(NO_CONNECTION)
    terminal.type(f"/server {other.address}")
    terminal.press("Enter")
    terminal.wait("▸ elsewhere")
    assert other.commands == ["/list"]
