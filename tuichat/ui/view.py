"""State to frame: what the screen shows, as rows of spans (text, style), without a terminal.

A frame has exactly as many rows as the screen and none wider; no wide character is cut.
"""

from __future__ import annotations

from ..chat import messages as say
from ..chat import reconnect as ln
from ..chat.talk import ASK, CONNECTING, LOST
from ..input.commands import spoken
from ..input.keymap import READING
from ..input.line import LINE_END
from ..protocol.framing import encode
from ..protocol.outbox import split
from ..protocol.session import LOBBY, NAMING, OUT, ROOM
from ..text import clean, fit, width, wrap
from .inputline import InputLine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .overlay import Overlay
    from .pane import Row
    from .state import State

NEAR_BYTES = 100


def _ever_shorter(*steps: str) -> list[str]:
    """Return hints for all these keys, then for ever fewer: how to leave is the last to go."""
    labels = {binding.action: binding.label.split(",")[0] for binding in READING}
    hints = {action: f"{labels[action]} {action}" for action in steps}
    shorter = ["  ".join(hints.values())]
    for action in ("search", "who", "help", "logout"):
        hints.pop(action, None)
        shorter.append("  ".join(hints.values()))
    return shorter


STEPS = _ever_shorter("help", "who", "search", "logout")
STEPS_WITHOUT_ROOM = _ever_shorter("help", "search", "logout")


class Frame:
    """`rows` from top to bottom, `cursor` as (row, column) or None, the window's `title`.

    `unwrapped`, if it is not None, are lines that the terminal itself is to wrap, instead of all
    rows but the last.
    """

    def __init__(self, rows: list[Row], cursor: tuple[int, int] | None, title: str) -> None:
        self.rows = rows
        self.cursor = cursor
        self.title = title
        self.unwrapped: list[str] | None = None


class View:
    """Makes frames; keeps the rows of the last pane, as most keys change the input line only."""

    def __init__(self) -> None:
        self._input_line = InputLine()
        self._key: object = None
        self._pane: list[Row] = []
        self._top = self._below = 0

    def frame(self, state: State) -> Frame:
        """Return what the screen shows of `state`."""
        cols, layout = max(1, state.cols), state.layout
        if state.overlay and state.overlay.alone:
            return _frame_of(state.overlay, state)
        pane = self._pane_rows(state, layout.pane)
        rows: list[Row] = [_top_bar(state, self._top)] if layout.top_bar else []
        laid_over = state.overlay.rows(cols, layout.pane) if state.overlay else []
        rows += pane[len(laid_over) :] + laid_over
        rows += _picker(state, layout.picker)
        rows += _waiting(state, layout.waiting)
        hint = state.chat.hint
        rows += [((fit(hint[a:b], cols), "alert"),) for a, b in wrap(hint, cols)[: layout.hint]]
        if layout.status_bar:
            rows.append(_status_bar(state, self._below))
        line, cursor = self._input_line.row(state)
        rows.append(line)
        return Frame(rows, (len(rows) - 1, cursor), title(state))

    def _pane_rows(self, state: State, height: int) -> list[Row]:
        """Return exactly `height` rows of the transcript, the newest at the bottom."""
        chat, look = state.chat, state.look
        transcript, reading = chat.transcript, chat.reading
        key = (
            height, transcript.first, transcript.end, reading.at, reading.cleared, look.key,
        )  # fmt: skip
        if key != self._key:
            self._key = key
            rows: list[Row] = []
            self._top, self._below = transcript.end, 0
            if transcript.end > transcript.first:
                pane = state.pane
                at = reading.at and pane.settle(reading.at, height) or pane.bottom
                if at != pane.bottom:
                    self._below = max(1, transcript.end - transcript.group(at[0]).stop)
                oldest = 0 if reading.at else reading.cleared
                rows, self._top = pane.page(at, height, oldest)
            self._pane = [((" ", ""),)] * (height - len(rows)) + rows
        return self._pane


def _frame_of(overlay: Overlay, state: State) -> Frame:
    """Return a frame of nothing but an overlay and its hint."""
    height = max(0, state.rows - 1)
    rows = [*overlay.rows(state.cols, height), ((fit(overlay.hint, state.cols), "status"),)]
    frame = Frame(rows, None, title(state))
    frame.unwrapped = overlay.unwrapped(state.cols, height)
    return frame


def title(state: State) -> str:
    """Return the window's title: the room, what is not read yet, `!` if it names the user."""
    chat = state.chat
    place = f"#{chat.room}" if chat.stage == ROOM else chat.link.address
    reading = chat.reading
    count = f" ({reading.waiting}{'!' * bool(reading.mentions)})" if reading.waiting else ""
    return f"{place}{count} – tuichat" if place else "tuichat"


def _bar(left: str, middle: Sequence[str], right: str, cols: int) -> Row:
    """Lay out a bar: the left part whole, the right part if it fits, then the middle ones."""
    left = fit(left, cols)
    space = cols - width(left)
    right = right if width(right) + 1 <= space else ""
    space -= width(right)
    between = ""
    for hint in middle:
        more = f"{between}  {hint}" if between else f"    {hint}"
        if width(more) + 2 > space:
            break
        between = more
    return ((left + between + " " * (space - width(between)) + right, "status"),)


