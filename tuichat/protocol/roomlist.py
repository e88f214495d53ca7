"""The answer to `/list`: a number, then that many names, however they are separated.

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
as many arrivals or words as announced,     perhaps the first half of it: waits 0.6 s, as the
though pauses tell fewer                    course's server pauses for 0.45 s at the most
`3generalrandomRoom42`                      ambiguous by nature: shown as it came
`3\\n` … `Room42`, and no end               the last name, or the first half of it: waits 0.6 s
`3 rooms:` | `general` | …                  so it is without a line, before a colon or after a
`3 rooms: general, random, Room42`          blank, if the names are found without it
`0 rooms, make one with /join`              no rooms, and the server's text
`Welcome!\\n3\\n…`; `Welcome!` | `3\\n…`        what comes before the count is the server's text
`200 Welcome`, `220-mail ESMTP`, and not    a status of another protocol, hence a text; with a
so many names                               colon at its end (`200 rooms:`) it is a count
fewer names than announced                  what there is, 1.5 s after the last of them
==========================================  ======================================================
"""

from __future__ import annotations

import re
from itertools import takewhile

from ..record import Record
from ..text import compiled
from .framing import DRIBBLE_S, HELD_BYTES, QUIET_S, SEPARATOR, decode, without_colours

PATIENCE_S = 1.5
DOUBT_S = 0.6
USUAL_GAP_S = 0.15
"""The pause between names from the course's server."""
MOST_BYTES = 1 << 18

COUNT = re.compile(rb"\d{1,9}")
STATUS = re.compile(rb"\d{3}[ \t\-:.%]")
LINE = re.compile(rb"(.*?)(" + SEPARATOR + rb"|\Z)", re.DOTALL)
TEXTS = re.compile(rb"(?:(?!\d).*?(?:" + SEPARATOR + rb"))*", re.DOTALL)
TITLE = re.compile(rb"(.*?:(?=\s|\Z)|)(.*)", re.DOTALL)
GAP = re.compile(rb"[\s,\0]+")
ENDS = (b"\n", b"\r", b"\0")
PADDING = re.compile(rb"\s{2,}")


class Arrival(Record):
    """What the network brought at once; `paused` tells whether a pause came before it."""

    data: bytes
    paused: bool


class Found(Record):
    """The names `found` after the count, as far as they have come.

    `certain` says that they cannot be told apart in another way, `ended` that the last of them has
    its end; `heading` is the server's text beside the count, `rest` is what follows the list.
    """

    found: list[bytes] = []
    certain: bool = True
    heading: bytes = b""
    ended: bool = False
    rest: bytes = b""


def read_names(arrivals: list[Arrival], at: int, count: int) -> Found:
    """Read the names after the count, which ends at `at`."""
    whole = b"".join(arrival.data for arrival in arrivals)
    if not compiled(SEPARATOR).search(whole):
        return read_bare(arrivals, at, count)
    head, *lines = LINE.finditer(whole, at)
    heading, found = read_beside(head[1], count)
    last = head
    for line in lines:
        if len(found) < count and (name := line[1].strip()):
            found.append(name)
            last = line
    if len(found) == 1 < count and last is not head:  # one line, perhaps of several names
        bare = read_bare(arrivals, last.start() + len(last[1]) - len(last[1].lstrip()), count)
        return Found(bare.found, bare.certain, (heading + b" " + bare.heading).strip())
    if len(found) < count or not last[2]:  # the last has no end yet
        return Found(found, True, heading)
    rest = whole[last.end() :]
    return Found(found, True, heading, True, rest if strip(rest) else b"")


def read_beside(text: bytes, count: int) -> tuple[bytes, list[bytes]]:
    """Split the text beside the count into the server's own words and names."""
    head, names = TITLE.fullmatch(text).groups()  # type: ignore[union-attr]
    words = names.replace(b",", b" ").split()
    if words and len(words) == count:
        return head.strip(), words
    if head and words and count == 1:
        return head.strip(), [names.strip()]
    if not count or is_heading(text):
        return text.strip(), []
    return b"", [text.strip()] if text.strip() else []


def is_heading(text: bytes) -> bool:
    """Tell whether the text right after the count is not exactly one name."""
    return bool(strip(text)) and (text[:1] in b" \t:," or strip(text).endswith(b":"))


def strip(text: bytes) -> bytes:
    """Return a name or a text without the blanks, ends and padding around it."""
    return text.strip(b" \t\v\f\r\n\0")


def is_status(text: bytes) -> bool:
    """Tell whether a text begins as the answers of SMTP, HTTP or FTP do."""
    text = strip(text)
    return STATUS.match(text) is not None and not text.endswith(b":")


