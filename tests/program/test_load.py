"""Heavy load: every message is counted, and memory stays bounded.

The benchmark measures the speed; this tests only that nothing goes wrong. To run it with larger
numbers: `python -c "from tests.program.test_load import chatter; print(chatter(50, 1000))"`.
"""

from __future__ import annotations

import os
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle, repeat
from operator import ge
from pathlib import Path

import pytest

from tests.support.faults import FaultProxy
from tests.support.headless import Headless
from tests.support.protocol_script import Talk
from tests.support.stages import Chat, Serve, enter, in_room
from tuichat.protocol import events
from tuichat.protocol.framing import PROVEN
from tuichat.server.server import Server

LF_ROOM = {"framing": "lf", "room": "general", "nick": "ann"}
KEPT = 1000  # lines of scrollback
POURED = 4 << 20  # bytes
READY = "ready"


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def resident(pid: int) -> int:
    """Bytes of memory that a process has in use now."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGESIZE")


@contextmanager
def pouring(data: Iterable[bytes]) -> Iterator[tuple[int, threading.Event]]:
    """A server for one client, that pours data on it once it is in the room and the event is set.
    """
    go = threading.Event()

    def serve(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client:
            for _ in ("/join", "/nick"):
                client.recv(1024)
                client.sendall(b"0\n")
            go.wait()
            for piece in data:
                client.sendall(piece)
            client.recv(1024)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1], go
        thread.join(20)


ENDLESS: dict[str, bytes] = {
    "a line without an end": b"x" * 65536,
    "characters of four bytes, without an end": "👩".encode() * 16384,
    "marks without an end": "\u0301".encode() * 32768,
    "controls without an end": b"\x1b" * 65536,
    "lines": b"bob> hello, everybody who is here\n" * 1900,
    "empty lines": b"\n" * 65536,
    "padding": b"\0" * 65536,
    "bytes that are not UTF-8": b"\xff" * 65536,
    "half a character": b"\xf0\x9f" * 32768,
}


@pytest.mark.parametrize("what", ENDLESS)
def test_memory_is_bounded_whatever_pours_in(chat: Chat, what: str) -> None:
    check_memory(chat, repeat(ENDLESS[what], POURED // 65536))


def test_memory_is_bounded_however_many_come_and_go(chat: Chat) -> None:
    names = (f"guest{number} has joined the room.\n" for number in range(150_000))
    check_memory(chat, iter(lambda: "".join(next(names, "") for _ in range(2000)).encode(), b""))


def check_memory(chat: Chat, data: Iterable[bytes], growth: int = 4 << 20) -> int:
    """Pour data in; return by how many bytes the program has grown, which is not much."""
    with pouring([*data, b"\nbob> that was all\n"]) as (port, go):
        arguments = ("--framing", "lf", "--room", "general", "--nick", "ann")
        terminal = chat(f"127.0.0.1:{port}", *arguments, "--scrollback", "100")
        terminal.wait(in_room())
        before = resident(terminal.pid)
        go.set()
        terminal.wait(lambda terminal: b"that was all" in terminal.raw[-20000:], 60)
        grown = resident(terminal.pid) - before
        assert grown < growth
        terminal.type("alive")
        terminal.wait("ann› alive")
        terminal.press("C-u", "F10")
        assert terminal.wait_exit() == 0
        return grown


def flood(count: int) -> Iterator[bytes]:
    """Messages with their numbers, in pieces that end anywhere."""
    data = b"".join(b"bob> message %d\n" % number for number in range(count))
    at = 0
    for size in cycle((1, 4000, 65536, 17, 1024)):
        if at >= len(data):
            return
        yield data[at : at + size]
        at += size


def test_a_flood_is_complete_and_in_order() -> None:
    with pouring(flood(30_000)) as (port, go), Headless(port, **LF_ROOM) as user:
        user.wait(lambda: user.chat.stage == "room")
        go.set()
        user.wait("bob> message 29999", 30)
        assert user.heard == [f"bob> message {number}" for number in range(30_000)]


def test_a_flood_is_counted_while_one_reads_further_up(chat: Chat, serve: Serve) -> None:
    """Keys are answered, the view stands still, and every message below it is counted."""
    server = serve("lf")
    terminal = enter(chat, server.address, "--scrollback", "20000")
    server.send(b"".join(b"bob> old %d\n" % number for number in range(100)))
    terminal.wait("old 99")
    terminal.press("PageUp")
    terminal.wait("below")
    held = terminal.screen[1:-2]
    for part in range(10):
        server.send(b"".join(b"bob> new %d\n" % number for number in range(1000)))
        terminal.type(f"{part}")
    terminal.wait("10000 new")
    terminal.wait("ann› 0123456789")
    assert terminal.screen[1:-2] == held
    terminal.press("C-End")
    terminal.wait("new 999")


def test_what_the_scrollback_drops_it_says() -> None:
    with pouring(flood(5000)) as (port, go), Headless(port, **LF_ROOM, scrollback=KEPT) as user:
        user.wait(lambda: user.chat.stage == "room")
        go.set()
        user.wait("bob> message 4999", 30)
        transcript = user.chat.conversation.transcript
        assert KEPT <= transcript.end - transcript.first <= KEPT * 1.1 + 4096
        user.app.state.rows = 10
        user.app.key("C-home")
        state = user.app.state
        rows, *_ = state.pane.page(state.look, user.chat.conversation.viewport.at, 8)
        assert f"{transcript.first:,} earlier lines were dropped" in rows[0][1][0]


@contextmanager
def served() -> Iterator[int]:
    """The program's own server, in a thread; gives its port."""
    server = Server("127.0.0.1", 0, "lf", gap=0.0)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server.address[1]
    finally:
        server.stop()
        thread.join(10)
        server.close()


