"""Connecting: from a name to its addresses, and from those to one open socket.

"Happy Eyeballs" (RFC 8305): address families alternate, attempts are staggered, and the first to
answer wins, so that broken IPv6 costs a quarter of a second and not the connection.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from itertools import chain, zip_longest

from ..text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import Any

    Address = tuple[int, tuple[Any, ...]]  # family, and what connect() takes
    LookUp = Callable[[str, int], list[Address]]

CONNECT_S = 10.0  # for the look-up and all attempts together
STAGGER_S = 0.25  # RFC 8305, section 5: "Connection Attempt Delay"
_SELECTABLE = 1024  # FD_SETSIZE: except on Windows, select() takes only lower descriptors

_DEAD_S = 60  # seconds without an answer, after which a peer is dead
# Keepalive alone misses a dead peer while data is unacknowledged; the user time-out finds it.
# Names as in tcp(7); on macOS TCP_KEEPIDLE is called TCP_KEEPALIVE. The send buffer is small, so
# that what a server does not read waits where the user sees it, not in megabytes inside the kernel.
_OPTIONS = (
    (socket.SOL_SOCKET, "SO_SNDBUF", 16384),
    (socket.SOL_SOCKET, "SO_KEEPALIVE", 1),
    (socket.IPPROTO_TCP, "TCP_NODELAY", 1),
    (socket.IPPROTO_TCP, "TCP_KEEPIDLE", _DEAD_S // 2),
    (socket.IPPROTO_TCP, "TCP_KEEPALIVE", _DEAD_S // 2),
    (socket.IPPROTO_TCP, "TCP_KEEPINTVL", _DEAD_S // 6),
    (socket.IPPROTO_TCP, "TCP_KEEPCNT", 3),
    (socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", _DEAD_S * 1000),
)

_PENDING = (0, errno.EINPROGRESS, errno.EWOULDBLOCK)

# The most telling of several failures comes first.
_REASONS = {
    errno.ECONNREFUSED: (
        "{host} refused the connection on port {port}. Is the server running?"
    ),
    errno.ETIMEDOUT: (
        "No answer from {host}, port {port}, within {limit:.0f} seconds."
        " Is the address right? Is a firewall in the way?"
    ),
    errno.EHOSTUNREACH: (
        "Cannot reach {host}: no route to host."
        " Is the address right? Is that computer on?"
    ),
    errno.ENETUNREACH: (
        "Cannot reach {host}: network unreachable. Is this computer online?"
    ),
    errno.EMFILE: "Cannot connect: too many open files.",
}  # fmt: skip
_OTHER = "Cannot connect to {host}, port {port}: {error}."
_NO_HOST = "No host is named {host}. Is the name spelled right?"
_NO_NAME_SERVER = "Cannot look up {host} at the moment. Is this computer online?"
_SLOW_NAME_SERVER = "Could not look up {host} within {limit:.0f} seconds. Is this computer online?"


class Unreachable(Exception):
    """There will be no connection; the text is a sentence for the user."""


class Attempt:
    """A socket that has been connecting since `started`."""

    def __init__(self, sock: socket.socket, started: float) -> None:
        self.socket, self.started = sock, started


class Dial:
    """The way to one open socket. `now` is monotonic, in seconds."""

    def __init__(
        self,
        host: str,
        port: int,
        ring: Callable[[], None],
        now: float,
        look_up: LookUp | None = None,
    ) -> None:
        """Begin. `ring` is called, from another thread, once a look-up has its answer."""
        self._words = {"host": clean(host), "port": port, "limit": CONNECT_S}
        self._give_up = now + CONNECT_S
        self._next = now  # when another address may be tried
        self._waiting: list[Address] = []
        self._attempts: dict[socket.socket, Attempt] = {}
        self._failures: list[int] = []
        self._lookup: _Lookup | None = None
        numeric = _numeric(host, port) if look_up is None else None
        if numeric is not None:
            self._waiting = numeric
        else:
            self._lookup = _Lookup(host, port, ring, look_up or _look_up)

    @property
    def sockets(self) -> list[socket.socket]:
        """What to select for writing and, for Windows, for exceptional conditions."""
        return list(self._attempts)

    def deadline(self) -> float:
        """Return when `step` must be called at the latest."""
        return min(self._next, self._give_up) if self._waiting else self._give_up

    def step(self, ready: Collection[object], now: float) -> Attempt | None:
        """Go on, `ready` being what select named; return the attempt that succeeded, if any.

        Raises `Unreachable` when all have failed or the time is up.
        """
        self._take_answer()
        for attempt in [self._attempts[sock] for sock in self._attempts if sock in ready]:
            failure = attempt.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            del self._attempts[attempt.socket]
            if not failure:
                self.close()
                _set_options(attempt.socket)
                return attempt
            self._fail(attempt.socket, failure, now)
        while self._waiting and self._next <= now:
            self._start(*self._waiting.pop(0), now)
        if now >= self._give_up:
            raise self._unreachable(_SLOW_NAME_SERVER if self._lookup else None)
        if not (self._lookup or self._waiting or self._attempts):
            raise self._unreachable()
        return None

    def close(self) -> None:
        """Give up what has not succeeded."""
        for sock in self._attempts:
            sock.close()
        self._attempts.clear()
        self._waiting.clear()
        self._lookup = None

    def _take_answer(self) -> None:
        if self._lookup is None or self._lookup.answer is None:
            return
        answer, self._lookup = self._lookup.answer, None
        if isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_AGAIN:
            raise self._unreachable(_NO_NAME_SERVER)
        if isinstance(answer, Exception) or not answer:
            raise self._unreachable(_NO_HOST)
        self._waiting = _interleaved(answer)

    def _start(self, family: int, address: tuple[Any, ...], now: float) -> None:
        try:
            sock = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:  # no IPv6 here, or too many files
            self._failures.append(error.errno or 0)
            return
        if sock.fileno() >= _SELECTABLE and sys.platform != "win32":
            self._fail(sock, errno.EMFILE, now)
            return
        sock.setblocking(False)
        failure = sock.connect_ex(address)
        if failure not in _PENDING:
            self._fail(sock, failure, now)
            return
        self._attempts[sock] = Attempt(sock, now)
        self._next = now + STAGGER_S

    def _fail(self, sock: socket.socket, failure: int, now: float) -> None:
        """Close what failed; the next need not wait for its turn (RFC 8305, section 5)."""
        sock.close()
        self._failures.append(failure)
        self._next = now

    def _unreachable(self, reason: str | None = None) -> Unreachable:
        """Close everything; return the error to raise, by default for the most telling failure."""
        timed_out = bool(self._attempts) or not self._failures
        failures = [errno.ETIMEDOUT] * timed_out + self._failures
        self.close()
        if reason is None:
            reason = next((text for number, text in _REASONS.items() if number in failures), None)
        error = clean(os.strerror(failures[0]))
        return Unreachable((reason or _OTHER).format(**self._words, error=error))


class _Lookup:
    """A name's addresses, looked up in a thread: neither time-outs nor Ctrl-C end getaddrinfo()."""

    def __init__(self, host: str, port: int, ring: Callable[[], None], look_up: LookUp) -> None:
        import threading  # here, as an address needs none, and it costs a millisecond

        self.answer: list[Address] | Exception | None = None
        run = threading.Thread(target=self._run, args=(host, port, ring, look_up), daemon=True)
        run.start()

    def _run(self, host: str, port: int, ring: Callable[[], None], look_up: LookUp) -> None:
        try:
            self.answer = look_up(host, port)
        except (OSError, UnicodeError) as error:
            self.answer = error
        ring()


