"""The server's end of the connection: it answers every line with 0, and talks on demand."""

from __future__ import annotations

import socket
import time

PEOPLE = 20
WORDS = ["alpha", "bravo", "delta", "echo", "golf", "hotel", "india", "kilo", "lima", "mike"]
TALK = [" ".join(WORDS[n % 10 :] + WORDS[: n % 10])[:43] + "." for n in range(PEOPLE)]


def chat(start: int, count: int) -> bytes:
    """Return so many lines of chat, from a running number on, each 61 bytes with its end."""
    lines = [
        f"nick{n % PEOPLE:02d}> {n:07d} {TALK[n % PEOPLE]}\n" for n in range(start, start + count)
    ]
    return "".join(lines).encode()


class Server:
    """Listens on loopback and takes one client. Whoever owns it selects on its sockets."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._client: socket.socket | None = None
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
        """What to select for writing."""
        return [self._client] if self._client and self._unsent else []

    def serve(self, ready: list[object]) -> None:
        """Accept or answer what select found, send what is due."""
        if self._listener in ready:
            self._client, _ = self._listener.accept()
            self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._client.setblocking(False)
        elif self._client in ready and self._client:
            requests = self._client.recv(65536).count(b"\n")
            if requests:
                self.say(b"0\n" * requests)
        due = int((time.perf_counter() - self._since) * self._rate) - self._paced
        if due > 0:
            self.say(chat(self._paced, due))
            self._paced += due
        self._flush()

    def say(self, data: bytes) -> None:
        """Send, as fast as it is taken."""
        self._unsent = memoryview(bytes(self._unsent) + data if self._unsent else data)
        self._flush()

    def pace(self, lines_per_s: float) -> int:
        """From now on send so many lines of chat a second, one by one; 0 ends it.

        Returns how many were sent at the pace before.
        """
        sent = self._paced
        self._rate, self._since, self._paced = lines_per_s, time.perf_counter(), 0
        return sent

    def close(self) -> None:
        """Hang up."""
        self._listener.close()
        if self._client:
            self._client.close()

    def _flush(self) -> None:
        if self._client and self._unsent:
            try:
                self._unsent = self._unsent[self._client.send(self._unsent[: 1 << 18]) :]
            except BlockingIOError:
                return
