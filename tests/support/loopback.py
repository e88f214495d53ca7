"""The base of the servers in `dialects`: connections, and one thread that serves them all."""

from __future__ import annotations

import os
import selectors
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

from tests.support.habits import LIMIT, Fate


@contextmanager
def served_first() -> Iterator[None]:
    """Give the calling thread the processor before others, where that is allowed.

    A server or a client that is late to read on a busy machine would take two messages for one.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), -10)
    try:
        yield
    finally:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 0)


@dataclass
class Received:
    """What one client has sent, for tests to look at.

    `chunks` has the exact bytes of each recv with the time (seconds, monotonic), `commands` what
    this server took for commands and messages, and `ended` how the client left: "" while it is
    connected, "eof", "reset", or "closed" if it was this server that closed.
    """

    chunks: list[tuple[float, bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    ended: str = ""

    @property
    def data(self) -> bytes:
        """All bytes in one."""
        return b"".join(data for _, data in self.chunks)


class Client:
    """One connection: where it is in the protocol, what is still to be sent, what it has said."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.received = Received()
        self.room = ""
        self.nick = ""
        self.unread = b""  # the start of a line that is not ended yet
        self.outgoing: deque[tuple[float, bytes | Fate]] = deque()
        self.sending = b""
        self.due = 0.0  # when the head of `outgoing`, or the next byte of `sending`, may go
        self.read_at = 0.0  # when this client may be read, if there is something
        self.wedged = False

    @property
    def in_room(self) -> bool:
        return bool(self.nick)

    @property
    def idle(self) -> bool:
        return not self.outgoing and not self.sending

    def queue(self, delay: float, data: bytes | Fate, now: float, *, first: bool = False) -> None:
        """Send something `delay` seconds after what comes before it, or before all that waits."""
        if self.wedged:
            return
        if first or self.idle:
            self.due = now + delay
        if first:
            self.outgoing.appendleft((delay, data))
        else:
            self.outgoing.append((delay, data))


