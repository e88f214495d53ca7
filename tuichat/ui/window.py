"""Which part of a line that is longer than its row is in view: horizontal scrolling."""

from __future__ import annotations

from ..input.line import LINE_END, LINE_END_SIGN
from ..text import clean, graphemes, next_boundary, previous_boundary, width

_MOST_CONTEXT = 8  # cells kept in view on either side of the cursor, on a wide screen


class Window:
    """The part of the line in view.

    `start` and `end` are its offsets in the text, `text` what is drawn of it; `cursor` is the
    column of the cursor in cells, less than those of the row.
    """

    __slots__ = ("cursor", "end", "start", "text")

    def __init__(self, line: str, start: int, end: int, cursor: int) -> None:
        self.start = start
        self.end = end
        self.text = drawn(line[start:end])
        self.cursor = cursor


def drawn(text: str) -> str:
    """Return what is drawn of a part of the line, from one grapheme boundary to another."""
    if not text.isascii():
        text = "".join([_drawn(piece) for piece in graphemes(text)])
    return text.replace(LINE_END, LINE_END_SIGN)


def _drawn(grapheme: str) -> str:
    return LINE_END_SIGN if grapheme == LINE_END else clean(grapheme)


def window_on(text: str, cursor: int, cells: int, scroll: int) -> Window:
    """Return the part of `text` that shows in a row of `cells` cells (at least 1).

    `cursor` is a grapheme boundary, `scroll` the offset at which the view began last: it begins
    there again unless the cursor has to be brought into view, with some text on both sides of it.
    There is no room left behind the line's end that text could fill. The text is as the editor
    holds it, free of controls.
    """
    start, end = 0, _forth(text, 0, cells - 1)  # the cursor at the end takes a cell too
    if end < len(text):
        start = _scrolled(text, cursor, cells, scroll)
        end = _forth(text, start, cells)
    return Window(text, start, end, width(drawn(text[start:cursor])))


def _scrolled(text: str, cursor: int, cells: int, scroll: int) -> int:
    """Return the offset nearest to `scroll` at which the view may begin."""
    context = min(_MOST_CONTEXT, (cells - 1) // 4)
    lowest = _back(text, _forth(text, cursor, context), cells - 1)
    highest = min(_back(text, cursor, context), _back(text, len(text), cells - 1))
    start = min(max(scroll, lowest), highest)
    return next_boundary(text, start - 1) if start else 0


def _forth(text: str, at: int, cells: int) -> int:
    """Return the last offset up to which what is drawn from `at` on takes at most `cells`."""
    if text.isascii():
        return min(at + cells, len(text))
    while at < len(text):
        end = next_boundary(text, at)
        cells -= width(_drawn(text[at:end]))
        if cells < 0:
            break
        at = end
    return at


def _back(text: str, at: int, cells: int) -> int:
    """Return the first offset from which what is drawn up to `at` takes at most `cells`."""
    if text.isascii():
        return max(at - cells, 0)
    while at > 0:
        start = previous_boundary(text, at)
        cells -= width(_drawn(text[start:at]))
        if cells < 0:
            break
        at = start
    return at
