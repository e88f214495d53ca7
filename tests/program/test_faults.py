"""Whole sessions over a bad link: nothing is lost, doubled or sent again, and nothing blocks."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

from tests.support.faults import Direction, FaultProxy
from tests.support.headless import Headless
from tests.support.stages import LINES, NO_CONNECTION, Chat, Serve, enter, in_room
from tuichat.input.line import LINE_END
from tuichat.protocol.framing import QUIET_S

Weather = Callable[[Direction], None]
Make = Callable[..., Headless]

SAYINGS = [f"{n}: é中👩\u200d👧 {'x' * n}" for n in range(1, 21)]
SHOWN = [text.replace("\u200d", "").strip() for text in SAYINGS]
BAD_LINKS: dict[str, Callable[[], Direction]] = {
    "a byte at a time": lambda: Direction(sizes=cycle([1]), pause=0.0002),
    "in odd pieces": lambda: Direction(sizes=cycle([1, 2, 3, 500, 7]), pause=0.002),
    "merged": lambda: Direction(merge=0.05),
    "delayed": lambda: Direction(delay=0.2),
    "slow": lambda: Direction(rate=4000),
}
ROOM = {"room": "general", "nick": "ann"}


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def memory() -> int:
    """The most bytes of memory that this process has ever used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize("both_ways", BAD_LINKS)
def test_a_session_with_a_server_of_lines(serve: Serve, both_ways: str) -> None:
    server = serve("lf")
    with FaultProxy(server.port) as link:
        link.up, link.down = BAD_LINKS[both_ways](), BAD_LINKS[both_ways]()
        with Headless(link.port, framing="lf", **ROOM) as user:
            user.wait("There are 2 people")
            for text in SAYINGS:
                server.say(text)
                user.enter(text)
                user.turn(0)
            user.enter("/who")
            user.wait("2 here as of", 20)
            user.wait(lambda: len(user.said) == len(SAYINGS))
            user.enter("/logout")
            user.wait(lambda: user.driver.ended == 0)
            server.wait(lambda: server.received[0].ended)
            assert [line for line in user.heard if line.startswith("bob> ")] == [
                f"bob> {text}".strip() for text in SHOWN
            ]
            assert user.said == SHOWN
            assert server.commands[2:] == [*SAYINGS, "/who", "/logout"]


@pytest.mark.parametrize("down", ["a byte at a time", "in odd pieces", "delayed"])
def test_a_session_with_a_server_of_bare_messages(serve: Serve, down: str) -> None:
    """Messages that arrive apart stay apart, and split ones are joined, although none has an end.

    That holds only for pieces that came without a pause: a pause because this machine was busy
    ends a message like any other. Even then nothing is lost.
    """
    server = serve("list-one-send")
    with FaultProxy(server.port) as link:
        link.down = BAD_LINKS[down]()
        with Headless(link.port, framing="bare") as user:
            user.wait("This is the lobby")
            assert user.chat.lobby.names == ["general", "random", "Room42"]
            user.enter("general")
            user.wait("Which nick")
            user.enter("ann")
            user.wait(lambda: "There are 2 people" in "".join(user.heard))
            user.rest(0.2)
            before, said, told_apart = len(user.heard), "", 0
            for text, shown in zip(SAYINGS, SHOWN, strict=True):
                first = len(user.driver.arrivals)
                server.say(text)
                said += f"bob> {shown}"
                user.wait(lambda said=said: "".join(user.heard[before:]) == said)
                if user.longest_pause(first) < QUIET_S:
                    told_apart += 1
                    assert user.heard[-1] == f"bob> {shown}"
                user.enter(text)
                user.wait(lambda: not user.chat.waiting)
                user.rest(0.2)
                if told_apart == 4:
                    break
            assert told_apart == 4, "this machine was never quick enough to tell"
            assert server.commands[3:] == SAYINGS[: len(user.said)]
            assert user.said == SHOWN[: len(user.said)]


def test_what_pauses_tell_is_read_at_once_though_no_frame_is_due(serve: Serve) -> None:
    """Messages that wait in the socket for the next frame would run together."""
    server = serve("list-one-send")
    with FaultProxy(server.port) as link:
        link.down = Direction(sizes=cycle([6]), pause=0.01)
        with Headless(link.port, framing="bare", **ROOM) as user:
            user.wait(lambda: "There are 2 people" in "".join(user.heard))
            user.pace(60.0)
            for number in range(20):  # more than one, as this machine may be busy with another
                said = [f"{nick}> {number % 10}" for nick in ("eve", "bob", "amy")]
                before = len(user.heard)
                server.send("".join(said).encode())
                while len("".join(user.heard[before:])) < len("".join(said)):
                    user.turn(0.5)
                if user.heard[before:] == said:
                    return
            raise AssertionError(user.heard)


def test_ten_bytes_a_second(serve: Serve) -> None:
    """Everything arrives in the end; until then what is half there is not shown as a message."""
    server = serve("lf", welcome=None, joined=None, people=None)
    with FaultProxy(server.port) as link, Headless(link.port, framing="lf", **ROOM) as user:
        user.wait(lambda: user.chat.stage == "room")
        link.up.rate = link.down.rate = 10
        server.say("hello, ann")
        user.enter("hello, bob")
        user.wait(lambda: user.said == ["hello, bob"], 1)
        user.wait("bob> hello, ann", 20)
        server.wait(lambda: "hello, bob" in server.commands)
        assert user.heard[-1] == "bob> hello, ann"


