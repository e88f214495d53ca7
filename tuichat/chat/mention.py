"""Mentions: which lines name the user."""

from __future__ import annotations

import re
from collections.abc import Container

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..protocol.sender import SenderFormat


def mentions(
    texts: list[str], asides: Container[int], nick: str, sender: SenderFormat
) -> list[int]:
    """Return the indices of the lines in which somebody else writes the whole nick, in any case.

    `asides` are those that the server itself says. Only a block that holds the nick is looked at
    line by line.
    """
    wanted = nick.casefold()
    if not wanted or wanted not in "\n".join(texts).casefold():
        return []
    whole = re.compile(rf"(?<!\w){re.escape(nick)}(?!\w)", re.IGNORECASE)
    found = []
    for number, text in enumerate(texts):
        if wanted in text.casefold() and number not in asides:
            speaker = sender.speaker(text)
            if whole.search(text, speaker[1] if speaker else 0):
                found.append(number)
    return found
