"""The program without a terminal: keys, typed text and pastes change one state.

`turn(now, stamp)` begins every turn of the loop. Then come keys (`key`, `typed`, `paste`), what
happens to the chat's connection, and last what is due; `work` ends the turn. What is to be done
outside the state is in the chat's effects.
"""

from __future__ import annotations

from ..chat import messages
from ..input.keymap import BINDING_BY_KEY
from .actions import ACTIONS
from .state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.options import Options
    from ..chat.transcript import Stamp


class App:
    """The state and everything that the user does to it."""

    def __init__(self, options: Options) -> None:
        self.state = State(options)
        self.chat = self.state.chat
        self.conversation = self.state.conversation
        self._confirming = ""  # the action that waits for its key to be pressed again

    def turn(self, now: float, stamp: Stamp) -> None:
        """Begin a turn: the time is `now` (monotonic seconds), `stamp` its local form."""
        time = self.state.time
        time.now, time.stamp = now, stamp

    def work(self) -> bool:
        """Do a little of what the overlay has not finished; tell whether there is more."""
        overlay = self.state.overlay
        if overlay is None or not overlay.unfinished:
            return False
        overlay.work(self.state)
        self.state.version += 1
        return overlay.unfinished

    def resize(self, rows: int, cols: int) -> None:
        """Adopt the size of the screen in cells."""
        self.state.rows, self.state.cols = rows, cols

    def key(self, name: str) -> None:
        """Act on a key that is not text; `keymap` has the names."""
        state, binding = self.state, BINDING_BY_KEY.get(name)
        state.version += 1
        if binding and binding.source == "terminal":
            ACTIONS[binding.action](state, "")
            return
        if not (binding and binding.source == "mouse"):
            self._is_here()
        confirmed, self._confirming = self._confirming, ""
        self.conversation.flash = ""
        if state.overlay and state.overlay.key(name, state):
            return
        if not (binding and binding.completes):
            state.completion = None
        if binding is None:
            return
        typed = self.conversation.editor.text.strip()
        if binding.confirms and typed and confirmed != binding.action:
            self._confirming = binding.action
            key = binding.label.split(", ")[binding.keys.index(name)]
            self.conversation.flash = messages.LEAVE_AGAIN.format(key=key)
        else:
            ACTIONS[binding.action](state, "")

    def typed(self, text: str) -> None:
        """Take typed characters."""
        state, conversation = self.state, self.conversation
        self._is_here()
        # Otherwise only the input line changes.
        if conversation.flash or state.completion or state.overlay:
            state.version += 1
            conversation.flash, state.completion = "", None
        self._confirming = ""
        if not (state.overlay and state.overlay.typed(text, state)):
            conversation.editor.insert(text)

    def paste(self, text: str) -> None:
        """Take a paste, its lines ended by line feeds.

        One line counts as typed; for several the user is asked what to do.
        """
        lines = text.rstrip("\n").split("\n")
        if len(lines) == 1:
            self.typed(lines[0])
            return
        self._is_here()
        state = self.state
        state.version += 1
        self.conversation.flash = ""
        if not (state.overlay and state.overlay.pasted(lines, state)):
            from .overlays import PasteQuestion  # here, as no start needs it

            state.overlay = PasteQuestion(lines, self.chat)

    def _is_here(self) -> None:
        """Note that the user is looking, whatever the terminal said last: tmux can lose a focus-in.

        The room that is marked stays marked.
        """
        if self.chat.lobby.names:
            self.state.picker.hold()
        if self.conversation.viewport.focused is False:
            self.conversation.viewport.focus(True)
            self.state.version += 1
