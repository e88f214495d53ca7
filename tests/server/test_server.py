"""The server, over real sockets on loopback: what clients of every kind receive, byte by byte."""

from __future__ import annotations

import re
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from math import inf
from select import select
from selectors import EVENT_READ, DefaultSelector

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tuichat.server.rooms
import tuichat.server.server
from tests.support.program import ROOT
from tuichat.server.client import Arrivals, Client, Lines
from tuichat.server.rooms import Mail, Rooms, User
from tuichat.server.server import GAP_S, Journal, Server, main
from tuichat.wire import MESSAGE_BYTES, Stage

PATIENCE_S = 20.0
ENDINGS = {"bare": b"", "lf": b"\n", "crlf": b"\r\n"}


class Guest:
    """A client that sends and expects exact bytes; `end` is how the server ends its messages."""

    def __init__(self, address: tuple[str, int], ending: bytes = b"", end: bytes = b"") -> None:
        self.sock = socket.create_connection(address, timeout=PATIENCE_S)
        self.ending = ending
        self.end = end
        self.received = b""

    def send(self, text: str) -> None:
        self.sock.sendall(text.encode() + self.ending)

    def expect(self, expected: bytes) -> None:
        """Receive exactly `expected` next."""
        while len(self.received) < len(expected) and self.received == expected[: self.got]:
            data = self.sock.recv(65536)
            if not data:
                break
            self.received += data
        assert self.received[: len(expected)] == expected
        self.received = self.received[len(expected) :]

    @property
    def got(self) -> int:
        return len(self.received)

    def expect_end(self) -> None:
        """Receive nothing more, and the end of the connection; a reset will do."""
        with suppress(ConnectionError):
            self.received += self.sock.recv(65536)
        assert self.received == b""

    def enter(self, room: str, nick: str) -> None:
        """Make a new room."""
        self.ask(f"/join {room}", b"0" + self.end)
        self.ask(f"/nick {nick}", b"0%bYou have joined a new room.%b" % (self.end, self.end))

    def follow(self, room: str, nick: str, count: int, *others: Guest) -> None:
        """Enter a room that exists, and check that the others are told."""
        notice = f"{nick} has joined the room.  ".encode() + self.end
        people = b"There are %d people in the room." % count + self.end
        self.ask(f"/join {room}", b"0" + self.end)
        self.ask(f"/nick {nick}", b"0" + self.end + notice + people)
        for other in others:
            other.expect(notice)

    def ask(self, text: str, expected: bytes) -> None:
        self.send(text)
        self.expect(expected)


@contextmanager
def serving(framing: str = "bare") -> Iterator[Callable[..., Guest]]:
    """Run a server in a thread; give a function that connects a new guest to it.

    A guest ends what it sends as the server does, unless told otherwise.
    """
    guests: list[Guest] = []
    end = ENDINGS[framing]
    server = Server(port=0, framing=framing, gap=0.0)

    def guest(ending: bytes = end) -> Guest:
        guests.append(Guest(server.address, ending, end))
        return guests[-1]

    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield guest
    finally:
        server.stop()
        thread.join(PATIENCE_S)
        server.close()
        for each in guests:
            each.sock.close()


@pytest.fixture
def connect() -> Iterator[Callable[..., Guest]]:
    with serving() as guest:
        yield guest


@pytest.mark.parametrize(
    ("framing", "their_ending"),
    [("bare", b""), ("bare", b"\n"), ("bare", b"\r\n"), ("bare", b"\0"), ("bare", b"\n\0")]
    + [(framing, ending) for framing in ("lf", "crlf") for ending in (b"\n", b"\r\n", b"\n\0")],
)
def test_a_whole_session_with_every_pair_of_framings(framing: str, their_ending: bytes) -> None:
    end = ENDINGS[framing]
    with serving(framing) as connect:
        alice, bob = connect(their_ending), connect(their_ending)
        alice.ask("/list", b"0" + end)
        alice.ask("/join general", b"0" + end)
        bob.ask("/list", b"0" + end)
        alice.ask("/nick alice", b"0" + end + b"You have joined a new room." + end)
        bob.ask("/list", b"1" + end + b"general" + end)
        bob.ask("/join general", b"0" + end)
        bob.ask("/nick alice", b"2" + end)
        notice = b"bob has joined the room.  " + end
        bob.ask("/nick bob", b"0" + end + notice + b"There are 2 people in the room." + end)
        alice.expect(notice)
        alice.send("hello, bøb")
        bob.expect("alice> hello, bøb".encode() + end)
        alice.ask("/who", b"Users in this room:" + end + b"alice" + end + b"bob" + end)
        bob.send("/logout")
        bob.expect_end()
        alice.expect(b"bob has left the room." + end)


