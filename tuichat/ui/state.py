"""The state of the program: conversation, chat, what is laid over it, the size of the screen.

`view` makes a frame from it; `actions` and the overlays change it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..chat.chat import Chat
from ..chat.conversation import Conversation
from ..chat.options import Time
from ..chat.transcript import END
from ..record import Record
from ..text import width, wrap
from ..wire import Stage
from .pane import Look, Pane
from .picker import Picker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.options import Options
    from ..input.completion import Completion
    from ..input.editor import Editor
    from .frame import Row

MOST_WAITING = 3


class Layout(Record):
    """The parts of the screen from top to bottom, in rows; the input line is always there."""

    top_bar: bool
    picker: int
    pane: int
    waiting: int
    flash: int
    status_bar: bool


class Overlay:
    """What comes between the user and the chat for a while: help, search, a question, a view.

    This one does nothing. To add one, write a subclass, an action that opens it, and bind a key.
    What is typed goes into `editor`, if there is one, with `prompt` before it and `placeholder` in
    it while it is empty. The pane marks `query`. `alone` hides all of the screen but the hint.
    """

    editor: Editor | None = None
    prompt = ""
    placeholder = ""
    query = ""
    alone = False

    @property
    def hint(self) -> str:
        """What the status bar shows instead of the key hints."""
        return ""

    @property
    def count(self) -> str:
        """What the status bar shows on its right."""
        return ""

    @property
    def found(self) -> Sequence[int]:
        """The lines of the transcript that line mode prints instead of showing the overlay."""
        return ()

    @property
    def hit(self) -> int | None:
        """The line among those `found` that the overlay is at."""
        return None

    @property
    def told(self) -> Sequence[str]:
        """What line mode says after the lines that were `found`."""
        return ()

    @property
    def unfinished(self) -> bool:
        """Tell whether there is still something to `work` at, a little each turn."""
        return False

    def work(self, state: State) -> None:
        """Do a little of it, so that no key has to wait."""

    def key(self, name: str, state: State) -> bool:
        """Act on a key; return False if it is to do what it does without the overlay."""
        return False

    def typed(self, text: str, state: State) -> bool:
        """Act on typed text; return False if it is for the input line, so that no word is lost."""
        return False

    def pasted(self, lines: list[str], state: State) -> bool:
        """Act on a paste of several lines; return False if the user is to be asked about it."""
        return False

    def rows(self, cols: int, height: int) -> list[Row]:
        """Return at most `height` rows of at most `cols` cells, for the lower end of the pane."""
        return []

    def unwrapped(self, cols: int, height: int) -> list[str] | None:
        """Return the lines that the terminal itself is to wrap in place of `rows`, if it can."""
        return None


class State:
    """The whole state. `rows` and `cols` are the size of the screen in cells.

    `version` grows with every key, and with typed text that changes more than the input line and
    the list of rooms.
    """

    def __init__(self, options: Options) -> None:
        self.time = Time()
        self.conversation = Conversation(options, self.time)
        self.chat = Chat(options, self.time, self.conversation)
        self.pane = Pane(self.conversation.transcript, self.conversation.sender.speaker)
        self.picker = Picker(self.chat)
        self.overlay: Overlay | None = None
        self.completion: Completion | None = None
        self.rows, self.cols = 24, 80
        self.version = 0

    # -- what is on the screen -------------------------------------------------------------------

    @property
    def look(self) -> Look:
        """What the rows of the pane depend on, besides the lines themselves."""
        overlay, viewport = self.overlay, self.conversation.viewport
        query, hit = (overlay.query, overlay.hit) if overlay else ("", None)
        sender_version = self.conversation.sender.version
        return Look(
            max(1, self.cols), viewport.unread, viewport.new, viewport.mentions, query, hit,
            sender_version, viewport.cleared,
        )  # fmt: skip

    @property
    def layout(self) -> Layout:
        """How many rows each part of the screen has: the input line is the last to go."""
        chat = self.chat
        bars = 2 if self.rows >= 6 else 1 if self.rows >= 3 else 0
        left = max(0, self.rows - 1 - bars)
        waiting = min(MOST_WAITING, len(chat.waiting), left // 3)
        left -= waiting
        flash = min(len(self.flash_lines), max(0, left - 1))
        left -= flash
        hidden = self.overlay or chat.options.plain or chat.stage != Stage.LOBBY
        picker = self.picker.height(self.cols, left) if chat.lobby.names and not hidden else 0
        return Layout(bars == 2, picker, left - picker, waiting, flash, bars > 0)

    @property
    def flash_lines(self) -> list[str]:
        """The sentence above the status bar, wrapped in a box: a cell is free on both sides."""
        flash = self.conversation.flash
        if not flash:
            return []
        margin = " " if self.cols > 3 else ""
        rows = wrap(flash, max(1, self.cols - 2 * len(margin)))
        lines = [flash[start:end] for start, end in rows]
        widest = max(map(width, lines))
        return [f"{margin}{line}{' ' * (widest - width(line))}{margin}" for line in lines]

    # -- the list of rooms -----------------------------------------------------------------------

    def pick(self, text: str) -> str:
        """Return the room of the list that Enter takes for a text in the lobby, "" for none.

        Where the list is not on the screen, no part of a name stands for the whole.
        """
        is_offered = self.layout.picker or not (text or self.chat.options.plain)
        return self.picker.marked(text) if is_offered else ""

    def mark(self, move: str) -> bool:
        """Move the mark in the list; return False if the key is to do what it does elsewhere."""
        height = self.layout.picker if self.chat.lobby.names else 0
        return height > 0 and self.picker.move(move, self.cols, height)

    # -- scrolling -------------------------------------------------------------------------------

    def scroll(self, rows: int) -> None:
        """Move the view by `rows`, back for negative ones; at the end it follows again."""
        transcript, viewport = self.conversation.transcript, self.conversation.viewport
        if transcript.end == transcript.first:
            return
        pane, look, height = self.pane, self.look, self.layout.pane
        at = pane.settle(look, viewport.at, height)
        if rows > 0:
            viewport.scroll(pane.down(look, at, rows))
        elif not self._uncover():
            viewport.scroll(pane.settle(look, pane.up(look, at, -rows), height))

    def _uncover(self) -> bool:
        """Show what was cleared; return True if it is in view now, which is enough for one step."""
        viewport = self.conversation.viewport
        cleared, viewport.cleared = viewport.cleared, 0
        if viewport.at != END or not cleared:
            return False
        return self.pane.page(self.look, END, self.layout.pane)[1] < cleared

    def show(self, number: int) -> None:
        """Bring a line into view, with lines below it if there are any."""
        at = self.pane.showing(self.look, number)
        self.conversation.viewport.scroll(self.pane.down(self.look, at, self.layout.pane // 2))
