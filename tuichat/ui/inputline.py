"""The row of the input line: the prompt, the part of the text in view, and where it will be split.

A text longer than its row is scrolled sideways, no more than the cursor needs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise

from ..chat.conversation import message_cuts
from ..input.line import LINE_END, LINE_END_SIGN
from ..text import clean, clip, graphemes, next_boundary, previous_boundary, width
from ..wire import Stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .frame import Row, Span
    from .state import State

NARROW_CELLS = 12
"""If less than this would be left for the text, the prompt is left out."""

PROMPTS = {Stage.LOBBY: "room", Stage.NAMING: "nick", Stage.ASK: "server"}
_MOST_CONTEXT = 8  # cells kept in view on either side of the cursor, on a wide screen


class InputLine:
    """Makes the row; remembers where the view of a text longer than the row began."""

    __slots__ = ("_start",)

    def __init__(self) -> None:
        self._start = 0

    def row(self, state: State) -> tuple[Row, int]:
        """Return the row, at most `state.cols` cells wide, and the cursor's column."""
        cols, chat, stage = max(1, state.cols), state.chat, state.chat.stage
        if state.overlay and state.overlay.editor:
            editor, prompt = state.overlay.editor, state.overlay.prompt
            text, is_draft = editor.text, False
        else:
            editor, is_draft = state.conversation.editor, True
            text = editor.text
            prompt = (chat.entrance.nick if stage == Stage.ROOM else PROMPTS.get(stage, "")) + "› "
        taken = width(prompt)
        if cols - taken < NARROW_CELLS:
            prompt, taken = "", 0
        style = "own" if stage == Stage.ROOM else "bold"
        head: Row = ((prompt, style),) if prompt else ()
        cells = cols - taken
        if not text:
            placeholder = clip(_placeholder(state, stage), cells - 1)
            return ((*head, (placeholder, "placeholder")) if placeholder else head), taken
        at = editor.cursor
        start, end = in_view(text, at, max(1, cells - 1), self._start)
        if is_draft:
            self._start = start
        if start and prompt:
            head = ((prompt[:-1], style), ("‹", "bold"))
        cuts: list[int] = []
        if is_draft and stage == Stage.ROOM and len(text) * 4 > chat.text_limit:
            cuts = message_cuts(text, chat.text_limit)  # no character has more than four bytes
        spans = _spans(text, start, end, cuts)
        if end < len(text) and cells > 1:
            spans.append((" " * (cells - 1 - width(drawn(text[start:end]))) + "›", "bold"))
        cursor = taken + width(drawn(text[start:at]))
        return (*head, *spans), min(cols - 1, cursor)


def _placeholder(state: State, stage: str) -> str:
    """What the empty line suggests."""
    chat = state.chat
    if state.overlay and state.overlay.editor:
        return state.overlay.placeholder
    if stage == Stage.LOBBY:
        picked = state.pick("")
        first = f"{picked} (Enter), or " if picked else ""
        return f"{first}a room's name"
    if stage == Stage.LOST and chat.reconnect.is_foreign:
        return "/server HOST:PORT"
    if stage in (Stage.ASK, Stage.NAMING) and chat.default_answer:
        return f"{chat.default_answer} (Enter)"
    words = {Stage.ROOM: "type here", Stage.NAMING: "a nick", Stage.LOST: "Enter connects now"}
    return words.get(stage, "")


def _spans(text: str, start: int, end: int, cuts: list[int]) -> list[Span]:
    """Return text[start:end]: line ends bold, every second message of a long line marked."""
    if not cuts and LINE_END not in text:
        return [(drawn(text[start:end]), "")]
    cuts = [next_boundary(text, cut - 1) for cut in cuts]
    ends = [at for at in range(start, end) if text[at] == LINE_END]
    inside = [cut for cut in cuts if start < cut < end]
    edges = {start, end, *inside, *ends, *(at + 1 for at in ends)}
    spans = []
    for a, b in pairwise(sorted(edges)):
        if text[a] == LINE_END:
            spans.append((LINE_END_SIGN, "bold"))
        else:
            first = bisect_left(cuts, text.rfind(LINE_END, 0, a) + 1)  # cut of this line
            before = bisect_right(cuts, a) - first
            spans.append((drawn(text[a:b]), "over" if before % 2 else ""))
    return spans


def drawn(text: str) -> str:
    """Return what is drawn of a part of the line, from one grapheme boundary to another."""
    if not text.isascii():
        text = "".join([_drawn(piece) for piece in graphemes(text)])
    return text.replace(LINE_END, LINE_END_SIGN)


def _drawn(grapheme: str) -> str:
    return LINE_END_SIGN if grapheme == LINE_END else clean(grapheme)


# --- scrolling --------------------------------------------------------------------------------


def in_view(text: str, cursor: int, cells: int, last: int) -> tuple[int, int]:
    """Return the offsets of the part of `text` that shows in a row of `cells` cells (at least 1).

    `cursor` is a grapheme boundary, `last` the offset at which the view began last: it begins
    there again unless the cursor has to be brought into view, with some text on both sides of it.
    No cells are left empty after the text's end that text could fill. The text is as the editor
    holds it: line ends are its only controls.
    """
    start, end = 0, _forth(text, 0, cells - 1)  # the cursor at the end takes a cell too
    if end < len(text):
        start = _scrolled(text, cursor, cells, last)
        end = _forth(text, start, cells)
    return start, end


def _scrolled(text: str, cursor: int, cells: int, last: int) -> int:
    """Return the offset nearest to `last` at which the view may begin."""
    context = min(_MOST_CONTEXT, (cells - 1) // 4)
    lowest = _back(text, _forth(text, cursor, context), cells - 1)
    highest = min(_back(text, cursor, context), _back(text, len(text), cells - 1))
    start = min(max(last, lowest), highest)
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
