"""A floor, run as a program of its own: the least that a chat client in Python has to do.

It receives, splits, decodes and keeps lines as a list of str, writes the newest one, echoes keys,
and writes a screenful of what it keeps when the window changes or Page Up is pressed.
"""

import os
import select
import signal
import socket
import sys
import tty

PAGE_UP = b"\x1b[5~"
LINES: list[str] = []


def paint(above: int) -> None:
    """Write the screenful that ends so many lines above the last one."""
    cols, rows = os.get_terminal_size()
    end = len(LINES) - above
    page = [line[:cols] for line in LINES[max(0, end - rows) : end]]
    os.write(1, ("\x1b[H\x1b[2J" + "\r\n".join(page)).encode())


def main(port: int) -> None:
    """Chat, until the terminal is taken away."""
    tty.setraw(0)
    signal.signal(signal.SIGWINCH, lambda *_: paint(0))
    server = socket.create_connection(("127.0.0.1", port))
    os.write(1, "BENCH›".encode())
    rest, above = b"", 0
    while True:
        ready, _, _ = select.select([sys.stdin, server], [], [])
        if sys.stdin in ready:
            keys = os.read(0, 4096)
            if keys == PAGE_UP:
                above += os.get_terminal_size().lines
                paint(above)
            else:
                os.write(1, keys)
        if server in ready:
            *lines, rest = (rest + server.recv(65536)).split(b"\n")
            LINES.extend([line.decode() for line in lines])
            if lines:
                os.write(1, lines[-1])


if __name__ == "__main__":
    main(int(sys.argv[1]))
