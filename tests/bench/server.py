"""The server's end of the connection: it answers every line with 0, and talks on demand."""

from __future__ import annotations

import socket
import ssl
import time

NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
PEOPLE = 20
WORDS = ["alpha", "bravo", "delta", "echo", "golf", "hotel", "india", "kilo", "lima", "mike"]
TALK = [" ".join(WORDS[n % 10 :] + WORDS[: n % 10])[:43] + "." for n in range(PEOPLE)]


def chat(start: int, count: int) -> bytes:
    """Return `count` lines of chat, numbered from `start`, each 61 bytes with its end."""
    lines = [
        f"nick{n % PEOPLE:02d}> {n:07d} {TALK[n % PEOPLE]}\n" for n in range(start, start + count)
    ]
    return "".join(lines).encode()


class Server:
    """Listens on loopback and takes one client. Its owner selects on its sockets.

    Arguments: the port, or 0 for any that is free; a directory for what it has to keep.
    """

    chunk = 1 << 18  # bytes sent at once, at most

    def __init__(self, port: int, home: str) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._home = home
        self._client: socket.socket | None = None
        self._received = b""
        self._unsent = memoryview(b"")
        self._rate = self._since = 0.0
        self._paced = 0
        self.port: int = self._listener.getsockname()[1]

    @property
    def connected(self) -> bool:
        """Whether the client has come."""
        return self._client is not None

    @property
    def readers(self) -> list[socket.socket]:
        """What to select for reading."""
        return [self._client or self._listener]

    @property
    def writers(self) -> list[socket.socket]:
        """What to select for writing: nothing once all that was said is sent."""
        return [self._client] if self._client and self._unsent else []

    def serve(self, ready: list[object]) -> None:
        """Accept or answer what `select` found; send what is due."""
        if self._listener in ready:
            self._received = b""
            client, _ = self._listener.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._client = self.wrapped(client)
            self._client.setblocking(False)
        elif self._client in ready and self._client:
            self._receive(self._client)
        due = int((time.perf_counter() - self._since) * self._rate) - self._paced
        if due > 0:
            self.say(self.encoded(chat(self._paced, due)))
            self._paced += due
        self._flush()

    def say(self, data: bytes) -> None:
        """Send data as fast as it is taken."""
        self._unsent = memoryview(bytes(self._unsent) + data if self._unsent else data)
        self._flush()

    def pace(self, lines_per_s: float) -> int:
        """From now on send this many lines of chat a second, one by one; 0 ends it.

        Returns how many were sent at the pace before.
        """
        sent = self._paced
        self._rate, self._since, self._paced = lines_per_s, time.perf_counter(), 0
        return sent

    def close(self) -> None:
        """Close the connection and stop listening."""
        self._listener.close()
        if self._client:
            self._client.close()

    # What another protocol does differently

    def answer(self, line: str) -> str:
        """Return the answer to a line from the client."""
        return "0\n"

    def encoded(self, lines: bytes) -> bytes:
        """Return lines of chat as the protocol sends them."""
        return lines

    def wrapped(self, client: socket.socket) -> socket.socket:
        """Return the socket to talk through."""
        return client

    def _receive(self, client: socket.socket) -> None:
        try:
            data = client.recv(65536)
        except NOT_NOW:
            return
        if not data:  # it may come again: with another end of line
            client.close()
            self._client = None
            return
        *lines, self._received = (self._received + data).split(b"\n")
        if answers := "".join(self.answer(line.decode().rstrip("\r")) for line in lines):
            self.say(answers.encode())

    def _flush(self) -> None:
        if self._client and self._unsent:
            try:
                self._unsent = self._unsent[self._client.send(self._unsent[: self.chunk]) :]
            except NOT_NOW:
                return
