"""What the names of styles look like, by the number of colours that the terminal has.

Styles are named for what they mean; colours are told apart only here. The background is always
the terminal's own, so every colour must be legible on light and on dark: those of the 256 have
a contrast of 3:1 or more (WCAG 2.1, 1.4.11) to black, to #1e1e1e and to white. The first 16 are
the user's own choice of colours; yellow, white and black are avoided there.
"""

from __future__ import annotations

from ..record import Record

# No greys, so that a name never looks dimmed; alternating, so that neighbours are far apart.
NICK_COLOURS = (27, 28, 165, 136, 31, 131, 64, 170, 33, 166, 29, 135, 137, 30, 97, 168)
_NICK_COLOURS_16: tuple[int, ...] = (1, 2, 5, 6, 9, 12, 13)
_NICK_COLOURS_8 = (2, 4, 5, 6, 1)

# style: (colour of 8 and 16, colour of 256, attributes with colours, attributes without)
_STYLES: dict[str, tuple[int, int, tuple[str, ...], tuple[str, ...]]] = {
    "": (-1, -1, (), ()),
    "dim": (-1, -1, ("dim",), ("dim",)),
    "bold": (-1, -1, ("bold",), ("bold",)),
    "reverse": (-1, -1, ("reverse",), ("reverse",)),
    "status": (-1, -1, ("reverse",), ("reverse",)),
    "alert": (-1, -1, ("bold", "reverse"), ("bold", "reverse")),
    "own": (-1, -1, ("bold",), ("bold",)),
    "mention": (1, 161, ("bold",), ("bold", "underline")),
    "rule": (6, 30, (), ("dim",)),
    "unread": (1, 161, ("bold",), ("bold",)),
    "notice": (-1, -1, ("dim",), ("dim",)),
    "info": (6, 30, ("bold",), ("bold",)),
    "error": (1, 160, ("bold",), ("bold",)),
    "match": (-1, -1, ("underline",), ("underline",)),
    "match-here": (-1, -1, ("reverse",), ("reverse",)),
    "over": (1, 196, ("underline",), ("underline",)),
    "placeholder": (-1, -1, ("dim",), ("dim",)),
}

_FNV_OFFSET, _FNV_PRIME = 0x811C9DC5, 0x01000193


class Appearance(Record):
    """The colour by number, -1 for the terminal's own, and names of attributes."""

    fg: int = -1
    attributes: tuple[str, ...] = ()


def nick_index(nick: str) -> int:
    """Return which of the `NICK_COLOURS` a nick has: on every machine, in every version.

    FNV-1a of 32 bits over the UTF-8 bytes (draft-eastlake-fnv), its halves folded together,
    reduced to the number of colours. `hash()` differs from one start of Python to the next.
    """
    value = _FNV_OFFSET
    for byte in nick.encode("utf-8", "replace"):
        value = (value ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return (value >> 16 ^ value & 0xFFFF) % len(NICK_COLOURS)


def appearance(style: str, depth: int) -> Appearance:
    """Return what a style looks like on a terminal with `depth` colours (0, 8, 16 or 256).

    Raises KeyError for a style that there is not.
    """
    if style.startswith("nick:"):
        return _nick_look(int(style.removeprefix("nick:")), depth)
    few, many, coloured, monochrome = _STYLES[style]
    if depth < 8:
        return Appearance(attributes=monochrome)
    return Appearance(fg=many if depth >= 256 else few, attributes=coloured)


def _nick_look(index: int, depth: int) -> Appearance:
    if depth < 8:
        return Appearance()
    colours = _NICK_COLOURS_16 if depth >= 16 else _NICK_COLOURS_8
    if depth >= 256:
        colours = NICK_COLOURS
    return Appearance(fg=colours[index % len(colours)])
