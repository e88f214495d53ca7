"""Tab completion: nicks, rooms, the program's commands and what may follow some of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .words import folded, word_start

_COMMAND = re.compile(r"/\S*")
_ARGUMENT = re.compile(r"(/\S+)\s+\S*")


class Completion:
    """The completions of the word before the cursor, and which one is in the line now.

    `candidates` in the order offered; `index` of the one in the line, None for the word as typed.
    It is over as soon as any key but Tab and Shift-Tab is pressed: the caller forgets it.
    """

    __slots__ = ("_after", "_before", "_ending", "_word", "candidates", "index")

    def __init__(
        self, before: str, word: str, after: str, candidates: tuple[str, ...], ending: str
    ) -> None:
        self.candidates = candidates
        self.index: int | None = None
        self._before = before
        self._word = word
        self._after = after
        self._ending = ending

    def next(self) -> tuple[str, int]:
        """Return the line and its cursor with the next candidate; after the last, as typed."""
        return self._turn(1)

    def previous(self) -> tuple[str, int]:
        """Return the line and its cursor with the candidate before; before the first, as typed."""
        return self._turn(-1)

    def _turn(self, step: int) -> tuple[str, int]:
        places = len(self.candidates) + 1  # the last one is the word as typed
        now = len(self.candidates) if self.index is None else self.index
        place = (now + step) % places
        self.index = place if place < len(self.candidates) else None
        return self._line()

    def _line(self) -> tuple[str, int]:
        if self.index is None:
            word, after = self._word, self._after
        else:
            word = self.candidates[self.index] + self._ending
            after = self._after
            if word.endswith(" ") and after.startswith(" "):
                after = after[1:]  # there is a space already
        return self._before + word + after, len(self._before + word)


def complete(
    text: str,
    cursor: int,
    nicks: Sequence[str],
    commands: Sequence[str],
    rooms: Sequence[str],
    arguments: Mapping[str, Sequence[str]],
) -> Completion | None:
    """Return the completions of the word that ends at `cursor`; None if there are none.

    `nicks`, `commands` and `rooms` are offered in the order given: nicks best with the latest
    speaker first. Commands come as they are to be typed, so `"/who"`, and `"/join "` with the space
    before its argument; `arguments` has what may follow a command. A nick gets `": "` at the start
    of the line, where it addresses somebody, and a space elsewhere; a sign before it is kept, as in
    `@al`. Without `nicks` the first word is completed to a room. Case is ignored, and an empty word
    matches every name.
    """
    typed, after = text[:cursor], text[cursor:]
    word = re.split(r"\s", typed)[-1]
    before = typed[: len(typed) - len(word)]
    argument = _ARGUMENT.fullmatch(typed)
    if _COMMAND.fullmatch(typed):
        names, ending = commands, ""
    elif argument and argument[1].lower() in arguments:
        names, ending = arguments[argument[1].lower()], ""
    elif not (nicks or before.strip()):
        names, ending = rooms, ""
    else:
        if not _beginning_with(word, nicks) and word_start(typed) < cursor:
            word, before = typed[word_start(typed) :], typed[: word_start(typed)]
        names, ending = nicks, " " if before.strip() else ": "
    candidates = _beginning_with(word, names)
    return Completion(before, word, after, candidates, ending) if candidates else None


def _beginning_with(word: str, names: Sequence[str]) -> tuple[str, ...]:
    start = folded(word)
    return tuple(name for name in names if folded(name).startswith(start))
