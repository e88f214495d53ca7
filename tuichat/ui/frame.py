"""A frame: what the screen shows, as rows of spans, without a terminal."""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[str, str]
"""A text, and the name of its style in `palette`."""
Row = tuple[Span, ...]
"""Spans from left to right, each directly after the one before."""
Part = list[Row]
"""Rows that are made together. A part that is the same object as before has the same rows."""


class Frame:
    """`parts` from top to bottom, `cursor` as (row, column) or None, the window's `title`.

    `unwrapped`, if it is not None, holds lines for the terminal itself to wrap, instead of all
    rows but the last.
    """

    __slots__ = ("cursor", "parts", "title", "unwrapped")

    def __init__(
        self,
        parts: Sequence[Part],
        cursor: tuple[int, int] | None,
        title: str,
        unwrapped: list[str] | None = None,
    ) -> None:
        self.parts = parts
        self.cursor = cursor
        self.title = title
        self.unwrapped = unwrapped

    @property
    def rows(self) -> list[Row]:
        """All rows from top to bottom."""
        return [row for part in self.parts for row in part]
