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
from itertools import groupby

from ..chat import transcript as tr
from ..text import clean, fit, width, wrap
from .palette import nick_index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.transcript import Transcript
    from ..protocol.sender import SenderFormat

    Span = tuple[str, str]
    Row = tuple[Span, ...]
    Position = tuple[int, int]

NICK_CELLS = 8
TIME_CELLS = 7
WIDE_COLS = 50

MARKS = {
    tr.HEARD: "│", tr.MENTION: "│", tr.OWN: "│", tr.NOTICE: "·", tr.SERVER: "│",
    tr.INFO: "»", tr.ERROR: "»",
}  # fmt: skip
MARK_STYLES = {tr.NOTICE: "notice", tr.INFO: "info", tr.ERROR: "error"}
STYLES = {tr.MENTION: "mention", tr.NOTICE: "notice", tr.ERROR: "error"}


class Look:
    """What the rows depend on besides the transcript and the width.

    `sender` tells who speaks; `unread` is the line with the rule above it; `query` is searched for
    and `hit` the line that it is at.
    """

    def __init__(
        self,
        cols: int,
        sender: SenderFormat,
        unread: int | None = None,
        new: int = 0,
        query: str = "",
        hit: int | None = None,
    ) -> None:
        self.cols = max(1, cols)
        self.sender = sender
        self.unread = unread
        self.new = new
        self.query = query
        self.hit = hit

    @property
    def key(self) -> tuple[object, ...]:
        """What two looks have in common if their rows are the same."""
        return (
            self.cols, self.unread, self.new, self.query, self.hit, self.sender,
            self.sender.version,
        )  # fmt: skip


