"""What comes between the user and the chat for a while: the part that all overlays share.

An overlay is a value with its own keys and its own rows; the app and the view ask it, and never
what kind it is. So a new one is a file of its own, an action that opens it, and its key.
"""

from __future__ import annotations

from ..record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..input.editor import Editor
    from .pane import Position, Row

class Stay(Record):
    """The overlay took the key and stays."""


class Close(Record):
    """The overlay is done."""


class Show(Record):
    """Scroll to a line."""

    number: int


class Back(Record):
    """Close, and scroll back to where the reader was."""

    at: Position | None


class SendLines(Record):
    """Close, and send each line as a message."""

    lines: list[str]


class EditLines(Record):
    """Close, and put the lines into the input line."""

    lines: list[str]


class Drop(Record):
    """Close, and keep the lines only for Ctrl-Y."""

    lines: list[str]


Outcome = Stay | Close | Show | Back | SendLines | EditLines | Drop


class Overlay:
    """An overlay that does nothing yet.

    What is typed goes into `editor`, if there is one, with `prompt` before it and `ghost` in it
    while it is empty. The pane marks `query`. `found` are the lines of the transcript that line
    mode prints instead of showing the overlay. `alone` hides all of the screen but the hint.
    """

    editor: Editor | None = None
    prompt = ""
    ghost = ""
    query = ""
    found: Sequence[int] = ()
    alone = False

    @property
    def hint(self) -> str:
        """What stands in the status bar instead of the key hints."""
        return ""

    @property
    def count(self) -> str:
        """What stands on the right of the status bar."""
        return ""

    @property
    def hit(self) -> int | None:
        """The line among those `found` that the overlay is at."""
        return None

    @property
    def told(self) -> Sequence[str]:
        """What line mode says after the lines that were `found`."""
        return ()

    def key(self, name: str) -> Outcome | None:
        """Act on a key; None: it is not mine, and does what it always does."""
        return None

    def typed(self, text: str) -> Outcome | None:
        """Act on typed text; None: it belongs to the input line, so that no word is lost."""
        return None

    def pasted(self, lines: list[str]) -> Outcome | None:
        """Act on a paste of several lines; None: it asks its own question."""
        return None

    def rows(self, cols: int, height: int) -> list[Row]:
        """Return at most `height` rows of at most `cols` cells, for the lower end of the pane."""
        return []

    def unwrapped(self, cols: int, height: int) -> list[str] | None:
        """Return the lines that the terminal itself is to wrap in place of `rows`, if it can."""
        return None
