"""The floor, run as a program of its own: the least that is still a chat client in Python's curses.

It keeps what it receives as a list of str, and shows the end of it at most 60 times a second. It
shows a key and Page Up at once, and follows the size of the window. It wraps and colours nothing.
"""

import curses
import os
import select
import signal
import socket
import sys
import time

FRAME_S = 1 / 60
PAGE_UP, BACKSPACE = curses.KEY_PPAGE, (curses.KEY_BACKSPACE, 127)


class Client:
    """What was received and typed, and the screen that shows it."""

    def __init__(self, screen: curses.window) -> None:
        self.screen = screen
        self.lines: list[str] = []
        self.typed = ""
        self.above = 0  # lines between the end of the page and the last line
        self.painted = 0.0
        self.stale = True

    def chat(self, port: int) -> None:
        """Chat until the terminal or the server goes away."""
        server = socket.create_connection(("127.0.0.1", port))
        self.screen.nodelay(True)
        self.screen.idlok(True)
        signal.signal(signal.SIGWINCH, self.resized)
        rest = b""
        while True:
            due = self.painted + FRAME_S - time.monotonic()
            if self.stale and due <= 0:
                self.paint()
            wanted = [0, server.fileno()]
            ready, _, _ = select.select(wanted, [], [], due if self.stale else None)
            if 0 in ready:
                self.press()
            if server.fileno() in ready:
                data = server.recv(65536)
                if not data:
                    return
                *lines, rest = (rest + data).split(b"\n")
                self.lines += [line.decode() for line in lines]
                self.stale = True

    def press(self) -> None:
        """Take the keys that were pressed, and show what they did."""
        while (key := self.screen.getch()) != -1:
            if key == PAGE_UP:
                self.above += curses.LINES - 1
                self.paint()
            elif key in BACKSPACE:
                self.typed = self.typed[:-1]
            else:
                self.typed += chr(key)
        self.prompt()
        self.screen.refresh()

    def resized(self, *_: object) -> None:
        """Adopt the window's new size."""
        cols, rows = os.get_terminal_size()
        curses.resizeterm(rows, cols)
        self.paint()

    def paint(self) -> None:
        """Show the page."""
        rows, cols = self.screen.getmaxyx()
        end = len(self.lines) - self.above
        self.screen.erase()
        for row, line in enumerate(self.lines[max(0, end - rows + 1) : max(0, end)]):
            self.screen.addnstr(row, 0, line, cols)
        self.prompt()
        self.screen.refresh()
        self.painted, self.stale = time.monotonic(), False

    def prompt(self) -> None:
        """Write the line that is being typed."""
        rows, cols = self.screen.getmaxyx()
        self.screen.move(rows - 1, 0)
        self.screen.clrtoeol()
        self.screen.addnstr("BENCH> " + self.typed, cols - 1)


if __name__ == "__main__":
    curses.wrapper(lambda screen: Client(screen).chat(int(sys.argv[1])))
