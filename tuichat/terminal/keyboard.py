"""The keyboard: what comes from the terminal, and when to stop waiting for the rest of it.

The bytes are read here, not by curses: that knows only the keys in the terminal's description, and
would pass on all others as text.
"""

from __future__ import annotations

import os

from .keydecoder import KeyDecoder
from .setup import own_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .console import Console
    from .keydecoder import Key, Typed
    from .screen import Screen
    from .sequences import Paste

STDIN = 0
_READ_MAX = 4096  # bytes; then the screen and the socket have their turn


class Keys:
    """The keyboard of a screen. `due` is when `expire` must be called (monotonic seconds)."""

    def __init__(self, screen: Screen) -> None:
        self.due: float | None = None
        self.gone = False
        self._console: Console | None = None
        if os.name == "nt":
            from .console import Console  # here, as only Windows needs it

            self._console = Console(screen.window)
        self._decoder = KeyDecoder(screen.mouse, own_keys())

    def read(self, now: float) -> list[Key | Typed | Paste]:
        """Return what was typed, once `select` has named standard input.

        If the terminal has gone, `gone` becomes true. (On Windows `wakeup.Doorbell` reports that.)
        """
        parts: list[bytes | Key]
        if self._console:
            parts = self._console.read()
        else:
            try:
                parts = [os.read(STDIN, _READ_MAX)]
            except BlockingIOError:  # another reader was faster
                return []
            except OSError:  # EIO: it has hung up
                parts = [b""]
            self.gone = parts == [b""]
        if not parts:
            return []
        events = self._decoder.feed(*parts)
        patience = self._decoder.patience
        self.due = None if patience is None else now + patience
        return events

    def expire(self, now: float) -> list[Key | Typed | Paste]:
        """Give up waiting for the end of an escape sequence or a paste, if it is time."""
        if self.due is None or now < self.due:
            return []
        events = self._decoder.give_up()
        patience = self._decoder.patience
        self.due = None if patience is None else now + patience
        return events
