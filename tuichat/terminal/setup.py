"""What kind of terminal this is: its encoding, its description, its colours, its characters."""

from __future__ import annotations

import curses
import os
import sys

from ..text import clean, width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_STDIN, _STDOUT = 0, 1
_FALLBACK = "xterm-256color"
_OLD = 0x0CF3  # the first code point that Unicode 15 added
_OURS = "–…‹›“”↓│─●○▸␤"  # the program's own marks, older than any C library in use
_REMEMBERED = 4096
# Keys by the names of terminfo(5).
_CAPABILITIES = {
    "kcuu1": "up", "kcud1": "down", "kcub1": "left", "kcuf1": "right", "khome": "home",
    "kend": "end", "kpp": "pageup", "knp": "pagedown", "kich1": "insert", "kdch1": "delete",
    "kcbt": "S-tab", "kent": "enter", **{f"kf{number}": f"f{number}" for number in range(1, 13)},
}  # fmt: skip


class ScreenError(Exception):
    """This terminal cannot show a full screen; the text is a sentence for the user."""


class Glyphs(dict[int, str]):
    """A table for `str.translate`: characters too new for the C library become U+FFFD.

    Python may know a later Unicode than the C library. ncurses draws what the library does not
    know as a blank, and text would be lost unnoticed. A mark that is too new is dropped.
    """

    def __init__(self) -> None:
        super().__init__({ord(char): char for char in _OURS})
        self._wcwidth: Callable[[int], int] | None = None

    def __missing__(self, code: int) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        char = chr(code)
        known = code < _OLD or os.name == "nt" or self._library()(code) >= 0
        self[code] = char if known else "\N{REPLACEMENT CHARACTER}" * width(char)
        return self[code]

    def _library(self) -> Callable[[int], int]:
        """Return the C library's wcwidth(3)."""
        if self._wcwidth is None:
            import ctypes  # here, as it takes a millisecond and most text needs none of this

            self._wcwidth = ctypes.CDLL(None).wcwidth
        return self._wcwidth


def attempt(function: Callable[..., Any], *arguments: int) -> bool:
    """Call what not every terminal supports; return whether this one did."""
    try:
        function(*arguments)
    except curses.error:
        return False
    return True


def use_utf8() -> None:
    """Make the C library, and with it curses, read and write UTF-8 whatever the locale.

    In Python's UTF-8 mode, which the C locale or a missing one turns on (PEP 540), the C
    library's own encoding cannot be asked for.
    """
    if os.name == "nt":
        return
    encoding = None if sys.flags.utf8_mode else os.device_encoding(_STDIN)
    if encoding and encoding.upper() == "UTF-8":
        return
    import locale  # here, as most terminals need none of this

    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        return


def choose_terminal() -> bool:
    """Load the terminal's description; return whether the terminal takes ECMA-48 sequences.

    Raises `ScreenError` if there is none, or if it cannot place the cursor. curses' initscr()
    would end the process in the first case and print garbage in the second.
    """
    name = os.environ.get("TERM", "")
    for candidate in (name, _FALLBACK):
        if candidate in ("", "unknown") or not _load(candidate):
            continue
        os.environ["TERM"] = candidate
        cup = curses.tigetstr("cup")
        if not cup:
            break
        return cup.startswith(b"\x1b[")
    raise ScreenError(f"This terminal (TERM={clean(name)}) cannot show a full screen. Use --plain.")


def own_keys() -> dict[bytes, str]:
    """Return the names of the keys in the terminal's description, by the bytes that they send.

    Keys that send a single character are left out: on some old terminals Down sends what Enter
    sends. PDCurses has no descriptions.
    """
    if os.name == "nt":
        return {}
    found = {curses.tigetstr(name) or b"": key for name, key in _CAPABILITIES.items()}
    return {sequence: key for sequence, key in found.items() if len(sequence) > 1}


def _load(name: str) -> bool:
    try:
        curses.setupterm(name, _STDOUT)
    except curses.error:
        return False
    return True


def colours() -> int:
    """Turn on colours; return how many there are, 0 if they would change the background."""
    if not curses.has_colors() or not (
        attempt(curses.start_color) and attempt(curses.use_default_colors)
    ):
        return 0
    # PDCurses writes more than 16 as escape sequences, which not every console understands.
    known = min(curses.COLORS, 16) if os.name == "nt" else curses.COLORS
    if known > 256:
        return 8  # `xterm-direct` and the like, where a number from 8 on is itself red, green, blue
    return next((depth for depth in (256, 16, 8) if depth <= known), 0)
