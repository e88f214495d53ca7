"""The copy view: what was said without columns, so that text and links can be selected cleanly."""

from __future__ import annotations

from ..text import fit, width
from .overlay import Close, EditLines, Outcome, Overlay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .pane import Row


class CopyView(Overlay):
    """Lines that the terminal itself wraps, where it can, so that it copies each in one piece."""

    hint = "Any key returns"
    alone = True

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def key(self, name: str) -> Outcome | None:
        """Return to the chat, whatever the key."""
        return None if name in ("focus-in", "focus-out", "resize") else Close()

    def typed(self, text: str) -> Outcome | None:
        """Return, and let what was typed go into the line: no typed word is lost.

        But for what closes a pager, and is typed for no more than that.
        """
        return Close() if text in (" ", "q") else EditLines([text])

    def unwrapped(self, cols: int, height: int) -> list[str]:
        """Return the last lines that fill at most `height` rows of a terminal that wraps them."""
        lines: list[str] = []
        for line in reversed(self._lines[-height:]):
            height -= max(1, -(-width(line) // max(1, cols)))
            if height < 0 and lines:
                break
            lines.append(line)
        return lines[::-1]

    def rows(self, cols: int, height: int) -> list[Row]:
        """Show it where the terminal cannot be written to directly: cut, not wrapped at words."""
        rows: list[Row] = [((fit(line, cols), ""),) for line in self.unwrapped(cols, height)]
        rows = rows[max(0, len(rows) - height) :]
        return rows + [((" ", ""),)] * (height - len(rows))
