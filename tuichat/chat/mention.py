"""Mentions: which lines name the user."""

from __future__ import annotations

from collections.abc import Container

from ..input.words import folded, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..protocol.sender import SenderFormat


def mentions(
    texts: list[str], asides: Container[int], nick: str, sender: SenderFormat
) -> list[int]:
    """Return the indices of the lines in which somebody else names the user.

    `asides` are those that the server itself says. Only a block that holds the nick is looked at
    line by line.
    """
    wanted = folded(nick)
    if not wanted or wanted not in folded("\n".join(texts)):
        return []
    found = []
    for number, text in enumerate(texts):
        if wanted in folded(text) and number not in asides:
            speaker = sender.speaker(text)
            if names(text[speaker[1] :] if speaker else text, nick):
                found.append(number)
    return found