def _look_up(host: str, port: int, flags: int = 0) -> list[Address]:
    """Return the addresses of a host in the system's order of preference (RFC 6724).

    Raises OSError if there are none, UnicodeError if the name cannot be one.
    """
    if not host.isprintable() or not host:
        raise UnicodeError("not a name")
    # As str even an ASCII name would go through the IDNA codec, which takes long to import.
    name = host.encode("ascii") if host.isascii() else host
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=flags)
    return [(family, address) for family, _, _, _, address in found]


def _numeric(host: str, port: int) -> list[Address] | None:
    """Return the address if the host is one, None if it is a name."""
    if not host.isascii():
        return None
    try:
        return _look_up(host, port, socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return None


def _set_options(sock: socket.socket) -> None:
    """Send at once, and notice a dead peer, as far as the system can."""
    for level, name, value in _OPTIONS:
        if not hasattr(socket, name):
            continue
        try:
            sock.setsockopt(level, getattr(socket, name), value)
        except OSError:
            continue  # this kernel does without it, or the socket is reset: reading tells that


def _interleaved(addresses: Sequence[Address]) -> list[Address]:
    """Return the addresses, families alternating, the first one's first (RFC 8305, section 4)."""
    first = [address for address in addresses if address[0] == addresses[0][0]]
    others = [address for address in addresses if address[0] != addresses[0][0]]
    return [turn for turn in chain(*zip_longest(first, others)) if turn is not None]
