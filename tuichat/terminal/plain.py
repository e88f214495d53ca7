"""Line mode: lines in, lines out, no curses; for screen readers, pipes, scripts, dumb terminals.

Everything but the drawing is as on the full screen. What the program itself says begins with `» `,
and what others say begins with the time, so that neither passes for the other. The sign is shown
nowhere else, so this holds even where the terminal wraps a line.
"""

from __future__ import annotations

import codecs
import errno
import os

from ..chat import effects, messages
from ..chat.transcript import ERROR, OWN, PROGRAM
from ..input.commands import SCREEN_ONLY
from ..net.wakeup import CONTINUE, RESIZE, SUSPEND, Doorbell, stop
from ..ui.actions import enter
from ..wire import Stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.effects import Effect
    from ..net.wakeup import Wakeup
    from ..ui.app import App

STDIN, STDOUT, STDERR = 0, 1, 2
READ_BYTES = 65536
BEHIND_BYTES = 65536
WRITE_BYTES = 512  # a pipe that `select` calls writable takes this much at once (POSIX: PIPE_BUF)
MOST_FOUND = 100
# The errors of writing to a pipe that nobody reads any more; on Windows it may be either.
READER_GONE = {errno.EPIPE, errno.EINVAL} if os.name == "nt" else {errno.EPIPE}


class Printer:
    """Standard output, written to only when it can take something.

    It may be a pipe whose reader has stopped (`| less`), and signals must be handled meanwhile.
    What waits is `pending`; `failed` is the exit status once the reader has gone or writing has
    failed.
    """

    fd = STDOUT

    def __init__(self) -> None:
        self.failed: int | None = None
        self.pending = b""
        self._output = open(STDOUT, "wb", buffering=0, closefd=False)  # noqa: SIM115

    @property
    def behind(self) -> bool:
        """Tell whether so much waits to be printed that nothing should be added."""
        return len(self.pending) >= BEHIND_BYTES

    def put(self, text: str) -> None:
        """Print a text as soon as that is possible."""
        if self.failed is None:
            self.pending += text.encode("utf-8", "replace")
        while self.pending and os.name == "nt":  # there `select` takes only sockets
            self.write()

    def write(self) -> None:
        """Write a little; standard output is ready for it."""
        try:
            # None: another process that shares it was faster
            self.pending = self.pending[self._output.write(self.pending[:WRITE_BYTES]) or 0 :]
        except OSError as error:
            self.pending = b""
            self.failed = 0 if error.errno in READER_GONE else 1
            if self.failed:
                _complain(messages.CANNOT_PRINT.format(reason=error.strerror))


def _complain(sentence: str) -> None:
    try:
        os.write(STDERR, f"{sentence}\n".encode())
    except OSError:
        return  # there is no other place for it