@pytest.mark.parametrize(
    "text",
    ["/join", "/join a b", "/join a-b", "/join né!", " /join a", "/JOIN a", "/list x", "/who"]
    + ["/nick a", "hello", "/", "\n", " ", "/list /join a", "/join \ufffd"]
    + ["/list/list", "/list\n/list\n", "/list\0/list\0", "/join a\n/nick b\n", "/logout\n/logout"],
)
def test_the_lobby_refuses_what_is_badly_formed(connect: Callable[..., Guest], text: str) -> None:
    guest = connect()
    guest.ask(text, b"1")
    guest.ask("/list", b"0")


@pytest.mark.parametrize(
    "data",
    [b"/nick", b"/nick a b", b"/nick a_b", b"bob", b"/who", b"\n", b"/nick \xff", b"\xc3"]
    + [b"/list", b"/join other", b" /nick ann", b"/nick \x1b[2J"]
    + [b"/nick ann\n/who\n", b"/nick ann\r\nhello\r\n", b"/nick/nick ann"],
)
def test_naming_refuses_and_asks_again(connect: Callable[..., Guest], data: bytes) -> None:
    guest = connect()
    guest.ask("/join general", b"0")
    guest.sock.sendall(data)
    guest.expect(b"1")
    guest.ask("/nick ann", b"0You have joined a new room.")


@pytest.mark.parametrize("name", ["42", "été", "名前", "ß", "x" * 1018, "²"])
def test_one_alphanumeric_word_is_a_name(connect: Callable[..., Guest], name: str) -> None:
    guest = connect()
    guest.enter(name, name[:300])
    guest.ask("/who", b"Users in this room:" + name[:300].encode())


def test_trailing_white_space_is_no_part_of_a_command(connect: Callable[..., Guest]) -> None:
    guest = connect()
    guest.ask("/list \t ", b"0")
    guest.ask("/join general  ", b"0")
    guest.ask("/nick ann ", b"0You have joined a new room.")


def test_a_room_shows_with_its_first_nick_and_stays_when_empty(
    connect: Callable[..., Guest],
) -> None:
    alice, bob, carol = connect(), connect(), connect()
    alice.ask("/join general", b"0")
    bob.ask("/join general", b"0")
    carol.ask("/list", b"0")
    bob.ask("/nick bob", b"0You have joined a new room.")
    carol.ask("/list", b"1general")
    bob.send("/logout")
    bob.expect_end()
    carol.ask("/list", b"1general")
    alice.ask("/nick bob", b"0bob has joined the room.  There is 1 person in the room.")


def test_a_nick_is_taken_in_its_own_room_only(connect: Callable[..., Guest]) -> None:
    first, second, third = connect(), connect(), connect()
    first.enter("general", "alice")
    second.ask("/join general", b"0")
    for _ in range(5):
        second.ask("/nick alice", b"2")
    third.enter("python", "alice")
    first.send("/logout")
    first.expect_end()
    second.ask("/nick alice", b"0alice has joined the room.  There is 1 person in the room.")


@pytest.mark.parametrize(
    "text",
    ["/who x", "/list", "/nick x", "/anything", " /who", "//", "0"]
    + ["one\ntwo\r\nthree", "/who\n/who", "/logout\n/logout", "\nhi"],  # one read, one command
)
def test_in_a_room_everything_else_is_chat(connect: Callable[..., Guest], text: str) -> None:
    alice, bob = connect(), connect()
    alice.enter("general", "alice")
    bob.follow("general", "bob", 2, alice)
    alice.send(text)
    bob.expect(b"alice> " + text.encode())
    bob.send("no echo before this")
    alice.expect(b"bob> no echo before this")


@pytest.mark.parametrize("blank", [b"\n", b" ", b"\r\n", b" \t \n", b"   \0"], ids=repr)
def test_a_blank_message_logs_out(connect: Callable[..., Guest], blank: bytes) -> None:
    alice, bob = connect(), connect()
    alice.enter("general", "alice")
    bob.follow("general", "bob", 2, alice)
    bob.sock.sendall(blank)
    bob.expect_end()
    alice.expect(b"bob has left the room.")


