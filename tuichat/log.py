"""The log file: what was said, a line each, with the time, for reading again and for `grep`."""

from __future__ import annotations

import os

from .chat import transcript as tr
from .text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .chat.transcript import Transcript

# As on the screen: whatever a line says, what stands before it tells whose it is.
MARKS = {
    tr.INFO: "»", tr.ERROR: "»", tr.NOTICE: "·", tr.OWN: "›", tr.HEARD: "│", tr.MENTION: "│",
    tr.SERVER: "│",
}  # fmt: skip


class Log:
    """Appends the lines of a transcript to a file as they come, from line `start` on.

    UTF-8, ISO 8601 time stamps, readable by the user only if the file is new, flushed at every
    `write`. Opening raises OSError; a write that fails ends the log and says so once.
    """

    def __init__(self, path: str, transcript: Transcript, start: int) -> None:
        self.path = path
        self._transcript = transcript
        self._next = start
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._file: int | None = os.open(os.path.expanduser(path), flags, 0o600)

    def write(self) -> str:
        """Write what is new; return "" or why it could not be written, once."""
        end = self._transcript.end
        if self._file is None or end == self._next:
            return ""
        lines = []
        for number in range(max(self._next, self._transcript.first), end):
            kind, text = self._transcript.kind(number), self._transcript.text(number)
            if kind == tr.OWN:
                text = f"{self._transcript.own_nick(number)}> {clean(text)}"
            lines.append(f"{self._transcript.stamp(number).iso} {MARKS[kind]} {text}\n")
        self._next = end
        data = "".join(lines).encode("utf-8", "replace")
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError as error:
            self.close()
            return clean(error.strerror or str(error))
        return ""

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
