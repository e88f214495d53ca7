"""What was said: every line kept, cheaply, in the order it came; and how far the user has read.

Lines are numbered from 0 for the whole session; the oldest are dropped beyond a limit, and the
numbers stay. Three sequences side by side (texts, kinds, stamps) cost 17 bytes a line besides the
text; a record for each line would cost five times that, and most of the time in a flood. Only the
few lines that tell who came or went have one. Who speaks is read from a line when it is drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from ..input.words import folded
from ..record import Record
from ..text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..protocol.events import Notice

HEARD, MENTION, OWN, NOTICE, SERVER, INFO, ERROR, PLACE, PAST = range(9)
SPOKEN = (HEARD, MENTION)
"""What others say; a mention is what names the user. `PAST` is what a log holds of it."""
PROGRAM = (INFO, ERROR, PLACE)
"""What the program itself says; `PLACE` names the room that was entered."""

Position = tuple[int, int]
"""A row of the pane: the number of a line, and which of the rows of its group."""
END: Position = (1 << 62, 0)
"""Where the view follows what is said: below every row."""

MARKS = {
    HEARD: "│", MENTION: "│", OWN: "│", NOTICE: "·", SERVER: "│", INFO: "»", ERROR: "»",
    PLACE: "»", PAST: "│",
}  # fmt: skip
"""The mark before a line wherever it is shown: it tells who says it."""

LIMIT_LINES = 200_000
BYTES_A_LINE = 512
FOLD = 16

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


class Stamp(Record):
    """The local time of a line, ready to be shown: `12:01`, `Sun 22 Nov`, ISO 8601.

    The day is shown above the lines of that day; for lines from a log it says so, too.
    """

    minute: str
    day: str
    iso: str


NO_TIME = Stamp("", "", "")


class Transcript:
    """The lines that are kept, numbered `first` to `end` - 1; those before `first` were dropped.

    `limit` is the number of lines kept; their texts may take 512 bytes of memory a line on
    average, so that very long lines are bounded, too. A tenth more is kept before any are dropped.
    """

    def __init__(self, limit: int = LIMIT_LINES) -> None:
        self.limit = max(100, limit)
        self.first = 0
        self._texts: list[str] = []
        self._kinds = bytearray()
        self._stamps: list[Stamp] = []
        self._bytes = 0
        self._own_nicks: list[tuple[int, str]] = []
        self._places = [(0, "")]
        self._notices: dict[int, Notice] = {}

    @property
    def end(self) -> int:
        """The number that the next line will get."""
        return self.first + len(self._texts)

    def add(self, kind: int, texts: list[str], stamp: Stamp) -> None:
        """Append lines of one kind; drop the oldest ones beyond the limit."""
        self._append(bytes((kind,)) * len(texts), texts, stamp)

    def add_heard(
        self,
        texts: list[str],
        asides: Mapping[int, Notice | None],
        mentions: Iterable[int],
        stamp: Stamp,
    ) -> None:
        """Append what was heard: `asides` as in `events.Heard`, `mentions` likewise by index."""
        kinds = bytearray((HEARD,)) * len(texts)
        for at in mentions:
            kinds[at] = MENTION
        for at, notice in asides.items():
            kinds[at] = NOTICE
            if notice:
                self._notices[self.end + at] = notice
        self._append(kinds, texts, stamp)

    def _append(self, kinds: bytes | bytearray, texts: list[str], stamp: Stamp) -> None:
        self._texts += texts
        self._kinds += kinds
        self._stamps += [stamp] * len(texts)
        self._bytes += sum(map(str.__sizeof__, texts))
        if len(self._texts) > self.limit * 1.1 or self._bytes > self.limit * BYTES_A_LINE * 1.1:
            self._drop()

    def add_own(self, nick: str, text: str, stamp: Stamp) -> None:
        """Append one of the user's own messages, as it was typed."""
        if not self._own_nicks or self._own_nicks[-1][1] != nick:
            self._own_nicks.append((self.end, nick))
        self.add(OWN, [clean(text)], stamp)

    def enter(self, place: str) -> None:
        """Note the place of the lines that follow: the words that name a room and its server."""
        if place != self._places[-1][1]:
            self._places.append((self.end, place))

    def text(self, number: int) -> str:
        """Return the text of a line."""
        return self._texts[number - self.first]

    def kind(self, number: int) -> int:
        """Return the kind of a line."""
        return self._kinds[number - self.first]

    def stamp(self, number: int) -> Stamp:
        """Return the time of a line, `NO_TIME` before the first."""
        return self._stamps[number - self.first] if number >= self.first else NO_TIME

    def entry(self, number: int) -> tuple[int, str, Stamp, Stamp]:
        """Return the kind, the text and the time of a line, and the time of the line before it."""
        at = number - self.first
        stamps = self._stamps
        return self._kinds[at], self._texts[at], stamps[at], stamps[at - 1] if at else NO_TIME

    def own_nick(self, number: int) -> str:
        """Return the nick under which an `OWN` line was said."""
        return self._own_nicks[bisect_right(self._own_nicks, number, key=lambda own: own[0]) - 1][1]

    def place(self, number: int) -> str:
        """Return the place entered last before a line came, "" if there was none."""
        return self._places[bisect_right(self._places, number, key=lambda place: place[0]) - 1][1]

    def line(self, number: int) -> str:
        """Return a line as one text, to be copied or kept: no blanks at its end.

        The user's own lines begin with the nick, in the form in which servers relay them.
        """
        text = self.text(number).rstrip(" ")
        return f"{self.own_nick(number)}> {text}" if self.kind(number) == OWN else text

    def notice(self, number: int) -> Notice | None:
        """Return who came or went, if a line tells of that."""
        return self._notices.get(number)

    def group(self, number: int) -> range:
        """Return the lines that are shown as one with this line: a run of notices.

        A run is cut at every sixteenth number, so that finding its start costs the same
        however long it is.
        """
        if self._kinds[number - self.first] != NOTICE:
            return range(number, number + 1)
        start, stop = number, number + 1
        while start % FOLD and start > self.first and self.kind(start - 1) == NOTICE:
            start -= 1
        while stop % FOLD and stop < self.end and self.kind(stop) == NOTICE:
            stop += 1
        return range(start, stop)

    def find(self, words: str, lines: range) -> list[int]:
        """Return the numbers of the lines that contain `words`, ignoring case."""
        wanted, texts = folded(words), self._texts_of(lines)
        whole = "\n".join(texts)
        if whole.isascii() and wanted not in whole.lower():  # mostly so, and quicker to find out
            return []
        return [n for n, text in zip(lines, texts, strict=True) if wanted in folded(text)]

    def size(self, lines: range) -> int:
        """Return how many bytes of memory the texts of some lines take."""
        return sum(map(str.__sizeof__, self._texts_of(lines)))

    def _texts_of(self, lines: range) -> list[str]:
        return self._texts[lines.start - self.first : lines.stop - self.first]

    def _drop(self) -> None:
        """Drop the oldest tenth of the limit at once: cheaper than line by line."""
        surplus = max(0, len(self._texts) - self.limit)
        size = self._bytes - sum(map(str.__sizeof__, self._texts[:surplus]))
        while size > self.limit * BYTES_A_LINE and surplus < len(self._texts) - 1:
            size -= self._texts[surplus].__sizeof__()
            surplus += 1
        del self._texts[:surplus], self._kinds[:surplus], self._stamps[:surplus]
        self.first += surplus
        self._bytes = size
        self._notices = {n: told for n, told in self._notices.items() if n >= self.first}


