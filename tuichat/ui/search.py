"""Incremental search in what was said: from the line one was at to older ones first."""

from __future__ import annotations

from ..chat.messages import NEEDS
from ..input.editor import Editor
from ..input.keymap import ACTIONS, EDITING
from .overlay import Back, Close, Outcome, Overlay, Show, Stay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.transcript import Transcript
    from .pane import Position


class Search(Overlay):
    """`editor` holds the words, `found` the lines that contain them."""

    hint = "Up older · Down newer · Enter stays here · Esc back"
    prompt = "search› "
    ghost = "words to look for"
    editor: Editor
    found: list[int]

    def __init__(self, transcript: Transcript, at: Position | None, words: str = "") -> None:
        """Begin at a position of the reader, None for the end, perhaps with words given."""
        self.editor = Editor()
        self.found = []
        self._index = -1
        self._transcript = transcript
        self._at = at
        self._from = at[0] if at else transcript.end
        if words:
            self.editor.insert(words)
            self._refresh()

    @property
    def hit(self) -> int | None:
        """The line that is shown."""
        return self.found[self._index] if self.found else None

    @property
    def count(self) -> str:
        """Where the hit stands among all of them: `3/17`."""
        if not self.query:
            return ""
        return f"{self._index + 1}/{len(self.found)}" if self.found else "nothing found"

    @property
    def told(self) -> list[str]:
        """The count, or what is needed for one."""
        return [self.count or NEEDS.format(name="/search", argument="TEXT")]

    def key(self, name: str) -> Outcome | None:
        """Step, stay, or go back; the other keys edit the words."""
        if name in ("up", "C-r", "f3", "pageup"):
            return self._step(-1)
        if name in ("down", "C-s", "pagedown"):
            return self._step(1)
        if name == "enter":
            return Close()
        if name in ("escape", "C-c"):
            return Back(self._at)
        action = ACTIONS.get(name, "")
        if action not in EDITING:
            return Stay() if action in ("submit", "complete", "up", "down") else None
        getattr(self.editor, action)()
        return self._refresh()

    def typed(self, text: str) -> Outcome | None:
        """Search for a longer text."""
        self.editor.insert(text)
        return self._refresh()

    def pasted(self, lines: list[str]) -> Outcome | None:
        """Search for all of it: no message has a line end in it."""
        return self.typed(" ".join(lines))

    def _refresh(self) -> Outcome:
        query = self.editor.text
        longer = bool(self.query) and query.startswith(self.query)
        self.query = query
        among = self.found if longer else None
        self.found = self._transcript.find(query, among) if query else []
        before = [n for n, line in enumerate(self.found) if line <= self._from]
        self._index = before[-1] if before else 0
        return self._step(0)

    def _step(self, by: int) -> Outcome:
        self.found = [line for line in self.found if line >= self._transcript.first]
        if not self.found:
            return Stay()
        self._index = min(len(self.found) - 1, max(0, self._index + by))
        return Show(self.found[self._index])
