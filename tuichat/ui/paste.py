"""The question that a paste of several lines asks: send them, edit them, or drop them."""

from __future__ import annotations

from ..text import clean, fit, wrap
from .overlay import Drop, EditLines, Outcome, Overlay, SendLines, Stay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .pane import Row


class PasteQuestion(Overlay):
    """The answer is a key that no typed or pasted text can contain; what is typed meanwhile goes
    into the line as ever, and what is pasted is asked about together with the rest.

    `sends`: whether there is a room to send them to.
    """

    def __init__(self, lines: list[str], sends: bool) -> None:
        self._lines = lines
        self._sends = sends

    @property
    def _messages(self) -> int:
        return sum(1 for line in self._lines if line.strip())

    @property
    def hint(self) -> str:
        """The answers."""
        sends = f"Ctrl-S sends {self._messages} · " if self._sends else ""
        return f"{sends}Ctrl-E edits · Esc drops"

    def key(self, name: str) -> Outcome | None:
        """Take the answer."""
        if name == "C-s" and self._sends:
            return SendLines(self._lines)
        if name == "C-e":
            return EditLines(self._lines)
        if name in ("escape", "C-c"):
            return Drop(self._lines)
        return Stay() if name in ("enter", "C-s") else None

    def pasted(self, lines: list[str]) -> Outcome | None:
        """Ask about these, too."""
        self._lines = self._lines + lines
        return Stay()

    def rows(self, cols: int, height: int) -> list[Row]:
        """Show the question and the first lines, in no more than half of the height."""
        height = min(height, max(2, height // 2))
        ask = f"Send them as {self._messages} messages?"
        ask = ask if self._sends else "There is no room yet to send them to."
        question = f"Pasted {len(self._lines)} lines. {ask}"
        rows: list[Row] = [((question[a:b], "bold"),) for a, b in wrap(question, cols)]
        shown = max(0, height - len(rows) - 1)
        for line in self._lines[:shown]:
            rows.append(((fit("  " + clean(line), cols), ""),))
        if len(self._lines) > shown:
            rows.append(((fit(f"  … and {len(self._lines) - shown} more", cols), "dim"),))
        return rows[:height]
