"""The line being edited, those before it, and what was cut (GNU Readline manual, 8.2.3 and 8.4)."""

from __future__ import annotations

from collections import deque

from ..text import compiled, next_boundary

LINE_END = "\n"
"""Ends a line when several are edited as one. It cannot be typed: only the program inserts it."""

LINE_END_SIGN = "␤"
"""How a line end is shown. When typed, the same sign is an ordinary character."""

_TYPED_LINE_END = "\r\n|[\n\r\v\f\x85\u2028\u2029]"
_UNTYPABLE = "[\x00-\x1f\x7f-\x9f\ud800-\udfff]"
_REMEMBERED_EDITS = 1000
_REMEMBERED_LINES = 1000
_REMEMBERED_KILLS = 10  # DEFAULT_MAX_KILLS in readline


def typable(text: str) -> str:
    """Return text in a form that can be edited in a line and sent.

    A line end becomes a space, a tab four; any other control and half a surrogate pair become
    U+FFFD.
    """
    if text.isprintable():
        return text
    text = compiled(_TYPED_LINE_END).sub(" ", text).replace("\t", "    ")
    return compiled(_UNTYPABLE).sub("\N{REPLACEMENT CHARACTER}", text)


class _Edit:
    """`inserted` replaced `removed` at offset `start`; `cursor` is its position before that."""

    __slots__ = ("cursor", "inserted", "removed", "start")

    def __init__(self, start: int, removed: str, inserted: str, cursor: int) -> None:
        self.start = start
        self.removed = removed
        self.inserted = inserted
        self.cursor = cursor


class Line:
    """Text with undo, redo and a cursor, which is always at a grapheme boundary.

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

        `join` merges this edit with the one before, to be undone together, if that only inserted
        text, which ends at `start`.
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
        """Undo the last edit; False if there is none."""
        if not self._done:
            return False
        edit = self._done.pop()
        self._undone.append(edit)
        self._put(edit.start, edit.start + len(edit.inserted), edit.removed)
        self.cursor = edit.cursor
        return True

    def redo(self) -> bool:
        """Redo the edit undone last; False if there is none."""
        if not self._undone:
            return False
        edit = self._undone.pop()
        self._done.append(edit)
        self._put(edit.start, edit.start + len(edit.removed), edit.inserted)
        return True

    def _put(self, start: int, end: int, new: str) -> None:
        self.text = self.text[:start] + new + self.text[end:]
        self.move(start + len(new))


class History:
    """Submitted lines from oldest to newest, then the draft; `line` is the one being edited.

    A line that was edited keeps its edits, its cursor and its undo list while others are visited,
    until one is submitted. The submitted lines themselves never change.
    """

    __slots__ = ("_at", "_edited", "_entries", "line")

    def __init__(self) -> None:
        self.line = Line()
        self._entries: list[str] = []
        self._at = 0
        self._edited = {self._at: self.line}

    @property
    def lines(self) -> list[str]:
        """The submitted lines, with edits made since, the oldest first."""
        edited = self._edited
        return [edited[n].text if n in edited else text for n, text in enumerate(self._entries)]

    def go(self, steps: int) -> bool:
        """Edit the line `steps` newer (older, if negative); False if there is none."""
        return self.visit(self._at + steps)

    def visit(self, at: int) -> bool:
        """Edit a line, by its number in `lines`; the one after the last is the draft."""
        if not 0 <= at <= len(self._entries):
            return False
        self._at = at
        if at not in self._edited:
            self._edited[at] = Line(self._entries[at])
        self.line = self._edited[at]
        return True

    def submit(self, remember: bool) -> str:
        """Return the text of the line being edited, and start an empty draft.

        Blank lines and repetitions of the last one are never remembered.
        """
        text = self.line.text
        if remember and text.strip() and text not in self._entries[-1:]:
            self._entries.append(text)
            del self._entries[:-_REMEMBERED_LINES]
        self.line = Line()
        self._at = len(self._entries)
        self._edited = {self._at: self.line}
        return text


class KillRing:
    """A ring of killed texts; rotating it brings an older one to the top."""

    __slots__ = ("_kills",)

    def __init__(self) -> None:
        self._kills: deque[str] = deque(maxlen=_REMEMBERED_KILLS)

    @property
    def top(self) -> str:
        """The text a yank inserts; "" if nothing was ever killed."""
        return self._kills[-1] if self._kills else ""

    def add(self, killed: str) -> None:
        """Put a text on top."""
        self._kills.append(killed)

    def extend(self, killed: str, before: bool) -> None:
        """Join a text to the one on top, on the side that it was killed from."""
        top = self._kills.pop()
        self._kills.append(killed + top if before else top + killed)

    def rotate(self) -> None:
        """Bring the next older text to the top, and the top one to the bottom."""
        self._kills.rotate(1)
