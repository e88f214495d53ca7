"""Bytes from the keyboard become named keys: "left", "C-a", "M-backspace", "f1"; text; pastes.

`sequences` finds where a sequence ends; this module knows what a whole one means. Nothing here
touches a terminal.

Names are those of the key with the prefixes C- (Ctrl), M- (Alt) and S- (Shift), in that order.
Shift is named where it makes another key: with Tab and the function keys.

Sources: xterm ctlseqs, "PC-Style Function Keys", "VT220-Style Function Keys", "Alt and Meta Keys"
(modifyOtherKeys), "Mouse Tracking"; the kitty keyboard protocol; rxvt's reference, "Key Codes";
console_codes(4).
"""

from __future__ import annotations

from ..record import Record
from ..text import compiled
from .sequences import PASTE_END, Paste, Splitter, pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

BURST_S = 0.05  # seconds of silence that end a burst: what came at once

_LINES = r"[\r\n]\t*[^\t\r\n]"  # text after the end of a line
_TEXT_OR_CONTROL = r"(?s)[^\0-\x1f\x7f]+|."

_CONTROLS = {
    **{number: f"C-{chr(number + 0x60)}" for number in range(1, 27)},
    0: "C-space", 8: "backspace", 9: "tab", 10: "enter", 13: "enter", 27: "escape",
    28: "C-\\", 29: "C-]", 30: "C-^", 31: "C-_", 127: "backspace",
}  # fmt: skip

# By the final byte of CSI, alone or after "1;" and modifiers, and of SS3. R is missing: after CSI
# and parameters it reports the position of the cursor.
_FINALS = {
    "A": "up", "B": "down", "C": "right", "D": "left", "F": "end", "H": "home",
    "P": "f1", "Q": "f2", "S": "f4",
}  # fmt: skip
# By number before "~". 1, 4, 7, 8 are the VT220's Find and Select, and rxvt's Home and End.
_NUMBERS = {
    "1": "home", "2": "insert", "3": "delete", "4": "end", "5": "pageup", "6": "pagedown",
    "7": "home", "8": "end", "11": "f1", "12": "f2", "13": "f3", "14": "f4", "15": "f5",
    "17": "f6", "18": "f7", "19": "f8", "20": "f9", "21": "f10", "23": "f11", "24": "f12",
}  # fmt: skip
# By code in the kitty protocol, which has codes of its own for the keypad.
_CODES = {
    8: "backspace", 9: "tab", 10: "enter", 13: "enter", 27: "escape", 127: "backspace",
    57414: "enter", 57417: "left", 57418: "right", 57419: "up", 57420: "down", 57421: "pageup",
    57422: "pagedown", 57423: "home", 57424: "end", 57425: "insert", 57426: "delete",
}  # fmt: skip
_KEYPAD_CODES = {
    **{57399 + digit: f"{digit}" for digit in range(10)},
    57409: ".", 57410: "/", 57411: "*", 57412: "-", 57413: "+", 57415: "=", 57416: ",",
}  # fmt: skip
_ARROWS = {"a": "up", "b": "down", "c": "right", "d": "left"}  # rxvt's, with Shift or Ctrl

KEYS = {
    **{f"[{final}": name for final, name in _FINALS.items()},
    **{f"O{final}": name for final, name in _FINALS.items()},
    **{f"[{number}~": name for number, name in _NUMBERS.items()},
    "[R": "f3", "OR": "f3", "[Z": "S-tab", "OM": "enter", "OI": "tab",
    **{f"[[{final}": f"f{number}" for number, final in enumerate("ABCDE", 1)},
    **{f"[{final}": name for final, name in _ARROWS.items()},
    **{f"O{final}": f"C-{name}" for final, name in _ARROWS.items()},
    **{f"[{number}$": name for number, name in _NUMBERS.items()},
    **{f"[{number}^": f"C-{name}" for number, name in _NUMBERS.items()},
    **{f"[{number}@": f"C-{name}" for number, name in _NUMBERS.items()},
    "[I": "focus-in", "[O": "focus-out",
}  # fmt: skip
"""Whole sequences, without the ESC before them, that are keys or reports by themselves."""
# The keypad's in application mode (VT100), by the final byte of SS3.
_KEYPAD = dict(zip("pqrstuvwxyjklmnoX ", "0123456789*+,-./= ", strict=True))

