"""The row of the input line: the prompt, the text in view, and where it will be split."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from ..input.commands import spoken
from ..input.line import LINE_END
from ..protocol.outbox import split_points
from ..text import clip, next_boundary, width
from ..wire import Stage
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
    style = "own" if state.chat.stage == Stage.ROOM else "bold"
    head: Row = ((prompt, style),) if prompt else ()
    cells = cols - width(prompt)
    if not editor.text:
        ghost = clip(_ghost(state), cells - 1)
        return ((*head, (ghost, "ghost")) if ghost else head), width(prompt)
    window = editor.window(max(1, cells - 1))
    if window.start and prompt:
        head = ((prompt[:-1], style), ("‹", "dim"))
    cuts = _cuts(state, editor.text)
    spans = _marked(editor.text, window, cuts) if cuts else [(window.text, "")]
    if window.end < len(editor.text) and cells > 1:
        spans.append((" " * (cells - 1 - width(window.text)) + "›", "dim"))
    return (*head, *spans), min(cols - 1, width(prompt) + window.cursor)


def _marked(text: str, window: Window, cuts: list[int]) -> list[tuple[str, str]]:
    """Return what is in view as spans, every other message marked."""
    edges = [next_boundary(text, cut - 1) if cut else 0 for cut in cuts]
    inside = [edge for edge in edges if window.start < edge < window.end]
    spans = []
    for start, end in pairwise([window.start, *inside, window.end]):
        marked = "over" if bisect_right(edges, start) % 2 else ""
        spans.append((drawn(text[start:end]), marked))
    return [span for span in spans if span[0]]


def _prompt(state: State) -> str:
    """Show the nick for a message and not for a command, so that a slip is seen in time."""
    if state.overlay and state.overlay.editor:
        return state.overlay.prompt
    stage = state.chat.stage
    if state.editor.text and not spoken(state.editor.text):
        return "› "
    words = {
        Stage.ROOM: state.chat.nick,
        Stage.LOBBY: "room",
        Stage.NAMING: "nick",
        Stage.ASK: "server",
    }
    return words.get(stage, "") + "› "


def _ghost(state: State) -> str:
    """What the empty line suggests."""
    chat, stage = state.chat, state.chat.stage
    if state.overlay and state.overlay.editor:
        return state.overlay.ghost
    if stage == Stage.LOBBY:
        first = f"{state.picked} (Enter), or " if state.picked else ""
        return f"{first}a room's name"
    if stage in (Stage.ASK, Stage.NAMING) and chat.default_answer:
        return f"{chat.default_answer} (Enter)"
    words = {Stage.ROOM: "type here", Stage.NAMING: "a nick", Stage.LOST: "Enter connects now"}
    return words.get(stage, "")


def _cuts(state: State, text: str) -> list[int]:
    """Return where the text will be split into messages; every other one is marked."""
    chat, message = state.chat, spoken(text)
    if chat.stage != Stage.ROOM or chat.protocol is None:
        return []
    limit, start = chat.protocol.text_limit, len(text) - len(message)
    if len(message) * 4 <= limit:
        return []
    points: list[int] = []
    for line in message.split(LINE_END):
        points += [start + cut for cut in split_points(line, limit)]
        start += len(line) + 1
        points += [start] * (len(points) % 2)
    return points
