"""Standard output for curses: something that takes a whole frame at once.

A terminal may stall (a connection that hangs, a frozen tmux), and curses would block until
everything is written, and no signal would be handled. So curses writes into a pipe that holds a
whole frame, and from there the terminal gets as much as it can take.
"""

from __future__ import annotations

import os
import time

_STDOUT = 1
_PIPE_BYTES = 1 << 20  # the most that Linux grants an ordinary user (pipe(7))
_CELL_BYTES = 24  # a character and four marks on it, of four bytes each, and a share of the colours
_READ_BYTES = 1 << 16
_LOOK_S = 0.01
_LOOKS = 100  # at the end the terminal has a second in all; then the rest is given up


class Output:
    """What goes to the terminal: `flush` sends what curses wrote between `begin` and `end`.

    `pending` is what the terminal `fd` has not taken yet; while it is not empty, select `fd` for
    writing and call `write`. The terminal is opened a second time, non-blocking, as other programs
    share standard output and would share that setting. If it may not be opened (after `su`),
    writing blocks. Where no pipe holds a frame (only Linux has such large ones), and on Windows,
    curses writes to the terminal itself.
    """

    def __init__(self) -> None:
        self.fd = _STDOUT
        self.pending = b""
        self._source: int | None = None  # the read end of the pipe, while there is one
        if os.name != "nt":
            import termios  # here, as there is none on Windows

            self._settings = termios.tcgetattr(_STDOUT)
            self._stdout = os.dup(_STDOUT)
            self.fd = self._open()

    def begin(self, cells: int) -> None:
        """Let curses write into a pipe; `cells` is the size of the screen."""
        if os.name == "nt" or cells * _CELL_BYTES > _PIPE_BYTES:
            return
        import fcntl  # here, as there is none on Windows

        if hasattr(fcntl, "F_SETPIPE_SZ"):
            source, sink = os.pipe()
            try:
                fcntl.fcntl(sink, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
            except PermissionError:  # the user has too many pipes
                os.close(source)
            else:
                os.set_blocking(source, False)
                os.dup2(sink, _STDOUT)
                self._source = source
            os.close(sink)

    def end(self) -> None:
        """Send what curses wrote; standard output is the terminal again."""
        self.flush()
        if self._source is not None:
            os.dup2(self._stdout, _STDOUT)
            os.close(self._source)
            self._source = None

    def flush(self) -> None:
        """Send what curses wrote."""
        if self._source is None:
            return
        try:
            while len(data := os.read(self._source, _READ_BYTES)) == _READ_BYTES:
                self.pending += data
            self.pending += data
        except BlockingIOError:  # there is no more
            pass
        self.write()

    def put(self, data: bytes) -> None:
        """Send `data` after what waits already."""
        self.pending += data
        self.write()

    def write(self) -> None:
        """Send what the terminal takes."""
        if self.pending:
            try:
                self.pending = self.pending[os.write(self.fd, self.pending) :]
            except BlockingIOError:
                return
            except OSError:
                self.pending = b""  # the terminal has gone; `Keys` finds that out

    def leave(self) -> None:
        """Send what waits, for a second at most; restore the terminal's settings."""
        for _ in range(_LOOKS):
            if not self.pending:
                break
            time.sleep(_LOOK_S)
            self.write()
        if os.name != "nt":
            import termios

            try:
                termios.tcsetattr(_STDOUT, termios.TCSANOW, self._settings)
            except termios.error:
                return  # it has gone

    def close(self) -> None:
        """Give the descriptors back."""
        if os.name != "nt":
            for descriptor in {self._stdout, self.fd}:
                os.close(descriptor)

    def _open(self) -> int:
        try:
            return os.open(os.ttyname(_STDOUT), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            return self._stdout
