"""Bytes to messages, for servers that never say where a message ends.

The protocol has no terminator and no length, so every server has its own way. The reader is told
nothing: it draws its conclusions from what arrives, and changes its mind when it was wrong.

==================================================  ==============================================
evidence                                            conclusion
==================================================  ==============================================
LF, CRLF, LF CR or NUL anywhere                     a message ends there, whatever was believed
an arrival ends with one of them                    this server ends its messages so: what stands
                                                    after the last one is the start of the next,
                                                    held until its end has come
two NULs in a row                                   replies are padded to 1,024 bytes: one that
                                                    fills them has no NUL, and ends all the same
1,024 bytes with a NUL among them, or a multiple    a buffer sent as it is: what stands behind its
of that                                             first NUL is left over from something before
a rest without an end, nothing more for 30 ms       the server sends bare messages: that was one
the last arrival was a single byte                  perhaps dribbled: wait 130 ms (a server known
                                                    to list names one by one takes 150)
a message came in four arrivals or more, each of a  this server dribbles: wait 130 ms always …
few bytes
one came in fewer; if messages dribbled before, two … or does not, or no longer: 30 ms will do
running, as a busy machine reads many bytes late
the rest ends inside a UTF-8 character              not complete: wait a second
a rest held for an end that a second did not bring  not a line server after all: show it …
twenty messages had ended before that               … but then wait ten seconds: the network may
                                                    have to send the rest once more
a bare server ends three arrivals running in LF     a line server after all
a new arrival on a bare server, before the 30 ms    the same message, unless both sides look like
                                                    the start of one (the caller is asked)
one that is read after them, the program having     another message; but on a server that ends its
been stopped meanwhile                              messages, or dribbles, the rest of the same
on a line server a rest waits for 0.3 s, and then   its end was forgotten: another message, if both
something comes                                     look like the start of one
more than 4,096 bytes without an end                no message is that long: shown in pieces
==================================================  ==============================================

Text leaves this module decoded and sanitised: nothing behind it ever sees a stranger's raw bytes.
"""

from __future__ import annotations

import re

from ..text import clean
from ..wire import MESSAGE_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

BARE, LF, CRLF, NUL = "bare", "lf", "crlf", "nul"
ENDINGS = {BARE: b"", LF: b"\n", CRLF: b"\r\n", NUL: b"\0"}

QUIET_S = 0.03
DRIBBLE_S = 0.13
HOLD_S = 1.0
LONG_HOLD_S = 10.0
HELD_BYTES = 4096
ENOUGH = 3
CERTAIN = 20
FORGOTTEN_S = 0.3
BITS, BIT_BYTES = 4, 4
ENOUGH_WHOLE = 2

SEPARATOR = re.compile(rb"\r?\n\r?|\0+")
BLANKS = b"\r\n\0"


def decode(data: bytes) -> str:
    """Make one message printable: UTF-8, what is broken as U+FFFD, then sanitised."""
    return clean(data.decode("utf-8", "replace"))


def encode(text: str) -> bytes:
    """Make bytes of what was typed; half a surrogate pair, which has none, becomes `?`."""
    return text.encode("utf-8", "replace")


def cut_character(data: bytes) -> bool:
    """Tell whether `data` ends inside a UTF-8 character (RFC 3629, section 3)."""
    for back, byte in enumerate(reversed(data[-3:]), 1):
        if byte & 0xC0 != 0x80:
            return back < 1 + (byte >= 0xC0) + (byte >= 0xE0) + (byte >= 0xF0)
    return False


def split_once(data: bytes) -> tuple[bytes, bytes]:
    """Cut `data` behind its first separator: what ends there (all, if none), and the rest."""
    found = SEPARATOR.search(data)
    return (data[: found.end()], data[found.end() :]) if found else (data, b"")


def without_leftovers(data: bytes) -> bytes:
    """Return an arrival with NULs for what is left over in buffers that were sent whole."""
    starts = range(0, len(data), MESSAGE_BYTES)
    blocks = [data[start : start + MESSAGE_BYTES].partition(b"\0") for start in starts]
    if len(data) % MESSAGE_BYTES or not all(end for _, end, _ in blocks):
        return data
    return b"".join(text.ljust(MESSAGE_BYTES, b"\0") for text, _, _ in blocks)