@pytest.mark.parametrize("before", [[], ["/join general"]])
def test_logout_before_the_room_closes_without_a_word(
    connect: Callable[..., Guest], before: list[str]
) -> None:
    guest = connect()
    for text in before:
        guest.ask(text, b"0")
    guest.send("/logout")
    guest.expect_end()


@pytest.mark.parametrize("reset", [False, True])
def test_hanging_up_is_told(connect: Callable[..., Guest], reset: bool) -> None:
    alice, bob = connect(), connect()
    alice.enter("general", "alice")
    bob.follow("general", "bob", 2, alice)
    if reset:
        bob.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    bob.sock.close()
    alice.expect(b"bob has been disconnected.")


def test_one_who_stops_sending_still_gets_the_answer(connect: Callable[..., Guest]) -> None:
    guest, asker = connect(), connect()
    guest.enter("general", "ann")
    asker.send("/list")
    asker.sock.shutdown(socket.SHUT_WR)
    asker.expect(b"1general")
    asker.expect_end()


@pytest.mark.parametrize("framing", ENDINGS)
def test_a_long_message_is_cut_and_each_piece_prefixed(framing: str) -> None:
    end = ENDINGS[framing]
    with serving(framing) as connect:
        alice, bob = connect(), connect()
        alice.enter("general", "alice")
        bob.follow("general", "bob", 2, alice)
        alice.send("x" * 1500)
        bob.expect(b"alice> " + b"x" * 1024 + end + b"alice> " + b"x" * 476 + end)
        alice.send("y" * 1024)
        bob.expect(b"alice> " + b"y" * 1024 + end)
        alice.send("still here")
        bob.expect(b"alice> still here" + end)


def test_broken_utf8_is_relayed_as_replacements(connect: Callable[..., Guest]) -> None:
    alice, bob = connect(), connect()
    alice.enter("general", "alice")
    bob.follow("general", "bob", 2, alice)
    alice.sock.sendall(b"caf\xc3 \xff ok")
    bob.expect("alice> caf\ufffd \ufffd ok".encode())


def test_quick_messages_of_a_line_client_stay_apart() -> None:
    with serving("lf") as connect:
        alice, bob = connect(), connect()
        alice.enter("general", "alice")
        bob.follow("general", "bob", 2, alice)
        alice.send("one\ntwo\r\nthree")
        bob.expect(b"alice> one\nalice> two\nalice> three\n")


@pytest.mark.parametrize("framing", ["lf", "crlf"])
def test_a_line_may_come_in_any_parts_from_the_very_first(framing: str) -> None:
    end = ENDINGS[framing]
    with serving(framing) as connect:
        guest, other = connect(), connect()
        guest.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for text, answer in [
            ("/list\n", b"0" + end),
            ("/join général\r\n", b"0" + end),
            ("/nick ann\n/who\n", b"0%bYou have joined a new room.%bUsers" % (end, end)),
        ]:
            for byte in text.encode():
                guest.sock.sendall(bytes([byte]))
                other.ask("/nonsense", b"1" + end)  # the server has read that byte on its own
            guest.expect(answer)


def test_half_a_line_is_said_when_its_writer_hangs_up() -> None:
    with serving("lf") as connect:
        alice, bob = connect(), connect()
        alice.enter("general", "alice")
        bob.sock.sendall(b"/join general\n/nick bob\nbye")
        bob.sock.shutdown(socket.SHUT_WR)
        alice.expect(b"bob has joined the room.  \nbob> bye\nbob has been disconnected.\n")


def commands_of(inbox: Arrivals | Lines, *arrivals: bytes) -> list[str]:
    """What an inbox makes of some arrivals and the end of the connection."""
    return [text for data in arrivals for text in inbox.feed(data)] + [*inbox.close()]


@pytest.mark.parametrize(
    ("arrivals", "commands"),
    [
        ([b"/list", b"/join a"], ["/list", "/join a"]),
        ([b"/list\n", b"/join a\r\n", b"hi \t\n"], ["/list", "/join a", "hi"]),
        ([b"/list\n/join a\n"], ["/list\n/join a"]),
        ([b"one\r\ntwo\n\n"], ["one\r\ntwo"]),
        ([b"/li", b"st\n"], ["/li", "st"]),
        ([b"/list", b"\n", b" ", b"\x1f\n", b"\xe2\x80\xa8"], ["/list", "", "", "", ""]),
        ([b"/list" + b"\0" * 1019, b"hi\n\0", b"\0" * 9], ["/list", "hi"]),
        ([b"\0hi", b"a\0b\0"], ["\0hi", "a\0b"]),
        ([b"caf\xc3", b"\xa9"], ["caf\ufffd", "\ufffd"]),
        ([b"x" * 1024, b"\n"], ["x" * 1024, ""]),
    ],
)
def test_without_framing_a_read_is_a_command(arrivals: list[bytes], commands: list[str]) -> None:
    assert commands_of(Arrivals(), *arrivals) == commands