@pytest.mark.parametrize("end", ["cut", "reset"])
def test_the_link_breaks_within_a_message(serve: Serve, end: str) -> None:
    """What had arrived is shown; room and nick are taken up again; nothing is sent again."""
    server = serve("lf")
    with FaultProxy(server.port) as link, Headless(link.port, framing="lf", **ROOM) as user:
        for number in range(5):
            user.wait(lambda: user.chat.stage == "room")
            user.enter(f"said {number}")
            user.wait(lambda number=number: f"said {number}" in server.commands)
            server.send(f"bob> whole {number}\nbob> half {number}".encode())
            user.wait(f"whole {number}")
            getattr(link, end)()
            user.wait(lambda: user.chat.stage == "lost")
            user.wait(f"bob> half {number}")
            user.app.key("enter")
        user.wait(lambda: user.chat.stage == "room")
        once = ["/join general", "/nick ann"]
        said = [[*once, f"said {number}"] for number in range(5)]
        assert server.commands == [*sum(said, []), *once]
        assert user.said == [f"said {number}" for number in range(5)]
        assert user.heard.count("bob> whole 3") == user.heard.count("bob> half 3") == 1


def test_a_black_hole_in_the_middle_of_a_session(serve: Serve) -> None:
    """Nothing arrives in either direction; the user can read, type, and reconnect."""
    server = serve("lf")
    with FaultProxy(server.port) as link, Headless(link.port, framing="lf", **ROOM) as user:
        user.wait(lambda: user.chat.stage == "room")
        link.up.held = link.down.held = True
        server.say("never seen on this connection")
        user.enter("into the hole")
        user.enter("/who")
        user.wait("The server did not say who is here.")
        link.reset()
        link.up.held = link.down.held = False
        user.enter("/reconnect")
        user.wait(lambda: user.chat.stage == "room")
        server.say("seen")
        user.wait("bob> seen")
        assert server.commands.count("into the hole") == 0
        assert user.said == ["into the hole"]


def test_a_megabyte_typed_to_a_server_that_never_reads(serve: Serve) -> None:
    """Memory is bounded, messages are shown as waiting, and after the loss Ctrl-Y has them all."""
    server = serve("lf")
    typed = [f"{number} ".ljust(1000, "x") for number in range(1000)]
    given = {"framing": "lf", **ROOM}
    with FaultProxy(server.port, window=4096) as link, Headless(link.port, **given) as user:
        user.wait("There are 2 people")
        link.up.held = True
        before = memory()
        for text in typed:
            user.enter(text)
            user.turn(0)
        assert memory() - before < 16 << 20
        assert len(user.said) + len(user.chat.waiting) == len(typed)
        assert user.chat.waiting[-1] == typed[-1]
        server.say("you can still hear me")
        user.wait("you can still hear me")
        link.reset()
        user.wait(lambda: user.chat.stage == "lost")
        user.app.key("C-y")
        shown = user.said + user.chat.conversation.editor.text.split(LINE_END)
        assert [text.strip() for text in shown] == [text.strip() for text in typed]
        assert len(shown) - len(user.said) > 100


def test_on_a_terminal_a_byte_at_a_time(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    with FaultProxy(server.port) as link:
        link.up, link.down = BAD_LINKS["a byte at a time"](), BAD_LINKS["a byte at a time"]()
        terminal = enter(chat, link.address, rows=40)
        for text in SAYINGS[:6]:
            server.say(text)
            terminal.type(text)
            terminal.press("Enter")
        server.wait(lambda: server.commands[-1] == SAYINGS[5])
        terminal.wait(lambda terminal: all(terminal.text.count(text) == 2 for text in SHOWN[:6]))
        link.reset()
        terminal.wait(NO_CONNECTION)
        terminal.press("Enter")
        terminal.wait(in_room())
        terminal.press("F10")
        assert terminal.wait_exit() == 0
        assert terminal.restored()


def test_on_a_terminal_a_server_that_never_reads(chat: Chat, serve: Serve) -> None:
    """Keys are answered, what waits is counted; at the end the user is told what was not sent."""
    server = serve("lf")
    with FaultProxy(server.port, window=4096) as link:
        terminal = enter(chat, link.address, *LINES)
        link.up.held = True
        for number in range(150):
            terminal.type(f"{number} {'x' * 990}")
            terminal.press("Enter")
        terminal.wait("waiting")
        terminal.type("draft")
        terminal.wait("ann› draft", 20)
        terminal.press("PageUp")
        terminal.wait("below")
        size = Path(f"/proc/{terminal.pid}/statm").read_text().split()[1]
        assert int(size) * os.sysconf("SC_PAGESIZE") < 64 << 20
        link.reset()
        terminal.wait(NO_CONNECTION)
        terminal.press("C-u", "C-k", "F10")
        assert terminal.wait_exit() == 69
        assert terminal.restored()
        assert b"Not sent: 149 xxx" in terminal.raw.rpartition(b"\x1b[?1049l")[2]