# One of `KEYS` with modifiers: CSI 1;5A, CSI 3;5~, or SS3 5P; after ":" the event (kitty).
_MODIFIED = r"(?:\[(\d+);(\d*)(?::(\d*))?|O(\d+))([A-HPQS~])"
# CSI code:shifted:base;modifiers:event;text u, and CSI 27;modifiers;code ~
_CODED = (
    r"\[(?:(?P<code>\d+)(?::(?P<shifted>\d*)(?::\d*)?)?"
    r"(?:;(?P<modifiers>\d*)(?::(?P<event>\d*))?(?:;(?P<text>[\d:]*))?)?u|"
    r"27;(?P<modifiers_>\d+);(?P<code_>\d+)~)"
)
_SHIFTED = {"-": "_"}  # C-_ and M-_ are bound; for other signs it depends on the keyboard
_WITH_CTRL = {
    **{chr(number + 64): name for number, name in _CONTROLS.items() if number < 32},
    " ": "C-space", "/": "C-_",
}  # fmt: skip
_SHIFT, _ALT, _CTRL, _LOCKS = 1, 2, 4, 64 | 128
_RELEASED = "3"  # the event of a key that is released
_MOUSE = r"(?s)\[(?:<(\d+);\d+;\d+M|M(.)..)"
_BUTTONS = {0: "click", 64: "wheel-up", 65: "wheel-down"}
# Some terminals send cursor keys for a turn of the wheel: several at once, faster than anybody
# types. Not every one can switch that off, and tmux does not pass the request on.
_WHEEL = {"up": "wheel-up", "down": "wheel-down"}
_WHEEL_KEYS = 3


class Key(Record):
    """A key that is not a character, or a report of the terminal: `_REPORTS`, the wheel."""

    name: str


_REPORTS = Key("focus-in"), Key("focus-out"), Key("resize")


class Typed(Record):
    """Characters typed one after the other."""

    text: str


class KeyDecoder:
    """Bytes in, events out.

    A paste without bracketing is recognised because it comes at once: a person's Enter comes alone.
    An Enter that comes with other characters is held back together with what follows at once, and
    if there is text after the end of a line, all of that was a paste.
    """

    def __init__(self, mouse: bool = False, own: Mapping[bytes, str] | None = None) -> None:
        """Prepare. `mouse`: whether to report the mouse; `own`: the terminal's keys (terminfo)."""
        self._mouse = mouse
        self._own = {key: name for key, name in (own or {}).items() if not _is_known(_body(key))}
        self._splitter = Splitter(tuple(self._own))
        self._held: list[Key | Typed | str] = []  # `str`: a tab or the end of a line, as it came

    @property
    def patience(self) -> float | None:
        """How many seconds to wait for the rest of what has begun; None if nothing has."""
        return BURST_S if self._held else self._splitter.patience

    def feed(self, *parts: bytes | Key) -> list[Key | Typed | Paste]:
        """Take what came at once: bytes, and keys that have their names already."""
        events: list[Key | Typed | Paste] = []
        burst: list[Key | Typed | str] = []
        for part in parts:
            for token in [part] if isinstance(part, Key) else self._splitter.feed(part):
                if isinstance(token, str):
                    burst += [Typed(token)] if token.isprintable() else _cut(token)
                elif isinstance(token, Paste):
                    events += [*self._release(), *map(_event, burst), token]
                    burst = []
                elif token == PASTE_END:  # of a paste that was given up, or whose start was lost
                    self._held += burst
                    events += self._release(is_paste=True)
                    burst = []
                elif item := self._meaning(token):
                    (events if item in _REPORTS else burst).append(item)
        return events + self._let_through(burst)

    def give_up(self) -> list[Key | Typed | Paste]:
        """Stop waiting for the rest."""
        if self._held:
            return self._release()
        tokens = self._splitter.give_up()
        items = [token if isinstance(token, Paste) else self._meaning(token) for token in tokens]
        return [item for item in items if item]

    def _let_through(self, burst: list[Key | Typed | str]) -> list[Key | Typed | Paste]:
        """Return the events of a burst, except those that are held back."""
        if len(burst) == 1 and not self._held:
            return [*map(_event, burst)]
        burst = _with_the_wheel(burst)
        text = _text(burst)
        if self._held and (text or not burst):
            self._held += burst
            return []
        events = self._release()
        if "\r" in text or "\n" in text:
            self._held = burst
            return events
        return [*events, *map(_event, burst)]

    def _release(self, is_paste: bool = False) -> list[Key | Typed | Paste]:
        """Decide about what was held back."""
        held, self._held = self._held, []
        text = _text(held)
        if not (text if is_paste else compiled(_LINES).search(text)):
            return [*map(_event, held)]
        end = max(at for at, item in enumerate(held, 1) if not isinstance(item, Key))
        return [pasted(text), *map(_event, held[end:])]

    def _meaning(self, token: bytes | Key) -> Key | Typed | None:
        """Return the key that a whole sequence is, or what it types."""
        if isinstance(token, Key):
            return token
        if token in self._own:
            return Key(self._own[token])
        body = _body(token)
        if mouse := compiled(_MOUSE).fullmatch(body):
            button = int(mouse[1]) if mouse[1] else ord(mouse[2]) - 32
            return Key(_BUTTONS[button]) if self._mouse and button in _BUTTONS else None
        return _decoded(body)


def _body(sequence: bytes) -> str:
    """Return a sequence without its ESC."""
    return sequence[1:].decode("utf-8", "replace")


def _is_known(body: str) -> bool:
    return body in KEYS or body[1:] in _KEYPAD


