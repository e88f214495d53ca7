"""What the program is at a moment: the conversation, the line, the overlay, the size.

From it `view` makes a frame; `actions` and `app` change it.
"""

from __future__ import annotations

from ..chat.conversation import Conversation
from ..chat.transcript import SPOKEN
from ..input.editor import Editor
from ..record import Record
from ..text import wrap
from ..wire import Stage
from .pane import Look, Pane

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.options import Options
    from ..input.completion import Completion
    from .overlay import Overlay
    from .pane import Row

SPEAKERS_BACK = 1000
MOST_WAITING = 3
MOST_LAID_OUT = 1000


class Layout(Record):
    """The parts of the screen from top to bottom, in rows; the input line is always there."""

    top_bar: bool
    pane: int
    picker: int
    waiting: int
    hint: int
    status_bar: bool


class State:
    """`rows` and `cols` are the size of the screen in cells; `pick` is the room pointed at."""

    def __init__(self, options: Options) -> None:
        self.chat = Conversation(options)
        self.editor = Editor()
        self.overlay: Overlay | None = None
        self.completion: Completion | None = None
        self.pick = 0
        self.rows, self.cols = 24, 80
        self._laid_out: dict[range, list[Row]] = {}
        self._holds_for: object = None

    @property
    def look(self) -> Look:
        """What the pane's rows depend on."""
        chat, overlay = self.chat, self.overlay
        query, hit = (overlay.query, overlay.hit) if overlay else ("", None)
        reading = chat.reading
        return Look(self.cols, chat.hearing.sender, reading.unread, reading.new, query, hit)

    @property
    def pane(self) -> Pane:
        """The transcript laid out for this screen; what is laid out stays so while it holds."""
        chat, look = self.chat, self.look
        holds_for = (look.key, chat.transcript.first)
        if holds_for != self._holds_for or len(self._laid_out) > MOST_LAID_OUT:
            self._holds_for, self._laid_out = holds_for, {}
        return Pane(chat.transcript, look, self._laid_out)

    @property
    def layout(self) -> Layout:
        """How many rows each part of the screen has: the input line is the last to go."""
        bars = 2 if self.rows >= 6 else 1 if self.rows >= 3 else 0
        left = max(0, self.rows - 1 - bars)
        waiting = min(MOST_WAITING, len(self.chat.waiting), left // 3)
        left -= waiting
        hint = min(len(wrap(self.chat.hint, self.cols)), max(0, left - 1)) if self.chat.hint else 0
        left -= hint
        rooms = len(self.chat.rooms) if self.chat.stage == Stage.LOBBY else 0
        picker = min(rooms, left // 2)
        return Layout(bars == 2, left - picker, picker, waiting, hint, bars > 0)

    @property
    def picked(self) -> str:
        """The room pointed at in the lobby, "" if there is none."""
        rooms = self.chat.rooms
        return rooms[min(self.pick, len(rooms) - 1)] if rooms else ""

    def latest_speakers(self) -> list[str]:
        """Return the nicks in the room, whoever spoke last first, without one's own."""
        chat, transcript = self.chat, self.chat.transcript
        nicks: dict[str, None] = {}
        if chat.stage != Stage.ROOM or chat.protocol is None:
            return []
        oldest = max(transcript.first, transcript.end - SPEAKERS_BACK)
        for number in range(transcript.end - 1, oldest - 1, -1):
            if transcript.kind(number) in SPOKEN:
                found = chat.hearing.sender.speaker(transcript.text(number))
                if found:
                    nicks[found[0]] = None
        nicks.update(dict.fromkeys(chat.protocol.roster.nicks))
        nicks.pop(chat.nick, None)
        return list(nicks)
