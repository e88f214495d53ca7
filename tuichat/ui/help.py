"""Help: keys and commands, from the tables that bind them."""

from __future__ import annotations

from ..input.commands import COMMANDS, SCREEN_ONLY
from ..input.keymap import BINDINGS
from ..text import fit, width, wrap
from .overlay import Close, Outcome, Overlay, Stay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .pane import Row

# What help shows, and the manual page.
TABLES = (
    ("Keys", [(b.label, b.help) for b in BINDINGS if b.label]),
    (
        "Commands",
        [(f"{c.name} {c.argument}".strip(), c.help) for c in COMMANDS]
        + [("//text", "send a text that begins with a slash")],
    ),
)
NARROW_COLS = 40
FAR = 1 << 30


class Help(Overlay):
    """The tables, to be scrolled."""

    hint = "Esc closes · Up, Down, PgUp, PgDn scroll"

    def __init__(self) -> None:
        self._top = 0
        self._page = 1
        self._last = 0

    @property
    def told(self) -> list[str]:
        """The commands that line mode has: it needs no keys, and no screen."""
        _, commands = TABLES[1]
        return [
            f"  {command}: {words}" for command, words in commands
            if command.split()[0] not in SCREEN_ONLY
        ]  # fmt: skip

    def key(self, name: str) -> Outcome | None:
        """Scroll or close."""
        steps = {
            "up": -1, "down": 1, "wheel-up": -3, "wheel-down": 3, "pageup": -self._page,
            "pagedown": self._page, "C-home": -FAR, "C-end": FAR,
        }  # fmt: skip
        if name in ("escape", "f1", "C-c"):
            return Close()
        if name not in steps:
            return None
        self._top = min(self._last, max(0, self._top + steps[name]))
        return Stay()

    def rows(self, cols: int, height: int) -> list[Row]:
        """Fill the height, and remember how far the tables can be scrolled at this width."""
        rows = _laid_out(cols)
        self._page = max(1, height - 1)
        self._last = max(0, len(rows) - height)
        self._top = min(self._top, self._last)
        shown = rows[self._top : self._top + height]
        return shown + [((" ", ""),)] * (height - len(shown))


def _laid_out(cols: int) -> list[Row]:
    rows: list[Row] = []
    for title, table in TABLES:
        rows += [((fit(f" {title}", cols), "bold"),)]
        for left, right in table:
            rows += _columns(left, right, cols)
        rows += [(("", ""),)]
    return rows[:-1]


def _columns(left: str, right: str, cols: int) -> list[Row]:
    """Lay out a key and its words: side by side, or below each other where it is narrow."""
    if cols < NARROW_COLS:
        below = [((right[a:b], ""),) for a, b in wrap(right, cols)]
        return [((fit(left, cols), "info"),), *below]
    side = min(26, cols // 2)
    rows: list[Row] = []
    if width(left) > side - 3:
        rows.append(((fit(f"  {left}", cols), "info"),))
        left = ""
    for start, end in wrap(right, cols - side):
        rows.append(((fit(f"  {left:<{side - 3}} ", side), "info"), (right[start:end], "")))
        left = ""
    return rows