@pytest.mark.parametrize(
    ("arrivals", "commands"),
    [
        ([b"/li", b"st", b"\n", b"/join a\r", b"\n"], ["/list", "/join a"]),
        ([b"/list\n/join a\r\nhi"], ["/list", "/join a", "hi"]),
        ([b"caf\xc3", b"\xa9\n"], ["café"]),
        ([b"/list\n\0" + b"\0" * 1017, b"hi\n\0", b"\0" * 9], ["/list", "hi"]),
        ([b"a\n\0b\n\0"], ["a", "b"]),
        ([b"\n", b"a\n\n", b"\x1f\n", b"\xe2\x80\xa8\n"], ["", "a", "", "", ""]),
        ([b"x" * 1024, b"\n", b"b\n"], ["x" * 1024, "b"]),
        ([b"x" * 1024, b"\r", b"\n"], ["x" * 1024]),
        ([b"x" * 1023 + " é".encode() + b"\n"], ["x" * 1023, "é"]),
        ([b"x" * 1000, b"x" * 1000, b"x" * 1000 + b"\n"], ["x" * 1024, "x" * 1024, "x" * 952]),
    ],
)
def test_what_is_a_line(arrivals: list[bytes], commands: list[str]) -> None:
    assert commands_of(Lines(), *arrivals) == commands


@given(
    lines=st.lists(st.text(st.characters(exclude_characters="\n\0", codec="utf-8"), max_size=40)),
    ending=st.sampled_from([b"\n", b"\r\n"]),
    cuts=st.sets(st.integers(0, 500)),
)
def test_lines_survive_every_split(lines: list[str], ending: bytes, cuts: set[int]) -> None:
    stream = b"".join(line.encode() + ending for line in lines)
    at = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    arrivals = [stream[a:b] for a, b in zip(at, at[1:], strict=False)]
    assert commands_of(Lines(), *arrivals) == [line.rstrip() for line in lines]


@given(st.lists(st.binary(max_size=MESSAGE_BYTES)))
def test_no_command_is_too_long_whatever_comes(arrivals: list[bytes]) -> None:
    for inbox in (Arrivals(), Lines()):
        for text in commands_of(inbox, *arrivals):
            assert len(text) <= MESSAGE_BYTES


class Listener(User):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def post(self, mail: Mail) -> None:
        self.told += mail.texts


WORDS = st.sampled_from(["/list", "/join", "/nick", "/who", "/logout", "a", "b", "", " ", "é"])
STAGES = (Stage.LOBBY, Stage.NAMING, Stage.ROOM, Stage.OUT)
COMMANDS = st.lists(WORDS | st.text(max_size=5), max_size=3).map(" ".join)


@given(st.lists(st.tuples(st.integers(0, 3), COMMANDS)))
def test_mail_goes_to_the_asker_and_its_room_only(script: list[tuple[int, str]]) -> None:
    rooms, users = Rooms(), [Listener() for _ in range(4)]
    for number, text in script:
        user = users[number]
        stage = user.stage
        for mail in rooms.handle(user, text):
            in_room = mail.to.stage == Stage.ROOM and mail.to.room == user.room
            assert mail.to is user or in_room
            assert all(mail.texts)
        assert STAGES.index(user.stage) >= STAGES.index(stage)
        inside = [(each.room, each.nick) for each in users if each.stage == Stage.ROOM]
        assert len(set(inside)) == len(inside)


@pytest.mark.parametrize("gap", [0.0, GAP_S])
def test_the_0_that_lets_one_in_goes_out_alone(gap: float) -> None:
    """Over sockets that keep apart what is sent apart."""
    ours, theirs = socket.socketpair(type=socket.SOCK_DGRAM)
    with ours, theirs:
        rooms, ann = Rooms(), Client(ours, "", gap)
        for user, text in [
            (Listener(), "/join general"), (ann, "/join general"), (ann, "/nick a b"),
            (ann, "/nick ann"), (ann, "/who"),
        ]:  # fmt: skip
            for mail in rooms.handle(user, text):
                mail.to.post(mail)
        seen = []
        while ann.next_due() < inf:
            now = ann.next_due()
            ann.send_due(now)
            theirs.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    seen.append((now, theirs.recv(100)))
        assert seen == [
            (0.0, b"0"), (0.0, b"1"), (0.0, b"0"), (gap, b"You have joined a new room."),
            (gap, b"Users in this room:"), (2 * gap, b"ann"),
        ]  # fmt: skip