def behind(arrivals: list[Arrival], at: int) -> list[Arrival]:
    """Return the arrivals without their first `at` bytes; those before stay, and are empty."""
    rest = []
    for arrival in arrivals:
        rest.append(Arrival(arrival.data[at:], arrival.paused))
        at = max(0, at - len(arrival.data))
    return rest


def between_pauses(arrivals: list[Arrival]) -> list[bytes]:
    """Join the arrivals with no pause between them."""
    groups: list[list[bytes]] = []
    for arrival in arrivals:
        if arrival.paused or not groups:
            groups.append([])
        groups[-1].append(arrival.data)
    return [b"".join(group) for group in groups]


def read_bare(arrivals: list[Arrival], at: int, count: int) -> Found:
    """Try pauses, then arrivals, blanks, words: what gives the announced number is right."""
    arrivals = behind(arrivals, at)
    pieces = [arrival.data for arrival in arrivals]
    whole = b"".join(pieces)
    if not count:
        return Found([], True, whole.strip())
    readings: list[tuple[bytes, list[bytes]]] = []
    for first, *others in (between_pauses(arrivals), pieces):
        names = [name for part in (first, *others) if (name := strip(part))]
        readings.append((names[0], names[1:]) if is_heading(first) else (b"", names))
    if whole[:2].isspace():  # padded, and so is every name
        readings.append((b"", PADDING.split(whole.strip())))
    readings.append(read_beside(whole, count))
    fitting = [reading for reading in readings if len(reading[1]) == count]
    heading, names = (fitting or readings)[0]
    return Found(names, not fitting or fitting[0] is readings[0], heading)


def spell(names: list[bytes]) -> dict[str, bytes]:
    """Map each name as shown to its bytes; names that show nothing are left out.

    Colours are the list's, not the name's.
    """
    spelled: dict[str, bytes] = {}
    for name in map(strip, map(without_colours, names)):
        spelled.setdefault(decode(name), name)
    spelled.pop("", None)
    return spelled