class LoopbackServer:
    """Connections to a port of the loopback interface, served by a thread of its own.

    Arguments: the port, 0 for a free one; `dribble`, the seconds between two bytes that are sent,
    or None if they are sent together.
    """

    def __init__(self, port: int = 0, dribble: float | None = None) -> None:
        self.received: list[Received] = []
        self._dribble = dribble
        self._clients: list[Client] = []
        self._changed = threading.Condition()
        self._calls: deque[tuple[Callable[[], object], Future[None]]] = deque()
        self._failure: BaseException | None = None
        self._running = True
        self._listener = socket.create_server(("127.0.0.1", port))
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._bell_out, self._bell_in = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)

    # To be defined by the protocol

    def _greet(self, client: Client, now: float) -> None:
        """A client has connected."""
        raise NotImplementedError

    def _hear(self, client: Client, data: bytes, now: float) -> None:
        """A client has sent something."""
        raise NotImplementedError

    def _left(self, client: Client) -> None:
        """A client is gone."""
        raise NotImplementedError

    def _pause(self, client: Client) -> float:
        """How many seconds to leave unread what has just come from a client."""
        raise NotImplementedError

    # What tests ask it

    @property
    def address(self) -> str:
        """HOST:PORT, as a client's command line takes it."""
        return f"127.0.0.1:{self.port}"

    def wait(self, holds: Callable[[], object], seconds: float = 10) -> None:
        """Wait until a condition on `received` or `members` holds, or raise AssertionError.

        The condition is checked whenever a client connects, sends something, or leaves.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: holds() or self._failure, seconds):
                raise AssertionError(f"waited {seconds:g} s; the server has read:\n{self._heard()}")
        if self._failure:
            raise self._failure

    @property
    def commands(self) -> list[str]:
        """What this server took for commands and messages, of all clients, one after the other."""
        with self._changed:
            return [command for client in self.received for command in client.commands]

    def stop(self) -> None:
        """End all connections, and free the port. What was received stays readable."""
        if self._running:
            self._running = False
            self._bell_in.send(b"!")
            self._thread.join(10)
            self._bell_in.close()
            self._bell_out.close()
        if self._failure:
            raise self._failure

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # The thread

    def _run(self) -> None:
        try:
            with served_first():
                while self._running:
                    self._turn()
        except BaseException as failure:  # shown to the test by `wait` and `stop`
            self._failure = failure
        finally:
            for client in list(self._clients):
                client.socket.close()
                client.received.ended = client.received.ended or "closed"
            self._listener.close()
            with self._changed:
                self._changed.notify_all()

    def _turn(self) -> None:
        now = time.monotonic()
        ready = self._select(now)
        now = time.monotonic()
        with self._changed:
            if self._bell_out in ready:
                self._bell_out.recv(1024)
            while self._calls:
                call, done = self._calls.popleft()
                try:
                    call()
                except Exception as mistake:
                    done.set_exception(mistake)
                else:
                    done.set_result(None)
            if self._listener in ready:
                self._accept(now)
            for client in list(self._clients):
                if client.socket in ready:
                    self._readable(client, now)
                self._flush(client, now)
            self._changed.notify_all()

    def _select(self, now: float) -> set[object]:
        """Wait for the next thing to do. Returns the sockets that have something to read."""
        due = []
        with selectors.DefaultSelector() as selector:
            for source in (self._listener, self._bell_out):
                selector.register(source, selectors.EVENT_READ)
            for client in self._clients:
                if not client.idle:
                    due.append(client.due)
                if client.read_at > now:
                    due.append(client.read_at)
                elif client.in_room or client.idle:
                    # Before the room, a command is answered before the next one is read.
                    selector.register(client.socket, selectors.EVENT_READ)
            timeout = max(0.0, min(due) - now) if due else None
            return {key.fileobj for key, _ in selector.select(timeout)}

    def _accept(self, now: float) -> None:
        connection, _ = self._listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        client = Client(connection)
        self._clients.append(client)
        self.received.append(client.received)
        self._greet(client, now)

    def _readable(self, client: Client, now: float) -> None:
        if not client.read_at and (pause := self._pause(client)):
            client.read_at = now + pause
            return
        client.read_at = 0.0
        try:
            data = client.socket.recv(LIMIT)
        except ConnectionError:
            self._drop(client, "reset")
            return
        if not data:
            self._drop(client, "eof")
            return
        client.received.chunks.append((now, data))
        self._hear(client, data, now)

    def _flush(self, client: Client, now: float) -> None:
        """Send what is due."""
        while client in self._clients and not client.idle and client.due <= now:
            if not client.sending:
                _, data = client.outgoing.popleft()
                if isinstance(data, Fate):
                    self._suffer(client, data)
                    continue
                client.sending = data
            size = len(client.sending) if self._dribble is None else 1
            try:
                sent = client.socket.send(client.sending[:size])
            except BlockingIOError:
                client.due = now + 0.01
                return
            except ConnectionError:
                self._drop(client, "reset")
                return
            client.sending = client.sending[sent:]
            if client.sending:
                client.due = now + (self._dribble or 0.0)
            elif client.outgoing:
                client.due = now + max(client.outgoing[0][0], self._dribble or 0.0)

    def _suffer(self, client: Client, fate: Fate) -> None:
        if fate is Fate.WEDGE:
            client.wedged = True
        else:
            self._drop(client, reset=fate is Fate.RESET)

    def _drop(self, client: Client, ended: str = "closed", *, reset: bool = False) -> None:
        if client not in self._clients:
            return
        self._clients.remove(client)
        client.received.ended = ended
        if reset:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.socket.close()
        self._left(client)

    def _do(self, call: Callable[[], object]) -> None:
        done: Future[None] = Future()

        def act() -> None:
            call()
            for client in list(self._clients):
                self._flush(client, time.monotonic())

        self._calls.append((act, done))
        self._bell_in.send(b"!")
        done.result(10)

    def _heard(self) -> str:
        return "\n".join(
            f"{index}: {received.commands} {received.ended}"
            for index, received in enumerate(self.received)
        )
