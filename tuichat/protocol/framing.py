"""Bytes to messages, for servers that never say where a message ends.

The protocol has no terminator and no length, so every server has its own way. The reader is told
nothing: it draws its conclusions from what arrives, and changes its mind when it was wrong.

==  ==============================================  ==============================================
    evidence                                        conclusion
==  ==============================================  ==============================================
1   LF, CRLF, LF CR or NUL anywhere                 a message ends there, whatever was believed
2   an arrival ends with one of them                this server ends its messages so: what comes
                                                    after the last one is the start of the next,
                                                    held until its end has come
3   a bare server ends three arrivals running in    a line server after all
    one of them
4   two NULs in a row                               replies are padded to 1,024 bytes: one that
                                                    fills them has no NUL, and ends all the same
5   1,024 bytes with a NUL among them, or a         a buffer sent as it is: what comes after its
    multiple of that                                first NUL is left over from something before
6   more than 4,096 bytes without an end            no message is that long: shown in pieces
7   a rest without an end, nothing more for 30 ms   the server sends bare messages: that was one
8   the last arrival was a single byte              perhaps dribbled: wait 130 ms (a server known
                                                    to list names one by one takes 150)
9   a message came in four arrivals or more, each   this server dribbles: wait 130 ms always …
    of a few bytes
10  one came in fewer; if messages dribbled         … or does not, or no longer: 30 ms will do
    before, two running, as a busy machine reads
    many bytes late
11  the rest ends inside a UTF-8 character          not complete: wait a second
12  a rest held for an end that a second did not    not a line server after all: show it …
    bring
13  twenty messages had ended before that           … but then wait ten seconds: the network may
                                                    have to send the rest once more
14  a new arrival before the 30 ms                  the same message, unless both sides look like
                                                    the start of one (the caller is asked)
15  one that is read after them, the program        another message; but where the server
    having been stopped meanwhile                   dribbles, the rest of the same
16  on a line server a rest waits for 0.3 s, and    its end was forgotten: another message, if
    then something comes                            both look like the start of one
17  a rest of 32 blanks or more, and nothing else   what a reply was padded with: no message
==  ==============================================  ==============================================

1 to 6 and 17 are for the `Splitter`, which knows bytes, 7 to 16 for `Patience`, which knows time.

Text leaves this module decoded and sanitised: no other part shows raw bytes from the server.
"""

from __future__ import annotations

from collections.abc import Callable

from ..text import clean, compiled
from ..wire import MESSAGE_BYTES

BARE, LF, CRLF, NUL = "bare", "lf", "crlf", "nul"
ENDINGS = {BARE: b"", LF: b"\n", CRLF: b"\r\n", NUL: b"\0"}

LINES_RUNNING = 3  # row 3
HELD_BYTES = 4096  # row 6
QUIET_S = 0.03  # row 7
DRIBBLE_S = 0.13  # rows 8 and 9
DRIBBLE_ARRIVALS, BYTES_AN_ARRIVAL = 4, 4  # row 9
WHOLE_RUNNING = 2  # row 10
HOLD_S = 1.0  # rows 11 and 12
PROVEN, PROVEN_HOLD_S = 20, 10.0  # row 13
FORGOTTEN_S = 0.3  # row 16
NEVER = float("inf")

SEPARATOR = rb"\r?\n\r?|\0+"
BLANKS = b"\r\n\0"
PADDING = rb" {32,}"  # row 17
COLOURS = rb"(?:\x1b\[|\xc2\x9b)[\d;:]*m"


def decode(data: bytes) -> str:
    """Make one message printable: UTF-8, what is broken as U+FFFD, no colours, then sanitised."""
    return clean(without_colours(data).decode("utf-8", "replace"))


def without_colours(data: bytes) -> bytes:
    """Remove colours, bold and the like (ECMA-48, SGR), which would split words."""
    return compiled(COLOURS).sub(b"", data) if b"\x1b" in data or b"\xc2\x9b" in data else data


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
    """Cut `data` after its first separator: what ends there (all, if none), and the rest."""
    found = compiled(SEPARATOR).search(data)
    return (data[: found.end()], data[found.end() :]) if found else (data, b"")


