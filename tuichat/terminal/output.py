"""Standard output as curses finds it: a terminal that always takes everything at once.

The real one may stand still (a connection that hangs, a frozen tmux), and curses would write until
all is taken, deaf to signals. So it draws into a file, in memory where there are such files, and
from there the terminal gets what it takes.
"""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

_STDOUT = 1
_LOOK_S = 0.01
_LOOKS = 100  # what it does not take within a second at the end, it hardly will


class Output:
    """What goes to the terminal. Inside `with`, curses can write; on Windows it always can.

    The terminal is opened once more, not to block: others share standard output, and with it that
    setting. Where it may not be opened (after `su`), it is waited for.
    """

    def __init__(self) -> None:
        self._data = b""
        if os.name != "nt":
            import termios  # here, as there is none on Windows

            self._settings = termios.tcgetattr(_STDOUT)
            self._stdout = os.dup(_STDOUT)
            self._drawn = _file()
            self._terminal = self._open()

    def __enter__(self) -> None:
        if os.name != "nt":
            os.dup2(self._drawn, _STDOUT)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if os.name != "nt":
            os.dup2(self._stdout, _STDOUT)
            size = os.lseek(self._drawn, 0, os.SEEK_CUR)
            if size:
                os.lseek(self._drawn, 0, os.SEEK_SET)
                self.put(os.read(self._drawn, size))
                os.lseek(self._drawn, 0, os.SEEK_SET)

    def put(self, data: bytes) -> None:
        """Send the terminal something, after what waits already."""
        self._data += data
        self._send()

    def outputs(self) -> list[int]:
        """Return what to select for writing while something waits."""
        return [self._terminal] if self._data else []

    def write(self, ready: set[object]) -> None:
        """Send what the terminal takes, if `select` named it."""
        if self._data and self._terminal in ready:
            self._send()

    def leave(self) -> None:
        """Send what waits, unless the terminal stands still for a second; restore its settings."""
        for _ in range(_LOOKS):
            if not self._data:
                break
            time.sleep(_LOOK_S)
            self._send()
        if os.name != "nt":
            import termios

            try:
                termios.tcsetattr(_STDOUT, termios.TCSANOW, self._settings)
            except termios.error:
                return  # it has gone

    def close(self) -> None:
        """Give the descriptors back."""
        if os.name != "nt":
            for descriptor in {self._stdout, self._drawn, self._terminal}:
                os.close(descriptor)

    def _open(self) -> int:
        try:
            return os.open(os.ttyname(_STDOUT), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            return self._stdout

    def _send(self) -> None:
        try:
            self._data = self._data[os.write(self._terminal, self._data) :]
        except BlockingIOError:
            return
        except OSError:
            self._data = b""  # the terminal has gone; `Keys` finds that out


def _file() -> int:
    """Return a new file without a name."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("tuichat")
    import tempfile  # here, as Linux needs none

    descriptor, path = tempfile.mkstemp()
    os.unlink(path)
    return descriptor
