"""Untrusted text made safe to draw, and measured in terminal cells.

Everything that is printed has gone through `clean` once, right after decoding. `width`, `clip`,
`fit`, `wrap` and `fill` measure cleaned text; `graphemes` and the two boundary functions take any.

Terms: a *cell* is one column of a row. A *mark* occupies no cell of its own: the terminal draws it
onto the character before it, its *base*. A *grapheme* is what a person takes for one character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import accumulate, takewhile

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    compiled = re.compile
else:

    @cache
    def compiled(pattern):
        """Compile a constant regular expression, its flags inside it, when it is first used.

        The cache of `re` itself is slower.
        """
        import re  # here, as it takes milliseconds, and the first screen needs none

        return re.compile(pattern)


_ZWNJ, _ZWJ = 0x200C, 0x200D
_DOTTED_CIRCLE = "\N{DOTTED CIRCLE}"
_MARKS_PER_BASE = 4  # what ncurses keeps in a cell (CCHARW_MAX less the base)
_REMEMBERED = 4096  # decisions kept in a table: strangers may send any of 1.1 million code points

# Characters that draw nothing, although their categories are not those of controls.
_INVISIBLE = frozenset(
    (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2800, 0x3164, 0xFFA0)
)


class _Table(dict[int, str]):
    """A table for `str.translate` that decides about a code point when it is first met."""

    def __init__(self, decide: Callable[[int], str]) -> None:
        super().__init__()
        self._decide = decide

    def __missing__(self, code: int) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[code] = decision = self._decide(code)
        return decision


# --- cleaning ---------------------------------------------------------------------------------

_marks_met: set[str] = set()  # every mark that `_shown` has let through; there are about 2,000


def _shown(code: int) -> str:
    """Return what stands for a code point on the screen."""
    char = chr(code)
    category = unicodedata.category(char)
    if char == "\t":
        return "    "  # the one control that means blank space
    if code in (_ZWNJ, _ZWJ) or _is_variation_selector(code):
        return ""
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    if category in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp") or code in _INVISIBLE:
        return f"<U+{code:04X}>"
    if category == "Zs":
        return " " * _cells(char)
    if _cells(char) == 0:
        _marks_met.add(char)
    return char


def _is_variation_selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


_SHOWN = _Table(_shown)


def clean(text: str) -> str:
    """Return one line of decoded text as it may be drawn, logged or printed.

    Unicode categories decide, so that nothing acts on the terminal or disappears unnoticed:

    - Controls, formats (bidi, tags, BOM), private use, unassigned, line and paragraph separators,
      and letters that draw nothing become notation: `<U+202E>`. Line feeds are among them: split
      into lines first.
    - Half a surrogate pair becomes U+FFFD, a tab four spaces, any other space as many plain
      spaces as it has cells.
    - Joiners and variation selectors, which only ask for another glyph, are dropped.
    - A base keeps four marks. A mark at the start or after a space gets a dotted circle for its
      base, so a space in cleaned text never carries a mark.

    Cleaning twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = text.translate(_SHOWN)
    return shown if _marks_met.isdisjoint(shown) else _settle_marks(shown)


def _settle_marks(text: str) -> str:
    """Give every mark a base, and no base more marks than a cell holds."""
    kept: list[str] = []
    base, marks = " ", 0
    for char in text:
        if char not in _marks_met:
            base, marks = char, 0
        elif base == " ":
            kept.append(_DOTTED_CIRCLE)
            base, marks = _DOTTED_CIRCLE, 1
        else:
            marks += 1
        if marks <= _MARKS_PER_BASE:
            kept.append(char)
    return "".join(kept)


# --- measuring --------------------------------------------------------------------------------


@lru_cache(maxsize=_REMEMBERED)
def _cells(char: str) -> int:
    """Return the cells of one character (UAX #11), as the C library's wcwidth has it."""
    code = ord(char)
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    if 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FB:  # Hangul vowels and finals
        return 0
    if 0x3248 <= code <= 0x324F or 0x4DC0 <= code <= 0x4DFF:  # wide to wcwidth, not to UAX #11
        return 2
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width(text: str) -> int:
    """Return how many cells cleaned text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def clip(text: str, cells: int) -> str:
    """Return the longest start of cleaned text that fits into `cells`, no grapheme cut in two.

    Only a grapheme that is by itself too wide is cut, and then between characters.
    """
    return text[: _reach(text, 0, cells)]


def fit(text: str, cells: int, mark: str = "…") -> str:
    """Return cleaned text if it fits into `cells`, else its start with `mark` after it."""
    if width(text) <= cells:
        return text
    room = cells - width(mark)
    return clip(text, room) + mark if room >= 0 else clip(mark, cells)


def wrap(text: str, cells: int) -> list[tuple[int, int]]:
    """Return the rows of cleaned text as offsets (start, end), each of at most `cells` cells.

    Rows break at spaces, and the spaces at a break belong to no row; a word longer than a row is
    cut between graphemes. There is always at least one row, if an empty one. In a single column
    (`cells` = 1) a wide character has a row to itself although it does not fit.
    """
    if width(text) <= cells:
        return [(0, len(text))]
    rows: list[tuple[int, int]] = []
    start = 0
    while (end := _row_end(text, start, cells)) < len(text):
        space = text.rfind(" ", start, end + 1)
        if space < 0:
            rows.append((start, end))
            start = end
            continue
        word_end = start + len(text[start:space].rstrip(" "))
        if word_end > start:
            rows.append((start, word_end))
        start = space
        while text.startswith(" ", start):
            start += 1
    if start < len(text) or not rows:
        rows.append((start, len(text)))
    return rows


def fill(text: str, cells: int) -> list[int]:
    """Return where the rows start on a terminal that wraps cleaned text itself, at its edge.

    A wide character that does not fit goes to the next row.
    """
    if text.isascii():
        return [*range(0, max(1, len(text)), cells)]
    starts, used = [0], 0
    for at, needed in enumerate(map(_cells, text)):
        if needed and used and used + needed > cells:
            starts.append(at)
            used = 0
        used += needed
    return starts


def _row_end(text: str, start: int, cells: int) -> int:
    end = _reach(text, start, cells)
    return end if end > start else _reach(text, start, 2)


def _reach(text: str, start: int, cells: int) -> int:
    """Return the offset that `cells` cells reach from `start`, a grapheme's start."""
    if text.isascii():
        return min(start + max(cells, 0), len(text))
    # Cleaned text has at most four marks on a base; one character more tells where a cut falls.
    ahead = text[start : start + cells * (1 + _MARKS_PER_BASE) + 1]
    reach = len(list(takewhile(cells.__ge__, accumulate(map(_cells, ahead)))))
    if reach < len(ahead):
        cut = graphemes(ahead[: reach + 1])[-1]
        reach = reach + 1 - len(cut) or reach
    return start + reach


