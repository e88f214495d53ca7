"""The keyboard: what curses delivers, read to the end and turned into `Key`, `Typed`, `Paste`."""

from __future__ import annotations

import curses
import os

from .keydecoder import KeyDecoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .keydecoder import Key, Paste, Typed

_BURST_MAX = 500  # characters of a paste; between, the screen and the socket have their turn


class Keys:
    """The keyboard of a curses window that is in nodelay mode."""

    def __init__(self, window: curses.window) -> None:
        self._window = window
        self._decoder = KeyDecoder(curses.keyname)
        self._due: float | None = None
        self.gone = False

    def read(self) -> list[Key | Typed | Paste]:
        """Return what was typed, all of it: curses holds bytes that select() cannot see.

        If there was nothing, and that is because the terminal has gone, `gone` becomes true. (On
        Windows `wakeup.Doorbell` tells that.)
        """
        windows = os.name == "nt"
        if self._drain_characters() if windows else self._drain_bytes():
            self._due = None
        elif not windows:
            self.gone = _terminal_is_gone()
        return self._decoder.take()

    def deadline(self, now: float) -> float | None:
        """Return when `expire` must be called (monotonic seconds), None if it need not be."""
        patience = self._decoder.patience
        if patience is None:
            self._due = None
        elif self._due is None:
            self._due = now + patience
        return self._due

    def expire(self, now: float) -> list[Key | Typed | Paste]:
        """Give up waiting for the end of an escape sequence or a paste, if it is time."""
        if self._due is None or now < self._due:
            return []
        self._due = None
        self._decoder.give_up()
        return self._decoder.take()

    def _drain_bytes(self) -> bool:
        """Feed all there is; bytes, because get_wch() loses a character that comes in parts."""
        came = False
        while (code := self._window.getch()) != -1:
            came = True
            self._take_code(code)
        return came

    def _drain_characters(self) -> bool:
        """The same for Windows, where a character is a character or half of a surrogate pair."""
        codes: list[int | str] = []
        while len(codes) < _BURST_MAX:
            try:
                code = self._window.get_wch()
            except curses.error:  # no input
                break
            if code != curses.KEY_MOUSE:
                codes.append(code)
            elif name := _mouse_key():
                self._decoder.press(name)
        self._decoder.feed_burst(codes)
        return bool(codes)

    def _take_code(self, code: int) -> None:
        if code != curses.KEY_MOUSE:
            self._decoder.feed(code)
        elif name := _mouse_key():
            self._decoder.press(name)


def _mouse_key() -> str:
    """Return what the mouse did: "wheel-up", "wheel-down", "click", or ""."""
    try:
        buttons = curses.getmouse()[4]
    except curses.error:  # the event was not one of those asked for
        return ""
    if buttons & curses.BUTTON4_PRESSED:
        return "wheel-up"
    if buttons & getattr(curses, "BUTTON5_PRESSED", 0):
        return "wheel-down"
    return "click" if buttons & curses.BUTTON1_PRESSED else ""


def _terminal_is_gone() -> bool:
    """Tell whether standard input has hung up. (macOS has no poll() for terminals.)"""
    try:
        os.get_terminal_size(0)
    except OSError:
        return True
    return False
