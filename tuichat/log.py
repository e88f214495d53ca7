"""The log: what is said, appended to a file."""

from __future__ import annotations

import errno
import os

from .chat.transcript import MARKS, OWN
from .text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .chat.transcript import Transcript

LOG_BYTES = 65536
"""So much at most is made ready for one write."""
UNREAD = {errno.EAGAIN, errno.ENXIO}  # a pipe that is full, or that nobody has opened to read


class Log:
    """Appends the lines of a transcript to a file as they come, from line `start` on.

    One line a message, with the time, for reading again and for `grep`: UTF-8, ISO 8601 time
    stamps, readable by the user only if the file is new. Nothing waits for a pipe or a device:
    what it does not take stays in the transcript for the next time, as on a full disk. A file
    that was moved or removed (logrotate) is followed by a new one of the same name. Opening
    raises OSError, but not for a pipe that nobody reads yet.
    """

    def __init__(self, path: str, transcript: Transcript, start: int) -> None:
        self.path = path
        self._place = os.path.expanduser(path)
        self._transcript = transcript
        self._next = start
        self._data = b""
        self._file: int | None = None
        self._trouble = ""
        try:
            self._current_file()
        except OSError as error:
            if error.errno not in UNREAD:
                raise

    @property
    def waiting(self) -> bool:
        """Tell whether there is something that could not be written."""
        return self._trouble != ""

    def write(self) -> str:
        """Write what is new, unbuffered; return "" or why that fails, each reason once in a row."""
        told, self._trouble = self._trouble, ""
        try:
            while self._prepare():
                self._data = self._data[os.write(self._current_file(), self._data) :]
        except OSError as error:
            unread = error.errno in UNREAD
            self._trouble = "nobody reads it now" if unread else clean(error.strerror or str(error))
        return self._trouble if self._trouble != told else ""

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _prepare(self) -> bytes:
        """Return what is to be written next: the rest of what was begun, or further lines."""
        transcript, size = self._transcript, 0
        if self._data or self._next == transcript.end:
            return self._data
        lines = []
        self._next = max(self._next, transcript.first)
        while self._next < transcript.end and size < LOG_BYTES:
            kind = transcript.kind(self._next)
            mark = "›" if kind == OWN else MARKS[kind]
            stamp = transcript.stamp(self._next).iso
            lines.append(f"{stamp} {mark} {transcript.line(self._next)}\n")
            size += len(lines[-1])
            self._next += 1
        self._data = "".join(lines).encode("utf-8", "replace")
        return self._data

    def _current_file(self) -> int:
        """Return the descriptor of the file that has the name now, opened if it is another."""
        try:
            named = os.stat(self._place)
        except FileNotFoundError:
            named = None
        if self._file is None or not named or not os.path.samestat(named, os.fstat(self._file)):
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
            opened = os.open(self._place, flags | getattr(os, "O_NOCTTY", 0), 0o600)
            self.close()
            self._file = opened
        return self._file