def chatter(clients: int, messages: int, seconds: float = 60.0) -> float:
    """Let many talk at once through a bad link; everybody hears everything once and in order.

    Returns how many seconds it took.
    """
    with ExitStack() as running:
        link = running.enter_context(FaultProxy(running.enter_context(served())))
        users = [
            running.enter_context(
                Headless(link.port, framing="lf", room="general", nick=f"user{number}", memory={})
            )
            for number in range(clients)
        ]
        _turn(users, lambda: all(user.chat.stage == "room" for user in users), seconds)
        _get_ready(users, seconds)
        link.down.sizes, link.up.sizes = cycle((700, 9000, 3, 65000)), cycle((5, 300, 4000))
        link.down.delay, link.up.merge = 0.01, 0.005
        link.down.pause = link.up.pause = 0.0001
        ends = [end + messages * clients for end in _ends(users)]
        start = time.monotonic()
        for number in range(messages):
            for user in users:
                user.enter(f"message {number}")
                user.turn(0)
        _turn(users, lambda: all(map(ge, _ends(users), ends)), seconds)
        taken = time.monotonic() - start
        for user in users:
            user.rest(0)
            _check_heard(user, clients, messages)
    return taken


def _get_ready(users: list[Headless], seconds: float) -> None:
    """Wait for the last notices, and for all to be sure how this server ends its messages.

    Notices come before what is said later; but a speaker's own are shown at once: so two speak.
    """
    for speaker in users[:2]:
        for _ in range(PROVEN):
            speaker.enter(READY)
    _turn(users, lambda: all(_count_ready(user) == 2 * PROVEN for user in users), seconds)


def _count_ready(user: Headless) -> int:
    return sum(line.endswith(READY) for line in user.lines)


def _turn(users: list[Headless], condition: Callable[[], bool], seconds: float) -> None:
    """Let everybody's loop turn until a condition holds.

    It waits in between, or the servers' threads would hardly get the interpreter.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        connections = [user.driver.connection for user in users if user.driver.connection]
        select.select([sock for link in connections for sock in link.readers()], [], [], 0.01)
        for user in users:
            user.turn(0)


def _ends(users: list[Headless]) -> list[int]:
    return [user.chat.conversation.transcript.end for user in users]


def _check_heard(user: Headless, clients: int, messages: int) -> None:
    said: dict[str, list[str]] = {}
    for line in user.heard:
        nick, mark, text = line.partition("> ")
        if text == READY:
            continue
        if mark:
            said.setdefault(nick, []).append(text)
        else:
            assert re.fullmatch(r"user\d+ has joined the room\. *|(There are|You have) .*", line)
    others = {f"user{number}" for number in range(clients)} - {user.chat.entrance.nick}
    expected = [f"message {number}" for number in range(messages)]
    assert said == dict.fromkeys(others, expected)
    assert [text for text in user.said if text != READY] == expected


def test_fifty_talk_at_once_through_a_bad_link() -> None:
    chatter(50, 4)


def test_an_endless_list_of_rooms_ends() -> None:
    """What is kept of it is bounded; what comes later is what the server says."""
    talk = Talk(fixed="lf")
    talk.session.list_rooms()
    talk.play(b"999999999\n", *(b"room%d\n" % number * 1000 for number in range(60)), b"later\n")
    rooms, *more = [event for event in talk.happened if not isinstance(event, events.ServerSaid)]
    assert isinstance(rooms, events.Rooms)
    assert len(rooms.raw) < 300_000
    assert not more
    assert talk.shown[-1] == "later"


def test_an_endless_answer_to_who_ends() -> None:
    talk = Talk("room", fixed="lf")
    talk.session.who()
    names = b"".join(b"name%d\n" % number for number in range(30_000))
    talk.play(*(names[at : at + 65536] for at in range(0, len(names), 65536)), 3.0)
    [who] = [event for event in talk.happened if isinstance(event, events.Who)]
    assert who.names == [f"name{number}" for number in range(10_000)]
    assert talk.heard == [f"name{number}" for number in range(10_000, 30_000)]
