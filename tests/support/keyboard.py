"""What an xterm sends for each key (ctlseqs, "PC-Style Function Keys")."""

from __future__ import annotations

_CURSOR_KEYS = {"Up": "A", "Down": "B", "Right": "C", "Left": "D", "Home": "H", "End": "F"}
_SS3_KEYS = {"F1": "P", "F2": "Q", "F3": "R", "F4": "S"}
_TILDE_KEYS = {
    "Insert": 2, "Delete": 3, "PageUp": 5, "PageDown": 6, "F5": 15, "F6": 17, "F7": 18, "F8": 19,
    "F9": 20, "F10": 21, "F11": 23, "F12": 24,
}  # fmt: skip
_PLAIN_KEYS = {
    "Enter": "\r", "Esc": "\x1b", "Tab": "\t", "S-Tab": "\x1b[Z", "Backspace": "\x7f",
    "Space": " ", "FocusIn": "\x1b[I", "FocusOut": "\x1b[O",
}  # fmt: skip
_MODIFIERS = {"S": 1, "M": 2, "C": 4}


def key_bytes(name: str, application: bool = False) -> bytes:
    """What xterm sends for a key.

    Arguments: the name: a character, "Enter", "PageUp", "F10", or one of these with any of the
    prefixes "C-", "M-", "S-"; `application`: whether application cursor keys (DECCKM) are on.
    Raises ValueError for an unknown name.
    """
    if name in _PLAIN_KEYS:
        return _PLAIN_KEYS[name].encode()
    modifiers = 0
    base = name
    while len(base) > 2 and base[1] == "-" and base[0] in _MODIFIERS:
        modifiers |= _MODIFIERS[base[0]]
        base = base[2:]
    modifier = f";{modifiers + 1}" if modifiers else ""
    if base in _TILDE_KEYS:
        return f"\x1b[{_TILDE_KEYS[base]}{modifier}~".encode()
    if final := _CURSOR_KEYS.get(base) or _SS3_KEYS.get(base):
        if modifier:
            return f"\x1b[1{modifier}{final}".encode()
        return f"\x1b{'O' if application or base in _SS3_KEYS else '['}{final}".encode()
    return _character(name, _PLAIN_KEYS.get(base, base), modifiers)


def _character(name: str, text: str, modifiers: int) -> bytes:
    if len(text) != 1:
        raise ValueError(f"{name} is not the name of a key")
    if modifiers & _MODIFIERS["S"]:
        text = text.upper()
    if modifiers & _MODIFIERS["C"]:
        text = chr(ord(text.upper()) & 0x1F)
    return ("\x1b" * bool(modifiers & _MODIFIERS["M"]) + text).encode()
