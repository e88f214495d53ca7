"""Every answer that a server may give: words in every order, in one arrival or in several."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from tests.support.timeline import byte_by_byte

STATUSES = (b"0", b"1", b"2", b"\n")
WORDS = (
    b"0\n", b"1\n", b"2\r\n", b"12", b"\0", b"2\ngeneral\nrandom\n", b"1\0general\0", b"bob> hi\n",
    b"bob has joined the room.", b"Users in this room:\n", b"What?", b"100% agree\n",
    b"\xff\xfe\x1b[2J", b"\xf0\x9f",
)  # fmt: skip
SOON, LATER = 0.005, 2.0
"""Pauses between two arrivals, in seconds: shorter and longer than any that ends a message."""


def answers() -> list[tuple[bytes, ...]]:
    """Return all of up to three statuses, and all pairs of anything."""
    some = [words for length in (1, 2, 3) for words in product(STATUSES, repeat=length)]
    return some + list(product(STATUSES + WORDS, repeat=2))


def splits(words: tuple[bytes, ...]) -> Iterator[list[bytes | float]]:
    """Yield the ways in which words may arrive: together, one by one, a byte at a time."""
    whole = b"".join(words)
    yield [whole, LATER]
    yield [step for word in words for step in (SOON, word)]
    if len(whole) < 6:
        yield [step for word in words for step in (LATER, word)]
        yield list(byte_by_byte(whole))
