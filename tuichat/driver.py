"""The driver: carries out what a chat wants done, and tells it what came of it.

Effects go to the connection, to the log, to the notes for the next time; what happens to the
connection goes back to the chat.
"""

from __future__ import annotations

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


class Driver:
    """Acts for one chat, full screen or not.

    `connection` is the one open or being opened, if any; `ended` the exit status once the
    program is over, with `reason` to be told afterwards. Times are monotonic seconds.
    """

    def __init__(self, chat: Chat, notes: Notes, wakeup: Wakeup) -> None:
        self.connection: Connection | None = None
        self.ended: int | None = None
        self.reason = ""
        self._chat = chat
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
                self.log_to(path, self._chat.transcript.end)
            case effects.Remember(address, nick, ending):
                try:
                    self._notes.remember(address, nick, ending)
                except OSError as error:
                    self._chat.tell(messages.NOT_SAVED.format(reason=error.strerror), ERROR)

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
        chat, log = self._chat, None
        if path:
            try:
                log = Log(path, chat.transcript, start)
            except OSError as error:
                reason = clean(str(error.strerror))
                chat.tell(messages.LOG_FAILED.format(path=path, reason=reason), ERROR)
                return
            chat.tell(messages.LOG_ON.format(path=path))
        else:
            chat.flash = messages.LOG_OFF if self._log else messages.LOG_NONE
        if self._log:
            self._log.close()
        self._log = log

    def write_log(self) -> None:
        """Write what is new; tell once if that fails."""
        failed = self._log.write() if self._log else ""
        if self._log and failed:
            path, self._log = self._log.path, None
            self._chat.tell(messages.LOG_FAILED.format(path=path, reason=failed), ERROR)


class Log:
    """Appends the lines of a transcript to a file as they come, from line `start` on.

    One line a message, with the time, for reading again and for `grep`: UTF-8, ISO 8601 time
    stamps, readable by the user only if the file is new. Opening raises OSError.
    """

    def __init__(self, path: str, transcript: Transcript, start: int) -> None:
        self.path = path
        self._transcript = transcript
        self._next = start
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._file: int | None = os.open(os.path.expanduser(path), flags, 0o600)

    def write(self) -> str:
        """Write what is new, unbuffered; return "" or, once, why the log has ended."""
        transcript, end = self._transcript, self._transcript.end
        if self._file is None or end == self._next:
            return ""
        lines = []
        for number in range(max(self._next, transcript.first), end):
            kind = transcript.kind(number)
            mark = "›" if kind == OWN else MARKS[kind]
            lines.append(f"{transcript.stamp(number).iso} {mark} {transcript.line(number)}\n")
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