class Plain:
    """The front of the program on standard input and output.

    A line is taken only when the conversation is ready for one, so that what is piped in waits
    for the room. The end of the input is a logout. Where the input is not a terminal, nobody
    can answer a refusal, so it ends the program.
    """

    frame_s = 0.0

    def __init__(self, app: App, wakeup: Wakeup, ahead: bool = os.name == "nt") -> None:
        """Begin. `ahead`: read in a thread, as `select` takes only sockets on Windows."""
        self.printer = Printer()
        self._state, self._chat = app.state, app.chat
        self._conversation = app.conversation
        # Not sys.stdin, whose lock a thread that still reads would hold when the program ends;
        # nor the bare descriptors, which take no UTF-8 at a Windows console.
        self._input = open(STDIN, "rb", buffering=0, closefd=False)  # noqa: SIM115
        self._typed_at_terminal = os.isatty(STDIN)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text = ""
        self._ended = False
        self._left = False
        self._shown = 0
        self._rooms: list[str] = []  # those that were printed
        self._flash = ""
        self._came = b""
        self._doorbell = Doorbell(wakeup, self._read_ahead) if ahead else None

    @property
    def gone(self) -> int | None:
        """The exit status once nothing can be printed any more."""
        return self.printer.failed

    def inputs(self) -> list[int]:
        """Return standard input when a line of it could be used."""
        return [STDIN] if self._wanted and not self._doorbell else []

    def deadline(self, now: float) -> float | None:
        """Return `now` if there is a line to take, or the end of the input; else None."""
        pending = "\n" in self._text or (self._ended and not self._left) or self._fetched
        return now if self._stranded or (pending and self._ready) else None

    def read(self, ready: set[object]) -> bool:
        """Take what there is, and give the app one line."""
        if self._doorbell and self._fetched:
            self._take(self._came)
            self._doorbell.acknowledge()
        elif STDIN in ready:
            self._take(self._input.read(READ_BYTES))
        if self._stranded:
            self._left = True
            self._chat.leave()
            return True
        if not self._ready:
            return False
        line, found, rest = self._text.partition("\n")
        if not found and (not self._ended or (self._left and not line)):
            return False
        if self._refused:
            self._left = True
            self._conversation.tell(messages.NOT_GRANTED, ERROR)
            self._chat.quit(1)
        elif found or line:
            self._text = rest
            self._enter(line.rstrip("\r"))
        else:
            self._left = True
            self._chat.leave()
        return True

    def signal(self, number: int) -> bool:
        """Stop on Ctrl-Z; ignore sizes and being continued; return False for any other signal."""
        if number == SUSPEND:
            stop()
        return number in (RESIZE, CONTINUE, SUSPEND)

    def perform(self, effect: Effect) -> bool:
        """Suspend; ignore the bell and redrawing; return False for any other effect."""
        if isinstance(effect, effects.Suspend) and not (self._typed_at_terminal and stop()):
            self._conversation.flash = messages.CANNOT_SUSPEND
        return isinstance(effect, effects.Bell | effects.Redraw | effects.Suspend)

    def show(self) -> None:
        """Print what is new; what is said waits in the transcript while the output is behind."""
        chat, conversation = self._chat, self._conversation
        rooms, printed = chat.lobby.names, len(self._rooms)
        new = rooms[printed:] if rooms[:printed] == self._rooms else rooms
        listed = [_told(f"  {room}") for room in new] if rooms is not self._rooms else []
        self._rooms = rooms
        lines: list[str] = []
        end = self._shown if self.printer.behind else conversation.transcript.end
        for number in range(max(self._shown, conversation.transcript.first), end):
            line = self._line(number)
            lines += [line] if line else []
        self._shown = end
        question = len(lines)  # what the program asks last comes after the rooms
        while question and lines[question - 1].startswith("» "):
            question -= 1
        lines[question:question] = listed
        lines += self._instead_of_overlay()
        if conversation.flash != self._flash:
            self._flash = conversation.flash
            lines += [_told(conversation.flash)] if conversation.flash else []
        if lines:
            self.printer.put("\n".join(lines) + "\n")

    # -- in --------------------------------------------------------------------------------------

    @property
    def _ready(self) -> bool:
        """Tell whether the conversation can do something with a line."""
        chat = self._chat
        if chat.leaving:
            return False
        if chat.stage == Stage.LOBBY and chat.lobby.listing and self._typed_at_terminal:
            return not chat.entrance.room  # do not wait until all rooms have come
        if chat.stage in (Stage.LOBBY, Stage.NAMING):
            return chat.request is None and not chat.rejoining
        if self._typed_at_terminal:
            return chat.stage in (Stage.ASK, Stage.ROOM, Stage.LOST)
        is_quiet = chat.stage == Stage.ROOM and not (chat.waiting or chat.asking_who)
        return chat.stage == Stage.ASK or is_quiet

    @property
    def _stranded(self) -> bool:
        """Tell whether the connection is lost and there is nobody to say what to do."""
        return self._chat.stage == Stage.LOST and not self._typed_at_terminal and not self._left

    @property
    def _refused(self) -> bool:
        """Tell whether the room or nick given as an option was refused, and nobody can answer.

        A line that is piped in is not an answer: it was meant for the room.
        """
        return self._chat.entrance.refused and not self._typed_at_terminal

    def _enter(self, line: str) -> None:
        """Give the app a line."""
        conversation = self._conversation
        conversation.flash = self._flash = ""
        name = line.strip().partition(" ")[0]
        if name in SCREEN_ONLY:
            conversation.flash = messages.FOR_THE_SCREEN.format(name=name)
            return
        conversation.editor.set(line)
        enter(self._state, conversation.editor.submit())
        conversation.editor.set("")

    @property
    def _wanted(self) -> bool:
        """Tell whether more input could be used."""
        return not self._ended and "\n" not in self._text and self._ready

    @property
    def _fetched(self) -> bool:
        """Tell whether the thread that reads ahead has input, or its end, to be taken."""
        bell = self._doorbell
        return self._wanted and bell is not None and (bell.rung or bell.gone)

    def _take(self, data: bytes | None) -> None:
        if data is None:  # another process that shares the input was faster
            return
        self._ended = not data
        self._text += self._decoder.decode(data, final=not data)

    def _read_ahead(self) -> bool:
        """Read, in the doorbell's thread; False at the end of the input."""
        self._came = self._input.read(READ_BYTES) or b""
        return bool(self._came)

    # -- out -------------------------------------------------------------------------------------

    def _instead_of_overlay(self) -> list[str]:
        """Return what a command would show: the lines that /search found, the words of /help."""
        overlay, self._state.overlay = self._state.overlay, None
        if overlay is None:
            return []
        while overlay.unfinished:
            overlay.work(self._state)
        found = [self._printed(number) for number in overlay.found[-MOST_FOUND:]]
        return found + [*map(_told, overlay.told)]

    def _line(self, number: int) -> str:
        """Return a line of the transcript as it is printed; "" for one that the user typed."""
        own = self._conversation.transcript.kind(number) == OWN
        return "" if own and self._typed_at_terminal else self._printed(number)

    def _printed(self, number: int) -> str:
        transcript = self._conversation.transcript
        if transcript.kind(number) in PROGRAM:
            return _told(transcript.text(number))
        return f"{transcript.stamp(number).minute} {_unsigned(transcript.line(number))}"


def _told(text: str) -> str:
    """Return a line of the program's own, after its sign."""
    return f"» {_unsigned(text)}"


def _unsigned(text: str) -> str:
    """Return text that may come from others, with the program's sign replaced."""
    return text.replace("»", '"')