class RoomList:
    """Collects the answer to one `/list`.

    `whole` is the answer's bytes so far. `names`, `heading` and `rest` (the bytes after the list)
    hold once the list is `done`, because `feed` has found its end or `deadline` has passed.
    Until then `so_far` has the rooms that are known already, in the form of `spelled`. While a slow
    list comes in it is updated now and then: a new mapping each time it changes.
    """

    def __init__(self) -> None:
        self.done = False
        self.deadline: float | None = None
        self._last: float | None = None
        self._start()

    def _start(self) -> None:
        """Start without any part of a list."""
        self.whole = b""
        self.so_far: dict[str, bytes] = {}
        self._told_at: float | None = None
        self._counted_at: float | None = None
        self._arrivals: list[Arrival] = []
        self._before_pause = b""
        self._parts = self._words = self._lines = 0
        self._read = Found()

    @property
    def announced(self) -> int | None:
        """The count, None before it has come."""
        return int(count[0]) if (count := self._count) else None

    @property
    def spelled(self) -> dict[str, bytes]:
        """The names so far, as they are shown, and the bytes of each, which `/join` sends back.

        They are decoded only here, as most arrivals are not the last. Of two that look alike the
        first counts.
        """
        return spell(self._read.found)

    @property
    def names(self) -> list[str]:
        """The names so far, each once."""
        return list(self.spelled)

    @property
    def complete(self) -> bool:
        """Tell whether as many names came as were announced, alike or not."""
        return sum(map(bool, map(decode, self._read.found))) == self.announced

    @property
    def heading(self) -> str:
        """What the server says beside the count."""
        return decode(self._read.heading).strip()

    @property
    def rest(self) -> bytes:
        """The bytes after the list."""
        return self._read.rest

    @property
    def raw(self) -> str:
        """The answer as it came, as one printable line, without what follows it."""
        return decode(b" ".join(self.whole.removesuffix(self.rest).replace(b"\0", b" ").split()))

    @property
    def begun(self) -> bool:
        """Tell whether anything of an answer is there, or of a text before it."""
        return bool(self._arrivals)

    def remaining_s(self, now: float) -> float:
        """Return for how many more seconds names will come at the present rate."""
        announced = self.announced
        if self.done or announced is None or self._counted_at is None:
            return 0.0
        came = len(self.so_far)
        gap = (now - self._counted_at) / came if came else USUAL_GAP_S
        return (announced - came) * gap

    def feed(self, data: bytes, now: float) -> list[str]:
        """Take one arrival; return what the server says before the list."""
        wait = DRIBBLE_S if self._arrivals and len(self._arrivals[-1].data) == 1 else QUIET_S
        paused = self._last is not None and now - self._last >= wait
        self._last = now
        texts = self._take_text(len(self.whole)) if self._is_text_before(data) else []
        self._add(Arrival(data, paused))
        texts += self._take_text(self._text_size)
        announced = self.announced
        if announced is not None and self._counted_at is None:
            self._counted_at = now
        if announced is not None and self._most_names >= announced:  # else there is more to come
            self._read_names()
            self.done = self._read.ended
        if not self.done:
            self.deadline = now + self._patience(len(data))
            if len(self.whole) > (HELD_BYTES if announced is None else MOST_BYTES):
                texts += self.expire(self.deadline)
        if announced and not self.done:
            self._tell(now, paused or data.endswith(ENDS))
        return texts

    def expire(self, now: float) -> list[str]:
        """End the list if its time has passed; return what has no count: text, not a list."""
        if self.deadline is None or now < self.deadline:
            return []
        self.deadline = None
        texts: list[str] = []
        while (announced := self.announced) is not None:
            self._read_names()
            statuses = self._statuses if len(self._read.found) < announced else []
            if not statuses:
                self.done = True
                return texts
            self._take_text(sum(map(len, statuses)))
            texts += map(decode, map(strip, statuses))
            texts += self._take_text(self._text_size)
        return texts + self._take_text(len(self.whole))

    def _read_names(self) -> None:
        if count := self._count:
            self._read = read_names(self._arrivals, count.end(), int(count[0]))

    def _tell(self, now: float, is_whole: bool) -> None:
        """Update `so_far` if the last name `is_whole`, but not often: the whole list is read."""
        if self._told_at is None:
            self._told_at = now
        if not is_whole or now - self._told_at < QUIET_S or self._statuses:
            return
        self._told_at = now
        self._read_names()
        found, announced = self._read.found, self.announced
        if not self.whole.endswith(ENDS) and (self._lines > 1 or len(self._arrivals[-1].data) == 1):
            found = found[:-1]  # more of it is still to come
        rooms = spell(found[:announced])
        if self._read.certain and rooms != self.so_far:
            self.so_far = rooms

    def _add(self, arrival: Arrival) -> None:
        """Take an arrival, and count how many parts, words and lines there can be so far."""
        later = arrival.paused and self._arrivals
        if self._before_pause == self.whole and not later:
            self._before_pause += arrival.data
        data, before = arrival.data, self.whole[-1:]
        self._arrivals.append(arrival)
        self.whole += data
        self._parts += arrival.paused or len(data) > 1  # else it is dribbled, most likely
        self._words += len(GAP.findall(data)) - bool(GAP.match(before) and GAP.match(data))
        self._lines += len(compiled(SEPARATOR).findall(data)) - (before == data[:1] == b"\0")

    @property
    def _most_names(self) -> int:
        """How many names there can be: those of lines, once there are some, have many words."""
        return self._lines + 1 if self._lines > 2 else max(self._parts, self._words + 1)

    @property
    def _count(self) -> re.Match[bytes] | None:
        """The number at the start; without separators a pause ends it, as names may be digits."""
        return COUNT.match(self.whole if self._lines else self._before_pause)

    def _is_text_before(self, data: bytes) -> bool:
        """Tell whether there is one arrival so far, a text, and `data` begins the list."""
        alone = len(self._arrivals) == 1 and len(self.whole) > 1 and not self._count
        return alone and COUNT.match(data) is not None

    def _take_text(self, size: int) -> list[str]:
        """Take a text off the front; the list, if there is one, begins after it."""
        if not size:
            return []
        text, arrivals = self.whole[:size], behind(self._arrivals, size)
        self._start()
        for arrival in arrivals:
            if arrival.data:
                self._add(arrival)
        return [line for line in map(decode, compiled(SEPARATOR).split(text)) if line]

    @property
    def _text_size(self) -> int:
        """How many bytes at the front are whole lines, none of which can be the count."""
        return TEXTS.match(self.whole).end()  # type: ignore[union-attr]

    @property
    def _statuses(self) -> list[bytes]:
        """A status of another protocol at the front, unless it is a list."""
        lines = (line[0] for line in LINE.finditer(self.whole))
        return list(takewhile(is_status, lines if self._lines else between_pauses(self._arrivals)))

    def _patience(self, size: int) -> float:
        """Seconds until the list counts as ended, after an arrival of `size` bytes."""
        if self.announced is not None and len(self._read.found) < self.announced:
            return PATIENCE_S
        if not self._read.certain or self._lines:
            return DOUBT_S
        return DRIBBLE_S if size == 1 else QUIET_S
