"""What a terminal sends, split into text, whole sequences and pastes: the form, not the meaning.

Everything is recognised by its form alone, so that what has no meaning here does nothing: a late
answer, a report of a mouse left on, an unknown key. The forms are those of ECMA-48
(5.3.2 Alt, 5.4 control sequences, 5.6 strings) and three that are older or outside it (xterm
ctlseqs "Mouse Tracking"; console_codes(4); rxvt's reference, "Key Codes").
"""

from __future__ import annotations

import codecs

from ..record import Record
from ..text import compiled

ESCAPE_S = 0.05  # seconds to wait after an Esc, which may be the key: people notice 100 ms
SEQUENCE_S = 1.0  # seconds to wait for the rest of what cannot be a key, on a slow line
PASTE_S = 1.0  # seconds of silence in a paste, after which what has come is shown
_SEQUENCE_MAX = 256  # bytes kept of one control sequence
_STRING_MAX = 1 << 20  # bytes of a string; after that its end counts as lost

PASTE_START, PASTE_END = b"\x1b[200~", b"\x1b[201~"
_ALT = (
    rb"[\x00-\x1a\x1c-\x4e\x51-\x57\x59-\x5a\x5c\x60-\x7f]|[\xc2-\xdf][\x80-\xbf]|"
    rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_STRING = rb"[\]PX^_]"  # OSC DCS SOS PM APC; Alt with the character if nothing follows
# A button or a coordinate: a byte, or with mode 1005 a character.
_PLACE = rb"(?>[\xc2-\xdf][\x80-\xbf]|[\xc2-\xdf](?=[^\x80-\xbf])|[\x00\x20-\xc1\xe0-\xff])"
_WHOLE = (
    rb"(?s)\x1b(?:\x1b?(?:"
    rb"\[\[[ -~]|"  # the Linux console's F1 to F5
    rb"\[M" + _PLACE + rb"{3}|"  # the mouse, in X10's encoding
    rb"\[[0-9]+\$(?=\x1b)|"  # Shift on rxvt; "$" ends nothing in ECMA-48
    rb"\[(?![\[M])[0-?]*[ -/]*[@-~]|"  # CSI
    rb"O[0-9;]*[ -/:<-~])|"  # SS3; old xterms put modifiers before the final byte
    + _STRING + rb"(?=\x1b[^\\])|" + _ALT + rb")"
)  # fmt: skip
_BEGUN = (
    rb"\x1b(?:\x1b?(?:\[(?:\[|M" + _PLACE + rb"{0,2}[\xc2-\xdf]?|[0-?]*[ -/]*)|O[0-9;]*)?|"
    + _STRING + rb"\x1b?|[\xc2-\xf4][\x80-\xbf]{0,2})\Z"
)  # fmt: skip
_BROKEN = rb"\x1b(?:\x1b?(?:\[(?:\[|M" + _PLACE + rb"{0,2}|[0-?]*[ -/]*)|O[0-9;]*)|[\x80-\xff]+)"
_STRING_START = rb"\x1b" + _STRING
# Where to continue: after the end, or at the first byte that cannot be part of it.
_STRING_END = rb"\x07|\x1b\\|(?=[\x00-\x06\x0e-\x1a\x1c-\x1f]|\x1b[^\\])"
_CONTROL_END = rb"[@-~]|(?=[^ -~])"
# What counts as the rest of a sequence whose ESC was taken for a key: nobody types it so fast.
_LATE_REST = (
    rb"\x1b(?:\[(?:[0-?]+[ -/]*\Z|[0-?]*[ -/]*[@-~])|O[A-DFHMP-Sa-dj-y]|"
    + _STRING + rb"[\x08-\x0d\x20-\xff]*(?:\x07|\x1b\\))"
)  # fmt: skip
_MAY_BE_ALL = rb"\x1b" + _STRING + rb"|\x1b\x1b?\[[0-9]+\$"


class Paste(Record):
    """Text pasted at once, its lines ended by line feeds."""

    text: str


def pasted(text: str) -> Paste:
    """Return text as a paste; its lines may end with CR LF, CR or LF."""
    return Paste(text.replace("\r\n", "\n").replace("\r", "\n"))


class Splitter:
    """Splits bytes, fed in any pieces, into `str` (text with its controls), `bytes` (one whole
    sequence with its ESC) and `Paste`.

    `own` are the terminal's own sequences (terminfo) that have none of the forms above.
    """

    def __init__(self, own: tuple[bytes, ...] = ()) -> None:
        self._own, self._starts = b"", b"\x1b"
        if own:
            import re  # here, as most terminals have none of these

            self._own = b"|".join(map(re.escape, sorted(own, key=len, reverse=True)))
            self._starts += b"|" + self._own
        self._characters = codecs.getincrementaldecoder("utf-8")("replace")
        self._begun = b""  # of a sequence
        self._late = b""  # what was just taken for a key, but may have begun a sequence
        self._skipping = b""  # the pattern that ends what is skipped: a string, or what is too long
        self._skipped = 0
        self._paste: bytearray | None = None
        self._tail_of_paste = False  # the end of a paste has not come

    @property
    def patience(self) -> float | None:
        """How many seconds to wait for the rest of what has begun; None if nothing has."""
        if self._paste is not None:
            return PASTE_S
        if self._begun and not self._skipping and self._as_keys():
            return ESCAPE_S
        return SEQUENCE_S if self._begun or self._skipping or self._late else None

    def feed(self, data: bytes) -> list[str | bytes | Paste]:
        """Take bytes that came at once."""
        if self._tail_of_paste and not compiled(_WHOLE).fullmatch(data):
            self._tail_of_paste = False
            if len(data.decode("utf-8", "replace")) > 1 and not data.startswith(PASTE_START):
                self._paste = bytearray()
        if self._late:
            late, self._late = self._late + data, b""
            data = late if compiled(_LATE_REST).match(late) else data
        if self._begun:
            data, self._begun = self._begun + data, b""
        found: list[str | bytes | Paste] = []
        at, end = 0, len(data)
        while at < end:
            if self._paste is not None:
                at = self._in_paste(self._paste, data, at, found)
            elif self._skipping:
                at = self._skip(self._skipping, data, at)
            else:
                start = compiled(self._starts).search(data, at)
                stop = start.start() if start else end
                if text := self._characters.decode(data[at:stop], stop < end):
                    found += [text]
                at = self._sequence(data, stop, found) if start else end
        return found

    def give_up(self) -> list[bytes | Paste]:
        """Stop waiting for the rest: an Esc was the key, and a paste ends with what has come."""
        if self._paste is not None:
            paste, self._paste, self._tail_of_paste = self._paste, None, True
            return [pasted(paste.decode("utf-8", "replace"))]
        keys = [] if self._skipping else self._as_keys()
        self._late = keys[-1] if keys and len(keys[-1]) <= 2 else b""
        self._begun = self._skipping = b""
        return [*keys]

    def _as_keys(self) -> list[bytes]:
        """Return the keys that the bytes so far are, if nothing more comes.

        Any others are part of a sequence that no key sends, and must not become text.
        """
        begun = self._begun
        if not begun.strip(b"\x1b"):
            return [b"\x1b"] * len(begun)
        return [begun] if compiled(_MAY_BE_ALL).fullmatch(begun) else []

    def _sequence(self, data: bytes, at: int, found: list[str | bytes | Paste]) -> int:
        """Take what starts at `at`; return where to continue."""
        own = compiled(self._own).match(data, at) if self._own else None
        whole = own or compiled(_WHOLE).match(data, at)
        if whole:
            if whole[0] == PASTE_END:
                self._tail_of_paste = False
            if whole[0] == PASTE_START:
                self._paste = bytearray()
            else:
                found.append(whole[0])
            return whole.end()
        if compiled(_BEGUN).match(data, at):
            if len(data) - at <= _SEQUENCE_MAX:
                self._begun = data[at:]
            else:
                self._skipping = _CONTROL_END
            return len(data)
        if compiled(_STRING_START).match(data, at):
            self._skipping, self._skipped = _STRING_END, 0
            return at + 2
        if broken := compiled(_BROKEN).match(data, at):
            return broken.end()
        found.append(b"\x1b")  # Esc, and Esc or Alt with a key
        return at + 1

    def _skip(self, until: bytes, data: bytes, at: int) -> int:
        if match := compiled(until).search(data, at):
            self._skipping = b""
            return match.end()
        self._skipped += len(data) - at
        if self._skipped > _STRING_MAX:
            self._skipping = b""
        elif data.endswith(b"\x1b"):
            self._begun = b"\x1b"
        return len(data)

    def _in_paste(
        self, paste: bytearray, data: bytes, at: int, found: list[str | bytes | Paste]
    ) -> int:
        before = len(paste)
        paste += data[at:]
        end = paste.find(PASTE_END, max(0, before + 1 - len(PASTE_END)))
        if end < 0:
            return len(data)
        self._paste = None
        found.append(pasted(paste[:end].decode("utf-8", "replace")))
        return at + end + len(PASTE_END) - before
