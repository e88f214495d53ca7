"""The connection to the server: opening, reading, an output buffer, an orderly close.

Nothing here blocks, waits, or raises because of the network: the loop selects the sockets that it
is given, calls `step`, and gets what happened as events.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Collection

from ..record import Record
from ..text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from .dial import Dial, LookUp

READ_LIMIT = 16384  # bytes read in a step: in a flood no key waits for more
LEAVE_S = 1.0  # seconds that an orderly close may take

_LOSSES = {
    errno.ECONNRESET: "The server reset the connection.",
    errno.ECONNABORTED: "The connection was reset.",
    errno.EPIPE: "The server closed the connection.",
    errno.ETIMEDOUT: "The server stopped answering.",
    errno.EHOSTUNREACH: "The server is no longer reachable.",
    errno.ENETUNREACH: "The server is no longer reachable: this computer is offline.",
}


class Opened(Record):
    """Connected; the address that answered took `seconds`, about a round trip."""

    seconds: float


class Received(Record):
    """Bytes from the server, at most `READ_LIMIT`."""

    data: bytes


class Lost(Record):
    """The connection is lost, or could not be made. `reason` is a sentence for the user."""

    reason: str


class Left(Record):
    """The connection is closed, as `leave` asked."""


Event = Opened | Received | Lost | Left


class Connection:
    """One connection, from the first look-up of the name to the end. `now` is monotonic seconds."""

    def __init__(
        self,
        host: str,
        port: int,
        ring: Callable[[], None],
        now: float,
        look_up: LookUp | None = None,
    ) -> None:
        """Begin to connect. `ring` is called, from another thread, when `step` is to be called."""
        from .dial import Dial  # here, as it imports `socket`, which the first screen does not need

        self._dial: Dial | None = Dial(host, port, ring, now, look_up)
        self._socket: socket.socket | None = None
        self._out = bytearray()
        self._send_error: OSError | None = None
        self._leave_by: float | None = None

    @property
    def unsent(self) -> int:
        """How many bytes the kernel has not taken yet; after a loss: those it never took."""
        return len(self._out)

    @property
    def idle(self) -> bool:
        """Whether the connection is open with nothing left to send."""
        return self._socket is not None and not self._out and self._leave_by is None

    @property
    def closed(self) -> bool:
        """Whether everything is closed."""
        return self._dial is None and self._socket is None

    def readers(self) -> list[socket.socket]:
        """Return what to select for reading."""
        return [self._socket] if self._socket else []

    def writers(self) -> list[socket.socket]:
        """Return what to select for writing."""
        if self._dial:
            return self._dial.sockets
        return [self._socket] if self._socket and self._out and not self._send_error else []

    def exceptionals(self) -> list[socket.socket]:
        """Return what to select for exceptional conditions: a refusal, on Windows.

        Pass those that select returns to `step`, like the writable ones.
        """
        return self._dial.sockets if self._dial else []

    def deadline(self) -> float | None:
        """Return when `step` must be called at the latest; None for never."""
        if self._dial:
            return self._dial.deadline()
        if self._socket is None:
            return None if self._leave_by is None else 0.0  # `Left` is still to be reported
        return 0.0 if self._send_error else self._leave_by

    def step(
        self,
        ready: Collection[object],
        now: float,
    ) -> list[Event]:
        """Do what is due, `ready` being what select named; return what happened."""
        if self._dial:
            return self._connect(self._dial, ready, now)
        sock = self._socket
        if sock and sock in ready:
            self._flush(sock)
        if self._leave_by is not None:
            if sock:
                self._part(sock, sock in ready, now)
            if not self.closed:
                return []
            self._leave_by = None
            return [Left()]
        if sock and (sock in ready or self._send_error):
            return self._receive(sock)
        return []

    def send(self, data: bytes) -> None:
        """Send what the kernel takes at once, and the rest when it can."""
        self._out += data
        if self._socket:
            self._flush(self._socket)

    def leave(self, now: float) -> None:
        """Begin an orderly close; `step` returns `Left` when it is done, within a second.

        What is unsent is sent, the end is announced, and what still comes is read: closing
        with unread input resets the connection, and the server may lose our last message.
        """
        self._leave_by = now + LEAVE_S
        if self._socket:
            self._part(self._socket, False, now)
        else:
            self.abort()

    def abort(self) -> None:
        """Close at once."""
        if self._dial:
            self._dial.close()
        if self._socket:
            self._socket.close()
        self._dial = self._socket = None

    def _connect(self, dial: Dial, ready: Collection[object], now: float) -> list[Event]:
        from .dial import Unreachable  # here, as above

        try:
            attempt = dial.step(ready, now)
        except Unreachable as problem:
            self._dial = None
            return [Lost(str(problem))]
        if attempt is None:
            return []
        self._dial, self._socket = None, attempt.socket
        self._flush(attempt.socket)
        return [Opened(now - attempt.started)]

    def _receive(self, sock: socket.socket) -> list[Event]:
        try:
            data = sock.recv(READ_LIMIT)
        except BlockingIOError:
            return [self._lose(self._send_error)] if self._send_error else []
        except OSError as error:
            return [self._lose(error)]
        if not data:
            return [self._lose(self._send_error)]
        return [Received(data)]

    def _lose(self, error: OSError | None) -> Lost:
        self.abort()
        number = error.errno if error and error.errno else errno.EPIPE
        text = _LOSSES.get(number) or f"The connection failed: {clean(os.strerror(number))}."
        return Lost(text)

    def _flush(self, sock: socket.socket) -> None:
        """Give the kernel what it takes.

        A failure is kept for `step`: what the server said before is still to be read.
        """
        if not self._out or self._send_error:
            return
        try:
            del self._out[: sock.send(self._out)]
        except BlockingIOError:
            return
        except OSError as error:
            self._send_error = error

    def _part(self, sock: socket.socket, readable: bool, now: float) -> None:
        """Continue the orderly close."""
        from socket import SHUT_WR  # here, as above

        try:
            if not self._out:
                sock.shutdown(SHUT_WR)  # a second time does no harm
            over = readable and not sock.recv(READ_LIMIT)
        except BlockingIOError:
            over = False
        except OSError:
            over = True  # the server closed first; there is nothing left to send or to read
        if over or self._send_error or now >= (self._leave_by or now):
            self.abort()
