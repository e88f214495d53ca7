"""The message pane: lines of the transcript to rows of cells, only those that are drawn.

    12:01   alice │ hello there                what somebody says: right of the bar
                  │ and its wrapped rest
                – │ a line that does not tell who says it
    12:02         · carol has joined.          what the server tells of comings and goings
    12:02         » 3 here as of 12:02: …      the program's own words: right of the double arrow
    ───────────────── 2 new ─────────────────  a rule: the only rows that begin at the left edge

The bar has the colour of the nick; it is reversed, and the text bold, where the user is named.
Everything from outside is right of `│` or `·`, so no message can look like the program's own
words, a rule, or the start of another message. On a narrow screen the time and the columns go, and
the nick and the mark stay. A position is (line, row within the rows of its group); layout goes
upwards from one, so its cost does not depend on the length of the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, groupby
from unicodedata import normalize

from ..chat import messages
from ..chat.transcript import (
    END,
    ERROR,
    FOLD,
    INFO,
    MARKS,
    MENTION,
    NO_TIME,
    NOTICE,
    OWN,
    PAST,
    PLACE,
    SPOKEN,
)  # fmt: skip
from ..record import Record
from ..text import clean, clip, fit, previous_boundary, width, wrap
from .palette import nick_index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.transcript import Position, Transcript
    from .frame import Row, Span

    GutterKey = tuple[int, str, str, str]
    Gutter = tuple[Row, Row, int]

TIME_CELLS = 7
WIDE_COLS = 50
MOST_LAID_OUT = 2000
"""The most laid-out groups of lines and gutters that are kept."""

LONGEST_ROW = 100
"""The longest row of text, in cells: after a longer one the next row is hard to find."""

MARK_STYLES = {MENTION: "mention-mark", NOTICE: "", INFO: "info", ERROR: "error-mark", PAST: "dim"}
WITH_NICK = (*SPOKEN, PAST)
STYLES = {MENTION: "mention", ERROR: "error"}


class Look(Record):
    """What the rows depend on besides the lines.

    `cols` is the width in cells, `unread` the line with the rule above it, which counts the `new`
    lines and the `mentions` among them; `query` is searched for and `hit` the line that the search
    is at; `sender_version` changes with what is known about how the server names a speaker;
    `cleared` is the line below what was cleared away: like the first line of all, it shows the
    time.
    """

    cols: int
    unread: int | None = None
    new: int = 0
    mentions: int = 0
    query: str = ""
    hit: int | None = None
    sender_version: int = 0
    cleared: int = 0


def rule(label: str, cols: int, style: str = "rule", label_style: str = "") -> Row:
    """Return a horizontal rule with a label in the middle, exactly `cols` cells wide."""
    label = fit(f" {label} ", cols)
    left = (cols - width(label)) // 2
    right = cols - width(label) - left
    return ("─" * left, style), (label, label_style), ("─" * right, style)


def nick_cells(cols: int) -> int:
    """Return how wide the column of the nicks is on a screen of `cols` cells."""
    if cols < WIDE_COLS:
        return min(8, cols // 3)
    return 8 if cols < 120 else 14 if cols < 160 else 18


def shortened(nick: str, cells: int) -> str:
    """Return a cleaned nick if it fits into `cells`, else its start and its end."""
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


class Gutters(dict["GutterKey", "Gutter"]):
    """The columns left of a text: on its first row, on the others; and the cells right of them.

    The keys are the kind of the line; the nick, "" for none; the minute, "" if it is that of the
    line above; the style of the nick, "" for its own. The bar has the nick's colour. Right of the
    text there is a margin of one cell, as on the left of the row.
    """

    def __init__(self, cols: int) -> None:
        self._cols = cols

    def __missing__(self, key: GutterKey) -> Gutter:
        head, rest = self._columns(*key)
        cells = self._cols - sum(width(text) for text, _ in head) - (self._cols >= WIDE_COLS)
        gutter = self[key] = head, rest, max(1, min(LONGEST_ROW, cells))
        return gutter

    def _columns(self, kind: int, nick: str, minute: str, style: str) -> tuple[Row, Row]:
        if self._cols < 4:
            return (), ()
        mark, mark_style = MARKS[kind], MARK_STYLES.get(kind)
        if mark_style is None:
            mark_style = f"nick:{nick_index(nick)}" if nick and kind != OWN else "dim"
        again = mark if mark == "│" else " "
        cells = nick_cells(self._cols)
        name = shortened(clean(nick), cells)
        nick_style = style or ("own" if kind == OWN else "")
        if self._cols < WIDE_COLS:
            named: Row = ((name, nick_style), (mark, mark_style))
            rest: Row = ((again + " " * (mark != "│"), mark_style),)
            return named if name else ((mark + " ", mark_style),), rest
        name = name or "–" * (mark == "│")  # or it would look like the rest of the line above
        before = f" {minute:<{TIME_CELLS - 1}}{' ' * (cells - width(name))}"
        head: Row = ((before, ""), (name, nick_style)) if nick_style else ((before + name, ""),)
        if kind == MENTION:  # reversed, so that blanks show
            bar: Row = (" ", ""), (mark, mark_style), (" ", "")
            return (*head, *bar), ((" " * (TIME_CELLS + cells), ""), *bar)
        rest = ((f"{' ' * (TIME_CELLS + cells)} {again} ", mark_style),)
        return (*head, (f" {mark} ", mark_style)), rest


class Pane:
    """The rows of a transcript; what was laid out is kept as long as it looks the same.

    A new message moves thirty rows, and changes one. `speaker(text)` returns who says a line, and
    where the words begin.
    """

    def __init__(
        self, transcript: Transcript, speaker: Callable[[str], tuple[str, int] | None]
    ) -> None:
        self._transcript = transcript
        self._speaker = speaker
        self._look = Look(0)
        self._first = 0
        self._groups: dict[int, tuple[int, list[Row]]] = {}  # (first line, rows) by the last line
        self._gutters = Gutters(0)
        self._kept_for: object = None  # what both hold for
        self._stack: dict[int, list[Row]] = {}  # the groups of the last page, by their first lines
        self._stack_end = -1
        self._stack_for: object = None

    def page(
        self, look: Look, at: Position, height: int, oldest: int = 0
    ) -> tuple[list[Row], int, int]:
        """Return the `height` rows ending at a position, the first line of them, and the line
        after the last of them.

        There are fewer rows at the top, and where lines before `oldest` are not to be shown.
        """
        self._adopt(look)
        end = self._transcript.end
        if height <= 0 or self._transcript.first == end:
            return [], end, end
        lines, rows, part = self._at(at)
        below = len(rows) - 1 - part
        stack = self._stacked(lines.stop, height + below, oldest)
        if not stack:
            return [], end, end
        rows = [*chain.from_iterable(stack.values())]
        stop = len(rows) - below
        return rows[max(0, stop - height) : stop], next(iter(stack)), lines.stop

    def up(self, look: Look, at: Position, count: int) -> Position:
        """Return the position `count` rows above, or the first row."""
        self._adopt(look)
        lines, _, part = self._at(at)
        number, part = lines.start, part - count
        if part < 0:
            for start, rows in self._upwards(number):
                number, part = start, part + len(rows)
                if part >= 0:
                    break
        return number, max(0, part)

    def down(self, look: Look, at: Position, count: int) -> Position:
        """Return the position `count` rows below, `END` from the last row on."""
        self._adopt(look)
        number, part = at
        part += count
        end = self._transcript.end
        while self._transcript.first <= number < end:
            lines = self._transcript.group(number)
            size = len(self._rows(lines))
            if part < size:
                return END if lines.stop == end and part == size - 1 else (lines.start, part)
            number, part = lines.stop, part - size
        return END

    def first_page(self, look: Look, height: int) -> Position:
        """Return where the first `height` rows end; `END` if there are no more."""
        return self.down(look, (self._transcript.first, 0), max(0, height - 1))

    def settle(self, look: Look, at: Position, height: int) -> Position:
        """Return the position nearest to `at` that exists and ends a full page.

        `at` may be gone, as lines are dropped, and the size of the screen changes.
        """
        if at == END:
            return END
        self._adopt(look)
        lines, _, part = self._at((max(self._first, at[0]), at[1]))
        if lines.start - self._first > height * FOLD:  # far from the top: no need to look
            return lines.start, part
        return max((lines.start, part), self.first_page(look, height))

    def showing(self, look: Look, number: int) -> Position:
        """Return the position of the last row of a line."""
        self._adopt(look)
        lines = self._transcript.group(number)
        return lines.start, len(self._rows(lines)) - 1

    def _at(self, at: Position) -> tuple[range, list[Row], int]:
        """Return the group at a position, its rows, and which of them it is: `END` is the last.

        The transcript must not be empty.
        """
        lines = self._transcript.group(min(at[0], self._transcript.end - 1))
        rows = self._rows(lines)
        last = len(rows) - 1
        return lines, rows, last if at == END else min(at[1], last)

    # -- groups, from the bottom up ----------------------------------------------------------------

    def _stacked(self, end: int, height: int, oldest: int) -> dict[int, list[Row]]:
        """Return the groups above line `end`, as many as `height` rows need, by their first lines.

        Those of the last page are kept, and only the new ones are put below them.
        """
        stack, wanted = self._stack, (self._look, self._first, height, oldest)
        known_end = self._stack_end if wanted == self._stack_for else -1
        new = []
        top, missing = end, height
        for top, rows in self._upwards(end, oldest):
            new.append((top, rows))
            missing -= len(rows)
            if missing <= 0 or top == known_end:
                break
        if missing <= 0 or top != known_end:
            stack.clear()
        stack.update(reversed(new))
        self._stack_end, self._stack_for = end, wanted
        surplus = sum(map(len, stack.values())) - height
        while surplus > 0 and surplus >= len(stack[first := next(iter(stack))]):
            surplus -= len(stack.pop(first))
        return stack

    def _upwards(self, end: int, oldest: int = 0) -> Iterator[tuple[int, list[Row]]]:
        """Yield the groups above line `end`, the lowest first: the first line and the rows."""
        groups, oldest = self._groups, max(oldest, self._first)
        while end > oldest:
            start, rows = groups.get(end - 1) or self._keep(self._transcript.group(end - 1))
            if start < oldest:
                start, rows = oldest, self._lay_out(range(oldest, end))
            yield start, rows
            end = start

    def _rows(self, lines: range) -> list[Row]:
        """Return the rows of a group."""
        return (self._groups.get(lines.stop - 1) or self._keep(lines))[1]

    def _keep(self, lines: range) -> tuple[int, list[Row]]:
        """Lay a group out, and keep it."""
        kept = self._groups[lines.stop - 1] = lines.start, self._lay_out(lines)
        return kept

    def _adopt(self, look: Look) -> None:
        """Forget what looks different from now on: all, or the groups whose mark moved."""
        before, transcript = self._look, self._transcript
        if look is before and self._first == transcript.first:
            return
        self._look, self._first = look, transcript.first
        kept_for = transcript.first, look.cols, look.query, look.sender_version
        if kept_for != self._kept_for or len(self._groups) + len(self._gutters) > MOST_LAID_OUT:
            self._groups, self._gutters, self._kept_for = {}, Gutters(look.cols), kept_for
        elif look != before:
            moved = before.unread, before.hit, before.cleared, look.unread, look.hit, look.cleared
            for number in moved:
                if number is not None and transcript.first <= number < transcript.end:
                    self._groups.pop(transcript.group(number).stop - 1, None)

    # -- one group -------------------------------------------------------------------------------

    def _lay_out(self, lines: range) -> list[Row]:
        look, transcript, number = self._look, self._transcript, lines.start
        kind, text, stamp, before = transcript.entry(number)
        rows: list[Row] = []
        minute = nick = style = ""
        is_top = number == look.cleared
        if stamp is not before or is_top or look.unread in lines:
            is_new_day = stamp.day != before.day
            # The day of the first line is left out: the top bar shows it.
            rows = self._rules(lines, stamp.day if is_new_day and before is not NO_TIME else "")
            if is_new_day or is_top or stamp.minute != before.minute:
                minute = stamp.minute
        if kind == PLACE:
            return [*rows, rule(text, look.cols)]
        is_run = len(lines) > 1
        if is_run:
            text = folded(transcript, lines)
        elif kind == OWN:
            nick = transcript.own_nick(number)
        elif kind in WITH_NICK and (found := self._speaker(text)):
            nick, words = found
            # Cleaned once more: the words may begin with a mark that was on the `>` before them.
            text = clean(text[words:])
        matches: list[tuple[int, int]] = []
        if look.query:
            matches = _matches(look.query, text)
            match = "match-here" if look.hit in lines else "match"
            style = match if _matches(look.query, clean(nick)) else ""
        head, rest, cells = self._gutters[kind, nick, minute, style]
        if cells == 1:  # where a wide character does not fit at all
            text = "".join("?" if width(char) > 1 else char for char in text)
        body = STYLES.get(kind, "")
        # No row of a folded run begins with a dot: that is the mark of a line of its own.
        breakable = text.replace(" · ", "\N{NO-BREAK SPACE}· ") if is_run else text
        for start, end in wrap(breakable, cells):
            if matches:
                rows.append(head + _marked(text, start, end, body, matches, match))
            else:
                rows.append(head + ((text[start:end], body),))
            head = rest
        return rows

    def _rules(self, lines: range, day: str) -> list[Row]:
        """Return the rules above a group: what was dropped, the day if it is new, what is new."""
        look, transcript = self._look, self._transcript
        rows: list[Row] = []
        if lines.start == transcript.first and transcript.first:
            rows.append(rule(f"{transcript.first:,} earlier lines were dropped", look.cols))
        if day:
            rows.append(rule(day, look.cols))
        if look.unread in lines:
            news = ", ".join(messages.news(look.new, look.mentions))
            rows.append(rule(news, look.cols, "unread-rule", "unread"))
        return rows


def _matches(query: str, text: str) -> list[tuple[int, int]]:
    """Return where a text contains what is searched for."""
    if not query:
        return []
    import re  # here, as no start needs it

    spellings = "|".join(re.escape(normalize(form, query)) for form in ("NFC", "NFD"))
    return [match.span() for match in re.finditer(spellings, text, re.IGNORECASE)]


def _marked(
    text: str, start: int, end: int, style: str, matches: list[tuple[int, int]], found: str
) -> Row:
    """Return text[start:end] as spans, the matches among them in the style `found`."""
    spans: list[Span] = []
    for first, last in matches:
        first, last = max(first, start), min(last, end)
        if first < last:
            spans += [(text[start:first], style), (text[first:last], found)]
            start = last
    return tuple(span for span in [*spans, (text[start:end], style)] if span[0])