def _top_bar(state: State, top: int) -> Row:
    """Where one is, with whom; the date of the first row in view while scrolled back."""
    chat = state.chat
    parts = [f"#{chat.room}"] if chat.stage == ROOM else []
    parts += [chat.link.address] if chat.link.host else ["tuichat"]
    size = chat.protocol.roster.size if chat.protocol and chat.stage == ROOM else None
    parts += [f"{size} here"] if size else []
    transcript = chat.transcript
    held = chat.reading.at is not None and transcript.first <= top < transcript.end
    stamp = transcript.stamp(top) if held else chat.stamp
    return _bar(" " + " · ".join(parts), [], f"{stamp.day} ", state.cols)


def _status_bar(state: State, below: int) -> Row:
    chat = state.chat
    dot = "●" if chat.link.state == ln.OPEN else "○"
    left = f" {dot} {_doing(state)}"
    if chat.waiting:
        left += f" · {len(chat.waiting)} waiting"
    if state.completion is not None:
        names = [clean(name) for name in state.completion.candidates]
        return _bar(left, names, "", state.cols)
    if state.overlay is not None:
        right = f"{state.overlay.count} " if state.overlay.count else ""
        hint = state.overlay.hint
        if width(left + hint + right) + 6 > state.cols:  # the way on goes first
            left, hint = fit(f" {hint}", state.cols - width(right) - 1), ""
        return _bar(left, [hint], right, state.cols)
    right = _on_the_right(state, below)
    if below and width(left + right) >= state.cols:  # being scrolled back goes before the rest
        right = f"↓ {below} "
        left = fit(left, max(0, state.cols - width(right) - 1))
    return _bar(left, _hints(state, state.cols - width(left + right) - 6), right, state.cols)


def _hints(state: State, space: int) -> list[str]:
    """Name the keys for the next steps, as many as fit."""
    steps = STEPS if state.chat.stage == ROOM else STEPS_WITHOUT_ROOM
    return [next(hints for hints in steps if len(hints) <= max(0, space))]


def _doing(state: State) -> str:
    """Say in a few words what is going on."""
    chat = state.chat
    stage, link = chat.stage, chat.link
    if stage == ROOM and chat.protocol:
        leaving = "leaving " if chat.protocol.leaving else ""
        asking = " · asking who is here" if chat.protocol.asking_who else ""
        return f"{leaving}#{chat.room} as {chat.nick}{asking}"
    if stage == CONNECTING:
        seconds = int(chat.now - link.since)
        return f"connecting to {link.address}" + (f" · {seconds} s" if seconds else "")
    if stage == LOST:
        again = f" · again in {link.seconds_left(chat.now)} s, Enter: now" if link.retry_at else ""
        return f"no connection{again}"
    request = chat.protocol.request if chat.protocol else None
    words = {
        ASK: "which server?", LOBBY: "lobby", NAMING: f"choosing a nick for #{chat.room}",
        OUT: "leaving",
    }  # fmt: skip
    return words[stage] + (f" · waiting for the answer to {request}" if request else "")


def _on_the_right(state: State, below: int) -> str:
    """Say how many lines are below, or how much still fits the message being typed."""
    chat, message = state.chat, spoken(state.editor.text)
    if below:
        new = f", {chat.reading.waiting} new" if chat.reading.waiting else ""
        return f"↓ {below} below{new} "
    if chat.stage != ROOM or chat.protocol is None:
        return ""
    limit = chat.protocol.text_limit
    if len(message) * 4 < limit - NEAR_BYTES:
        return ""
    messages = sum(len(split(part, limit)) for part in message.split(LINE_END))
    if messages > 1:
        return f"{messages} messages "
    left = limit - len(encode(message))
    return f"{left} bytes left " if left <= NEAR_BYTES else ""


def _waiting(state: State, height: int) -> list[Row]:
    """What waits to be sent: the newest, as that is what was typed just now."""
    waiting = state.chat.waiting
    shown = waiting[-height:] if height else []
    if len(shown) < len(waiting) and height > 1:
        shown[0] = say.MORE_WAITING.format(count=len(waiting) - height + 1)
    return [((fit(f"  … {clean(text)}", state.cols), "dim"),) for text in shown]


def _picker(state: State, height: int) -> list[Row]:
    """The rooms to choose from, the one pointed at always among them."""
    rooms = state.chat.rooms
    pick = min(state.pick, len(rooms) - 1)
    first = max(0, min(pick - height // 2, len(rooms) - height))
    shown = rooms[first : first + height]
    widest = min(max(map(width, shown), default=0), state.cols - 4)
    rows: list[Row] = []
    for number, name in enumerate(shown, first):
        mark, style = ("▸", "reverse") if number == pick else (" ", "")
        padded = f" {mark} {name}{' ' * (widest - width(name) + 1)}"
        rows.append(((fit(padded, state.cols), style),))
    return rows
