"""The connection against real sockets; the clock is an argument, so no test waits for one."""

from __future__ import annotations

import os
import resource
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest

from tuichat.net.connection import READ_LIMIT, Connection, Left, Lost, Opened, Received
from tuichat.net.dial import _interleaved as interleaved
from tuichat.net.wakeup import Wakeup


class Loop:
    """One select at a time, with a clock that only the tests move."""

    def __init__(self, wakeup: Wakeup) -> None:
        self.wakeup, self.now = wakeup, 1000.0

    def connect(self, port: int, host: str = "127.0.0.1", **options) -> Connection:
        return Connection(host, port, self.wakeup.ring, self.now, **options)

    def turn(self, connection: Connection, seconds: float = 5) -> list:
        """What one select and one step bring; `seconds` is how long select may wait."""
        due = connection.deadline()
        if due is not None and due <= self.now:
            seconds = 0
        readers = [self.wakeup, *connection.readers()]
        readable, writable, odd = select.select(
            readers, connection.writers(), connection.exceptionals(), seconds
        )
        self.wakeup.drain()
        return connection.step({*readable, *writable, *odd}, self.now)

    def until(self, connection: Connection, done: Callable[[list], object]) -> list:
        """All events until `done(events)`."""
        events: list = []
        for _ in range(10_000):
            events += self.turn(connection)
            if done(events):
                return events
        raise AssertionError(f"never done: {events[-5:]}")

    def opened(self, connection: Connection) -> Opened:
        return self.until(connection, bool)[0]

    def lost(self, connection: Connection) -> list:
        return self.until(connection, lambda events: events and isinstance(events[-1], Lost))


@pytest.fixture
def loop() -> Iterator[Loop]:
    with Wakeup() as wakeup:
        yield Loop(wakeup)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        yield listener


def port_of(listener: socket.socket) -> int:
    return listener.getsockname()[1]


def reached(connection: Connection) -> str:
    """The address that the connection was made to."""
    [sock] = connection.readers()
    return str(sock.getpeername()[0])


def pair(loop: Loop, listener: socket.socket) -> tuple[Connection, socket.socket]:
    """An open connection and the server's end of it."""
    connection = loop.connect(port_of(listener))
    loop.opened(connection)
    peer = listener.accept()[0]
    peer.settimeout(10)
    return connection, peer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return port_of(listener)


def reset(peer: socket.socket) -> None:
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


# Opening


def test_an_address_needs_no_thread(loop, listener):
    threads = threading.active_count()
    connection = loop.connect(port_of(listener))
    assert threading.active_count() == threads
    assert loop.opened(connection) == Opened(0.0)
    assert connection.idle
    connection.abort()


def test_ipv6(loop):
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:  # no IPv6 here: then there must be a sentence
        [lost] = loop.lost(loop.connect(5220, "::1"))
        assert lost.reason.isprintable()
        return
    with listener:
        connection = loop.connect(port_of(listener), "::1")
        loop.opened(connection)
        assert reached(connection) == "::1"
        connection.abort()


def test_a_name_is_looked_up(loop, listener):
    connection = loop.connect(port_of(listener), "localhost")
    loop.opened(connection)
    assert reached(connection) == "127.0.0.1"
    connection.abort()


def test_the_time_of_connecting_is_that_of_the_address_that_answered(loop, listener):
    asked = threading.Event()

    def look_up(host: str, port: int) -> list:
        asked.wait(10)
        return [(socket.AF_INET, ("127.0.0.1", port))]

    connection = loop.connect(port_of(listener), "slow", look_up=look_up)
    loop.now += 3
    asked.set()
    while not connection.writers():
        assert loop.turn(connection) == []
    loop.now += 0.5
    assert loop.opened(connection).seconds == 0.5
    connection.abort()


def test_refused(loop):
    port = free_port()
    [lost] = loop.lost(loop.connect(port))
    assert lost == Lost(
        f"127.0.0.1 refused the connection on port {port}. Is the server running?",
    )


