"""One connection of the server: bytes in to commands, mail out to bytes."""

from __future__ import annotations

import socket
from collections import deque
from contextlib import suppress
from math import inf

from ..wire import MESSAGE_BYTES
from .rooms import Mail, User

QUEUE_BYTES = 4 * 1024 * 1024
"""A client that leaves more than this unread is dropped."""
PIECE_BYTES = 64
"""What a queued piece takes beside its text, roughly."""

OPTIONS = (
    ("SOL_SOCKET", "SO_KEEPALIVE", 1),
    ("IPPROTO_TCP", "TCP_NODELAY", 1),
    ("IPPROTO_TCP", "TCP_KEEPIDLE", 60),
    ("IPPROTO_TCP", "TCP_KEEPINTVL", 15),
    ("IPPROTO_TCP", "TCP_KEEPCNT", 4),
    ("IPPROTO_TCP", "TCP_USER_TIMEOUT", 120_000),
)
"""For each client: a message leaves at once, and a vanished peer is noticed within two minutes
(seconds, but for the last: milliseconds). Not every system has them all."""


class Arrivals:
    """Commands without framing: what one read brings is one, whatever is in it.

    So commands that arrive together are one, and one that arrives in two parts is two.
    """

    def feed(self, data: bytes) -> list[str]:
        """Return the command that `data` is, without the NULs after it: those are padding."""
        text = data.rstrip(b"\0")
        return [_command(text)] if text else []

    def close(self) -> list[str]:
        """Return nothing: no read leaves anything behind."""
        return []


class Lines:
    """Commands that end with LF or CRLF; NULs between them are padding."""

    def __init__(self) -> None:
        self._held = b""
        self._held_is_remainder = False

    def feed(self, data: bytes) -> list[str]:
        """Return the commands that `data` completes, each of `MESSAGE_BYTES` at the most."""
        *lines, self._held = (self._held + data.replace(b"\0", b"")).split(b"\n")
        texts = []
        for line in lines:
            # A blank line has a meaning, unless it is the last of one that was cut before.
            texts += _pieces(line) or ([] if self._held_is_remainder else [""])
            self._held_is_remainder = False
        if full := len(self._held) // MESSAGE_BYTES * MESSAGE_BYTES:
            texts += _pieces(self._held[:full])
            self._held = self._held[full:]
            self._held_is_remainder = True
        return texts

    def close(self) -> list[str]:
        """Return what came without its end, when no more can come."""
        return _pieces(self._held)


def _command(data: bytes) -> str:
    """Decode a command; trailing white space is no part of it."""
    return data.decode("utf-8", "replace").rstrip()


def _pieces(line: bytes) -> list[str]:
    """Cut at `MESSAGE_BYTES`, inside a character if need be, as reads do. A blank piece is none."""
    cuts = range(0, len(line), MESSAGE_BYTES)
    texts = (_command(line[cut : cut + MESSAGE_BYTES]) for cut in cuts)
    return [text for text in texts if text]


class Client(User):
    """One connection: what it has begun to say, what it is still to receive, and when.

    `ending` ends what it is sent; if it is empty, nothing marks ends in either direction. `gap` is
    the pause after a spaced message, in seconds.
    """

    def __init__(self, sock: socket.socket, ending: bytes, gap: float) -> None:
        super().__init__()
        sock.setblocking(False)
        for level, option, value in OPTIONS:
            if hasattr(socket, option):
                with suppress(OSError):  # the caller has hung up: reading will tell
                    sock.setsockopt(getattr(socket, level), getattr(socket, option), value)
        self.sock = sock
        self.inbox = Lines() if ending else Arrivals()
        self.is_blocked = False
        self.queued = 0  # bytes, as memory is taken
        self._ending = ending
        self._gap = gap
        self._queue: deque[tuple[bytes, float]] = deque()  # a piece, the pause after it in seconds
        self._due = 0.0

    def post(self, mail: Mail) -> None:
        """Queue `mail`: all in one piece, or as pieces with a gap after each."""
        if self.queued > QUEUE_BYTES:  # to be dropped in this very turn
            return
        pieces = [text.encode() + self._ending for text in mail.texts]
        for piece in pieces if mail.spaced else [b"".join(pieces)]:
            self._queue.append((piece, self._gap if mail.spaced else 0.0))
            self.queued += len(piece) + PIECE_BYTES

    def next_due(self) -> float:
        """Return when there is something to send (monotonic seconds): `inf` if never."""
        return self._due if self._queue and not self.is_blocked else inf

    def send_due(self, now: float) -> None:
        """Send what is due, each piece in a segment of its own, until the socket blocks.

        Raises OSError if the connection is broken.
        """
        while self._queue and not self.is_blocked and self._due <= now:
            piece, pause = self._queue[0]
            try:
                sent = self.sock.send(piece)
            except BlockingIOError:
                self.is_blocked = True
                break
            if sent < len(piece):
                self.queued -= sent
                self._queue[0] = piece[sent:], pause
            else:
                self.queued -= len(piece) + PIECE_BYTES
                self._queue.popleft()
                self._due = now + pause
