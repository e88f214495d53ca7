"""The message pane: lines of the transcript to rows of cells, only those that are drawn.

    12:01   alice │ hello there                what somebody says: right of the bar
                  │ and its wrapped rest
    12:02         · carol has joined.          what the server tells of comings and goings
    12:02         » 3 here as of 12:02: …      the program's own words: right of the double arrow
    ───────────────── 2 new ─────────────────  a rule: the only rows that begin at the left edge

Everything from outside stands right of `│` or `·`, so no message can look like the program's own
words, a rule, or the start of another message. On a narrow screen the columns go, and the marks
stay. A position is (line, row within the rows of its group); layout goes upwards from one, so its
cost does not depend on the length of the history.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from unicodedata import normalize

from ..chat.transcript import END, ERROR, FOLD, INFO, MARKS, MENTION, NOTICE, OWN, PLACE, SPOKEN
from ..record import Record
from ..text import clean, clip, fit, previous_boundary, width, wrap
from .palette import nick_index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.transcript import Position, Transcript
    from .frame import Row, Span

TIME_CELLS = 7
WIDE_COLS = 50
MOST_LAID_OUT = 1000
"""So many groups of lines are kept laid out."""

MARK_STYLES = {NOTICE: "notice", INFO: "info", ERROR: "error"}
STYLES = {MENTION: "mention", NOTICE: "notice", ERROR: "error"}


class Look(Record):
    """What the rows depend on besides the lines.

    `cols` is the width in cells, `unread` the line with the rule above it, `new` the number in
    that rule; `query` is searched for and `hit` the line that the search is at; `sender_version`
    is that of what is known about how the server names a speaker.
    """

    cols: int
    unread: int | None = None
    new: int = 0
    query: str = ""
    hit: int | None = None
    sender_version: int = 0


def rule(label: str, cols: int) -> str:
    """Return a horizontal rule with a label in the middle, exactly `cols` cells wide."""
    label = fit(f" {label} ", cols)
    left = (cols - width(label)) // 2
    return "─" * left + label + "─" * (cols - width(label) - left)


def nick_cells(cols: int) -> int:
    """Return how wide the column of the nicks is on a screen of `cols` cells."""
    if cols < WIDE_COLS:
        return min(8, cols // 3)
    return 8 if cols < 120 else 14 if cols < 160 else 18


def shortened(nick: str, cells: int) -> str:
    """Return a cleaned nick if it fits into `cells`, else its ends: nicks often differ there."""
    if width(nick) <= cells:
        return nick
    start = len(nick)
    while width(nick[(before := previous_boundary(nick, start)) :]) <= cells // 3:
        start = before
    return clip(nick, cells - 1 - width(nick[start:])) + "+" + nick[start:]


def folded(transcript: Transcript, lines: range) -> str:
    """Return a run of comings and goings as one sentence."""
    parts = []
    told = [(transcript.text(number), transcript.notice(number)) for number in lines]
    for what, run in groupby(told, lambda line: line[1] and line[1].what):
        if what:
            parts.append(f"{', '.join(notice.nick for _, notice in run if notice)} {what}")
        else:
            parts += [text for text, _ in run]
    return " · ".join(parts)


class Pane:
    """The rows of a transcript; what was laid out last for one `Look` is kept.

    A new message moves thirty rows, and changes one. `speaker(text)` returns who says a line, and
    where the words begin.
    """

    def __init__(
        self, transcript: Transcript, speaker: Callable[[str], tuple[str, int] | None]
    ) -> None:
        self._transcript = transcript
        self._speaker_of = speaker
        self._look = Look(0)
        self._first = 0
        self._kept: dict[int, tuple[int, list[Row]]] = {}  # by the last line of a group

    def page(
        self, look: Look, at: Position, height: int, oldest: int = 0
    ) -> tuple[list[Row], int, int]:
        """Return the `height` rows ending at a position, the first line of them, and the line
        after the last of them.

        There are fewer rows at the top, and where lines before `oldest` are not to be shown.
        """
        parts: list[list[Row]] = []
        missing, (number, part) = height, self._real(look, at)
        top = bottom = self._transcript.end
        last = self._transcript.group(number).stop - 1 if self._has(number) else -1
        while missing > 0 and last >= max(self._transcript.first, oldest):
            top, rows = self._kept.get(last) or self._keep(look, last)
            if top < oldest:
                rows = self._lay_out(look, range(oldest, last + 1))
            if not parts:
                bottom = last + 1
                rows = rows[: part + 1]
            parts.append(rows)
            missing -= len(rows)
            last = top - 1
        rows = [row for found in reversed(parts) for row in found]
        return rows[max(0, -missing) :], top, bottom

    def up(self, look: Look, at: Position, count: int) -> Position:
        """Return the position `count` rows above, or the first row."""
        number, part = self._real(look, at)
        part -= count
        while part < 0 and self._has(number - 1):
            lines = self._transcript.group(number - 1)
            number = lines.start
            part += len(self._rows(look, lines))
        return number, max(0, part)

    def down(self, look: Look, at: Position, count: int) -> Position:
        """Return the position `count` rows below, `END` from the last row on."""
        number, part = at
        part += count
        while self._has(number):
            lines = self._transcript.group(number)
            size = len(self._rows(look, lines))
            if part < size:
                is_last = lines.stop == self._transcript.end and part == size - 1
                return END if is_last else (lines.start, part)
            number, part = lines.stop, part - size
        return END

    def first_page(self, look: Look, height: int) -> Position:
        """Return where the first `height` rows end; `END` if there are no more."""
        return self.down(look, (self._transcript.first, 0), max(0, height - 1))

    def settle(self, look: Look, at: Position, height: int) -> Position:
        """Return the position nearest to `at` that exists and ends a full page.

        Lines drop out, and sizes change.
        """
        if at == END:
            return END
        first = self._transcript.first
        number, part = self._real(look, (max(first, at[0]), at[1]))
        if number - first > height * FOLD:  # far from the top: no need to look
            return number, part
        return max((number, part), self.first_page(look, height))

    def showing(self, look: Look, number: int) -> Position:
        """Return the position of the last row of a line."""
        lines = self._transcript.group(number)
        return lines.start, len(self._rows(look, lines)) - 1

    def _real(self, look: Look, at: Position) -> Position:
        """Return a position as that of a row there is: `END` is the last one."""
        transcript = self._transcript
        if transcript.end == transcript.first:
            return transcript.first, 0
        lines = transcript.group(min(at[0], transcript.end - 1))
        last = len(self._rows(look, lines)) - 1
        return lines.start, last if at == END else min(at[1], last)

    def _has(self, number: int) -> bool:
        return self._transcript.first <= number < self._transcript.end

    # -- one group of lines --------------------------------------------------------------------

    def _rows(self, look: Look, lines: range) -> list[Row]:
        first = self._transcript.first
        if look is not self._look or first != self._first:
            if look != self._look or first != self._first:
                self._kept = {}
            self._look, self._first = look, first
        last = lines.stop - 1
        return (self._kept.get(last) or self._keep(look, last))[1]

    def _keep(self, look: Look, last: int) -> tuple[int, list[Row]]:
        """Lay out the group that ends with a line, and keep it."""
        if len(self._kept) > MOST_LAID_OUT:
            self._kept = {}
        lines = self._transcript.group(last)
        kept = self._kept[last] = lines.start, self._lay_out(look, lines)
        return kept

    def _lay_out(self, look: Look, lines: range) -> list[Row]:
        first = lines.start
        rows = self._rules(look, lines)
        kind = self._transcript.kind(first)
        text = self._transcript.text(first) if len(lines) == 1 else folded(self._transcript, lines)
        if kind == PLACE:
            return [*rows, ((rule(text, look.cols), "rule"),)]
        nick, style, words = self._speaker(first, kind)
        if words:
            # Cleaned once more: the words may begin with a mark that stood on the `>` before them.
            text = clean(text[words:])
        found = "match-here" if look.hit in lines else "match"
        if _matches(look.query, nick):
            style = found
        gutter, rest = self._gutters(look, first, kind, nick, style)
        body = STYLES.get(kind, "")
        cells = max(1, look.cols - sum(width(part) for part, _ in gutter))
        if cells == 1:  # where a wide character does not fit at all
            text = "".join("?" if width(char) > 1 else char for char in text)
        matches = _matches(look.query, text)
        for start, end in wrap(text, cells):
            rows.append((*gutter, *_marked(text, start, end, body, matches, found)))
            gutter = rest
        return rows

    def _rules(self, look: Look, lines: range) -> list[Row]:
        """Return the rules above a group: what was dropped, the day, what is new."""
        transcript, cols = self._transcript, look.cols
        labels = []
        if lines.start == transcript.first and transcript.first:
            labels.append((f"{transcript.first:,} earlier lines were dropped", "rule"))
        day = transcript.stamp(lines.start).day
        if day != transcript.stamp(lines.start - 1).day:
            labels.append((day, "rule"))
        if look.unread is not None and look.unread in lines:
            labels.append((f"{look.new} new", "unread"))
        return [((rule(label, cols), style),) for label, style in labels]

    def _speaker(self, number: int, kind: int) -> tuple[str, str, int]:
        """Return who speaks, in which style, and where the words begin."""
        if kind == OWN:
            return self._transcript.own_nick(number), "own", 0
        found = self._speaker_of(self._transcript.text(number)) if kind in SPOKEN else None
        return (clean(found[0]), f"nick:{nick_index(found[0])}", found[1]) if found else ("", "", 0)

    def _gutters(
        self, look: Look, number: int, kind: int, nick: str, style: str
    ) -> tuple[Row, Row]:
        """Return the columns left of the text: for the first row and for the others."""
        mark, mark_style = MARKS[kind], MARK_STYLES.get(kind, "dim")
        again = mark if mark == "│" else " "
        if look.cols < WIDE_COLS:
            if look.cols < 4:
                return (), ()
            name = shortened(nick, nick_cells(look.cols))
            head: Row = ((name, style), (mark, mark_style)) if name else ((mark + " ", mark_style),)
            return head, ((again + " " * (mark != "│"), mark_style),)
        minute = self._transcript.stamp(number).minute
        if minute == self._transcript.stamp(number - 1).minute and not self._new_day(number):
            minute = ""
        cells = nick_cells(look.cols)
        name = shortened(nick, cells)
        pad = " " * (cells - width(name))
        time = f" {minute:<{TIME_CELLS - 1}}{pad}"
        # Few changes of attributes: ncurses writes to the terminal at each of them.
        first: Row = ((time, "dim" if minute else ""), (name, style), (f" {mark} ", mark_style))
        blank = " " * (TIME_CELLS + cells)
        return first, ((f"{blank} {again} ", mark_style),)

    def _new_day(self, number: int) -> bool:
        return self._transcript.stamp(number).day != self._transcript.stamp(number - 1).day


def _matches(query: str, text: str) -> list[tuple[int, int]]:
    """Return where what is searched for stands in a text."""
    if not query:
        return []
    spellings = "|".join(re.escape(normalize(form, query)) for form in ("NFC", "NFD"))
    return [match.span() for match in re.finditer(spellings, text, re.IGNORECASE)]


def _marked(
    text: str, start: int, end: int, style: str, matches: list[tuple[int, int]], found: str
) -> Row:
    """Return text[start:end] as spans, the matches among them in the style `found`."""
    if not matches:
        return ((text[start:end], style),)
    spans: list[Span] = []
    for first, last in matches:
        first, last = max(first, start), min(last, end)
        if first < last:
            spans += [(text[start:first], style), (text[first:last], found)]
            start = last
    return tuple(span for span in [*spans, (text[start:end], style)] if span[0])
