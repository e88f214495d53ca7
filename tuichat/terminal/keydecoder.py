"""Codes that curses delivers become named keys: "left", "C-a", "M-backspace", "f1".

Keys come as bytes of UTF-8 that may arrive apart, as escape sequences that ncurses does not know,
and as numbers; a paste as all of these between two codes. Nothing here touches a terminal.

Names are those of the key with the prefixes C- (Ctrl), M- (Alt) and S- (Shift), in that order.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from ..record import Record

ESCAPE_S = 0.05  # a lone Esc: ncurses has waited 25 ms before, and people notice 100
PASTE_S = 1.0  # of silence in a paste, and its end is taken for lost
BURST_S = 0.05  # of silence, and no more belongs to what came at once

_ESC = 0x1B
_SEQUENCE_MAX = 32  # bytes; longer is no key
_LINES = re.compile(r"[\r\n]\t*[^\t\r\n]")  # text after the end of a line
_PASTE_START, _PASTE_END = "200", b"\x1b[201~"

_CONTROLS = {
    **{number: f"C-{chr(number + 0x60)}" for number in range(1, 27)},
    0: "C-space", 8: "backspace", 9: "tab", 10: "enter", 13: "enter", 27: "escape",
    28: "C-\\", 29: "C-]", 30: "C-^", 31: "C-_", 127: "backspace",
}  # fmt: skip

# Control sequences (ECMA-48) by final byte, or by number before "~"; xterm ctlseqs, "PC-Style
# Function Keys", and for 1, 4, 7, 8 the VT220's Find and Select, which stand for Home and End.
_FINALS = {
    "A": "up", "B": "down", "C": "right", "D": "left", "F": "end", "H": "home", "M": "enter",
    "P": "f1", "Q": "f2", "R": "f3", "S": "f4", "Z": "S-tab", "I": "focus-in", "O": "focus-out",
}  # fmt: skip
_NUMBERS = {
    "1": "home", "2": "insert", "3": "delete", "4": "end", "5": "pageup", "6": "pagedown",
    "7": "home", "8": "end", "11": "f1", "12": "f2", "13": "f3", "14": "f4", "15": "f5",
    "17": "f6", "18": "f7", "19": "f8", "20": "f9", "21": "f10", "23": "f11", "24": "f12",
}  # fmt: skip

# By the names that keyname() gives: numbers differ between systems, and ncurses numbers the
# keys of a terminal's extended capabilities (user_caps(5)) as it meets them. CTL_, ALT_ and PAD
# are PDCurses', where Alt with a letter is one key.
_CAPABILITIES = {
    "KEY_UP": "up", "KEY_DOWN": "down", "KEY_LEFT": "left", "KEY_RIGHT": "right",
    "KEY_HOME": "home", "KEY_END": "end", "KEY_FIND": "home", "KEY_SELECT": "end",
    "KEY_A1": "home", "KEY_A3": "pageup", "KEY_C1": "end", "KEY_C3": "pagedown",
    "KEY_PPAGE": "pageup", "KEY_NPAGE": "pagedown", "KEY_IC": "insert", "KEY_DC": "delete",
    "KEY_BTAB": "S-tab", "KEY_ENTER": "enter", "KEY_BACKSPACE": "backspace",
    "KEY_RESIZE": "resize", "kxIN": "focus-in", "kxOUT": "focus-out",
    "CTL_LEFT": "C-left", "CTL_RIGHT": "C-right", "CTL_UP": "C-up", "CTL_DOWN": "C-down",
    "CTL_HOME": "C-home", "CTL_END": "C-end", "CTL_DEL": "C-delete", "CTL_BKSP": "C-backspace",
    "CTL_ENTER": "enter", "PADENTER": "enter", "CTL_PADENTER": "enter", "ALT_PADENTER": "M-enter",
    "ALT_LEFT": "M-left", "ALT_RIGHT": "M-right", "ALT_UP": "M-up", "ALT_DOWN": "M-down",
    "ALT_HOME": "M-home", "ALT_END": "M-end", "ALT_ENTER": "M-enter", "ALT_BKSP": "M-backspace",
    "ALT_MINUS": "M-_",  # with Shift and without
    **{f"ALT_{key.upper()}": f"M-{key}" for key in "abcdefghijklmnopqrstuvwxyz0123456789"},
}  # fmt: skip
_EXTENDED = {
    "kUP": "up", "kDN": "down", "kLFT": "left", "kRIT": "right", "kHOM": "home", "kEND": "end",
    "kPRV": "pageup", "kNXT": "pagedown", "kIC": "insert", "kDC": "delete",
}  # fmt: skip
_REPORTS = ("resize", "focus-in", "focus-out")  # from the terminal, whatever is being typed


class Key(Record):
    """A key that is not a character, or a report of the terminal: `_REPORTS`, the wheel."""

    name: str


class Typed(Record):
    """Characters typed one after the other."""

    text: str


class Paste(Record):
    """Text pasted at once, its lines ended by line feeds."""

    text: str


class KeyDecoder:
    """Codes in, events out. `keyname` names codes from 256 on, as `curses.keyname` does."""

    def __init__(self, keyname: Callable[[int], bytes]) -> None:
        self._keyname = keyname
        self._names: dict[int, str] = {}  # "" for a key that has no use here
        self._events: list[Key | Typed | Paste] = []
        self._typed = bytearray()
        self._characters = codecs.getincrementaldecoder("utf-8")("replace")
        self._escape: bytes | None = None  # what has followed an ESC
        self._paste: bytearray | None = None
        self._high_surrogate = ""
        self._held: str | None = None

    @property
    def patience(self) -> float | None:
        """How many seconds to wait for the rest of what has begun; None if nothing has."""
        if self._held is not None:
            return BURST_S
        if self._paste is not None:
            return PASTE_S
        return None if self._escape is None else ESCAPE_S

    def take(self) -> list[Key | Typed | Paste]:
        """Return the events so far, each once."""
        self._flush()
        events, self._events = self._events, []
        return events

    def feed(self, code: int) -> None:
        """Take a byte, or the number of a key (256 and up)."""
        if code >= 256:
            self._number(code)
        elif self._paste is not None:
            self._pasted(self._paste, code)
        elif self._escape is not None:
            self._escaped(self._escape + bytes([code]), code)
        elif code >= 32 and code != 127:
            self._typed.append(code)
        elif code == _ESC:
            self._escape = b""
        else:
            self.press(_CONTROLS[code])

    def feed_burst(self, codes: list[int | str]) -> None:
        """Take all that a console held at once, as `get_wch` gives it on Windows.

        That console does not mark a paste. But a person's Enter comes alone: one that comes with
        other characters is held back together with what follows at once, and if there is text
        after the end of a line, that was a paste.
        """
        hold = self._held is not None or (len(codes) > 1 and ("\r" in codes or "\n" in codes))
        for code in codes:
            if isinstance(code, int):
                self._release()
                self.feed(code)
            elif hold and (code >= " " or code in "\t\r\n"):
                self._held = (self._held or "") + code
            else:
                self._release()
                self.feed_character(code)

    def feed_character(self, character: str) -> None:
        """Take a character, or half of a surrogate pair, as `get_wch` gives them on Windows."""
        if "\ud800" <= character <= "\udbff":
            self._high_surrogate = character
            return
        pair, self._high_surrogate = self._high_surrogate + character, ""
        for byte in _without_surrogates(pair).encode():
            self.feed(byte)

    def press(self, name: str) -> None:
        """Take a key that has its name already."""
        self._flush(final=True)
        self._events.append(Key(name))

    def give_up(self) -> None:
        """Stop waiting for the rest: an Esc was a key, a paste what has come of it."""
        self._release()
        if self._paste is not None:
            self._end_paste(bytes(self._paste))
            return
        sequence, self._escape = self._escape, None
        if sequence == b"":
            self.press("escape")
        elif sequence in (b"[", b"O"):
            self.press(f"M-{sequence.decode()}")
        # Anything else is a piece of something that no key sends: typing it would be a surprise.

    def _flush(self, final: bool = False) -> None:
        """Turn the bytes typed so far into text; a character may be incomplete unless `final`."""
        if self._typed or final:
            text = self._characters.decode(bytes(self._typed), final)
            self._typed.clear()
            if text:
                self._events.append(Typed(text))

    def _number(self, code: int) -> None:
        name = self._names.get(code)
        if name is None:
            name = self._names[code] = _named(self._keyname(code).decode("ascii", "replace"))
        if name in _REPORTS:
            self.press(name)
        elif self._paste is None and name:
            alt, self._escape = self._escape == b"", None
            self.press(f"M-{name}" if alt else name)

    def _pasted(self, paste: bytearray, code: int) -> None:
        paste.append(code)
        if code == _PASTE_END[-1] and paste.endswith(_PASTE_END):
            self._end_paste(bytes(paste[: -len(_PASTE_END)]))

    def _end_paste(self, data: bytes) -> None:
        self._paste = None
        self._events.append(_pasted(data.decode("utf-8", "replace")))

    def _release(self) -> None:
        """Decide about what was held back."""
        text, self._held = self._held or "", None
        if _LINES.search(text):
            self._flush(final=True)
            self._events.append(_pasted(_without_surrogates(text)))
            return
        for character in text:
            self.feed_character(character)

    def _escaped(self, sequence: bytes, code: int) -> None:
        """Take a byte after an ESC; `sequence` is all that has followed it."""
        self._escape = sequence
        if code == _ESC:
            self._escape = sequence[:-1]
            self.give_up()
            self._escape = b""
        elif sequence.startswith(b"["):
            if not 0x20 <= code < 0x7F or len(sequence) > _SEQUENCE_MAX:
                self._escape = None
            elif code >= 0x40 and len(sequence) > 1:
                self._control_sequence(sequence[1:-1].decode("ascii"), chr(code))
        elif not sequence.startswith(b"O"):
            self._alt(sequence)
        elif len(sequence) > 1:
            self._control_sequence("", chr(code))

    def _control_sequence(self, parameters: str, final: str) -> None:
        self._escape = None
        if (parameters, final) == (_PASTE_START, "~"):
            self._flush(final=True)
            self._paste = bytearray()
        elif name := _sequence_name(parameters, final):
            self.press(name)

    def _alt(self, sequence: bytes) -> None:
        """Take Alt with a character, whose bytes may be still to come."""
        try:
            character = sequence.decode()
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":
                self._escape = None
            return
        self._escape = None
        self.press("M-" + _CONTROLS.get(ord(character), character))


def _pasted(text: str) -> Paste:
    return Paste(text.replace("\r\n", "\n").replace("\r", "\n"))


def _without_surrogates(text: str) -> str:
    """Join the halves of pairs; a half alone becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _sequence_name(parameters: str, final: str) -> str:
    """Return the name of the key that sends `ESC [ parameters final`, "" if none does."""
    number, _, modifiers = parameters.partition(";")
    name = _NUMBERS.get(number, "") if final == "~" else _FINALS.get(final, "")
    return _modified(name, int(modifiers)) if name and modifiers.isdecimal() else name


def _named(capability: str) -> str:
    """Return our name for what keyname() says, "" for a key that has no use here."""
    if capability.startswith("KEY_F("):
        return f"f{capability[6:-1]}"
    if capability[-1:].isdecimal() and (name := _EXTENDED.get(capability[:-1])):
        return _modified(name, int(capability[-1]))
    return _CAPABILITIES.get(capability, "")


def _modified(name: str, modifiers: int) -> str:
    """Put Shift, Alt and Ctrl, the bits of `modifiers` - 1, before a key's name."""
    bits = modifiers - 1
    return "C-" * (bits >> 2 & 1) + "M-" * (bits >> 1 & 1) + "S-" * (bits & 1) + name
