"""One connection of the server: bytes become commands, and mail becomes bytes."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from math import inf
from sys import getsizeof

from ..wire import MESSAGE_BYTES
from .rooms import Mail, User

QUEUE_BYTES = 4 * 1024 * 1024
"""A client that leaves more than this unread is dropped."""
ATTENTION_BYTES = 64 * 1024
"""While a client leaves more than this unread, or a longer list is on its way to it, its commands
wait, so that what it asks for cannot pile up."""
PIECE_BYTES = 64
"""The memory that a queued piece takes besides its text."""
SEND_CHARS = 16 * 1024
"""Messages with ends are sent together, up to about this."""

OPTIONS = (
    ("SOL_SOCKET", "SO_KEEPALIVE", 1),
    ("IPPROTO_TCP", "TCP_NODELAY", 1),
    ("IPPROTO_TCP", "TCP_KEEPIDLE", 60),
    ("IPPROTO_TCP", "TCP_KEEPINTVL", 15),
    ("IPPROTO_TCP", "TCP_KEEPCNT", 4),
    ("IPPROTO_TCP", "TCP_USER_TIMEOUT", 120_000),
)
"""For each client: a message leaves at once, and a vanished peer is noticed within two minutes.
Times are in seconds, the last one in milliseconds. Not every system has all of these."""


class Arrivals:
    """Commands without framing: what one read brings is one command, whatever is in it.

    So commands that arrive together count as one, and one that arrives in two parts as two.
    """

    def feed(self, data: bytes) -> Iterator[str]:
        """Yield the command that `data` is, without the NULs after it, which are padding."""
        if text := data.rstrip(b"\0"):
            yield _command(text)

    def close(self) -> Iterator[str]:
        """Yield nothing: no read leaves anything behind."""
        yield from ()


class Lines:
    """Commands that end with LF or CRLF; NULs between them are padding."""

    def __init__(self) -> None:
        self._held = b""
        self._held_is_remainder = False

    def feed(self, data: bytes) -> Iterator[str]:
        """Yield the commands that `data` completes, each of at most `MESSAGE_BYTES`.

        Exhaust the iterator before you feed more.
        """
        self._held += data.replace(b"\0", b"")
        while b"\n" in self._held:
            line, _, self._held = self._held.partition(b"\n")
            # A blank line has a meaning, unless it is the end of a line that was cut before.
            blank = [] if self._held_is_remainder else [""]
            self._held_is_remainder = False
            yield from _pieces(line) or blank
        if full := len(self._held) // MESSAGE_BYTES * MESSAGE_BYTES:
            line, self._held = self._held[:full], self._held[full:]
            self._held_is_remainder = True
            yield from _pieces(line)

    def close(self) -> Iterator[str]:
        """Yield what came without an end, once no more can come."""
        yield from _pieces(self._held)


def _command(data: bytes) -> str:
    """Decode a command, without trailing white space."""
    return data.decode("utf-8", "replace").rstrip()


def _pieces(line: bytes) -> list[str]:
    """Cut at `MESSAGE_BYTES`, even inside a character, as reads do. Blank pieces are left out."""
    cuts = range(0, len(line), MESSAGE_BYTES)
    texts = (_command(line[cut : cut + MESSAGE_BYTES]) for cut in cuts)
    return [text for text in texts if text]


class Client(User):
    """One connection: what it has begun to say, what it is still to receive, and when.

    `ending` follows each message sent to it; if empty, nothing marks ends in either direction.
    `gap` is the pause after a spaced message, in seconds.
    """

    def __init__(self, sock: socket.socket, ending: str, gap: float) -> None:
        super().__init__()
        sock.setblocking(False)
        for level, option, value in OPTIONS:
            if hasattr(socket, option):
                with suppress(OSError):  # the caller has hung up: reading will find out
                    sock.setsockopt(getattr(socket, level), getattr(socket, option), value)
        self.sock = sock
        self.command: str | None = None  # the next to carry out of what was read
        self.has_ended = False  # no more can come
        self.is_lost = False  # nothing can be sent either
        self.last_turn = 0
        self.rested_at = 0.0  # (monotonic seconds)
        self.is_rested = True
        self.is_blocked = False
        self.watched = 0  # the events that are selected
        self.queued = 0  # bytes of memory
        self._commands: Iterator[str] = iter(())  # those after `command`
        self._inbox = Lines() if ending else Arrivals()
        self._ending = ending
        self._gap = gap
        self._queue: deque[tuple[str, float]] = deque()  # a piece, the pause after it in seconds
        self._unsent = b""  # what is left of what is being sent
        self._pause = 0.0  # after that, in seconds
        self._due = 0.0

    @property
    def has_attention(self) -> bool:
        """Whether its commands are carried out: not while too much waits to be sent to it."""
        return self.queued <= ATTENTION_BYTES

    def read(self, now: float) -> None:
        """Read what has come, as commands; call this when all earlier ones are carried out."""
        self.is_rested = self.rested_at <= now
        try:
            data = self.sock.recv(MESSAGE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""  # a reset counts as an end of file
        self.has_ended = not data
        self._commands = self._inbox.feed(data) if data else self._inbox.close()
        self.advance()

    def advance(self) -> None:
        """Go on to the next command; `command` is None when more must be read."""
        self.command = next(self._commands, None)

    def lose(self) -> None:
        """Forget what it said and what waits for it: the connection is broken, or too slow."""
        self.has_ended = self.is_lost = True
        self.command, self._commands = None, iter(())
        self.is_blocked = False
        self._queue.clear()
        self._unsent = b""
        self.queued = 0

    def post(self, mail: Mail) -> None:
        """Queue `mail`: all in one piece, or as pieces with a gap after each.

        If too much would wait for a client that does not read, it is dropped instead.
        """
        if self.is_lost:
            return
        pieces = mail.texts if mail.spaced else (self._ending.join(mail.texts),)
        size = sum(map(getsizeof, pieces)) + PIECE_BYTES * len(pieces)
        if self.queued + size > QUEUE_BYTES:
            self.lose()
            return
        pause = self._gap if mail.spaced else 0.0
        self._queue.extend([(piece, pause) for piece in pieces])
        self.queued += size

    def next_due(self) -> float:
        """Return when there is something to send (monotonic seconds): `inf` if never."""
        return self._due if self.queued and not self.is_blocked else inf

    def send_due(self, now: float, most: float = inf) -> int:
        """Send what is due in at most `most` segments, until the socket blocks; return how many.

        Each piece has a segment of its own, unless an ending separates it from the next.
        Raises OSError if the connection is broken.
        """
        count = 0
        while count < most and self.queued and not self.is_blocked and self._due <= now:
            self._unsent = self._unsent or self._take()
            try:
                sent = self.sock.send(self._unsent)
            except BlockingIOError:
                self.is_blocked = True
                break
            count += 1
            self.queued -= sent
            self._unsent = self._unsent[sent:]
            if not self._unsent:
                self._due = now + self._pause
        return count

    def _take(self) -> bytes:
        """Take what can be sent together off the queue."""
        texts, chars, self._pause = [], 0, 0.0
        while self._queue and not self._pause and chars < SEND_CHARS:
            text, self._pause = self._queue.popleft()
            self.queued -= getsizeof(text) + PIECE_BYTES
            texts.append(text + self._ending)
            chars += len(text)
            if not self._ending:
                break
        data = "".join(texts).encode()
        self.queued += len(data)
        return data