# --- graphemes --------------------------------------------------------------------------------


def _kind(code: int) -> str:
    """Return the letter of a code point's class in UAX #29, as far as `_GRAPHEME` needs it."""
    category = unicodedata.category(chr(code))
    if 0xAC00 <= code <= 0xD7A3:  # Hangul syllables: without a final (LV), with one (LVT)
        return "A" if (code - 0xAC00) % 28 == 0 else "B"
    for first, last, letter in _KINDS_BY_RANGE:
        if first <= code <= last:
            return letter
    if category in ("Mn", "Me", "Mc"):
        return "e"
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return "c"
    if category in ("So", "Sm") and code > 0x2000:
        return "p"
    return "x"


# The first range that holds a code point counts.
_KINDS_BY_RANGE = (
    (_ZWJ, _ZWJ, "z"),
    (_ZWNJ, _ZWNJ, "e"),
    (0x1100, 0x115F, "L"),
    (0x1160, 0x11A7, "V"),
    (0x11A8, 0x11FF, "T"),
    (0xA960, 0xA97C, "L"),
    (0xD7B0, 0xD7C6, "V"),
    (0xD7CB, 0xD7FB, "T"),
    (0xFF9E, 0xFF9F, "e"),  # halfwidth sound marks
    (0x1F1E6, 0x1F1FF, "r"),  # regional indicators
    (0x1F3FB, 0x1F3FF, "e"),  # skin tones
    (0x1F000, 0x1FAFF, "p"),  # pictographs, those of a later Unicode too
    (0xE0020, 0xE007F, "e"),  # tags
)
_KINDS = _Table(_kind)
_INDICATORS = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # two make a flag
_GRAPHEME = "c|(?:rr|p(?:e*+zp)*|L*+(?:AV*|B|V+)T*|L+|T+|[^c])[ez]*"  # GB3–GB13 without Prepend


def graphemes(text: str) -> list[str]:
    """Split text into graphemes (UAX #29, simplified: no Prepend, no Indic conjuncts, no CR LF).

    Joined, they give the text again.
    """
    if text.isascii():
        return list(text)
    pieces = []
    start = 0
    for kinds in compiled(_GRAPHEME).findall(text.translate(_KINDS)):
        pieces.append(text[start : start + len(kinds)])
        start += len(kinds)
    return pieces


def next_boundary(text: str, at: int) -> int:
    """Return the first grapheme boundary after offset `at`, or the end of the text."""
    if text.isascii() or _surely_boundary(text, at + 1):
        return min(at + 1, len(text))
    boundary, pieces = _around(text, at)
    for piece in pieces:
        boundary += len(piece)
        if boundary > at:
            break
    return boundary


def previous_boundary(text: str, at: int) -> int:
    """Return the last grapheme boundary before offset `at`, or the start of the text."""
    if text.isascii() or _surely_boundary(text, at - 1):
        return max(at - 1, 0)
    boundary, pieces = _around(text, at - 1)
    for piece in pieces:
        if boundary + len(piece) >= at:
            break
        boundary += len(piece)
    return boundary


def _around(text: str, at: int) -> tuple[int, list[str]]:
    """Return the graphemes near the character at `at`, and the offset of the first.

    Sure boundaries limit the stretch, so that a long line costs no more than a short one.
    """
    start, end = at, at + 1
    while not _surely_boundary(text, start):
        start -= 1
    while not _surely_boundary(text, end):
        end += 1
    return start, graphemes(text[start:end])


def _surely_boundary(text: str, at: int) -> bool:
    """Tell whether a grapheme certainly starts or ends at `at`, without looking far."""
    if not 0 < at < len(text):
        return True
    kind, before = _KINDS[ord(text[at])], text[at - 1]
    if kind == "r":  # flags are counted from the start of their run
        return (at - len(text[:at].rstrip(_INDICATORS))) % 2 == 0
    return (
        kind in "cx"
        or (kind == "p" and ord(before) != _ZWJ)
        or (kind in "AB" and _KINDS[ord(before)] != "L")
    )
