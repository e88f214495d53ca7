"""Any bytes as one line of text: decoded, cleaned, measured, cut and wrapped.

Whatever it is: what is drawn is printable and nothing vanishes, no row is wider than it may be,
rows hold all but the spaces between them, and every cut is between graphemes.
"""

from __future__ import annotations

import unicodedata
from itertools import accumulate

from tuichat.protocol.framing import decode
from tuichat.text import (
    clean,
    clip,
    fit,
    graphemes,
    next_boundary,
    previous_boundary,
    width,
    wrap,
)

MOST_BYTES = 1024


def run(data: bytes) -> None:
    """Take the width from the first byte, the text from the others."""
    cells, text = 1 + data[0] % 40 if data else 1, data[1:MOST_BYTES]
    shown = decode(text)
    assert clean(shown) == shown
    assert shown.isascii() or not any(map(_harmful, set(shown)))
    assert shown or not text.decode("utf-8", "ignore").strip("\u200c\u200d") or _silent(text)
    _check_boundaries(text.decode("utf-8", "replace"), sum(text))
    _check_rows(shown, cells)
    assert width(clip(shown, cells)) <= cells
    assert width(fit(shown, cells)) <= cells
    assert shown.startswith(clip(shown, cells))


def _harmful(char: str) -> bool:
    return unicodedata.category(char)[0] in "CZ" and char != " "


def _silent(text: bytes) -> bool:
    """Tell whether a text is of variation selectors and joiners alone, which show nothing."""
    return all(
        unicodedata.name(char, "").startswith(("VARIATION SELECTOR", "ZERO WIDTH"))
        for char in text.decode("utf-8", "replace")
    )


def _check_boundaries(text: str, near: int) -> None:
    """Compare the boundaries about one offset with those that splitting all of it gives."""
    pieces = graphemes(text)
    assert "".join(pieces) == text
    edges = [0, *accumulate(map(len, pieces))]
    at = near % (len(text) + 1)
    assert next_boundary(text, at) == next((edge for edge in edges if edge > at), len(text))
    assert previous_boundary(text, at) == max((edge for edge in edges if edge < at), default=0)


def _check_rows(shown: str, cells: int) -> None:
    rows = wrap(shown, cells)
    assert "".join(shown[a:b] for a, b in rows).replace(" ", "") == shown.replace(" ", "")
    edges = [edge for row in rows for edge in row]
    assert edges == sorted(edges)
    least = max(cells, 2) if len(shown) else cells
    assert all(width(shown[a:b]) <= least for a, b in rows)