class Viewport:
    """Which part of the transcript is in view, and what came while the user was away.

    `at` is the position of the last row in view, `END` while the view follows what is said.
    `focused` is what the terminal says about itself: None as long as it has said nothing.
    `unread` is the first line that came while the user was away, None if there is none; it keeps
    its rule until the user goes on. `new` and `mentions` count what is not read yet. Lines before
    `cleared` are shown only when scrolled to.
    """

    def __init__(self) -> None:
        self.at = END
        self.focused: bool | None = None
        self.unread: int | None = None
        self.new = 0
        self.mentions = 0
        self.cleared = 0
        self._seen = False

    @property
    def away(self) -> bool:
        """Tell whether the user does not see new lines."""
        return self.at != END or self.focused is False

    @property
    def waiting(self) -> int:
        """How many lines are not read yet."""
        return 0 if self._seen else self.new

    def arrived(self, first: int, count: int, mentions: int) -> None:
        """Note `count` lines from number `first` on, `mentions` of them naming the user."""
        if not self.away:
            return
        if self.unread is None or self._seen:
            self.unread, self._seen = first, False
            self.new = self.mentions = 0
        self.new += count
        self.mentions += mentions

    def scroll(self, at: Position) -> None:
        """Show another part of the transcript."""
        self.at = at
        self._look()

    def focus(self, focused: bool) -> None:
        """Note that the terminal gained or lost the focus."""
        self.focused = focused
        self._look()

    def go_on(self) -> None:
        """The user moves on: remove the unread rule once it was seen."""
        if self._seen:
            self.unread = None
            self.new = self.mentions = 0

    def _look(self) -> None:
        if not self.away and self.unread is not None:
            self._seen = True