def _decoded(body: str) -> Key | Typed | None:
    """Return the key or text that ESC and `body` stand for; None if they stand for neither."""
    if body.startswith("\x1b"):
        item = _decoded(body[1:])
        return Key(_with_alt(item.name)) if isinstance(item, Key) else None
    if body in KEYS:
        return Key(KEYS[body])
    if len(body) < 2:
        return Key(_with_alt(_CONTROLS.get(ord(body), body)) if body else "escape")
    if body[0] == "O" and body[1:] in _KEYPAD:
        return Typed(_KEYPAD[body[1:]])
    if match := compiled(_MODIFIED).fullmatch(body):
        return _modified_key(*match.groups())
    match = compiled(_CODED).fullmatch(body)
    if not match or match["event"] == _RELEASED:
        return None
    bits = _bits(match["modifiers"] or match["modifiers_"])
    text = match["text"]
    if text and not bits & ~_SHIFT:
        typed = "".join(map(_character, text.split(":")))
        return Typed(typed) if typed else None
    return _coded_key(int(match["code"] or match["code_"]), match["shifted"], bits)


def _modified_key(
    number: str | None, modifiers: str | None, event: str | None, ss3: str | None, final: str
) -> Key | None:
    """Return the key for the groups of `_MODIFIED`, None if there is none."""
    if event == _RELEASED:
        return None
    if number is None:
        name = KEYS.get("O" + final)
    elif final == "~":
        name = KEYS.get(f"[{number}~")
    else:
        name = KEYS.get("[" + final) if number == "1" else None
    return _with_modifiers(name, _bits(modifiers or ss3)) if name else None


def _coded_key(code: int, shifted: str | None, bits: int) -> Key | Typed | None:
    """Return what a key with a code is: its name, or the character it types."""
    if name := _CODES.get(code):
        # Terminals tell Ctrl-Enter from Enter only in this encoding, so both are the same key.
        return _with_modifiers(name, bits & ~_CTRL if name == "enter" else bits)
    char = _KEYPAD_CODES.get(code) or _character(code)
    if not char or bits & ~(_SHIFT | _ALT | _CTRL):
        return None
    if bits & _SHIFT:
        char = _character(shifted) or _SHIFTED.get(char) or char.upper()
    name = char
    if bits & _CTRL:
        if bits & _SHIFT and char.isalpha():
            return None
        name = _WITH_CTRL.get(char.upper()) or f"C-{char}"
    if not bits & (_CTRL | _ALT):
        return Typed(char)
    return Key(_with_alt(name) if bits & _ALT else name)


def _cut(text: str) -> list[Key | Typed | str]:
    """Cut text at its controls, which are keys; tabs and the ends of lines may be text."""
    items: list[Key | Typed | str] = []
    for piece in compiled(_TEXT_OR_CONTROL).findall(text):
        if piece in "\t\r\n":
            items.append(piece)
        else:
            name = _CONTROLS.get(ord(piece[0]))
            items.append(Key(name) if name else Typed(piece))
    return items


def _with_the_wheel(burst: list[Key | Typed | str]) -> list[Key | Typed | str]:
    """Return turns of the wheel if a burst consists of them, else the burst."""
    turns, first = len(burst) // _WHEEL_KEYS, burst[0] if burst else ""
    if turns and isinstance(first, Key) and burst.count(first) == len(burst):
        return [Key(_WHEEL[first.name])] * turns if first.name in _WHEEL else burst
    return burst


def _text(items: list[Key | Typed | str]) -> str:
    texts = [item.text if isinstance(item, Typed) else item for item in items]
    return "".join(text for text in texts if isinstance(text, str))


def _event(item: Key | Typed | str) -> Key | Typed:
    """Return a tab or the end of a line as a key, anything else as it is."""
    return Key(_CONTROLS[ord(item)]) if isinstance(item, str) else item


def _bits(modifiers: str | None) -> int:
    """Return Shift, Alt, Ctrl and others as bits, without Caps and Num Lock."""
    return (int(modifiers or 1) - 1) & ~_LOCKS


def _with_modifiers(name: str, bits: int) -> Key | None:
    """Put modifiers before a name; with Super, Hyper or Meta the key is not one of ours."""
    if bits & ~(_SHIFT | _ALT | _CTRL):
        return None
    if bits & _SHIFT and (name == "tab" or name[1:].isdecimal()):
        name = f"S-{name}"
    if bits & _CTRL and not name.startswith("C-"):
        name = f"C-{name}"
    return Key(_with_alt(name) if bits & _ALT else name)


def _with_alt(name: str) -> str:
    return f"C-M-{name[2:]}" if name.startswith("C-") and len(name) > 2 else f"M-{name}"


def _character(code: int | str | None) -> str:
    """Return the character of a code, "" if it cannot be typed."""
    code = int(code or 0)
    char = chr(code) if code < 0x110000 else ""
    return char if char.isprintable() else ""