@pytest.mark.parametrize("name", ["a" * 64, "two words\n", "", "nul\0", "ü" * 64, "a..ü"])
def test_what_cannot_be_a_name(loop, name):
    [lost] = loop.lost(loop.connect(5220, name))
    assert lost.reason.startswith(("No host is named", "Cannot look up", "Could not look up")), lost
    assert lost.reason.isprintable()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (socket.EAI_NONAME, "No host is named nowhere. Is the name spelled right?"),
        (
            socket.EAI_AGAIN,
            "Cannot look up nowhere at the moment. Is this computer online?",
        ),
    ],
)
def test_a_name_without_an_address(loop, number, sentence):
    def look_up(host: str, port: int) -> list:
        raise socket.gaierror(number, "whatever the system says")

    connection = loop.connect(5220, "nowhere", look_up=look_up)
    assert loop.lost(connection) == [Lost(sentence)]
    assert connection.closed


def test_a_look_up_that_hangs_is_given_up_and_holds_nothing_up(loop):
    answer = threading.Event()
    connection = loop.connect(
        5220, "silent", look_up=lambda host, port: [] if answer.wait(30) else []
    )
    assert connection.deadline() == loop.now + 10
    assert loop.turn(connection, 0) == []
    loop.now += 10
    [lost] = loop.turn(connection)
    assert lost.reason == ("Could not look up silent within 10 seconds. Is this computer online?")
    answer.set()


