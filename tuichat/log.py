"""The log: what is said, appended to a file, and read back to show earlier visits.

    2026-11-22T12:01:00+00:00 ─ #general on chat.example.org:5220     the place of what follows
    2026-11-22T12:01:00+00:00 » You are in general as ann. …          the program's own words
    2026-11-22T12:01:00+00:00 · bob has joined the room.              what the server tells
    2026-11-22T12:02:00+00:00 │ bob> hi                               what others say
    2026-11-22T12:02:00+00:00 › ann> hi bob                           what the user says

The mark tells whose words a line holds, so that no message can look like another kind of line.
"""

from __future__ import annotations

import errno
import os
import stat

from .chat.messages import FROM_LOG
from .chat.transcript import MARKS, MONTHS, OWN, PAST, PLACE, SERVER, Stamp
from .text import clean, compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .chat.transcript import Transcript

PLACE_MARK = "─"
LOG_MARKS = {kind: mark for kind, mark in MARKS.items() if kind not in (PAST, PLACE)}
LOG_MARKS |= {OWN: "›", SERVER: "·"}
"""The mark of each kind of line that is logged."""
DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
WHEN = rf"{DAY}T(?:[01]\d|2[0-3]):[0-5]\d:\d\d[+-]\d\d:\d\d"
SAID = rf"(?am)^({WHEN}) ([─│›]) (.*)\n"
"""A line that names a place, or that somebody said: time, mark, text."""

LOG_BYTES = 65536
"""About how many bytes are prepared for one write; after as many the place is named again."""
TAIL_BYTES = 4 * LOG_BYTES
"""How many bytes of a log are read, from its end."""
MOST_PAST = 12
"""The most lines of earlier visits to show: with the rule above them they fit 24 rows."""
UNREAD = {errno.EAGAIN, errno.ENXIO}  # a pipe that is full, or that nobody has opened to read
AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


class Log:
    """Appends the lines of a transcript to a file as they come, from line `start` on.

    One line a message, with the time, to read again or to `grep`: UTF-8, with ISO 8601 time
    stamps. A new file can be read by the user only. Nothing waits for a pipe or a device: what it
    does not take stays in the transcript for the next try, as on a full disk. If the file is moved
    or removed (logrotate), a new one of the same name is opened. `trouble` is why the last line
    could not be written, "" if it could. Opening raises OSError, but not for a pipe that nobody
    reads yet.
    """

    def __init__(self, path: str, transcript: Transcript, start: int) -> None:
        self.path = path
        self.trouble = ""
        self._name = os.path.expanduser(path)
        self._transcript = transcript
        self._next = start
        self._data = b""
        self._file: int | None = None
        self._size = 0  # of the file, after the last write
        self._headed = "", 0  # the place that was named last, in which stretch of the file
        try:
            self._current_file()
        except OSError as error:
            if error.errno not in UNREAD:
                raise

    @property
    def waiting(self) -> int:
        """How many lines are not written yet."""
        transcript = self._transcript
        lines = range(self._next, transcript.end)
        logged = (n < transcript.first or transcript.kind(n) in LOG_MARKS for n in lines)
        return self._data.count(b"\n") + sum(logged)

    def write(self) -> str:
        """Write what is new, unbuffered; return why that failed, if that is news, else ""."""
        told, self.trouble = self.trouble, ""
        try:
            while self._data or self._next < self._transcript.end:
                file = self._current_file()
                self._data = self._data or self._prepare(os.fstat(file).st_size)
                self._data = self._data[os.write(file, self._data) :]
                self._size = os.fstat(file).st_size
        except OSError as error:
            unread = error.errno in UNREAD
            self.trouble = "nobody reads it" if unread else clean(error.strerror or str(error))
        return self.trouble if self.trouble != told else ""

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _prepare(self, size: int) -> bytes:
        """Return further lines, to be written to a file of `size` bytes.

        The place comes first if it has changed, or was last named in another file, too far above,
        or before another process wrote to this one. If that left an unfinished line, it is ended.
        """
        transcript, lines, ready = self._transcript, list[str](), 0
        if size != self._size:
            self._headed = "", 0
            if _end(self._name, 1) not in (b"", b"\n"):
                lines.append("\n")
        stretch = size // LOG_BYTES
        self._next = max(self._next, transcript.first)
        while self._next < transcript.end and ready < LOG_BYTES:
            number, self._next = self._next, self._next + 1
            kind, place = transcript.kind(number), transcript.place(number)
            if kind not in LOG_MARKS:
                continue
            stamp = transcript.stamp(number).iso
            if place and self._headed != (place, stretch):
                lines.append(f"{stamp} {PLACE_MARK} {place}\n")
                self._headed = place, stretch
            lines.append(f"{stamp} {LOG_MARKS[kind]} {transcript.line(number)}\n")
            ready += len(lines[-1])
        return "".join(lines).encode("utf-8", "replace")

    def _current_file(self) -> int:
        """Return the descriptor of the file that has the name now; open it if it is new."""
        try:
            named = os.stat(self._name)
        except FileNotFoundError:
            named = None
        if self._file is None or not named or not os.path.samestat(named, os.fstat(self._file)):
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | AT_ONCE
            opened = os.open(self._name, flags, 0o600)
            self.close()
            self._file = opened
        return self._file


def read_past(path: str) -> dict[str, list[tuple[str, Stamp]]]:
    """Return what was said last in each place that the end of a log names, with the times.

    The contents are not trusted: anybody may have written the file. A line that is not a line of
    a log, or that was torn off, is left out. A file that is not regular, or cannot be read, counts
    as empty.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    said: list[tuple[str, str]] = []
    data = _end(os.path.expanduser(path), TAIL_BYTES + 1)
    if len(data) > TAIL_BYTES:  # what is cut off may be somebody's words
        data = data.partition(b"\n")[2]
    for iso, mark, text in compiled(SAID).findall(data.decode("utf-8", "replace")):
        if mark == PLACE_MARK:
            said = found.setdefault(clean(text.removesuffix("\r")), [])
        else:
            said.append((iso, text))
    return {
        place: [(clean(text.removesuffix("\r")), _stamp(iso)) for iso, text in lines[-MOST_PAST:]]
        for place, lines in found.items() if lines
    }  # fmt: skip


def _stamp(iso: str) -> Stamp:
    """Return the time of a line: its day tells that the line is from the log."""
    month = MONTHS[int(iso[5:7]) - 1]
    day = FROM_LOG.format(day=int(iso[8:10]), month=month, year=iso[:4])
    return Stamp(iso[11:16], day, iso)


def _end(name: str, size: int) -> bytes:
    """Return the last `size` bytes of a regular file, or all there are; b"" if none can be read.

    It does not wait, even if the file is swapped for a pipe meanwhile.
    """
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):
            return b""
        with open(os.open(name, os.O_RDONLY | AT_ONCE), "rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - size))
            return file.read(size) or b""
    except OSError:
        return b""