def without_leftovers(data: bytes) -> bytes:
    """Return an arrival with leftovers of whole buffers replaced by NULs."""
    if len(data) % MESSAGE_BYTES:
        return data
    starts = range(0, len(data), MESSAGE_BYTES)
    blocks = [data[start : start + MESSAGE_BYTES].partition(b"\0") for start in starts]
    if not all(end for _, end, _ in blocks):
        return data
    return b"".join(text.ljust(MESSAGE_BYTES, b"\0") for text, _, _ in blocks)


class Splitter:
    """Cuts bytes into messages where they end; learns how they do.

    `ending` is what is known so far: None, or one of `ENDINGS`.
    """

    def __init__(self, ending: str | None) -> None:
        self.ending = ending
        self._padded = False
        self._lines_running = 0
        self._ended = 0

    @property
    def unframed(self) -> bool:
        """Tell whether the messages have no end, as far as is known."""
        return self.ending in (None, BARE)

    @property
    def proven(self) -> bool:
        """Tell whether enough messages had an end to rule out chance."""
        return not self.unframed and self._ended >= PROVEN

    def split(self, data: bytes) -> tuple[list[str], bytes]:
        """Return the messages that have ended, and the rest; a CR at its end may be half a CRLF."""
        end = max(data.rfind(b"\n"), data.rfind(b"\0")) + 1
        body, tail = data[:end], data[end:].lstrip(b"\r")
        texts = []
        if body:
            self.learn(body, tail)
            texts = self._texts(body)
            self._ended += len(texts)
        if not tail:
            return texts, b""
        pieces, rest = self._pieces(tail)
        return texts + pieces, b"" if compiled(PADDING).fullmatch(rest) else rest

    def learn(self, body: bytes, tail: bytes) -> None:
        """Learn from an arrival that has an end, and `tail` after the last one."""
        self._padded = self._padded or b"\0\0" in body
        self._lines_running = 0 if tail else self._lines_running + 1
        if not tail and (self.ending != BARE or self._lines_running >= LINES_RUNNING):
            self.ending = NUL if body.endswith(b"\0") else CRLF if body.endswith(b"\r\n") else LF

    def give_up(self) -> None:
        """Learn from a message that had no end."""
        if self.ending != BARE:
            self.ending, self._lines_running, self._ended = BARE, 0, 0

    def _texts(self, body: bytes) -> list[str]:
        body = body.replace(b"\r\n", b"\n").replace(b"\n\r", b"\n").replace(b"\0", b"\n")
        if self._padded:
            cut = [self._pieces(line) for line in body.split(b"\n") if line]
            return [text for texts, rest in cut for text in [*texts, decode(rest)] if text]
        lines = without_colours(body).decode("utf-8", "replace").split("\n")
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


