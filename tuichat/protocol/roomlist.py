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
`0 rooms, make one with /join`              the same: as many names as announced, none
`200 Welcome`, and no name                  a text: some protocols begin their answers so
so many arrivals or words, though pauses    perhaps the first half of it: waits 0.6 s, as the
tell fewer                                  course's server pauses for 0.45 s at the most
`3generalrandomRoom42`                      ambiguous by nature: shown as it came
`3\\n` … `Room42`, and no end               the last name, or the first half of it: waits 0.6 s
`Welcome!\\n3\\n…`; `Welcome!` | `3\\n…`        what comes before the count is the server's text
fewer names than announced                  what there is, 1.5 s after the last of them
==========================================  ======================================================

Blanks around a name are no part of it; its other bytes are kept, as they have to go back.
"""

from __future__ import annotations

import re

from ..record import Record
from .framing import BLANKS, DRIBBLE_S, HELD_BYTES, QUIET_S, SEPARATOR, decode, split_once, without_colours

PATIENCE_S = 1.5
DOUBT_S = 0.6
USUAL_GAP_S = 0.15
"""How far apart the names come from the course's server."""
MOST_BYTES = 1 << 18
AROUND = BLANKS + b" \t"
"""What may stand around a name."""

COUNT = re.compile(rb"\d{1,9}")
CODE = re.compile(rb"\d{3}[ -]")
LINE = re.compile(rb"(.*?)(" + SEPARATOR.pattern + rb"|\Z)", re.DOTALL)


class Arrival(Record):
    """What the network brought at once; `paused` tells whether a pause stood before it."""

    data: bytes
    paused: bool


class Found(Record):
    """What is `found` behind the count, as far as it has come.

    `certain` says that nobody would tell them apart otherwise, `ended` that the last of them has
    its end; `heading` stands beside the count and is no name, `rest` is what follows the list.
    """

    found: list[bytes] = []
    certain: bool = True
    heading: bytes = b""
    ended: bool = False
    rest: bytes = b""


def read_names(arrivals: list[Arrival], at: int, count: int) -> Found:
    """Read the names behind the count, which ends at `at`."""
    whole = b"".join(arrival.data for arrival in arrivals)
    if not SEPARATOR.search(whole):
        return read_bare(arrivals, at, count)
    head, *lines = LINE.finditer(whole, at)
    beside = head[1].strip(BLANKS)
    found = names_beside(beside, count)
    heading = b"" if found else beside
    last = head
    for line in lines:
        if len(found) < count and (name := line[1].strip(AROUND)):
            found.append(name)
            last = line
    if len(found) == 1 < count and last is not head:  # one line, perhaps of several names
        bare = read_bare(arrivals, head.end(), count)
        return Found(bare.found, bare.certain, heading)
    if len(found) < count or not last[2]:  # the last has no end yet
        return Found(found, True, heading)
    return Found(found, True, heading, True, whole[last.end() :])


def names_beside(text: bytes, count: int) -> list[bytes]:
    """Return the names that stand in the line of the count, behind it."""
    words = text.replace(b",", b" ").split()
    if not words or text.endswith(b":"):
        return []
    if len(words) == count:
        return words
    return [] if text[:1] in b" :," else [text.strip(AROUND)]


def read_bare(arrivals: list[Arrival], at: int, count: int) -> Found:
    """Try pauses, then arrivals, then words: what gives the announced number is right."""
    groups: list[bytes] = []
    pieces: list[bytes] = []
    for arrival in arrivals:
        data, at = arrival.data[at:], max(0, at - len(arrival.data))
        pieces.append(data)
        if groups and not arrival.paused:
            groups[-1] += data
        else:
            groups.append(data)
    beside = pieces[0] if pieces else b""
    is_sentence = beside[:1] in (b" ", b":") and bool(beside.strip(AROUND))
    if is_sentence and beside.strip(AROUND).endswith(b":"):  # a heading is no name, for certain
        return Found(read_bare(arrivals[1:], 0, count).found, True, beside)
    words = b"".join(pieces).replace(b",", b" ").split()
    readings = [[name for part in parts if (name := part.strip(AROUND))]
                for parts in (groups, pieces, words)]  # fmt: skip
    fitting = [names for names in readings if len(names) == count]
    if fitting:
        return Found(fitting[0], fitting[0] is readings[0])
    return Found(readings[0][is_sentence:], True, beside if is_sentence else b"")


