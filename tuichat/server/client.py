"""One connection of the server: bytes in to commands, mail out to bytes."""

from __future__ import annotations

import re
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

END = re.compile(rb"([\n\0])")


class Inbox:
    """Cuts what one client sends into commands, however that client ends them.

    Commands may end with LF, CRLF or NUL, or be padded with NULs. A client that has never ended
    one is taken to send them bare: what arrives at once is one command.
    """

    def __init__(self) -> None:
        self._held = b""
        self._held_is_remainder = False
        self._ends_commands = False

    def feed(self, data: bytes) -> list[str]:
        """Return the commands that `data` completes, each of `MESSAGE_BYTES` at the most."""
        *ended, self._held = END.split(self._held + data)
        texts = []
        for line, mark in zip(ended[::2], ended[1::2], strict=True):
            texts += self._whole(line, mark)
        if not self._ends_commands:
            texts += self.close()
        elif full := len(self._held) // MESSAGE_BYTES * MESSAGE_BYTES:
            texts += _pieces(self._held[:full])
            self._held = self._held[full:]
            self._held_is_remainder = True
        return texts

    def close(self) -> list[str]:
        """Return what came without its end, when no more can come."""
        held, self._held = self._held, b""
        return (_pieces(held) or [""]) if held else []

    def _whole(self, line: bytes, mark: bytes) -> list[str]:
        """Return the commands in one that was ended by `mark`."""
        is_remainder, self._held_is_remainder = self._held_is_remainder, False
        if pieces := _pieces(line):
            self._ends_commands = True
            return pieces
        # Blank, which has a meaning, unless it is padding or the last of a line cut before. It
        # may be a client's question whether we need line ends, so it proves nothing about those.
        is_padding = mark == b"\0" and not line
        return [] if is_padding or is_remainder else [""]


def _pieces(line: bytes) -> list[str]:
    """Cut at `MESSAGE_BYTES`, inside a character if need be, as the course's server does.

    Trailing white space is no part of a piece, and a blank piece is none.
    """
    cuts = range(0, len(line), MESSAGE_BYTES)
    texts = (line[cut : cut + MESSAGE_BYTES].decode("utf-8", "replace").rstrip() for cut in cuts)
    return [text for text in texts if text]


class Client(User):
    """One connection: what it has begun to say, what it is still to receive, and when."""

    def __init__(self, sock: socket.socket, ending: bytes, gap: float) -> None:
        super().__init__()
        sock.setblocking(False)
        for level, option, value in OPTIONS:
            if hasattr(socket, option):
                with suppress(OSError):  # the caller has hung up: reading will tell
                    sock.setsockopt(getattr(socket, level), getattr(socket, option), value)
        self.sock = sock
        self.inbox = Inbox()
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
