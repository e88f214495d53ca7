"""What wakes the one `select` besides the socket and the keyboard: a pair of sockets.

Signals, the thread that looks up names and, on Windows, the console write a byte into it. The
bytes mean nothing; what happened is recorded where it happened, so a full buffer loses nothing.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable
    from socket import socketpair
    from types import FrameType, TracebackType
    from typing import Any
else:
    # The C modules below `signal` and `socket`, whose enumerations take milliseconds of the start.
    import _signal as signal

    if sys.platform == "win32":
        from socket import socketpair
    else:
        from _socket import socketpair


def _number(name: str) -> int:
    """Return a signal's number, 0 (which no signal has) where there is no such signal."""
    return int(getattr(signal, name, 0))


RESIZE = _number("SIGWINCH")
CONTINUE = _number("SIGCONT")
SUSPEND = _number("SIGTSTP")
ENDING = frozenset(
    map(_number, ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGBREAK"))
) - {0}  # fmt: skip


def stop() -> bool:
    """Stop, as Ctrl-Z does elsewhere, until continued; return False if that is impossible.

    The whole process group stops, as it does when the terminal handles Ctrl-Z: a script, `make` or
    `time` that started the program would otherwise go on waiting for it, and the shell for them.
    Meanwhile signals that end the program end it at once, as the terminal is the shell's: there
    is nothing to restore, and to try that in the background would stop the program again (SIGTTOU).
    """
    if not SUSPEND:
        return False
    handlers = {n: was for n in (SUSPEND, *ENDING) if callable(was := signal.getsignal(n))}
    signal.signal(SUSPEND, signal.SIG_IGN)  # while the others in the group stop
    os.kill(0, SUSPEND)
    for number in handlers:
        signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(SUSPEND)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    return True


class Wakeup:
    """The wake-up socket: readable when `ring` was called or a signal has come.

    As a context manager it handles the signals above, and at the end restores the old handlers.
    Enter it in the main thread, and before `Screen`: ncurses installs handlers of its own for
    signals that nobody handles.
    """

    def __init__(self) -> None:
        self._reader, self._writer = socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._signals: list[int] = []
        self._previous: dict[int, Any] = {}
        self._previous_fd = -1

    def __enter__(self) -> Wakeup:
        # select() is retried after a signal (PEP 475), and one that comes just before it would
        # go unnoticed: the byte that the C handler writes here wakes it in both cases.
        self._previous_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in sorted({RESIZE, CONTINUE, SUSPEND, *ENDING} - {0}):
            if number == _number("SIGHUP") and signal.getsignal(number) == signal.SIG_IGN:
                continue  # started with nohup
            self._previous[number] = signal.signal(number, self._record)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._previous.clear()
        signal.set_wakeup_fd(self._previous_fd)
        self._writer.close()  # first: a thread that still rings then knows why it cannot
        self._reader.close()

    def fileno(self) -> int:
        """Return what to select for reading."""
        return self._reader.fileno()

    def ring(self) -> None:
        """Wake the loop; from any thread."""
        try:
            self._writer.send(b"\0")
        except BlockingIOError:
            return  # full: the loop is going to wake anyway
        except OSError:
            if self._writer.fileno() >= 0:
                raise
            # A look-up that ended after the program did: there is nobody left to wake.

    def drain(self) -> list[int]:
        """Return the signals since the last time, each once, in the order they came.

        Compare them with `RESIZE`, `CONTINUE`, `SUSPEND`; for one of `ENDING` the program must
        end with the status 128 + number. An empty list means `ring` alone.
        """
        try:
            while self._reader.recv(4096):
                pass
        except BlockingIOError:
            pass  # all is read
        signals, self._signals = self._signals, []
        return list(dict.fromkeys(signals))

    def _record(self, number: int, frame: FrameType | None) -> None:
        self._signals.append(number)


class Doorbell:
    """Lets `select`, which takes only sockets on Windows, wait for the console.

    Curses may be called from one thread only. So another thread waits until the console has input,
    sets `rung` and rings; the loop reads all keys, and calls `acknowledge`; only then does the
    thread wait for the console again.
    """

    def __init__(self, wakeup: Wakeup, wait: Callable[[], bool] | None = None) -> None:
        """Start the thread. `wait` blocks until there is input; False: there will be no more."""
        import threading  # here, as only Windows needs it, and it costs a millisecond

        self._wakeup = wakeup
        self._wait = wait or wait_for_console
        self._answered = threading.Event()
        self.rung = False
        self.gone = False
        threading.Thread(target=self._watch, name="doorbell", daemon=True).start()

    def acknowledge(self) -> None:
        """Say that all input was read."""
        self.rung = False
        self._answered.set()

    def _watch(self) -> None:
        while self._wait():
            self.rung = True
            self._wakeup.ring()
            self._answered.wait()
            self._answered.clear()
        self.gone = True
        self._wakeup.ring()


if sys.platform == "win32":

    def wait_for_console() -> bool:
        """Block until the console has input; False if there is no console, or no longer."""
        import ctypes

        kernel = ctypes.WinDLL("kernel32")
        kernel.GetStdHandle.restype = ctypes.c_void_p
        kernel.WaitForSingleObject.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
        standard_input, infinite, signalled = -10, 0xFFFFFFFF, 0
        handle = kernel.GetStdHandle(standard_input)
        return bool(kernel.WaitForSingleObject(handle, infinite) == signalled)

else:

    def wait_for_console() -> bool:
        """There is no such console here: `select` takes the terminal itself."""
        return False