def rule(label: str, cols: int) -> str:
    """Return a horizontal rule with a label in the middle, exactly `cols` cells wide."""
    label = fit(f" {label} ", cols)
    left = (cols - width(label)) // 2
    return "─" * left + label + "─" * (cols - width(label) - left)


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
    """Rows of a transcript for one `Look`.

    `laid_out` holds rows made before for the same look, and is added to: a new message moves
    thirty rows, and changes one.
    """

    def __init__(
        self, transcript: Transcript, look: Look, laid_out: dict[range, list[Row]] | None = None
    ) -> None:
        self._laid_out = {} if laid_out is None else laid_out
        self._transcript = transcript
        self._look = look
        self._wide = look.cols >= WIDE_COLS

    @property
    def bottom(self) -> Position:
        """The position of the last row."""
        if self._transcript.end == self._transcript.first:
            return self._transcript.first, 0
        lines = self._transcript.group(self._transcript.end - 1)
        return lines.start, len(self._rows(lines)) - 1

    def page(self, at: Position, height: int, oldest: int = 0) -> tuple[list[Row], int]:
        """Return the `height` rows ending at a position, and the first line of them.

        There are fewer at the top, and where lines before `oldest` are not to be shown.
        """
        parts: list[list[Row]] = []
        missing, (number, part) = height, at
        top = number
        while missing > 0 and self._has(number):
            lines = self._transcript.group(number)
            if lines.stop <= oldest:
                break
            top = lines.start
            found = self._rows(lines)
            parts.append(found if parts else found[: part + 1])
            missing -= len(parts[-1])
            number = lines.start - 1
        rows = [row for found in reversed(parts) for row in found]
        return rows[max(0, -missing) :], top

    def up(self, at: Position, count: int) -> Position:
        """Return the position `count` rows above, or the first row."""
        number, part = at
        part -= count
        while part < 0 and self._has(number - 1):
            lines = self._transcript.group(number - 1)
            number = lines.start
            part += len(self._rows(lines))
        return number, max(0, part)

    def down(self, at: Position, count: int) -> Position | None:
        """Return the position `count` rows below; None is the end."""
        number, part = at
        part += count
        while self._has(number):
            lines = self._transcript.group(number)
            size = len(self._rows(lines))
            if part < size:
                return None if lines.stop == self._transcript.end and part == size - 1 else (
                    lines.start, part
                )  # fmt: skip
            number, part = lines.stop, part - size
        return None

    def first_page(self, height: int) -> Position | None:
        """Return where the first `height` rows end; None if there are no more."""
        return self.down((self._transcript.first, 0), max(0, height - 1))

    def settle(self, at: Position, height: int) -> Position | None:
        """Return the position nearest to `at` that exists and ends a full page; None is the end.

        Lines drop out, and sizes change.
        """
        first = self._transcript.first
        lines = self._transcript.group(max(first, at[0]))
        there = lines.start, min(at[1], len(self._rows(lines)) - 1)
        if lines.start - first > height * tr.FOLD:  # far from the top: no need to look
            return there
        lowest = self.first_page(height)
        return max(there, lowest) if lowest else None

    def showing(self, number: int) -> Position:
        """Return the position of the last row of a line."""
        lines = self._transcript.group(number)
        return lines.start, len(self._rows(lines)) - 1

    def _has(self, number: int) -> bool:
        return self._transcript.first <= number < self._transcript.end

    # -- one group of lines --------------------------------------------------------------------

    def _rows(self, lines: range) -> list[Row]:
        if lines not in self._laid_out:
            self._laid_out[lines] = self._lay_out(lines)
        return self._laid_out[lines]

    def _lay_out(self, lines: range) -> list[Row]:
        first = lines.start
        rows = self._rules(lines)
        kind = self._transcript.kind(first)
        text = self._transcript.text(first) if len(lines) == 1 else folded(self._transcript, lines)
        nick, style, words = self._speaker(first, kind)
        if words:
            # Cleaned once more: the words may begin with a mark that stood on the `>` before them.
            text = clean(text[words:])
        found = "match-here" if self._look.hit in lines else "match"
        if self._matches(nick):
            style = found
        gutter, rest = self._gutters(first, kind, nick, style)
        body = STYLES.get(kind, "")
        cells = max(1, self._look.cols - sum(width(part) for part, _ in gutter))
        if cells == 1:  # where a wide character does not fit at all
            text = "".join("?" if width(char) > 1 else char for char in text)
        matches = self._matches(text)
        for start, end in wrap(text, cells):
            rows.append((*gutter, *_marked(text, start, end, body, matches, found)))
            gutter = rest
        return rows

    def _rules(self, lines: range) -> list[Row]:
        """Return the rules above a group: what was dropped, the day, what is new."""
        transcript, cols = self._transcript, self._look.cols
        labels = []
        if lines.start == transcript.first and transcript.first:
            labels.append((f"{transcript.first:,} earlier lines were dropped", "rule"))
        day = transcript.stamp(lines.start).day
        if day != transcript.stamp(lines.start - 1).day:
            labels.append((day, "rule"))
        if self._look.unread is not None and self._look.unread in lines:
            labels.append((f"{self._look.new} new", "unread"))
        return [((rule(label, cols), style),) for label, style in labels]

    def _speaker(self, number: int, kind: int) -> tuple[str, str, int]:
        """Return who speaks, in which style, and where the words begin."""
        if kind == tr.OWN:
            return self._transcript.own_nick(number), "own", 0
        text = self._transcript.text(number)
        found = self._look.sender.speaker(text) if kind in tr.SPOKEN else None
        return (clean(found[0]), f"nick:{nick_index(found[0])}", found[1]) if found else ("", "", 0)

    def _gutters(self, number: int, kind: int, nick: str, style: str) -> tuple[Row, Row]:
        """Return the columns left of the text: for the first row and for the others."""
        mark, mark_style = MARKS[kind], MARK_STYLES.get(kind, "dim")
        again = mark if mark == "│" else " "
        if not self._wide:
            if self._look.cols < 4:
                return (), ()
            name = fit(nick, min(NICK_CELLS, self._look.cols // 3), "+")
            head: Row = ((name, style), (mark, mark_style)) if name else ((mark + " ", mark_style),)
            return head, ((again + " " * (mark != "│"), mark_style),)
        minute = self._transcript.stamp(number).minute
        if minute == self._transcript.stamp(number - 1).minute and not self._new_day(number):
            minute = ""
        name = fit(nick, NICK_CELLS, "+")
        pad = " " * (NICK_CELLS - width(name))
        time = f" {minute:<{TIME_CELLS - 1}}{pad}"
        # Few changes of attributes: ncurses writes to the terminal at each of them.
        first: Row = ((time, "dim" if minute else ""), (name, style), (f" {mark} ", mark_style))
        blank = " " * (TIME_CELLS + NICK_CELLS)
        return first, ((f"{blank} {again} ", mark_style),)

    def _new_day(self, number: int) -> bool:
        return self._transcript.stamp(number).day != self._transcript.stamp(number - 1).day

    def _matches(self, text: str) -> list[tuple[int, int]]:
        """Return where what is searched for stands in a text."""
        query = self._look.query
        found = re.finditer(re.escape(query), text, re.IGNORECASE) if query else ()
        return [match.span() for match in found]


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
