"""Arbitrary bytes read as a script of what happens, so that a fuzzer can write such scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Script:
    """Bytes taken from the front, a decision at a time; after the end every byte is 0."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def byte(self) -> int:
        """Return the next byte."""
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def bytes(self) -> bytes:
        """Return some of the next bytes: the first of them tells how many."""
        size = self.byte()
        self._at += size
        return self._data[self._at - size : self._at]

    def text(self) -> str:
        """Return some text, of any characters."""
        return self.bytes().decode("utf-8", "surrogateescape")

    def one_of(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[self.byte() % len(choices)]
