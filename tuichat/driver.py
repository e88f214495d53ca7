"""The driver: carries out the effects that a chat asks for, and reports what came of them.

Effects act on the connection, the log and the notes for the next session; the events of the
connection go back to the chat.
"""

from __future__ import annotations

import time

from .chat import effects, messages
from .chat.transcript import ERROR
from .log import Log
from .net.connection import Connection, Left, Lost, Opened, Received
from .text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .chat.chat import Chat
    from .chat.effects import Effect
    from .net.wakeup import Wakeup
    from .settings import Notes


LOG_AGAIN_S = 1.0
"""Seconds after a failure until the log is written again."""
LAST_TRIES, LAST_PAUSE_S = 10, 0.02
"""At the end: how many more tries, and the seconds between them. A pipe's reader may be slow."""


class Driver:
    """Carries out the effects of one chat, full screen or in line mode.

    `connection` is the one open or being opened, if any; `ended` is the exit status once the
    program is to end, and `reason` what to tell the user then; `log_due` is when to try again if
    the log could not be written. Times are monotonic seconds.
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
        """Carry out one effect."""
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
        """Send the messages that are due, one at a time.

        Return when the next one is due; None if there is none, or while the connection is busy.
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
        """Let the connection do what it can; return how many bytes were received."""
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
        """Log to `path` from line `start` on, in place of the current log; "" only ends that."""
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
        lost = self._end_log()
        if lost:
            conversation.tell(lost, ERROR)
        self._log = log

    def write_log(self) -> None:
        """Write what is new; if that fails, say so once and try again later."""
        now = self._chat.time.now
        if not self._log or (self.log_due is not None and now < self.log_due):
            return
        failed = self._log.write()
        if failed:
            sentence = messages.LOG_WAITS.format(path=self._log.path, reason=failed)
            self._conversation.tell(sentence, ERROR)
        self.log_due = now + LOG_AGAIN_S if self._log.waiting else None

    def end(self) -> int:
        """Hang up, and write the rest of the log; return 1 if not all could be written, else 0."""
        self.hang_up()
        lost = self._end_log(LAST_TRIES)
        self.reason = "\n".join(filter(None, (self.reason, lost)))
        return 1 if lost else 0

    def _end_log(self, tries: int = 0) -> str:
        """End the log; return a sentence if lines could not be written, else ""."""
        log, lost = self._log, ""
        if log:
            log.write()
            while log.waiting and tries:
                time.sleep(LAST_PAUSE_S)
                log.write()
                tries -= 1
            if log.waiting:
                lost = messages.log_lost(clean(log.path), log.waiting, log.trouble)
            log.close()
        self._log = self.log_due = None
        return lost
