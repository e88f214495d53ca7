"""A program on a pseudo-terminal: bytes to it, bytes from it, signals, and how it ends."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import subprocess
import sys
import termios
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent.parent
LOOK_S = 0.001  # how often to look whether the program has read a key
FULL_S = 0.3  # how long a terminal must take nothing to be called full
SHELL = Path(__file__).with_name("foreground.py")


class Program:
    """A program that runs in the foreground of a pseudo-terminal of its own.

    A thread moves the bytes, so the program is never blocked, whatever the test waits for.
    Arguments: as for `tests.support.terminal.Terminal`.
    """

    def __init__(
        self,
        argv: Sequence[str],
        home: Path,
        cols: int,
        rows: int,
        env: Mapping[str, str | None],
    ) -> None:
        self.status: int | None = None
        self.pid = 0
        self._stops = 0
        self._raw = bytearray()
        self._unsent: deque[bytes] = deque()
        self._hanging_up = self._closing = self._ended = self._still = False
        self._changed = threading.Condition()
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        self._set_size(cols, rows)
        self._at_rest = termios.tcgetattr(self._slave)
        self._bell_out, self._bell_in = os.pipe()
        home.mkdir(parents=True, exist_ok=True)
        self._start(argv, home, environment(home, env))
        self._thread = threading.Thread(target=self._serve, name="terminal", daemon=True)
        self._thread.start()
        self._wait_until(lambda: self.pid, 10, "the program to start")

    @property
    def settings_restored(self) -> bool:
        """Whether the terminal's settings (termios) are as they were at first."""
        return termios.tcgetattr(self._slave) == self._at_rest

    @property
    def raw(self) -> bytes:
        """All bytes the program has ever written to the terminal."""
        with self._changed:
            return bytes(self._raw)

    def send(self, data: bytes) -> None:
        """Let exactly these bytes come from the keyboard, once those before have been read.

        The program takes bytes that come together for a paste; a person's keys come one by one.
        """
        with self._changed:
            self._unsent.append(data)
        self._ring()

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def foreground(self) -> None:
        """Continue a stopped program, as the shell's `fg` does."""
        os.write(self._control, b"fg\n")

    def hang_up(self) -> None:
        """Take the terminal away, as a dropped connection does. What was written stays readable."""
        self._hanging_up = True
        self._ring()

    def stand_still(self) -> None:
        """Stop reading what the program writes, like a connection that hangs."""
        self._still = True
        self._ring()

    def read_on(self) -> None:
        """Read again."""
        self._still = False
        self._ring()

    @property
    def is_full(self) -> bool:
        """Whether the terminal stays full for `FULL_S`: the kernel may still be moving data."""
        return not select.select([], [self._slave], [], FULL_S)[1]

    def wait_stopped(self, seconds: float = 10) -> None:
        """Wait until the program is stopped (Ctrl-Z). Each stop is waited for once."""
        self._wait_until(lambda: self._stops, seconds, "the program to stop")
        self._stops -= 1

    def wait_exit(self, seconds: float = 10) -> int:
        """Wait for the program's end. Returns its exit status, or minus the signal's number."""
        self._wait_until(lambda: self.status is not None, seconds, "the program to end")
        assert self.status is not None
        return self.status

    def close(self) -> None:
        """End the program if it still runs, and give the terminal back."""
        if self._closing:
            return
        os.close(self._control)
        self._shell.wait(10)
        self._closing = True
        self._ring()
        self._thread.join(10)
        for descriptor in (self._slave, self._report, self._bell_in, self._bell_out):
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _describe(self) -> str:
        """What the user sees, for a failure's report."""
        raise NotImplementedError

    def _start(self, argv: Sequence[str], home: Path, env: dict[str, str]) -> None:
        control, self._control = os.pipe()
        self._report, report = os.pipe()
        self._shell = subprocess.Popen(
            [sys.executable, "-I", "-S", str(SHELL), str(control), str(report), *argv],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            pass_fds=(control, report),
            start_new_session=True,
            cwd=home,
            env=env,
        )
        os.close(control)
        os.close(report)

    def _serve(self) -> None:
        """The thread: move bytes until `close`."""
        reading = [self._master, self._report, self._bell_out]
        while not self._closing:
            has_more = self._unsent and self._master in reading
            writing = [self._master] if has_more and self._is_read() else []
            pause = LOOK_S if has_more and not writing else None
            heard = [one for one in reading if one != self._master or not self._still]
            readable, writable, _ = select.select(heard, writing, [], pause)
            with self._changed:
                if self._bell_out in readable:
                    os.read(self._bell_out, 1024)
                if writable:
                    self._write()
                if self._master in readable:
                    self._read(reading)
                if self._report in readable:
                    self._read_report(reading)
                if self._hanging_up and self._master in reading:
                    reading.remove(self._master)
                    os.close(self._master)
                self._changed.notify_all()
        if self._master in reading:
            os.close(self._master)

    def _write(self) -> None:
        data = self._unsent.popleft()
        try:
            rest = data[os.write(self._master, data[:4096]) :]
        except BlockingIOError:
            rest = data
        if rest:
            self._unsent.appendleft(rest)

    def _is_read(self) -> bool:
        """Whether the program has read all that was written.

        (Linux delivers what is still on its way before it answers this.)
        """
        return not select.select([self._slave], [], [], 0)[0]

    def _read(self, reading: list[int]) -> None:
        try:
            self._raw += os.read(self._master, 65536)
        except OSError:  # the other side is gone (EIO); the descriptor is closed by `_serve`
            reading.remove(self._master)
            os.close(self._master)

    def _read_report(self, reading: list[int]) -> None:
        lines = os.read(self._report, 1024).decode().splitlines()
        if not lines:
            reading.remove(self._report)
            self._ended = True
        for line in lines:
            word, number = line.split()
            if word == "pid":
                self.pid = int(number)
            elif word == "stopped":
                self._drain(reading)
                self._stops += 1
            else:
                self._drain(reading)
                self.status = int(number)

    def _drain(self, reading: list[int]) -> None:
        """Read what the program wrote before it ended, before its end is reported."""
        while self._master in reading and select.select([self._master], [], [], 0)[0]:
            self._read(reading)

    def _ring(self) -> None:
        os.write(self._bell_in, b"!")

    def _set_size(self, cols: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def _wait_until(self, holds: Callable[[], object], seconds: float, wanted: str) -> None:
        with self._changed:
            self._changed.wait_for(lambda: holds() or self._ended, seconds)
            if not holds():
                state = "runs" if self.status is None else f"has ended with status {self.status}"
                raise AssertionError(
                    f"Waited up to {seconds:g} s for {wanted}. The program {state}:\n"
                    + self._describe()
                )


def environment(home: Path, changes: Mapping[str, str | None]) -> dict[str, str]:
    """A clean environment in which the checkout's own tuichat can be imported.

    Arguments: the home directory; the variables to set, or with None to remove.
    """
    variables: dict[str, str | None] = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "USER": "tester",
        "LOGNAME": "tester",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": str(ROOT),
        **changes,
    }
    return {name: value for name, value in variables.items() if value is not None}
