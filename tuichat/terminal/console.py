"""The Windows console: PDCurses' characters and key codes, in the form that the decoder takes."""

from __future__ import annotations

import curses

from .keydecoder import Key

_BURST_MAX = 500  # characters a read; then the screen and the socket have their turn

# By the names that keyname() gives, as the codes differ between versions. PDCurses has a code for
# Alt with each letter and digit.
_NAMES = {
    "KEY_UP": "up", "KEY_DOWN": "down", "KEY_LEFT": "left", "KEY_RIGHT": "right",
    "KEY_HOME": "home", "KEY_END": "end", "KEY_FIND": "home", "KEY_SELECT": "end",
    "KEY_A1": "home", "KEY_A3": "pageup", "KEY_C1": "end", "KEY_C3": "pagedown",
    "KEY_PPAGE": "pageup", "KEY_NPAGE": "pagedown", "KEY_IC": "insert", "KEY_DC": "delete",
    "KEY_BTAB": "S-tab", "KEY_ENTER": "enter", "KEY_BACKSPACE": "backspace",
    "KEY_RESIZE": "resize",
    "CTL_LEFT": "C-left", "CTL_RIGHT": "C-right", "CTL_UP": "C-up", "CTL_DOWN": "C-down",
    "CTL_HOME": "C-home", "CTL_END": "C-end", "CTL_DEL": "C-delete", "CTL_BKSP": "C-backspace",
    "CTL_ENTER": "enter", "PADENTER": "enter", "CTL_PADENTER": "enter", "ALT_PADENTER": "M-enter",
    "ALT_LEFT": "M-left", "ALT_RIGHT": "M-right", "ALT_UP": "M-up", "ALT_DOWN": "M-down",
    "ALT_HOME": "M-home", "ALT_END": "M-end", "ALT_ENTER": "M-enter", "ALT_BKSP": "M-backspace",
    "ALT_MINUS": "M-_",  # with Shift and without
    **{f"ALT_{key.upper()}": f"M-{key}" for key in "abcdefghijklmnopqrstuvwxyz0123456789"},
    **{f"KEY_F({number})": f"f{number}" for number in range(1, 13)},
}  # fmt: skip


class Console:
    """The keyboard of a PDCurses window that is in nodelay mode."""

    def __init__(self, window: curses.window) -> None:
        self._window = window
        self._half = ""  # of a surrogate pair: the console gives them one by one

    def read(self) -> list[bytes | Key]:
        """Return what has come, up to a limit: characters in UTF-8, and keys."""
        came: list[bytes | Key] = []
        characters, self._half = self._half, ""
        for _ in range(_BURST_MAX):
            try:
                code = self._window.get_wch()
            except curses.error:  # no input
                break
            if isinstance(code, str):
                characters += code
            elif name := self._name(code):
                came += [_encoded(characters), Key(name)]
                characters = ""
        if "\ud800" <= characters[-1:] <= "\udbff":
            characters, self._half = characters[:-1], characters[-1]
        return [part for part in [*came, _encoded(characters)] if part]

    def _name(self, code: int) -> str:
        if code == curses.KEY_MOUSE:
            return _mouse_key()
        return _NAMES.get(curses.keyname(code).decode("ascii", "replace"), "")


def _encoded(characters: str) -> bytes:
    """Return UTF-8, the halves of pairs joined; a half alone becomes U+FFFD."""
    return characters.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


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
