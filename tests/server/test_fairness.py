"""Many clients ask for too much: each step and what waits are bounded, and others are served.

Counted, not timed; `python3 -m tests.bench.fairness` has the times.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from select import select

import pytest

import tuichat.server.server
from tests.server.test_server import PATIENCE_S, Guest, running
from tuichat.server.client import ATTENTION_BYTES, QUEUE_BYTES, Client
from tuichat.server.rooms import Mail
from tuichat.server.server import STEP_COST, TURN_COST, Server

LINES = "a\n" * 512


class Moved:
    """A server that is moved step by step, and all who are in it."""

    def __init__(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server = server
        self.clients: set[Client] = set()
        self.made = 0  # messages in the latest step
        self.guests: list[Guest] = []
        self.now = 100.0  # seconds
        post = Client.post

        def counted(client: Client, mail: Mail) -> None:
            self.clients.add(client)
            self.made += len(mail.texts)
            post(client, mail)

        monkeypatch.setattr(Client, "post", counted)
        monkeypatch.setattr(tuichat.server.server, "monotonic", lambda: self.now)

    def step(self) -> None:
        self.made = 0
        self.server.step(0.01)

    def enter_bare(self, room: str, nick: str) -> Guest:
        """Enter a room of a server on which every arrival is a command."""
        guest = Guest(self.server.address)
        self.guests.append(guest)
        guest.send(f"/join {room}")
        self.hear(guest, b"0")
        guest.send(f"/nick {nick}")
        self.hear(guest, b"room.")
        return guest

    def enter(self, room: str, nick: str) -> Guest:
        guest = Guest(self.server.address, b"\n", b"\n")
        self.guests.append(guest)
        guest.send(f"/join {room}\n/nick {nick}")
        self.hear(guest, b"room.\n")
        return guest

    def hear(self, guest: Guest, text: bytes) -> int:
        """Step until a guest has received something; return in how many steps."""
        for steps in range(10_000):
            while select([guest.sock], [], [], 0)[0]:
                guest.received += guest.sock.recv(65536)
            if text in guest.received:
                guest.received = b""
                return steps
            self.step()
        raise AssertionError(f"never received: {text!r}")

    def close(self) -> None:
        for guest in self.guests:
            guest.sock.close()

    @property
    def queued(self) -> int:
        return sum(client.queued for client in self.clients)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moved]:
    with closing(Server(port=0, framing="lf", gap=0.0)) as server:
        made = Moved(server, monkeypatch)
        yield made
        made.close()


@pytest.mark.parametrize("room", ["quiet", "hall"])
def test_among_many_who_flood_one_line_is_heard_soon_and_a_step_is_short(
    stage: Moved, room: str
) -> None:
    crowd = [stage.enter("hall", f"n{number}") for number in range(50)]
    ann, bob = stage.enter(room, "ann"), stage.enter(room, "bob")
    for guest in crowd:
        guest.send(LINES)
    stage.step()
    stage.step()
    assert stage.made >= STEP_COST  # the attack has begun, and goes on for long
    stage.now += 1.0  # in which ann has said nothing
    ann.send("hello")
    assert stage.hear(bob, b"ann> hello\n") <= 4
    for _ in range(50):
        stage.step()
        assert stage.made <= STEP_COST + TURN_COST + len(stage.guests)


def test_where_every_message_is_sent_by_itself_no_more_are_made_than_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with closing(Server(port=0, gap=0.0)) as server, ExitStack() as closing_all:
        stage = Moved(server, monkeypatch)
        closing_all.callback(stage.close)
        crowd = [stage.enter_bare("hall", f"n{number}") for number in range(40)]
        ann, bob = stage.enter_bare("hall", "ann"), stage.enter_bare("hall", "bob")
        for _ in range(200):
            for guest in crowd:
                guest.send("a")
            stage.step()
            for guest in stage.guests:
                while select([guest.sock], [], [], 0)[0]:
                    guest.sock.recv(65536)
        assert stage.made >= STEP_COST  # the attack has begun
        stage.now += 1.0  # in which ann has said nothing
        ann.send("hello")
        assert stage.hear(bob, b"ann> hello") <= 4


def test_who_floods_has_short_turns_and_all_have_them(stage: Moved) -> None:
    crowd = [stage.enter("hall", f"n{number}") for number in range(10)]
    listener = stage.enter("hall", "ann")
    for guest in crowd:
        guest.send(LINES)
    lines = b""
    while lines.count(b"> a\n") < 1000:
        stage.step()
        while select([listener.sock], [], [], 0)[0]:
            lines += listener.sock.recv(65536)
        said = [lines.count(b"n%d> a\n" % number) for number in range(10)]
        assert max(said) - min(said) <= 2 * TURN_COST


def test_a_paste_is_not_slowed(stage: Moved) -> None:
    ann, bob = stage.enter("general", "ann"), stage.enter("general", "bob")
    ann.send("".join(f"line {number}\n" for number in range(40)) + "end")
    assert stage.hear(bob, b"ann> end\n") <= 4


def test_lists_are_made_one_after_the_other(stage: Moved) -> None:
    """A client that asks for many has only some waiting, and gets all of them."""
    rooms = 100
    for number in range(rooms):
        stage.enter(f"room{number}", "ann")
    asker = Guest(stage.server.address, b"\n", b"\n")
    stage.guests.append(asker)
    asker.send("/list\n" * 100 + "/nonsense")
    most = 0
    received = b""
    while not received.endswith(b"\n1\n"):
        stage.step()
        most = max(most, stage.queued)
        while select([asker.sock], [], [], 0)[0]:
            received += asker.sock.recv(65536)
    assert received.count(b"room99\n") == 100
    one_list = 200 * rooms
    assert most <= ATTENTION_BYTES + one_list


def test_together_they_leave_no_more_unread_than_the_limit(
    stage: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clients that never read are dropped, one by one; those who read are not."""
    limit = 300_000
    monkeypatch.setattr(tuichat.server.server, "QUEUES_BYTES", limit)
    deaf = [stage.enter("hall", f"n{number}") for number in range(10)]
    ann, bob = stage.enter("hall", "ann"), stage.enter("hall", "bob")
    gone = b""
    for number in range(20_000):
        ann.send("x" * 1000 + f" {number}")
        for guest in (ann, bob):
            while select([guest.sock], [], [], 0)[0]:
                data = guest.sock.recv(65536)
                assert data
                if guest is bob:
                    gone += b"".join(line for line in data.splitlines() if b"disco" in line)
        stage.step()
        assert stage.queued <= limit
        if gone.count(b"disconnected") == len(deaf):
            break
    assert gone.count(b"disconnected") == len(deaf)
    assert not any(nick in gone for nick in (b"ann has", b"bob has"))


def test_what_is_too_much_for_one_is_not_queued() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        client = Client(ours, "\n", 0.0)
        while not client.is_lost:
            client.post(Mail(client, ("x" * 1000,) * 100))
            assert client.queued <= QUEUE_BYTES
        client.post(Mail(client, ("more",)))
        assert client.queued == 0


def test_sigterm_ends_it_under_load() -> None:
    with running("--framing", "lf") as (process, port):
        crowd = [Guest(("127.0.0.1", port), b"\n", b"\n") for _ in range(40)]
        for number, guest in enumerate(crowd):
            guest.send(f"/join hall\n/nick n{number}\n" + LINES)
        heard = b""
        while b"> a\n" not in heard:
            heard += crowd[0].sock.recv(65536)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)
        for guest in crowd:
            guest.sock.close()
    assert process.returncode == 128 + signal.SIGTERM
