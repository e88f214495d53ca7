"""A line being edited: its text, the cursor in it, and what was done to it, to undo and redo."""

from __future__ import annotations

from collections import deque

from ..text import next_boundary

LINE_END = "\n"
"""Ends a line where several are edited in one. It cannot be typed: only the program puts it in."""

LINE_END_SIGN = "␤"
"""How a line end is shown. Typed, the same sign is a character like any other."""

_REMEMBERED_EDITS = 1000


class _Edit:
    """`removed` gave way to `inserted` at offset `start`; `cursor` is where it was before."""

    __slots__ = ("cursor", "inserted", "removed", "start")

    def __init__(self, start: int, removed: str, inserted: str, cursor: int) -> None:
        self.start = start
        self.removed = removed
        self.inserted = inserted
        self.cursor = cursor


class Line:
    """Text with a cursor, an offset that is always a grapheme boundary.

    `replace` is the one way to change the text. Edits are kept as differences: a long line with
    many edits costs what was typed, not a copy of the line each time.
    """

    __slots__ = ("_done", "_undone", "cursor", "text")

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.cursor = len(text)
        self._done: deque[_Edit] = deque(maxlen=_REMEMBERED_EDITS)
        self._undone: list[_Edit] = []

    def move(self, offset: int) -> None:
        """Put the cursor at `offset`, or at the boundary after it if it splits a grapheme."""
        offset = min(max(offset, 0), len(self.text))
        self.cursor = next_boundary(self.text, offset - 1) if offset else 0

    def replace(self, start: int, end: int, new: str, join: bool = False) -> None:
        """Put `new` in place of text[start:end], the cursor after it.

        `join` makes it one with the edit before, to be undone together, where that one only
        inserted, and up to here.
        """
        removed = self.text[start:end]
        self._undone.clear()
        last = self._done[-1] if join and self._done else None
        if last and not removed and not last.removed and last.start + len(last.inserted) == start:
            last.inserted += new
        else:
            self._done.append(_Edit(start, removed, new, self.cursor))
        self._put(start, end, new)

    def undo(self) -> bool:
        """Take the last edit back; False if there is none."""
        if not self._done:
            return False
        edit = self._done.pop()
        self._undone.append(edit)
        self._put(edit.start, edit.start + len(edit.inserted), edit.removed)
        self.cursor = edit.cursor
        return True

    def redo(self) -> bool:
        """Make the edit last taken back once more; False if there is none."""
        if not self._undone:
            return False
        edit = self._undone.pop()
        self._done.append(edit)
        self._put(edit.start, edit.start + len(edit.removed), edit.inserted)
        return True

    def _put(self, start: int, end: int, new: str) -> None:
        self.text = self.text[:start] + new + self.text[end:]
        self.move(start + len(new))
