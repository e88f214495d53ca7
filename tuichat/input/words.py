"""Where a name begins and ends in a text, and when two names are the same.

A name is a word of letters, digits, `_` and `-`, with the marks on them, as in the answer to
`/who`. A longer nick that contains it, a room with its `#`, an e-mail address and a URL are other
words, and do not name that person.
"""

from __future__ import annotations

import unicodedata

from ..text import compiled

# Only single characters are repeated possessively: Python before 3.11.5 gets groups wrong
# (gh-106052).
_RUN = r"[\w\-]++"
_WORD = rf"""(?x)
    \#?+{_RUN}
    (?:(?:[.@]|\+(?=[\w\-.]*+@)){_RUN}(?:/\S*+)?)*  # ann.smith, ann+news@x.org, x.org/ann
    (?:(?::/|:\d++)/\S*+)?                          # https://x.org/ann, localhost:80/ann
"""


def folded(text: str) -> str:
    """Return a text in the form used for comparing: case-folded and composed (NFC)."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text.casefold())


def names(text: str, nick: str) -> bool:
    """Tell whether a text contains a nick as a name, ignoring case."""
    import re  # here, as the first screen needs none

    text, nick = folded(text), folded(nick)
    inside = {at for start, end in _words(text) for at in range(start + 1, end)}
    hits = re.finditer(re.escape(nick), text)
    return any(inside.isdisjoint(hit.span()) for hit in hits)


def word_start(text: str) -> int:
    """Return where the last word of a text begins, or the end if there is none."""
    return next((start for start, end in _words(text) if end == len(text)), len(text))


def _words(text: str) -> list[tuple[int, int]]:
    if not text.isascii():  # `\w` does not match marks
        text = "".join("_" if unicodedata.category(char)[0] == "M" else char for char in text)
    return [found.span() for found in compiled(_WORD).finditer(text)]
