"""Servers of other protocols, for tests: each has a greeting, and answers whatever it is sent.

    with Stranger(greeting=b"SSH-2.0-OpenSSH_9.2\\r\\n") as server:
        … connect to 127.0.0.1, server.port …
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from tests.support.loopback import served_first


class Stranger:
    """Serves one client after the other, each in a thread.

    `greeting` is what it says first. `answer(data)` returns what it replies to an arrival, None to
    say the `last` thing and hang up.
    """

    def __init__(
        self,
        greeting: bytes = b"",
        answer: Callable[[bytes], bytes | None] = lambda data: b"",
        last: bytes = b"",
    ) -> None:
        self.connections = 0
        self.heard = b""
        self._greeting = greeting
        self._answer = answer
        self._last = last
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Stranger:
        return self

    def __exit__(self, *error: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with served_first(), sock:
            try:
                sock.sendall(self._greeting)
                while data := sock.recv(4096):
                    self.heard += data
                    reply = self._answer(data)
                    if reply is None:
                        sock.sendall(self._last)
                        return
                    sock.sendall(reply)
            except OSError:
                return  # the client has gone
