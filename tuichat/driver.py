"""The driver: carries out what a chat wants done, and tells it what came of it.

Effects go to the connection, to the log, to the notes for the next time; what happens to the
connection goes back to the chat.
"""

from __future__ import annotations

import errno
import os

from .chat import effects, messages
from .chat.transcript import ERROR, MARKS, OWN
from .net.connection import Connection, Left, Lost, Opened, Received
from .text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .chat.chat import Chat
    from .chat.effects import Effect
    from .chat.transcript import Transcript
    from .net.wakeup import Wakeup
    from .settings import Notes


LOG_AGAIN_S = 1.0
"""How long after a failure the log is tried again."""
LOG_BYTES = 65536
"""So much at most is made ready for one write."""
UNREAD = {errno.EAGAIN, errno.ENXIO}  # a pipe that is full, or that nobody has opened to read


class Driver:
    """Acts for one chat, full screen or not.

    `connection` is the one open or being opened, if any; `ended` the exit status once the
    program is over, with `reason` to be told afterwards; `log_due` when the log, which could not
    be written, is to be tried again. Times are monotonic seconds.
    """

    def __init__(self, chat: Chat, notes: Notes, wakeup: Wakeup) -> None:
        self.connection: Connection | None = None
        self.ended: int | None = None
        self.reason = ""
        self.log_due: float | None = None
        self._chat = chat
        self._conversation = chat.conversation
        self._notes = notes
        self._wakeup = wakeup
        self._log: Log | None = None

    def carry_out(self, effect: Effect) -> None:
        """Do one thing."""
        match effect:
            case effects.Connect(host, port):
                self.hang_up()
                now = self._chat.time.now
                self.connection = Connection(host, port, self._wakeup.ring, now)
            case effects.Leave() if self.connection:
                self.connection.leave(self._chat.time.now)
            case effects.Hangup():
                self.hang_up()
            case effects.Quit(status, reason):
                if self.ended is None:
                    self.ended, self.reason = status, reason
            case effects.WriteLog(path):
                self.log_to(path, self._conversation.transcript.end)
            case effects.Remember(address, nick, ending):
                try:
                    self._notes.remember(address, nick, ending)
                except OSError as error:
                    self._conversation.tell(messages.NOT_SAVED.format(reason=error.strerror), ERROR)

    # -- the connection --------------------------------------------------------------------------

    def hang_up(self) -> None:
        """Close the connection at once."""
        if self.connection:
            self.connection.abort()
        self.connection = None

    def send(self) -> float | None:
        """Give the connection what is due to be sent, a message at a time.

        Return when there will be more; None while the connection is busy, or if there is nothing.
        """
        chat = self._chat
        while self.connection and self.connection.idle:
            due = chat.send_due
            if due is None or chat.time.now < due:
                return due
            data = chat.send()
            if data is not None:
                self.connection.send(data)
        return None

    def step(self, ready: set[object], now: float) -> int:
        """Let the connection do what it can; return how many bytes came."""
        came = 0
        if self.connection is None:
            return came
        for event in self.connection.step(ready, now):
            match event:
                case Received(data):
                    came += len(data)
                    self._chat.received(data)
                case Opened(seconds):
                    self._chat.opened(seconds)
                case Lost(reason):
                    self.connection = None
                    self._chat.lost(reason)
                case Left():
                    self.connection = None
                    self._chat.left()
        return came

    # -- the log ---------------------------------------------------------------------------------

    def log_to(self, path: str, start: int) -> None:
        """Write a log from line `start` on, in place of the one before; "" ends that."""
        conversation, log = self._conversation, None
        if path:
            try:
                log = Log(path, conversation.transcript, start)
            except OSError as error:
                reason = clean(str(error.strerror))
                conversation.tell(messages.LOG_FAILED.format(path=path, reason=reason), ERROR)
                return
            conversation.tell(messages.LOG_ON.format(path=path))
        else:
            conversation.flash = messages.LOG_OFF if self._log else messages.LOG_NONE
        if self._log:
            self._log.close()
        self._log, self.log_due = log, None

    def write_log(self) -> None:
        """Write what is new; tell once if that fails, and try again later."""
        now = self._chat.time.now
        if not self._log or (self.log_due is not None and now < self.log_due):
            return
        failed = self._log.write()
        if failed:
            sentence = messages.LOG_WAITS.format(path=self._log.path, reason=failed)
            self._conversation.tell(sentence, ERROR)
        self.log_due = now + LOG_AGAIN_S if self._log.waiting else None

    def end(self) -> None:
        """Hang up, and write to the log what is left."""
        self.hang_up()
        self.log_due = None
        self.write_log()


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
