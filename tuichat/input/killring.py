"""The texts killed lately, to be yanked (GNU Readline manual, 8.2.3 and 8.4.5)."""

from __future__ import annotations

from collections import deque

_REMEMBERED_KILLS = 10  # DEFAULT_MAX_KILLS in readline


class KillRing:
    """A ring of killed texts, with one on top; rotating it brings an older one there."""

    __slots__ = ("_kills",)

    def __init__(self) -> None:
        self._kills: deque[str] = deque(maxlen=_REMEMBERED_KILLS)

    @property
    def top(self) -> str:
        """The text a yank inserts; "" if nothing was ever killed."""
        return self._kills[-1] if self._kills else ""

    def add(self, killed: str) -> None:
        """Put a text on top."""
        self._kills.append(killed)

    def extend(self, killed: str, before: bool) -> None:
        """Join a text to the one on top, on the side that it was killed from."""
        top = self._kills.pop()
        self._kills.append(killed + top if before else top + killed)

    def rotate(self) -> None:
        """Bring the next older text to the top, and the top one to the bottom."""
        self._kills.rotate(1)
