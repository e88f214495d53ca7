"""A program on a pseudo-terminal and the server it talks to, both driven by one `select`."""

from __future__ import annotations

import fcntl
import os
import random
import select
import signal
import struct
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tests.bench.subjects import Subject, environment

COLS, ROWS = 100, 30
TURN_S = 0.0005  # how late the end of a wait may be noticed
PATIENCE_S = 300.0  # WeeChat takes long for a flood
DRAWN_S = 0.025  # silence after which it has drawn; a status bar may follow later
REST_S = 0.1  # silence after which it has done all there was to do
LEAVING_S = 0.3
TAIL = 64  # bytes; a text to be found may come in two reads
HALVES = "ABCDEFGHIJKLM", "NOPQRSTUVWXYZ"


class Stuck(Exception):
    """A program did not do in time what it should."""


class Rig:
    """Runs a subject. All times are in milliseconds, from the stimulus to its effect."""

    def __init__(self, subject: Subject, home: str, port: int = 0) -> None:
        own = Path(home, subject.name)  # its home: no two programs share one
        own.mkdir(exist_ok=True)
        self.subject = subject
        self.server = subject.serve(port, str(own))
        given = {"port": self.server.port, "home": own}
        if subject.config:
            name, text = subject.config
            (own / name).write_text(text.format(**given), encoding="utf-8")
        self._tail = self._end = b""
        self._ended = False
        self._random, self._tokens = random.Random(1), 0
        self._master, slave = os.openpty()
        self.resize(COLS, ROWS)
        os.set_blocking(self._master, False)
        self._since = self._last = time.perf_counter()
        argv = [word.format(**given) for word in subject.argv]
        # A terminal that the leader of a session opens becomes its controlling terminal.
        opened = [(os.POSIX_SPAWN_OPEN, 0, os.ttyname(slave), os.O_RDWR, 0)]
        copied = [(os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2)]
        self.pid = os.posix_spawnp(
            argv[0], argv, environment(str(own)), file_actions=opened + copied, setsid=True
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up, as a closed window does, and wait for the end; if needed, signal again."""
        self.server.close()
        for insistence in (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL):
            if not self._ended:
                os.kill(self.pid, insistence)
            deadline = time.perf_counter() + LEAVING_S
            while not self._ended and time.perf_counter() < deadline:
                if select.select([self._master], [], [], LEAVING_S)[0]:
                    self._read()
        os.waitpid(self.pid, 0)
        os.close(self._master)

    # What a person and a server do

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def resize(self, cols: int, rows: int) -> None:
        """Give the window another size in cells; the kernel sends SIGWINCH."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    # How long it takes

    def started(self, text: str) -> float:
        """Return when a text was shown for the first time, counted from the start."""
        self._see(text)
        return (self._last - self._since) * 1e3

    def enter(self) -> Self:
        """Wait until it is in the room and at rest, ready to be measured."""
        if self.subject.ready:
            self._see(self.subject.ready)
        else:
            self.wait(lambda: self.server.connected, "a connection")
        self.rest()
        return self

    def shown(self, text: str, stimulus: Callable[[], None]) -> float:
        """Return how long after a stimulus a text comes out."""
        self._tail, since = b"", time.perf_counter()
        stimulus()
        self._see(text)
        return (self._last - since) * 1e3

    def told(self, before: bytes = b"") -> float:
        """Return how long a message, sent in one piece after others, takes to reach the screen."""
        token, data = self._message(before)
        return self.shown(token, lambda: self.server.say(data))

    def flood(self, lines: bytes) -> None:
        """Send lines as fast as they are taken, and a message that ends them."""
        token, data = self._message(lines)
        self._end = token.encode()
        self.server.say(data)

    @property
    def flooded(self) -> bool:
        """Whether the message at the end of a flood is still to be shown."""
        return bool(self._end)

    def _message(self, before: bytes) -> tuple[str, bytes]:
        """Return the text of a message, and its bytes after those of others.

        It differs in every character from the one before, so that curses cannot split it.
        """
        self._tokens += 1
        token = "".join(self._random.sample(HALVES[self._tokens % 2], 8))
        return token, self.server.encoded(before + f"nick00> {token}\n".encode())

    def answered(self, stimulus: Callable[[], object]) -> float:
        """Return how long after a stimulus the first bytes come out: a frame is one piece."""
        since = time.perf_counter()
        stimulus()
        self.wait(lambda: self._last > since, "an answer")
        return (self._last - since) * 1e3

    def drawn(self, stimulus: Callable[[], object]) -> float:
        """Return how long after a stimulus the last byte that it leads to comes out."""
        since = time.perf_counter()
        stimulus()
        self.wait(lambda: self._last > since, "an answer")
        self.rest(DRAWN_S)
        taken = (self._last - since) * 1e3
        self.rest()
        return taken

    def rest(self, quiet_s: float = REST_S) -> None:
        """Wait until nothing has come out for a while."""
        since = time.perf_counter()
        self.wait(lambda: time.perf_counter() - max(since, self._last) > quiet_s, "rest")

    def sleep(self, seconds: float) -> None:
        """Let time pass, while the server goes on."""
        self._until(lambda: False, seconds)

    def wait(self, holds: Callable[[], bool], wanted: str) -> None:
        """Wait until something holds; else raise `Stuck`, which names what was wanted."""
        if not self._until(holds, PATIENCE_S):
            raise Stuck(f"{self.subject.name}: waited for {wanted}; last came {self._tail!r}")

    # The loop

    def _see(self, text: str) -> None:
        wanted = text.encode()
        self.wait(lambda: wanted in self._tail, f"{text!r}")

    def _until(self, holds: Callable[[], bool], seconds: float) -> bool:
        deadline = time.perf_counter() + seconds
        while not holds():
            if self._ended or time.perf_counter() > deadline:
                return False
            readers: list[Any] = [*self.server.readers, self._master]
            ready, writable, _ = select.select(readers, self.server.writers, [], TURN_S)
            if self._master in ready:
                self._read()
            self.server.serve(ready)
        return True

    def _read(self) -> None:
        try:
            data = os.read(self._master, 65536)
        except OSError:  # EIO: nobody has the terminal open any more
            self._ended = True
            return
        self._last = time.perf_counter()
        self._tail = self._tail[-TAIL:] + data
        if self._end in self._tail:
            self._end = b""
