"""Run one program in the foreground of a terminal, as a shell with job control runs it.

    python -I -S foreground.py CONTROL REPORT PROGRAM [ARGUMENT …]

Standard input is the terminal, and this process the leader of a new session. The program gets a
process group of its own in that session. Without such a parent its group would be orphaned, and
the kernel would ignore its Ctrl-Z (POSIX, General Terminal Interface, 11.1.4).

REPORT (a descriptor) gets lines: `pid N`, `stopped SIGNAL`, `exit STATUS` (negative: by signal).
CONTROL takes lines: `fg` continues the stopped program. When CONTROL is closed, the program is
killed, so that a test run which dies leaves nothing behind. The terminal's settings are never
touched here: they stay as the program left them, for the tests to see.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import termios
import threading

FROM_TERMINAL = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTSTP,
    signal.SIGTTIN,
    signal.SIGTTOU,
)
IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)


def become_program(argv: list[str]) -> None:
    """Make a process group that has the terminal, and become the program."""
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    for number in FROM_TERMINAL + IGNORED_BY_PYTHON:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        os.write(2, f"{argv[0]}: {error.strerror}\n".encode())
        os._exit(127)


def take_terminal(group: int) -> None:
    """Make `group` the foreground process group, if there still is a terminal."""
    try:
        os.tcsetpgrp(0, group)
    except OSError as error:
        os.write(2, f"no terminal any more: {error.strerror}\n".encode())


def pass_on_hangup(child: int) -> None:
    """Wait until the terminal is gone; tell the program, if it has not ended by itself."""
    signal.sigwait({signal.SIGHUP})
    try:
        os.killpg(child, signal.SIGHUP)
    except (ProcessLookupError, PermissionError):  # the latter on macOS
        return


def obey(control: int, child: int) -> None:
    """Carry out the commands that arrive, until CONTROL is closed."""
    while data := os.read(control, 1024):
        if b"fg" in data:
            take_terminal(child)
            os.killpg(child, signal.SIGCONT)
    os.killpg(child, signal.SIGKILL)


def main() -> None:
    """Start the program, and report what becomes of it."""
    control, report, argv = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    os.set_inheritable(control, False)
    os.set_inheritable(report, False)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for number in FROM_TERMINAL:
        signal.signal(number, signal.SIG_IGN)
    # A terminal that vanishes tells the session's leader only (setsid(2)); a shell tells its jobs.
    # A thread waits for it: a handler would not run before `waitpid` returns.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        become_program(argv)
    threading.Thread(target=pass_on_hangup, args=(child,), daemon=True).start()
    os.write(report, f"pid {child}\n".encode())
    threading.Thread(target=obey, args=(control, child), daemon=True).start()
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            break
        take_terminal(os.getpgrp())
        os.write(report, f"stopped {os.WSTOPSIG(status)}\n".encode())
    os.write(report, f"exit {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
