"""The row of the input line: the prompt, the text in view, and where it will be split."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise

from ..chat.talk import ASK, LOST
from ..input.commands import spoken
from ..input.line import LINE_END, LINE_END_SIGN
from ..protocol.outbox import split_points
from ..protocol.session import LOBBY, NAMING, ROOM
from ..text import clip, next_boundary, width
from .window import drawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .pane import Row
    from .state import State
    from .window import Window

NARROW_CELLS = 12
"""Where less than this would be left for the text, the prompt gives way."""


def input_line(state: State) -> tuple[Row, int]:
    """Return the row, at most `state.cols` cells wide, and the cursor's column."""
    cols = max(1, state.cols)
    editor = state.overlay and state.overlay.editor or state.editor
    prompt = _prompt(state)
    prompt = prompt if cols - width(prompt) >= NARROW_CELLS else ""
    style = "own" if state.chat.stage == ROOM else "bold"
    head: Row = ((prompt, style),) if prompt else ()
    cells = cols - width(prompt)
    if not editor.text:
        ghost = clip(_ghost(state), cells - 1)
        return ((*head, (ghost, "ghost")) if ghost else head), width(prompt)
    window = editor.window(max(1, cells - 1))
    if window.start and prompt:
        head = ((prompt[:-1], style), ("‹", "dim"))
    spans = _spans(editor.text, window, _cuts(state, editor.text))
    if window.end < len(editor.text) and cells > 1:
        spans.append((" " * (cells - 1 - width(window.text)) + "›", "dim"))
    return (*head, *spans), min(cols - 1, width(prompt) + window.cursor)


def _spans(text: str, window: Window, cuts: list[int]) -> list[tuple[str, str]]:
    """Return what is in view: line ends dim, every other message that a line gives marked."""
    if not cuts and LINE_END not in text:
        return [(window.text, "")]
    cuts = [next_boundary(text, cut - 1) for cut in cuts]
    ends = [at for at in range(window.start, window.end) if text[at] == LINE_END]
    inside = [cut for cut in cuts if window.start < cut < window.end]
    edges = {window.start, window.end, *inside, *ends, *(at + 1 for at in ends)}
    spans = []
    for start, end in pairwise(sorted(edges)):
        if text[start] == LINE_END:
            spans.append((LINE_END_SIGN, "dim"))
        else:
            line = bisect_left(cuts, text.rfind(LINE_END, 0, start) + 1)
            marked = bisect_right(cuts, start, line) - line
            spans.append((drawn(text[start:end]), "over" if marked % 2 else ""))
    return spans


def _prompt(state: State) -> str:
    """Show the nick for a message and not for a command, so that a slip is seen in time."""
    if state.overlay and state.overlay.editor:
        return state.overlay.prompt
    stage = state.chat.stage
    if state.editor.text and not spoken(state.editor.text):
        return "› "
    words = {ROOM: state.chat.nick, LOBBY: "room", NAMING: "nick", ASK: "server"}
    return words.get(stage, "") + "› "


def _ghost(state: State) -> str:
    """What the empty line suggests."""
    chat, stage = state.chat, state.chat.stage
    if state.overlay and state.overlay.editor:
        return state.overlay.ghost
    if stage == LOBBY:
        first = f"{state.picked} (Enter), or " if state.picked else ""
        return f"{first}a room's name"
    if stage in (ASK, NAMING) and chat.default_answer:
        return f"{chat.default_answer} (Enter)"
    return {ROOM: "type here", NAMING: "a nick", LOST: "Enter connects now"}.get(stage, "")


def _cuts(state: State, text: str) -> list[int]:
    """Return the offsets at which lines of the text will be split into messages."""
    chat, message = state.chat, spoken(text)
    if chat.stage != ROOM or chat.protocol is None:
        return []
    limit, start = chat.protocol.text_limit, len(text) - len(message)
    if len(message) * 4 <= limit:
        return []
    points: list[int] = []
    for line in message.split(LINE_END):
        points += [start + cut for cut in split_points(line, limit)]
        start += len(line) + 1
    return points