class RoomList:
    """Collects the answer to one `/list`.

    `announced` is the count, None before it has come, and `whole` the answer's bytes so far.
    `heading` and `rest` (the bytes behind the list) hold once the list is `done`, because `feed`
    has found its end or `deadline` has passed; until then `names` are those that came so far.
    """

    def __init__(self) -> None:
        self.announced: int | None = None
        self.done = False
        self.deadline: float | None = None
        self.whole = b""
        self._arrivals: list[Arrival] = []
        self._before_pause = b""
        self._parts = 0
        self._last: float | None = None
        self._looked_at = self._counted_at = 0.0
        self._read = Found()

    @property
    def names(self) -> list[str]:
        """The names so far. They are decoded here, as most arrivals are not the last."""
        return [name for name in map(decode, self._read.found) if name]

    @property
    def spelled(self) -> dict[str, bytes]:
        """The names so far, each once, with the bytes in which the server spells them.

        Colours are the list's, not the name's.
        """
        spelled: dict[str, bytes] = {}
        for data in map(without_colours, self._read.found):
            spelled.setdefault(decode(data), data)
        return spelled

    @property
    def found(self) -> int:
        """How many names there are so far."""
        return len(self._read.found)

    def remaining_s(self, now: float) -> float:
        """Return for how many seconds more names will come, if they go on as they have come."""
        if self.announced is None or self.done:
            return 0.0
        gap = (now - self._counted_at) / self.found if self.found else USUAL_GAP_S
        return (self.announced - self.found) * gap

    @property
    def heading(self) -> str:
        """What the server says beside the count."""
        return decode(self._read.heading).strip()

    @property
    def rest(self) -> bytes:
        """The bytes behind the list."""
        return self._read.rest

    @property
    def raw(self) -> str:
        """The answer as it came, as one printable line, without what is behind it."""
        return decode(SEPARATOR.sub(b" ", self.whole.removesuffix(self.rest)).strip())

    @property
    def begun(self) -> bool:
        """Tell whether anything of an answer is there, or of a text before it."""
        return bool(self._arrivals)

    def feed(self, data: bytes, now: float) -> list[str]:
        """Take one arrival; return what the server says before the list."""
        wait = DRIBBLE_S if self._arrivals and len(self._arrivals[-1].data) == 1 else QUIET_S
        paused = self._last is not None and now - self._last >= wait
        self._last = now
        texts = self._take_text(self.whole) if self._is_text_before(data) else []
        self._add(Arrival(data, paused))
        texts += self._skip_texts()
        count = self._count
        if count and self.announced is None:
            self._counted_at = now
        self.announced = int(count[0]) if count else None
        if count and self._parts >= int(count[0]):  # else it cannot be all: most arrivals are not
            self._read = read_names(self._arrivals, count.end(), int(count[0]))
            self.done = self._read.ended
        elif count and len(data) > 1 and now - self._looked_at >= QUIET_S:
            self._looked_at = now  # a flood must not be read from its start at each arrival
            self._read = read_names(self._arrivals, count.end(), int(count[0]))
        if not self.done:
            self.deadline = now + self._patience(len(data))
            if len(self.whole) > (HELD_BYTES if count is None else MOST_BYTES):
                texts += self.expire(self.deadline)
        return texts

    def expire(self, now: float) -> list[str]:
        """End the list if its time has passed; return what has no count: it is text, no list."""
        if self.deadline is None or now < self.deadline:
            return []
        self.deadline = None
        count = self._count
        if count is None:
            return self._take_text(self.whole)
        self._read = read_names(self._arrivals, count.end(), int(count[0]))
        if self._read.heading and int(count[0]) and not self._read.found:
            self.announced, self._read = None, Found()
            return self._take_text(self.whole)
        self.done = True
        return []

    def _add(self, arrival: Arrival) -> None:
        """Take an arrival, and count how many parts there can be so far."""
        later = arrival.paused and self._arrivals
        if self._before_pause == self.whole and not later:
            self._before_pause += arrival.data
        self._arrivals.append(arrival)
        self.whole += arrival.data
        starts_one = arrival.paused or len(arrival.data) > 1  # else it is dribbled, most likely
        self._parts += len(re.findall(rb"[\s,\0]+", arrival.data)) + starts_one

    @property
    def _count(self) -> re.Match[bytes] | None:
        """The number at the start; without separators a pause ends it, as names may be digits."""
        return COUNT.match(self.whole if SEPARATOR.search(self.whole) else self._before_pause)

    def _is_text_before(self, data: bytes) -> bool:
        """Tell whether there is one arrival so far, a text, and `data` begins the list."""
        alone = len(self._arrivals) == 1 and len(self.whole) > 1 and not self._count
        return alone and COUNT.match(data) is not None

    def _take_text(self, text: bytes, rest: bytes = b"") -> list[str]:
        """Take a text off the front; the list, if it is one, begins with `rest`."""
        self._arrivals, self._parts = [], 0
        self.whole = self._before_pause = b""
        if rest:
            self._add(Arrival(rest, paused=False))
        return [line for line in map(decode, SEPARATOR.split(text)) if line]

    def _skip_texts(self) -> list[str]:
        """Take lines off the front that cannot be the count."""
        texts: list[str] = []
        while self.whole and not COUNT.match(self.whole):
            line, rest = split_once(self.whole)
            if not rest and not line.endswith((b"\n", b"\0", b"\r")):
                break
            texts += self._take_text(line, rest)
        return texts

    def _patience(self, size: int) -> float:
        """Seconds until the list counts as ended, after an arrival of `size` bytes."""
        if self.announced is not None and len(self._read.found) < self.announced:
            is_code = CODE.match(self.whole) and not self._read.found
            return DOUBT_S if is_code else PATIENCE_S
        if not self._read.certain or SEPARATOR.search(self.whole):
            return DOUBT_S
        return DRIBBLE_S if size == 1 else QUIET_S
