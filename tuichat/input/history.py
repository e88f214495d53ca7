"""The lines submitted before, and those being edited (GNU Readline manual, 8.4.2)."""

from __future__ import annotations

from .line import Line

_REMEMBERED_LINES = 1000


class History:
    """Submitted lines from oldest to newest, then the draft; one of them all is being edited.

    A line that was edited keeps its edits, its cursor and its undo list while others are visited,
    until one is submitted. The submitted lines themselves never change.
    """

    __slots__ = ("_at", "_edited", "_entries")

    def __init__(self) -> None:
        self._entries: list[str] = []
        self._edited: dict[int, Line] = {0: Line()}
        self._at = 0

    @property
    def line(self) -> Line:
        """The line being edited."""
        return self._edited[self._at]

    def go(self, steps: int) -> bool:
        """Edit the line `steps` newer (older, if negative); False if there is none."""
        at = self._at + steps
        if not 0 <= at <= len(self._entries):
            return False
        self._at = at
        if at not in self._edited:
            self._edited[at] = Line(self._entries[at])
        return True

    def submit(self) -> str:
        """Return the text of the line being edited, remember it, and start an empty draft.

        Blank lines and repetitions of the last one are not remembered.
        """
        text = self.line.text
        if text.strip() and text not in self._entries[-1:]:
            self._entries.append(text)
            del self._entries[:-_REMEMBERED_LINES]
        self._at = len(self._entries)
        self._edited = {self._at: Line()}
        return text