class Reader:
    """Collects arrivals and gives back complete messages as printable text.

    `apart(held, data)` is asked on a bare server when `data` follows `held` at once: are these
    two messages? `ending` is what is known so far: None, or one of `ENDINGS`; `dribbles` tells
    whether this server sends a message in bits, None before that is known.
    """

    def __init__(self, apart: Callable[[bytes, bytes], bool], ending: str | None = None) -> None:
        self.ending = ending
        self.pending = b""
        self.deadline: float | None = None
        self.dribbles: bool | None = None
        self._apart = apart
        self._arrivals = 0
        self._last = 0.0
        self._whole_running = 0
        self._padded = False
        self._ended_running = 0
        self._ended = 0

    def feed(self, data: bytes, now: float) -> list[str]:
        """Take one arrival; return the messages that it completes."""
        texts = []
        if self.pending and self._is_new_message(data, now):
            texts += self._release()
        self._arrivals, self._last = self._arrivals + 1 if self.pending else 1, now
        whole = (self.pending + data).lstrip(b"\r")  # the rest of an LF CR
        if self._is_in_bits(whole):
            self.dribbles = True
        body, tail = self._split(whole)
        if body:
            self._learn(body, tail)
            ended = self._texts(body)
            self._ended += len(ended)
            texts += ended
        pieces, self.pending = self._pieces(tail)
        self.deadline = now + self._patience(len(data)) if self.pending else None
        return texts + pieces

    def expire(self, now: float) -> list[str]:
        """Return what is complete because nothing more came; call it at `deadline`."""
        if self.deadline is None or now < self.deadline:
            return []
        if self.ending != BARE:
            self.ending, self._ended_running, self._ended = BARE, 0, 0
        self._learn_pace()
        return self._release()

    def observe(self, answer: bytes) -> None:
        """Learn from a complete answer that was read elsewhere."""
        if answer.endswith((b"\n", b"\0")):
            self._learn(answer, b"")
        elif self.ending is None:
            self.ending = BARE

    @property
    def holds_whole(self) -> bool:
        """Tell whether what is held came at once, and not as the first letter of a dribble."""
        return self._arrivals == 1 and len(self.pending) > 1 and not self.dribbles

    def close(self) -> list[str]:
        """Return what is left when no more can come."""
        return self._release()

    def _split(self, data: bytes) -> tuple[bytes, bytes]:
        """Cut behind the last separator. A CR at the very end may be half of one."""
        end = max(data.rfind(b"\n"), data.rfind(b"\0")) + 1
        return data[:end], data[end:].lstrip(b"\r")

    def _texts(self, body: bytes) -> list[str]:
        body = body.replace(b"\r\n", b"\n").replace(b"\n\r", b"\n").replace(b"\0", b"\n")
        if self._padded:
            cut = [self._pieces(line) for line in body.split(b"\n") if line]
            return [text for texts, rest in cut for text in [*texts, decode(rest)] if text]
        lines = body.decode("utf-8", "replace").split("\n")
        return [clean(line) for line in lines if line]

    def _pieces(self, data: bytes) -> tuple[list[str], bytes]:
        """Cut off what fills a message; one without padding is cut between characters."""
        size = MESSAGE_BYTES if self._padded else HELD_BYTES
        texts, start = [], 0
        while len(data) - start >= size:
            end = start + size
            while not self._padded and end > start + size - 4 and cut_character(data[start:end]):
                end -= 1
            texts.append(decode(data[start:end]))
            start = end
        return texts, data[start:]

    def _release(self) -> list[str]:
        text = decode(self.pending.rstrip(BLANKS))
        self.pending, self.deadline = b"", None
        return [text] if text else []

    def _learn(self, body: bytes, tail: bytes) -> None:
        self._padded = self._padded or b"\0\0" in body
        if tail:
            self._ended_running = 0
            return
        self._ended_running += 1
        if self.ending != BARE or self._ended_running >= ENOUGH:
            self.ending = NUL if body.endswith(b"\0") else CRLF if body.endswith(b"\r\n") else LF

    def _learn_pace(self) -> None:
        """Learn from how the message that is held has come."""
        if self._is_in_bits(self.pending):
            self.dribbles, self._whole_running = True, 0
        elif len(self.pending) > self._arrivals:
            self._whole_running += 1
            self.dribbles = bool(self.dribbles) and self._whole_running < ENOUGH_WHOLE

    def _is_new_message(self, data: bytes, now: float) -> bool:
        if cut_character(self.pending):
            return False
        if self.ending not in (None, BARE):
            return now - self._last >= FORGOTTEN_S and self._apart(self.pending, data)
        late = self.deadline is not None and now >= self.deadline and not self.dribbles
        return late or self._apart(self.pending, data)

    def _is_in_bits(self, data: bytes) -> bool:
        return self._arrivals >= BITS and len(data) < BIT_BYTES * self._arrivals

    def _patience(self, size: int) -> float:
        """Seconds to wait for more after an arrival of `size` bytes."""
        if self.ending not in (None, BARE):
            return LONG_HOLD_S if self._ended >= CERTAIN else HOLD_S
        if cut_character(self.pending):
            return HOLD_S
        perhaps = self.dribbles is None and size == 1
        return DRIBBLE_S if self.dribbles or perhaps else QUIET_S
