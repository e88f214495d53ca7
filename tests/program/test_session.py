"""Two people in two terminals, from start to leaving, on servers that have nothing in common."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.support.dialects import DialectServer
from tests.support.stages import LINES, PEOPLE, Chat, Serve, enter, in_room, painted
from tests.support.terminal import Terminal


@pytest.fixture(params=["course's dialect", "tuichat.server"])
def address(
    request: pytest.FixtureRequest, terminal: Callable[..., Terminal], serve: Serve
) -> Iterator[str]:
    """Where an empty server listens: one of the tests' own, and the small server of the package."""
    if request.param == "course's dialect":
        yield serve("course", rooms={}).address
        return
    console = terminal([sys.executable, "-m", "tuichat.server", "--port", "0"])
    port = re.search(r"port (\d+)", console.wait("listens on"))
    assert port
    yield f"127.0.0.1:{port[1]}"
    console.press("C-c")
    assert console.wait_exit() == 130


# What is not sent, and the words that say so.
SLIPS = {
    "   ": "Blank lines are not sent",
    "/whoami": "/whoami is not a command, so it was not sent. Did you mean /who?",
    "/Who": "Did you mean /who?",
    " /who": "There is a space before /who, so it was not sent.",
    "/ /": "/ is not a command, so it was not sent.",
    "/who x": "/who takes no argument. To send this as a message, type //who x.",
    "/list": "/list works only in the lobby",
    "/nick": "Type /nick NAME.",
    "/join": "Type /join ROOM.",
}


def write(terminal: Terminal, line: str) -> None:
    terminal.type(line)
    terminal.press("Enter")


def pane_row(who: str, text: str) -> re.Pattern[str]:
    """A row of the pane where somebody says something."""
    return re.compile(rf"^( \d\d:\d\d)? +{who} │ {re.escape(text)}$", re.MULTILINE)


def test_two_people_hold_a_conversation(chat: Chat, home, address: str) -> None:
    """The whole of a session, at both usual sizes, each step as its user sees it."""
    ann = chat(address, cols=100, rows=30, home=home / "ann")
    ann.wait("There are no rooms yet")

    write(ann, "my lounge!")  # refused: said in words, asked again, still in the line
    ann.wait("The server rejected “my lounge!”")
    ann.wait("room› my lounge!")
    ann.press("C-u")
    write(ann, "/join lounge")
    ann.wait("lounge is a new room. Which nick")
    write(ann, "ann")
    ann.wait("You are in lounge as ann.")

    bob = chat(address, cols=80, rows=24, home=home / "bob")
    bob.wait("▸ lounge")
    bob.press("Enter")
    bob.wait("Which nick")
    write(bob, "ann")  # taken: the same connection asks again
    bob.wait("“ann” is already taken in lounge.")
    bob.wait("nick› ann")
    bob.press("C-u")
    write(bob, "/nick bob")
    bob.wait("You are in lounge as bob.")
    ann.wait(re.compile("· .*bob (has )?joined"))

    write(ann, "hello bob, 中文 and é too")
    bob.wait(pane_row("ann", "hello bob, 中文 and é too"))
    write(bob, "hi ann")
    ann.wait(pane_row("bob", "hi ann"))
    assert len(pane_row("ann", "hello bob, 中文 and é too").findall(ann.text)) == 1
    assert len(pane_row("bob", "hi ann").findall(bob.text)) == 1

    write(ann, "/who")
    ann.wait(re.compile(r"» 2 here as of \d\d:\d\d: ann, bob"))
    ann.wait("· 2 here")
    bob.press("F2")
    bob.wait(re.compile(r"» 2 here as of \d\d:\d\d: ann, bob"))

    write(ann, "/shrug")
    ann.wait("/shrug is not a command, so it was not sent.")
    ann.press("Home")
    ann.type("/")
    ann.press("Enter")
    bob.wait(pane_row("ann", "/shrug"))
    assert len(pane_row("ann", "/shrug").findall(ann.text)) == 1

    write(ann, "/logout")
    assert ann.wait_exit() == 0
    assert ann.restored()
    bob.wait("· ann has left the room.")
    bob.press("F10")
    assert bob.wait_exit() == 0
    assert bob.restored()
    assert bob.text.strip() == ""


