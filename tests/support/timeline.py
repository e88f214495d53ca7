"""Transcripts of bytes with their pauses, played to what reads them: no socket, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

Script = Iterable[bytes | float]


class Timeline:
    """A clock set by hand. `due` tells when `expire` is to be called, as in the program's loop.

    It checks what every part of the program without a clock promises: once `expire` was called at
    a deadline, the deadline is gone or later, so that the loop never turns for nothing.
    """

    def __init__(self, due: Callable[[], float | None], expire: Callable[[float], None]) -> None:
        self.now = 100.0
        self._due = due
        self._expire = expire

    def wait(self, seconds: float) -> None:
        """Let time pass, with every deadline kept on the way."""
        end = self.now + seconds
        while (due := self._due()) is not None and due <= end:
            self.now = max(self.now, due)
            self._expire(self.now)
            later = self._due()
            assert later is None or later > self.now, "a deadline that nothing clears"
        self.now = end

    def play(self, script: Script, feed: Callable[[bytes, float], None]) -> None:
        """Bytes arrive; numbers are seconds in which nothing does."""
        for step in script:
            if isinstance(step, bytes):
                feed(step, self.now)
            else:
                self.wait(step)


def byte_by_byte(data: bytes, pause: float = 0.001) -> Iterator[bytes | float]:
    """The same bytes, a byte at a time."""
    for at in range(len(data)):
        yield data[at : at + 1]
        yield pause
