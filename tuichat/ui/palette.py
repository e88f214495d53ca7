"""What the names of styles look like, by the number of colours that the terminal has.

Styles are named for what they mean; only this module knows colours. The background is always the
terminal's own, and the program does not ask which that is. No colour has the contrast that text
needs (4.5:1; WCAG 2.1, 1.4.3) both on a light background and on the dark ones of Nord and
Solarized. So text is always in the terminal's own foreground, bold, underlined or reversed where
it matters, and never dim: only rules and marks beside the text may be dim. Colour is only for marks
beside the text and for rules, and repeats what the text says. Those of the 256 colours have 3:1
(1.4.11) on black, #1e1e1e, One Dark, Dracula, Nord, Solarized dark and light, and white. The first
16 colours are the user's own choice, and may be hard to see.
"""

from __future__ import annotations

from ..record import Record

# No greys, so that a bar never looks dimmed; alternating, so that neighbours are far apart.
NICK_COLOURS = (33, 166, 165, 136, 31, 167, 99, 100, 198, 68, 137, 200, 32, 168, 134, 104)
_NICK_COLOURS_8 = (2, 4, 5, 6, 1)

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "": (),
    "dim": ("dim",),
    "bold": ("bold",),
    "reverse": ("reverse",),
    "top": ("bold", "underline"),
    "status": ("reverse",),
    "alert": ("bold", "reverse"),
    "own": ("bold",),
    "mention": ("bold",),
    "mention-mark": ("reverse",),
    "rule": ("dim",),
    "unread": ("bold",),
    "unread-rule": (),
    "info": ("bold",),
    "error": ("bold",),
    "error-mark": ("bold",),
    "match": ("underline",),
    "match-here": ("reverse",),
    "over": ("bold", "underline"),
    "placeholder": ("underline",),
}
# mark: (colour of 8 and 16, colour of 256)
COLOURS = {"unread-rule": (1, 167), "error-mark": (1, 196)}

_FNV_OFFSET, _FNV_PRIME = 0x811C9DC5, 0x01000193


class Appearance(Record):
    """The colour by number, -1 for the terminal's own, and names of attributes."""

    fg: int = -1
    attributes: tuple[str, ...] = ()


def nick_index(nick: str) -> int:
    """Return which of the `NICK_COLOURS` a nick has: the same on every machine and version.

    FNV-1a of 32 bits over the UTF-8 bytes (draft-eastlake-fnv), its halves folded together,
    reduced to the number of colours. `hash()` differs from one start of Python to the next.
    """
    value = _FNV_OFFSET
    for byte in nick.encode("utf-8", "replace"):
        value = (value ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return (value >> 16 ^ value & 0xFFFF) % len(NICK_COLOURS)


def appearance(style: str, depth: int) -> Appearance:
    """Return what a style looks like on a terminal with `depth` colours (0, 8, 16 or 256).

    Raises KeyError for an unknown style.
    """
    if style.startswith("nick:"):
        index = int(style.removeprefix("nick:"))
        few = _NICK_COLOURS_8[index % len(_NICK_COLOURS_8)]
        many = NICK_COLOURS[index]
        attributes: tuple[str, ...] = ()
    else:
        few, many = COLOURS.get(style, (-1, -1))
        attributes = ATTRIBUTES[style]
    return Appearance(many if depth >= 256 else few if depth >= 8 else -1, attributes)
