"""The answer to `/list`: a number, then so many names, however they are told apart.

==========================================  ======================================================
what arrives (`|` is a pause)               read as
==========================================  ======================================================
`3` | `general` | `random` | `Room42`       the count, then an arrival a name
`3\\n` `general\\n` …, one send or many       the count, then a line a name; NUL and CRLF likewise
`3general` | `random` | `Room42`            the network merged the first two: still three
`2` | `42` | `7`                            a pause ends the count: names may be digits, too
`3` `gen` `eral` | `random` | `Room42`      pauses tell three: arrivals without one belong together
`3` `general` `random` `Room42`, no pause   arrivals tell three
`3 general random Room42`, commas           the count, then a word a name
`3\\n` `general` | `random` | `Room42`       the count ends in a line, the names do not: likewise
`3\\n` `general, random, Room42\\n`          a word a name, if there are fewer lines than names
`3 rooms:\\n` `general\\n` …                the rest of the count's line is the server's text
so many arrivals or words, though pauses    perhaps the first half of it: waits 0.6 s, as the
tell fewer                                  course's server pauses for 0.45 s at the most
`3generalrandomRoom42`                      ambiguous by nature: shown as it came
`3\\n` … `Room42`, and no end               the last name, or the first half of it: waits 0.6 s
`Welcome!\\n3\\n…`; `Welcome!` | `3\\n…`        what comes before the count is the server's text
fewer names than announced                  what there is, 1.5 s after the last of them
==========================================  ======================================================
"""

from __future__ import annotations

import re

from .framing import BLANKS, DRIBBLE_S, HELD_BYTES, QUIET_S, SEPARATOR, decode, split_once

PATIENCE_S = 1.5
DOUBT_S = 0.6
MOST_BYTES = 1 << 18

COUNT = rb"\d{1,9}"