class Patience:
    """How long a rest waits for more bytes, and from when on these are another message.

    All times are monotonic seconds: at `complete_at` the rest is a message; what comes from
    `perhaps_other_at` on is another one if it looks so, from `other_at` on in any case.
    `dribbles` tells whether this server sends a message in bits, None before that is known.
    """

    def __init__(self) -> None:
        self.dribbles: bool | None = None
        self.complete_at = self.perhaps_other_at = self.other_at = NEVER
        self._arrivals = 0
        self._whole_running = 0

    @property
    def came_at_once(self) -> bool:
        """Tell whether the rest came in one arrival."""
        return self._arrivals == 1

    def arrived(self, whole: bytes, goes_on: bool) -> None:
        """Count an arrival; `whole` is what is held with it, `goes_on` that something was held."""
        self._arrivals = self._arrivals + 1 if goes_on else 1
        if self._in_bits(whole):
            self.dribbles, self._whole_running = True, 0

    def hold(self, rest: bytes, arrival: int, splitter: Splitter, now: float) -> None:
        """Start waiting with a rest whose last arrival had `arrival` bytes."""
        held_s = PROVEN_HOLD_S if splitter.proven else HOLD_S
        maybe_dribbled = self.dribbles is None and arrival == 1
        bare_s = DRIBBLE_S if maybe_dribbled else QUIET_S
        if cut_character(rest):
            wait_s, perhaps_other_s, other_s = held_s, NEVER, NEVER
        elif not splitter.unframed:
            wait_s, perhaps_other_s, other_s = held_s, FORGOTTEN_S, NEVER
        elif self.dribbles:
            wait_s, perhaps_other_s, other_s = DRIBBLE_S, 0.0, NEVER
        else:
            wait_s, perhaps_other_s, other_s = bare_s, 0.0, bare_s
        self.complete_at = now + wait_s
        self.perhaps_other_at, self.other_at = now + perhaps_other_s, now + other_s

    def is_complete(self, rest: bytes) -> None:
        """Learn from a message that was complete because nothing more came."""
        if not self._in_bits(rest) and len(rest) > self._arrivals:
            self._whole_running += 1
            self.dribbles = bool(self.dribbles) and self._whole_running < WHOLE_RUNNING

    def _in_bits(self, rest: bytes) -> bool:
        few = len(rest) < BYTES_AN_ARRIVAL * self._arrivals
        return few and self._arrivals >= DRIBBLE_ARRIVALS


class MessageReader:
    """Collects arrivals and gives back complete messages as printable text.

    `are_two(held, data)` is asked when `data` follows `held` with no end between them: are these
    two messages? `ending` is what is known beforehand: None, or one of `ENDINGS`.
    """

    def __init__(self, are_two: Callable[[bytes, bytes], bool], ending: str | None = None) -> None:
        self.pending = b""
        self._are_two = are_two
        self._splitter = Splitter(ending)
        self._patience = Patience()

    @property
    def ending(self) -> str | None:
        """How the server ends its messages, as far as is known: None, or one of `ENDINGS`."""
        return self._splitter.ending

    @property
    def unframed(self) -> bool:
        """Tell whether the server's messages have no end, as far as is known."""
        return self._splitter.unframed

    @property
    def dribbles(self) -> bool | None:
        """Tell whether the server sends a message in bits, None before that is known."""
        return self._patience.dribbles

    @property
    def deadline(self) -> float | None:
        """When `expire` has something to do although nothing arrives (monotonic seconds)."""
        return self._patience.complete_at if self.pending else None

    @property
    def has_whole_message(self) -> bool:
        """Tell whether what is held came at once, and not as the first letter of a dribble."""
        return self._patience.came_at_once and len(self.pending) > 1 and not self.dribbles

    def feed(self, data: bytes, now: float) -> list[str]:
        """Take one arrival; return the messages that it completes."""
        texts = self._release() if self.pending and self._is_other(data, now) else []
        whole = (self.pending + data).lstrip(b"\r")  # the rest of an LF CR
        self._patience.arrived(whole, goes_on=bool(self.pending))
        ended, self.pending = self._splitter.split(whole)
        if self.pending:
            self._patience.hold(self.pending, len(data), self._splitter, now)
        return texts + ended

    def expire(self, now: float) -> list[str]:
        """Return what is complete because nothing more came; call it at `deadline`."""
        if self.deadline is None or now < self.deadline:
            return []
        self._splitter.give_up()
        self._patience.is_complete(self.pending)
        return self._release()

    def observe(self, answer: bytes) -> None:
        """Learn from a complete answer that was read elsewhere."""
        if answer.endswith((b"\n", b"\0")):
            self._splitter.learn(answer, b"")
        elif self.ending is None:
            self._splitter.give_up()

    def close(self) -> list[str]:
        """Return what is left when no more can come."""
        return self._release()

    def _is_other(self, data: bytes, now: float) -> bool:
        """Tell whether an arrival is another message than what is held."""
        perhaps = now >= self._patience.perhaps_other_at
        return now >= self._patience.other_at or (perhaps and self._are_two(self.pending, data))

    def _release(self) -> list[str]:
        text = decode(self.pending.rstrip(BLANKS))
        self.pending = b""
        return [text] if text else []
