"""State to frame, region by region: each is made again only when what it shows has changed.

    top bar · picker · pane · overlay · waiting · flash · status bar · input line

A region that has not changed stays the same object, so that the screen need not look at it. A frame
has exactly as many rows as the screen and none wider; no wide character is cut.
"""

from __future__ import annotations

from ..chat import messages
from ..chat.transcript import END
from ..input.line import LINE_END
from ..text import clean, fit
from ..wire import Stage
from .frame import Frame
from .inputline import InputLine
from .state import Layout
from .statusbar import MIDDLE, NEAR_BYTES, STAYS, bar, room_left, status_bar, top_bar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .frame import Part
    from .state import Overlay, State
    from .statusbar import BarText


class View:
    """Makes frames, and keeps the regions of the last one."""

    def __init__(self) -> None:
        self._input_line = InputLine()
        self._regions: list[Part] = []
        self._regions_for: object = None
        self._layout = Layout(False, 0, 0, 0, 0, False)
        self._title = ""
        self._around: object = None  # what the last two hold for
        self._bars: dict[str, tuple[object, Part]] = {}
        self._bars_for: object = None
        self._picker: tuple[object, Part] = None, []
        self._page_key: object = None
        self._page: tuple[Part, int, int] = [], 0, 0

    def frame(self, state: State) -> Frame:
        """Return what the screen shows of `state`."""
        if state.overlay and state.overlay.alone:
            return _alone(state.overlay, state)
        # Lines change the pane, and what is laid over it. Typing changes the input line, in the
        # lobby the list, and near the limit of a message what the status bar says.
        chat, conversation = state.chat, state.conversation
        text, viewport = conversation.editor.text, conversation.viewport
        lines = conversation.version
        is_short = len(text) * 4 < chat.text_limit - NEAR_BYTES and LINE_END not in text
        around = (
            state.version, chat.version, state.rows, state.cols, state.time.stamp.day,
            conversation.flash, viewport.waiting, viewport.mentions, lines if state.overlay else 0,
            state.picker.query if chat.lobby.names else "", None if is_short else room_left(state),
        )  # fmt: skip
        if around != self._around:
            self._layout, self._title = state.layout, title(state)
            self._around, self._regions_for = around, None
        if lines != self._regions_for:
            self._regions, self._regions_for = self._above_the_line(state, self._layout), lines
        row, cursor = self._input_line.row(state)
        return Frame([*self._regions, [row]], (max(0, state.rows - 1), cursor), self._title)

    def _above_the_line(self, state: State, layout: Layout) -> list[Part]:
        """Return the regions above the input line, from top to bottom."""
        cols, conversation = max(1, state.cols), state.conversation
        pane, top, bottom = self._pane(state, layout.pane)
        below = 0 if conversation.viewport.at == END else conversation.transcript.end - bottom
        bars_for = self._around, top if below else 0, below
        if bars_for != self._bars_for:
            self._bars_for = bars_for
            self._keep_bar("top", top_bar(state, top), cols)
            self._keep_bar("status", status_bar(state, below), cols)
        regions: list[Part] = []
        if layout.top_bar:
            regions.append(self._bars["top"][1])
        if layout.picker:
            regions.append(self._list(state, cols, layout.picker))
        if state.overlay:
            laid_over = state.overlay.rows(cols, layout.pane)
            regions += [pane[len(laid_over) :], laid_over]
        else:
            regions.append(pane)
        if layout.waiting:
            regions.append(_waiting(state, layout.waiting))
        if layout.flash:
            lines = state.flash_lines[: layout.flash]
            regions.append([((fit(line, cols), "alert"),) for line in lines])
        if layout.status_bar:
            regions.append(self._bars["status"][1])
        return regions

    def _keep_bar(self, name: str, texts: list[BarText], cols: int) -> None:
        """Keep a bar: the one from before if its texts are the same."""
        if name not in self._bars or self._bars[name][0] != (texts, cols):
            self._bars[name] = (texts, cols), [bar(texts, cols, name)]

    def _list(self, state: State, cols: int, height: int) -> Part:
        """Return the list of rooms, the same as before if it looks the same."""
        look = state.picker.look(cols, height)
        if self._picker[0] != look:
            self._picker = look, state.picker.rows(cols, height)
        return self._picker[1]

    def _pane(self, state: State, height: int) -> tuple[Part, int, int]:
        """Return exactly `height` rows of the transcript, the first line among them, and the line
        after the last.

        The newest row is at the bottom; if there is a list of rooms, they begin right below it.
        """
        transcript, viewport = state.conversation.transcript, state.conversation.viewport
        look = state.look
        has_list = self._layout.picker > 0
        key = height, look, transcript.first, transcript.end, viewport.at, has_list
        if self._page_key != key:
            at = state.pane.settle(look, viewport.at, height)
            oldest = viewport.cleared if at == END else 0
            rows, top, bottom = state.pane.page(look, at, height, oldest)
            self._page_key = key
            blank: Part = [((" ", ""),)] * (height - len(rows))
            above = 1 if has_list else height
            self._page = blank[:above] + rows + blank[above:], top, bottom
        return self._page


def _alone(overlay: Overlay, state: State) -> Frame:
    """Return a frame of nothing but an overlay and its hint."""
    height = max(0, state.rows - 1)
    hint: Part = [bar([(STAYS, overlay.hint, MIDDLE)], max(1, state.cols), "status")]
    parts = [overlay.rows(state.cols, height), hint]
    return Frame(parts, None, title(state), overlay.unwrapped(state.cols, height))


def title(state: State) -> str:
    """Return the window's title: the room, how much is unread, `!` if the user is mentioned."""
    chat, viewport = state.chat, state.conversation.viewport
    place = f"#{chat.entrance.room}" if chat.stage == Stage.ROOM else chat.reconnect.address
    count = f" ({viewport.waiting}{'!' * bool(viewport.mentions)})" if viewport.waiting else ""
    return f"{place}{count} – tuichat" if place else "tuichat"


def _waiting(state: State, height: int) -> Part:
    """Return the newest messages that wait to be sent, as they were typed."""
    waiting = state.chat.waiting
    shown = [*waiting[-height:]]
    if len(shown) < len(waiting) and height > 1:
        shown[0] = messages.MORE_WAITING.format(count=len(waiting) - height + 1)
    return [((fit(f" … {clean(text)}", state.cols - 1), ""),) for text in shown]