class Listing:
    """Collects the answer to one `/list`.

    `texts` is what the server said before the list; `done`, `names`, `heading` (what stands
    beside the count and is no name), `announced` and `rest` (the bytes behind the list) hold once
    `deadline` has passed or `feed` has found the end; `whole` is the answer's bytes so far.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.heading = ""
        self.announced: int | None = None
        self.rest = b""
        self.done = False
        self.deadline: float | None = None
        self.whole = b""
        self._arrivals: list[tuple[bytes, bool]] = []
        self._before_pause = b""
        self._at_once = True
        self._parts = 0
        self._last: float | None = None
        self._certain = True
        self._beside: list[str] = []
        self._found: list[bytes] = []

    @property
    def names(self) -> list[str]:
        """The names so far. They are decoded here, as most arrivals are not the last."""
        return self._beside + [name for name in map(decode, self._found) if name]

    @property
    def raw(self) -> str:
        """The answer as it came, as one printable line, without what is behind it."""
        return decode(SEPARATOR.sub(b" ", self.whole.removesuffix(self.rest)).strip())

    @property
    def begun(self) -> bool:
        """Tell whether anything of an answer is there, or of a text before it."""
        return bool(self._arrivals)

    def feed(self, data: bytes, now: float) -> None:
        """Take one arrival and see whether the list is complete."""
        wait = DRIBBLE_S if self._arrivals and len(self._arrivals[-1][0]) == 1 else QUIET_S
        paused = self._last is not None and now - self._last >= wait
        self._last = now
        if self._is_text_before(data):
            self._take_text(self.whole, b"")
        self._add(data, paused)
        self._skip_texts()
        count = self._count
        self.announced = int(count[0]) if count else None
        if count and self._parts >= int(count[0]):  # else it cannot be all: most arrivals are not
            self._read_names(count.end())
        if not self.done:
            self.deadline = now + self._patience(len(data))
            if len(self.whole) > (HELD_BYTES if count is None else MOST_BYTES):
                self.expire(self.deadline)

    def expire(self, now: float) -> None:
        """End the list if its time has passed; what has no count is text, not a list."""
        if self.deadline is None or now < self.deadline:
            return
        self.deadline = None
        count = self._count
        if count is None:
            self._take_text(self.whole, b"")
        else:
            self._read_names(count.end())
            self.done = True

    def _add(self, data: bytes, paused: bool) -> None:
        """Take an arrival, and count how many parts there can be so far."""
        self._at_once = self._at_once and not (paused and self._arrivals)
        if self._at_once:
            self._before_pause += data
        self._arrivals.append((data, paused))
        self.whole += data
        starts_one = paused or len(data) > 1  # else it is dribbled, most likely
        self._parts += len(re.findall(rb"[\s,\0]+", data)) + starts_one

    @property
    def _count(self) -> re.Match[bytes] | None:
        """The number at the start; without separators a pause ends it, as names may be digits."""
        return re.match(COUNT, self.whole if SEPARATOR.search(self.whole) else self._before_pause)

    def _is_text_before(self, data: bytes) -> bool:
        """Tell whether there is one arrival so far, a text, and `data` begins the list."""
        alone = len(self._arrivals) == 1 and len(self.whole) > 1 and not self._count
        return alone and re.match(COUNT, data) is not None

    def _take_text(self, text: bytes, rest: bytes) -> None:
        """Take a text off the front; the list, if it is one, begins with `rest`."""
        self.texts += filter(None, map(decode, SEPARATOR.split(text)))
        self._arrivals, self._at_once, self._parts = [], True, 0
        self.whole = self._before_pause = b""
        if rest:
            self._add(rest, False)

    def _skip_texts(self) -> None:
        """Take lines off the front that cannot be the count."""
        while self.whole and not re.match(COUNT, self.whole):
            line, rest = split_once(self.whole)
            if not rest and not line.endswith((b"\n", b"\0", b"\r")):
                return
            self._take_text(line, rest)

    def _patience(self, size: int) -> float:
        """Seconds until the list counts as ended, after an arrival of `size` bytes."""
        if self.announced is not None and len(self._beside) + len(self._found) < self.announced:
            return PATIENCE_S
        if not self._certain or SEPARATOR.search(self.whole):
            return DOUBT_S
        return DRIBBLE_S if size == 1 else QUIET_S

    def _read_names(self, at: int) -> None:
        """Read the names behind the count, which ends at `at`."""
        if SEPARATOR.search(self.whole):
            self._read_lines(at)
        else:
            self._read_bare(at)

    def _read_lines(self, at: int) -> None:
        assert self.announced is not None
        self._certain = True
        head, body = split_once(self.whole[at:])
        beside = decode(head.strip(BLANKS))
        self._beside = self._names_beside(beside)
        self.heading = "" if self._beside else beside.strip()
        lines = [line.strip(BLANKS) for line in SEPARATOR.split(body)]  # the last has no end
        wanted = max(0, self.announced - len(self._beside))
        numbers = [number for number, line in enumerate(lines) if line][:wanted]
        self._found = [lines[number] for number in numbers]
        ended = numbers[-1] + 1 < len(lines) if numbers else head.endswith((b"\n", b"\0"))
        self.done = ended and len(numbers) >= wanted
        if len(numbers) == 1 < wanted and not self._beside:
            self._read_bare(at + len(head))
        if self.done:
            ends = [0, *(end.end() for end in SEPARATOR.finditer(body))]
            self.rest = body[ends[numbers[-1] + 1 if numbers else 0] :]

    def _names_beside(self, text: str) -> list[str]:
        """Return the names that stand in the line of the count, behind it."""
        words = text.replace(",", " ").split()
        if text.endswith(":"):
            return []
        if len(words) == self.announced or (words and text[0] not in " :,"):
            return words if len(words) == self.announced else [text]
        return []

    def _read_bare(self, at: int) -> None:
        """Try pauses, then arrivals, then words: what gives the announced number is right."""
        groups: list[bytes] = []
        pieces: list[bytes] = []
        for data, paused in self._arrivals:
            skipped, at = data[at:], max(0, at - len(data))
            if groups and not paused:
                groups[-1] += skipped
            else:
                groups.append(skipped)
            pieces.append(skipped)
        words = b"".join(groups).replace(b",", b" ").split()
        readings = [[part for part in parts if part.strip()] for parts in (groups, pieces, words)]
        fitting = [parts for parts in readings if len(parts) == self.announced]
        self._certain = not fitting or fitting[0] is readings[0]
        self._found = [part.strip() for part in (fitting or readings)[0]]