def test_scrolled_back_nothing_moves_and_a_resize_needs_no_key(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    ann = enter(chat, server.address, cols=100, rows=30)
    for number in range(60):
        server.say(f"line {number}.")
    ann.wait("line 59.")
    ann.press("PageUp")
    ann.wait("↓")
    held = ann.screen[1:-2]
    server.say("one more")
    ann.wait("1 new")
    assert ann.screen[1:-2] == held
    ann.resize(60, 12)
    ann.wait(lambda terminal: in_room() in terminal.screen[-2])
    assert "one more" not in ann.text
    ann.press("Esc")
    ann.wait("one more")
    assert "──── 1 new ────" in ann.text
    ann.resize(80, 24)
    ann.wait(lambda terminal: in_room() in terminal.screen[-2])
    assert "one more" in ann.screen[-3]


def test_what_is_sent_is_what_was_meant(chat: Chat, serve: Serve) -> None:
    """Blank lines, unknown commands and slips send nothing."""
    server = serve("lf")
    ann = enter(chat, server.address)
    for slip, words in SLIPS.items():
        write(ann, slip)
        ann.wait(words)
        ann.press("C-u")
        ann.wait_gone(words)
    for text in ("//who", "//", " hello ", "plain /who", "end"):
        write(ann, text)
    server.wait(lambda: "end" in server.commands)
    assert server.commands == [
        "/join general", "/nick ann", "/who", "/", " hello ", "plain /who", "end",
    ]  # fmt: skip


def test_earlier_input_is_searched_and_sent_by_one_more_enter(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    for text in ("first of three", "second", "third"):
        write(ann, text)
        server.wait(lambda text=text: server.commands[-1] == text)
    ann.press("C-r")
    ann.wait("Earlier input")
    ann.type("thre")
    ann.wait("1/1")
    ann.press("Enter")
    ann.wait(painted("ann› ", "first of three"))
    assert server.commands[-1] == "third"
    ann.press("Enter")
    server.wait(lambda: server.commands[-1] == "first of three")


@pytest.mark.parametrize("keys", ["F10", "C-q"])
def test_leaving_with_text_in_the_line_asks_once_more(
    chat: Chat, serve: Serve, keys: str
) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    ann.type("unsent")
    ann.press(keys)
    ann.wait("again to quit without sending it")
    ann.press(keys)
    assert ann.wait_exit() == 0
    assert ann.restored()
    server.wait(lambda: server.received[0].ended == "closed")
    assert server.commands[-1] == "/logout"


# Leaving while messages wait for their turn, on a server that runs quick ones together

WAYS_OUT = {
    "patience": (0, ["one", "two", "three", "/logout"]),
    "Ctrl-C": (0, ["one"]),
    "the server closes": (69, ["one"]),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_leaving_while_messages_wait(chat: Chat, serve: Serve, way: str) -> None:
    """They are sent, or the user is told that they were not, even after the screen is gone."""
    # The more there are, the longer a message waits: here long enough for slow hands.
    people = {"general": ("bob", "carol", "dora")}
    server: DialectServer = serve("bare-exact", joined=None, rooms=people)
    ann = chat(server.address, "--framing", "bare", "--room", "general", "--nick", "ann")
    ann.wait(PEOPLE)
    write(ann, "one")
    server.wait(lambda: server.commands[2:] == ["one"])
    for text in ("two", "three", "/logout"):
        write(ann, text)
    ann.wait("Leaving as soon as 2 waiting messages are sent. Ctrl-C leaves now.")
    ann.type("more")
    ann.wait("› more")
    if way == "Ctrl-C":
        ann.press("C-c", "C-c")  # the line first
    elif way == "the server closes":
        server.kick()
    status, commands = WAYS_OUT[way]
    assert ann.wait_exit() == status
    assert ann.restored()
    assert server.commands[2:] == commands
    unsent = [text for text in ("two", "three") if text not in commands]
    assert ann.text.strip() == "\n".join(f"Not sent: {text}" for text in unsent)


def test_a_refused_room_and_a_taken_nick_of_the_command_line(chat: Chat, serve: Serve) -> None:
    """They are asked for again, as if they had been typed."""
    server = serve("lf")
    ann = chat(server.address, *LINES, "--room", "no-room", "--nick", "bob")
    ann.wait("The server rejected “no-room”")
    ann.wait("room› no-room")
    ann.press("C-u")
    write(ann, "general")
    ann.wait("“bob” is already taken in general.")
    ann.press("C-u")
    write(ann, "ann")
    ann.wait(in_room())
    assert server.commands == [
        "/join no-room", "/list", "/join general", "/nick bob", "/nick ann",
    ]  # fmt: skip


@pytest.mark.parametrize("dialect", ["lf", "lf-echo-colon", "lf-text-echo"])
def test_ones_own_message_is_shown_once(chat: Chat, serve: Serve, dialect: str) -> None:
    server = serve(dialect)
    ann = enter(chat, server.address)
    for text in ("one", "two", "two"):
        write(ann, text)
    server.wait(lambda: server.commands[-3:] == ["one", "two", "two"])
    server.say("end")
    ann.wait("end")
    assert re.findall(r"│ (one|two)$", ann.text, re.MULTILINE) == ["one", "two", "two"]