def test_a_look_up_can_be_cancelled(loop):
    answer = threading.Event()
    connection = loop.connect(
        5220, "silent", look_up=lambda host, port: [] if answer.wait(30) else []
    )
    connection.leave(loop.now)
    assert connection.closed
    assert loop.turn(connection) == [Left()]
    answer.set()
    assert loop.turn(connection, 5) == []


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port where connecting takes forever: the queue of the listening socket is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        callers = [socket.socket() for _ in range(3)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        select.select([], callers[:1], [], 5)
        yield port_of(listener)
        for caller in callers:
            caller.close()


def test_nobody_answers_for_ten_seconds(loop, black_hole):
    connection = loop.connect(black_hole)
    assert loop.turn(connection, 0) == []
    assert connection.deadline() == loop.now + 10
    loop.now += 9.9
    assert loop.turn(connection, 0) == []
    loop.now += 0.1
    [lost] = loop.turn(connection, 0)
    assert lost.reason == (
        f"No answer from 127.0.0.1, port {black_hole}, within 10 seconds."
        " Is the address right? Is a firewall in the way?"
    )
    assert connection.closed


def test_addresses_are_staggered_and_the_first_to_answer_wins(loop, listener, black_hole):
    dead = (socket.AF_INET, ("127.0.0.1", black_hole))
    alive = (socket.AF_INET, ("127.0.0.1", port_of(listener)))
    connection = loop.connect(1, "both", look_up=lambda host, port: [dead, alive])
    while not connection.writers():
        assert loop.turn(connection) == []
    assert loop.turn(connection, 0) == []
    assert len(connection.writers()) == 1
    assert connection.deadline() == loop.now + 0.25
    loop.now += 0.25
    assert loop.turn(connection) == []
    losers = connection.writers()
    assert len(losers) == 2
    loop.opened(connection)
    assert [sock.fileno() for sock in losers].count(-1) == 1
    assert connection.deadline() is None
    connection.abort()


def test_after_a_refusal_the_next_address_is_tried_at_once(loop, listener):
    refusing = (socket.AF_INET, ("127.0.0.1", free_port()))
    alive = (socket.AF_INET, ("127.0.0.1", port_of(listener)))
    connection = loop.connect(1, "both", look_up=lambda host, port: [refusing, alive])
    assert isinstance(loop.opened(connection), Opened)
    connection.abort()


@pytest.mark.parametrize(
    ("found", "tried"),
    [
        ("4", "4"),
        ("444", "444"),
        ("46", "46"),
        ("6644", "6464"),
        ("4466", "4646"),
        ("64444", "64444"),
    ],
)
def test_families_take_turns_beginning_with_the_systems_favourite(found, tried):
    addresses = [(family, ("host", number)) for number, family in enumerate(found)]
    turns = interleaved(addresses)
    assert "".join(family for family, _ in turns) == tried
    assert sorted(turns) == sorted(addresses)


def test_the_most_telling_failure_is_reported(loop):
    port = free_port()
    unroutable = (socket.AF_INET, ("255.255.255.255", 1))
    refusing = (socket.AF_INET, ("127.0.0.1", port))
    for addresses in ([unroutable, refusing], [refusing, unroutable]):
        connection = loop.connect(port, "both", look_up=lambda host, port, a=addresses: a)
        assert "refused the connection" in loop.lost(connection)[0].reason


def test_a_failure_without_a_sentence_of_its_own(loop):
    [lost] = loop.lost(loop.connect(1, "255.255.255.255"))
    assert lost.reason.startswith(("Cannot connect to 255.255.255.255, port 1: ", "Cannot reach"))


def test_too_many_files_are_a_sentence(loop, listener):
    """select() raises for descriptors from 1,024 on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 1100:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1100, hard))
    files = [os.open(os.devnull, os.O_RDONLY)]
    try:
        while files[-1] < 1024:
            files.append(os.dup(files[0]))
        [lost] = loop.lost(loop.connect(port_of(listener)))
        assert lost.reason == "Cannot connect: too many open files."
    finally:
        for file in files:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_hundred_cycles_leak_no_descriptor(loop, listener):
    before = len(os.listdir("/dev/fd"))
    port = free_port()
    for _ in range(100):
        loop.lost(loop.connect(port))
        connection, peer = pair(loop, listener)
        peer.close()
        loop.lost(connection)
    assert len(os.listdir("/dev/fd")) == before


# Talking


def test_dead_peers_are_looked_for(loop, listener):
    connection, peer = pair(loop, listener)
    [sock] = connection.readers()
    with peer:
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        for name in ("TCP_NODELAY", "TCP_USER_TIMEOUT"):
            assert sock.getsockopt(socket.IPPROTO_TCP, getattr(socket, name, 1))
    connection.abort()


def test_both_ways(loop, listener):
    connection, peer = pair(loop, listener)
    with peer:
        connection.send(b"/list")
        assert connection.unsent == 0
        assert peer.recv(100) == b"/list"
        assert connection.writers() == []
        peer.send(b"0")
        assert loop.turn(connection) == [Received(b"0")]
        assert loop.turn(connection, 0) == []
    connection.abort()


def test_what_is_sent_too_early_goes_out_on_opening(loop, listener):
    connection = loop.connect(port_of(listener))
    connection.send(b"early")
    assert (connection.unsent, connection.idle) == (5, False)
    loop.opened(connection)
    assert (connection.unsent, connection.idle) == (0, True)
    connection.abort()


def test_reading_is_bounded(loop, listener):
    connection, peer = pair(loop, listener)
    sent = bytes(range(256)) * 4096
    with peer:
        writer = threading.Thread(target=peer.sendall, args=(sent,))
        writer.start()
        got = b""
        while len(got) < len(sent):
            for event in loop.turn(connection):
                assert len(event.data) <= READ_LIMIT
                got += event.data
        writer.join()
    assert got == sent
    connection.abort()


def come(peer: socket.socket) -> bytes | None:
    """What the peer can read now: b"" at the end, None if nothing has come."""
    peer.setblocking(False)
    try:
        return peer.recv(1 << 20)
    except BlockingIOError:
        return None


def test_a_server_that_never_reads_holds_nothing_up(loop, listener):
    connection, peer = pair(loop, listener)
    with peer:
        for _ in range(1000):
            connection.send(b"x" * 1_000)
        assert connection.unsent > 0
        assert not connection.idle
        assert connection.writers() == connection.readers()
        left = connection.unsent
        got = 0
        while got < 1_000_000:
            got += len(come(peer) or b"")
            loop.turn(connection, 0)
            assert connection.unsent <= left
            left = connection.unsent
        assert connection.idle
        assert connection.writers() == []
    connection.abort()


# Being left


def test_the_server_closes(loop, listener):
    connection, peer = pair(loop, listener)
    peer.send(b"bye")
    peer.close()
    assert loop.lost(connection) == [
        Received(b"bye"),
        Lost("The server closed the connection."),
    ]
    assert connection.closed
    assert not connection.idle
    assert (connection.readers(), connection.writers(), connection.deadline()) == ([], [], None)
    assert connection.step(set(), loop.now) == []


def test_a_farewell_before_a_reset_is_read_first(loop, listener):
    connection, peer = pair(loop, listener)
    connection.send(b"not read by the server")
    peer.send(b"the last word")
    reset(peer)
    assert loop.lost(connection) == [
        Received(b"the last word"),
        Lost("The server reset the connection."),
    ]


def test_a_farewell_is_read_although_sending_failed_first(loop, listener):
    connection, peer = pair(loop, listener)
    peer.send(b"the last word" * 10_000)
    reset(peer)
    select.select(connection.readers(), [], [], 5)
    while connection.deadline() is None:  # the kernel may take some before it notices
        connection.send(b"too late")
    assert connection.unsent > 0
    assert connection.writers() == []
    *received, lost = loop.lost(connection)
    data = b"".join(event.data for event in received)
    assert data == (b"the last word" * 10_000)[: len(data)]
    assert data
    assert connection.unsent > 0


def test_sending_after_the_loss_is_harmless_and_shows_as_unsent(loop, listener):
    connection, peer = pair(loop, listener)
    peer.close()
    loop.lost(connection)
    connection.send(b"draft")
    assert connection.unsent == 5


# Leaving


def test_leaving_costs_no_last_message(loop, listener):
    """Closing with unread input would reset the connection, and the server lose what we said."""
    connection, peer = pair(loop, listener)
    with peer:
        peer.send(b"unread" * 1000)
        select.select(connection.readers(), [], [], 5)
        connection.send(b"/logout")
        connection.leave(loop.now)
        assert not connection.closed
        assert not connection.idle
        assert connection.deadline() == loop.now + 1
        assert loop.turn(connection) == []
        assert peer.recv(100) == b"/logout"
        assert peer.recv(100) == b""  # and no reset
    assert loop.until(connection, bool) == [Left()]


def test_leaving_sends_what_is_unsent(loop, listener):
    connection, peer = pair(loop, listener)
    with peer:
        connection.send(b"x" * 1_000_000)
        connection.leave(loop.now)
        got = 0
        while (data := come(peer)) != b"":
            got += len(data or b"")
            loop.turn(connection, 0)
        assert got == 1_000_000
    assert loop.until(connection, bool) == [Left()]


def test_leaving_takes_a_second_at_most(loop, listener):
    connection, peer = pair(loop, listener)
    with peer:
        connection.leave(loop.now)
        loop.now += 0.9
        assert loop.turn(connection, 0) == []
        assert not connection.closed
        loop.now += 0.1
        assert loop.turn(connection, 0) == [Left()]


def server_was_quicker(loop: Loop, listener: socket.socket) -> Connection:
    """The end can no longer be announced: the server has reset the connection."""
    connection, peer = pair(loop, listener)
    connection.send(b"/logout")
    assert peer.recv(100) == b"/logout"
    reset(peer)
    select.select(connection.readers(), [], [], 5)
    return connection


def sending_failed(loop: Loop, listener: socket.socket) -> Connection:
    """Sending has failed, and something stays unsent."""
    connection = server_was_quicker(loop, listener)
    while connection.deadline() is None:
        connection.send(b"too late")
    return connection


def sending_will_fail(loop: Loop, listener: socket.socket) -> Connection:
    """Something is unsent when the server resets the connection, and nobody knows yet."""
    connection, peer = pair(loop, listener)
    connection.send(b"x" * 1_000_000)
    reset(peer)
    return connection


def server_closed(loop: Loop, listener: socket.socket) -> Connection:
    connection, peer = pair(loop, listener)
    peer.close()
    return connection


def still_connecting(loop: Loop, listener: socket.socket) -> Connection:
    return loop.connect(port_of(listener))


def all_refused(loop: Loop, listener: socket.socket) -> Connection:
    connection = loop.connect(free_port())
    loop.lost(connection)
    return connection


@pytest.mark.parametrize(
    "bring_about",
    [
        server_was_quicker,
        sending_failed,
        sending_will_fail,
        server_closed,
        still_connecting,
        all_refused,
    ],
)
def test_however_leaving_ends_it_is_told_once(loop, listener, bring_about):
    """And without waiting: nothing more will come that could wake a loop."""
    connection = bring_about(loop, listener)
    connection.leave(loop.now)
    assert loop.turn(connection) == [Left()]
    assert connection.closed
    assert (connection.readers(), connection.writers(), connection.deadline()) == ([], [], None)
    assert loop.turn(connection, 0) == []


def test_abort_closes_at_once(loop, listener):
    connection, peer = pair(loop, listener)
    [sock] = connection.readers()
    connection.abort()
    assert connection.closed
    assert sock.fileno() == -1
    peer.close()