def test_a_client_that_compares_all_it_reads_with_0_gets_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By a clock set by hand: nothing can follow the `0` before it is read."""
    now = 100.0
    monkeypatch.setattr(tuichat.server.server, "monotonic", lambda: now)
    with closing(Server(port=0)) as server, ExitStack() as stack:
        for nick, notices in [
            ("ann", b"You have joined a new room."),
            ("bob", b"bob has joined the room.  There are 2 people in the room."),
            ("eve", b"eve has joined the room.  There are 3 people in the room."),
        ]:
            sock = stack.enter_context(socket.create_connection(server.address, PATIENCE_S))

            def read(sock: socket.socket = sock) -> bytes:
                while not select([sock], [], [], 0)[0]:
                    server.step(0.01)
                return sock.recv(MESSAGE_BYTES)

            sock.sendall(b"/join general")
            assert read() == b"0"
            sock.sendall(f"/nick {nick}".encode())
            assert read() == b"0"
            now += GAP_S
            assert read() == notices


def test_the_items_of_a_list_are_a_gap_apart() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        client = Client(ours, "", gap=0.25)
        client.post(Mail(client, ("2", "general", "python"), spaced=True))
        client.post(Mail(client, ("alice> hi",)))
        seen = []
        for now in (7.0, 7.125, 7.25, 7.375, 7.5, 7.625, 7.75):
            client.send_due(now)
            theirs.setblocking(False)
            try:
                seen.append((now, theirs.recv(100)))
            except BlockingIOError:
                assert client.next_due() > now
        assert seen == [(7.0, b"2"), (7.25, b"general"), (7.5, b"python"), (7.75, b"alice> hi")]


def test_the_oldest_empty_room_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuichat.server.rooms, "MAX_ROOMS", 3)
    rooms = Rooms()
    for number in range(5):
        user = Listener()
        for text in (f"/join room{number}", "/nick ann", *(["/logout"] if number else [])):
            rooms.handle(user, text)
    [mail] = rooms.handle(Listener(), "/list")
    assert mail.texts == ("3", "room0", "room3", "room4")


def test_one_who_never_reads_is_dropped_and_holds_up_nobody() -> None:
    with serving("lf") as connect:
        alice, bob, deaf = connect(), connect(), connect()
        alice.enter("general", "alice")
        bob.follow("general", "bob", 2, alice)
        deaf.follow("general", "deaf", 3, alice, bob)
        text, farewell = "x" * 1000, b"deaf has been disconnected.\n"
        heard = f"alice> {text}\n".encode()
        dropped, said = False, 0
        while not dropped:
            assert said < 100_000
            for _ in range(100):
                alice.send(text)
            said += 100
            while bob.received.count(heard) < 100:
                bob.received += bob.sock.recv(65536)
            dropped = farewell in bob.received
            bob.received = bob.received.replace(heard, b"")
        assert bob.received == farewell
        alice.expect(farewell)


def test_garbage_without_end_disturbs_nobody(connect: Callable[..., Guest]) -> None:
    vandals = [connect(), connect(), connect()]
    vandals[1].ask("/join general", b"0")
    vandals[2].enter("general", "vandal")
    garbage = bytes(byte for byte in range(1, 256) if byte != 10) * 4000
    for vandal in vandals:
        vandal.sock.sendall(garbage)
    ann = connect()
    ann.ask("/list", b"1general")
    ann.enter("python", "ann")
    ann.ask("/who", b"Users in this room:ann")


def test_when_it_is_full_callers_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuichat.server.server, "MAX_CLIENTS", 2)
    monkeypatch.setattr(tuichat.server.server, "ACCEPT_PAUSE_S", 0.01)
    with serving() as connect:
        first, second, third = connect(), connect(), connect()
        third.send("/list")
        first.ask("/list", b"0")
        second.enter("general", "ann")
        first.sock.close()
        third.expect(b"1general")


def test_fifty_clients_hear_everything_once_and_in_order() -> None:
    count, rounds = 50, 20
    with serving("lf") as connect, DefaultSelector() as selector:
        guests = [connect() for _ in range(count)]
        for number, guest in enumerate(guests):
            guest.send(f"/join general\n/nick n{number}")
            while b"joined a new room.\n" not in guest.received and (
                b"people in the room.\n" not in guest.received
            ):
                guest.received += guest.sock.recv(65536)
            selector.register(guest.sock, EVENT_READ, guest)
        for turn in range(rounds):
            for guest in guests:
                guest.send(f"message {turn}")
        while any(guest.received.count(b"> message") < (count - 1) * rounds for guest in guests):
            ready = selector.select(PATIENCE_S)
            assert ready
            for key, _ in ready:
                key.data.received += key.data.sock.recv(65536)
        for me, guest in enumerate(guests):
            lines = [line for line in guest.received.decode().split("\n") if "> message" in line]
            for number in range(count):
                heard = [line for line in lines if line.startswith(f"n{number}> ")]
                said = [f"n{number}> message {turn}" for turn in range(rounds)]
                assert heard == ([] if number == me else said)


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the server as a user would; give the process and the port that it announces."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tuichat.server", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
    )
    with process:
        try:
            assert process.stdout
            words = process.stdout.readline().split()
            process.stdout.readline()  # who can reach it
            yield process, int(words[words.index("port") + 1].rstrip("."))
        finally:
            process.kill()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_cleanly(number: signal.Signals, status: int) -> None:
    with running() as (process, port):
        ann = Guest(("127.0.0.1", port))
        ann.enter("general", "ann")
        process.send_signal(number)
        ann.expect_end()
        out, err = process.communicate(timeout=PATIENCE_S)
        ann.sock.close()
    assert (process.returncode, out, err) == (status, "ann joined general\n", "")


def test_who_stops_its_output_stops_nobody() -> None:
    with running("--framing", "lf") as (process, port):
        for number in range(100):  # more than a pipe holds
            guest = Guest(("127.0.0.1", port), b"\n", b"\n")
            guest.send(f"/join general\n/nick {number:01000}")
            while b"room.\n" not in guest.received:
                assert (data := guest.sock.recv(65536))
                guest.received += data
            guest.sock.close()
        assert process.stdout
        first = process.stdout.readline()  # and what is read with it
        zoe = Guest(("127.0.0.1", port), b"\n", b"\n")
        zoe.enter("quiet", "zoe")
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=PATIENCE_S)
        zoe.sock.close()
    assert process.returncode == 143
    assert first == f"{0:01000} joined general\n"
    assert re.search(r"general\n\(\d+ lines skipped\)\n.*zoe joined quiet\n\Z", rest, re.DOTALL)


def test_a_second_ctrl_c_while_it_ends_does_no_harm() -> None:
    with closing(Server(port=0)) as server:
        server.stop()
    server.stop()


def test_five_hundred_idle_connections_disturb_nobody() -> None:
    with running() as (_, port):
        idle = [socket.create_connection(("127.0.0.1", port), PATIENCE_S) for _ in range(500)]
        ann = Guest(("127.0.0.1", port))
        ann.enter("general", "ann")
        ann.ask("/who", b"Users in this room:ann")
        for sock in (ann.sock, *idle):
            sock.close()


def test_it_says_where_it_listens_and_for_whom() -> None:
    where, reach = tuichat.server.server.greeting("127.0.0.1", 5220)
    assert "on 127.0.0.1 port 5220" in where
    assert reach.startswith("Only this computer")
    assert max(len(where), len(reach)) <= 80
    assert tuichat.server.server.greeting("::1", 5220)[1] == reach
    assert tuichat.server.server.greeting("0.0.0.0", 5220)[1].startswith("Everyone")


def test_a_port_in_use_is_one_sentence_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Server(port=0)) as server:
        _, port = server.address
        assert main(["--port", str(port)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert f"port {port} on 127.0.0.1 is in use" in told.err
    assert "--port (0: any free port)" in told.err


@pytest.mark.parametrize("host", ["192.0.2.1", "x" * 70, "a..b", ""])
def test_a_bad_host_is_one_sentence_and_what_to_do(
    host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--host", host, "--port", "0"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("tuichat-server: ")
    assert "--host 127.0.0.1" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    "argv", [["--port", "65536"], ["--port", "x"], ["--port=-1"], ["--framing", "auto"], ["x"]]
)
def test_wrong_use_exits_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert "usage: tuichat-server" in capsys.readouterr().err


def test_nothing_a_stranger_sends_acts_on_the_console(capsys: pytest.CaptureFixture[str]) -> None:
    Journal().tell("\x1b[2Jann\r\n\x9b joined \u202egeneral")
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert not set(out) & set("\x1b\r\x9b\u202e")
