"""A bad link between a client and a server, for tests.

    with DialectServer("lf") as server, FaultProxy(server.port) as link:
        … connect to 127.0.0.1, link.port …
        link.down.sizes = itertools.cycle([1, 2, 500])    # what the client gets is split
        link.up.held = True                               # the server reads no more
        link.reset()

Every setting can be changed at any time, also for open connections. Nothing is ever lost or
changed: bytes are delayed, split, merged, slowed down or held, until a cut or a reset.
"""

from __future__ import annotations

import selectors
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

BUFFER = 65536  # bytes under way in one direction; then the sender has to wait, as with TCP


@dataclass
class Direction:
    """How the link behaves in one direction. Times are in seconds.

    `sizes`: how many bytes each piece has (endless), None for as they come; `pause`: between two
    pieces; `delay`: how long bytes are under way; `merge`: how long to collect bytes into one
    piece; `rate`: bytes a second at most, or None; `held`: nothing gets through (a black hole, or
    a peer that never reads).
    """

    sizes: Iterator[int] | None = None
    pause: float = 0.001
    delay: float = 0.0
    merge: float = 0.0
    rate: float | None = None
    held: bool = False


class _Flow:
    """One connection's bytes in one direction."""

    def __init__(self, source: socket.socket, sink: socket.socket, weather: Direction) -> None:
        self.source, self.sink, self.weather = source, sink, weather
        self.pieces: deque[tuple[float, bytearray]] = deque()
        self.next_at = 0.0
        self.ended = ""  # "eof" or "reset", once the source has
        self.finished = False

    @property
    def wants_data(self) -> bool:
        size = sum(len(piece) for _, piece in self.pieces)
        return not self.ended and not self.weather.held and size < BUFFER

    @property
    def due(self) -> float | None:
        """When there will be something to do, or None."""
        if self.finished or self.weather.held:
            return None
        if self.pieces:
            return max(self.pieces[0][0], self.next_at)
        return 0.0 if self.ended else None

    def read(self, now: float) -> None:
        try:
            data = self.source.recv(BUFFER)
        except ConnectionError:
            self.ended = "reset"
            return
        if not data:
            self.ended = "eof"
        elif self.weather.merge and self.pieces:
            self.pieces[-1][1].extend(data)
        else:
            arrival = now + self.weather.delay + self.weather.merge
            self.pieces.append((arrival, bytearray(data)))

    def write(self, now: float) -> None:
        """Pass on what is due. Raises ConnectionError if the sink is gone."""
        while self.pieces and self.due is not None and self.due <= now:
            piece = self.pieces[0][1]
            try:
                sent = self.sink.send(piece[: self._size()])
            except BlockingIOError:
                self.next_at = now + 0.005
                return
            del piece[:sent]
            if not piece:
                self.pieces.popleft()
            if self.weather.rate:
                self.next_at = now + sent / self.weather.rate
            elif self.weather.sizes:
                self.next_at = now + self.weather.pause

    def _size(self) -> int:
        if self.weather.sizes:
            return next(self.weather.sizes)
        return max(1, int(self.weather.rate / 20)) if self.weather.rate else BUFFER


class FaultProxy:
    """A proxy on a free port of the loopback interface.

    Arguments: the server's port; `window`, how many bytes from a client the kernel keeps for it
    (about; None for as many as it likes, which are millions). `down` is the direction from
    the server to the client, `up` the other; `port` is where clients connect.
    """

    def __init__(self, server_port: int, window: int | None = None) -> None:
        self.down, self.up = Direction(), Direction()
        self._server_port = server_port
        self._links: list[tuple[_Flow, _Flow]] = []
        self._lock = threading.Lock()
        self._failure: BaseException | None = None
        self._running = True
        self._listener = socket.create_server(("127.0.0.1", 0))
        if window:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="faults", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """HOST:PORT, as a client's command line takes it."""
        return f"127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections there are."""
        with self._lock:
            return len(self._links)

    def cut(self) -> None:
        """End every connection with FIN in both directions. What is under way is lost."""
        self._end(reset=False)

    def reset(self) -> None:
        """End every connection with RST in both directions. What is under way is lost."""
        self._end(reset=True)

    def stop(self) -> None:
        """End everything, and refuse further connections."""
        self._running = False
        self._thread.join(10)
        if self._failure:
            raise self._failure

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            while self._running:
                self._turn()
        except BaseException as failure:  # shown to the test by `stop`
            self._failure = failure
        finally:
            self._end(reset=False)
            self._listener.close()

    def _turn(self) -> None:
        # Changing a setting, a plain attribute, wakes nothing: so look again soon in any case.
        ready = self._select(0.02)
        now = time.monotonic()
        with self._lock:
            if self._listener in ready:
                self._accept()
            for link in list(self._links):
                self._serve(link, ready, now)

    def _select(self, longest: float) -> set[object]:
        now = time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            with self._lock:
                for flow in (flow for link in self._links for flow in link):
                    if flow.wants_data:
                        selector.register(flow.source, selectors.EVENT_READ)
                    if (due := flow.due) is not None:
                        longest = min(longest, max(0.0, due - now))
            return {key.fileobj for key, _ in selector.select(longest)}

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        try:
            server = socket.create_connection(("127.0.0.1", self._server_port), 5)
        except OSError:
            _close(client, reset=True)
            return
        for connection in (client, server):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setblocking(False)
        self._links.append((_Flow(client, server, self.up), _Flow(server, client, self.down)))

    def _serve(self, link: tuple[_Flow, _Flow], ready: set[object], now: float) -> None:
        for flow in link:
            if flow.source in ready and flow.wants_data:
                flow.read(now)
            try:
                flow.write(now)
            except ConnectionError:
                self._drop(link, reset=True)
                return
            if flow.ended and not flow.pieces and not flow.finished and not flow.weather.held:
                flow.finished = True
                if flow.ended == "reset":
                    self._drop(link, reset=True)
                    return
                _finish(flow.sink)
        if all(flow.finished for flow in link):
            self._drop(link, reset=False)

    def _drop(self, link: tuple[_Flow, _Flow], *, reset: bool) -> None:
        self._links.remove(link)
        for flow in link:
            _close(flow.source, reset=reset)

    def _end(self, *, reset: bool) -> None:
        with self._lock:
            for link in list(self._links):
                self._drop(link, reset=reset)


def _finish(connection: socket.socket) -> None:
    """Send FIN; ignore a peer that has gone already."""
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError as gone:
        assert not isinstance(gone, BlockingIOError)


def _close(connection: socket.socket, *, reset: bool) -> None:
    if reset:
        linger = struct.pack("ii", 1, 0)  # on, for no time: close() sends RST (socket(7))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    else:
        _finish(connection)
    connection.close()


@contextmanager
def black_hole() -> Iterator[int]:
    """A port of the loopback interface where a connection is neither accepted nor refused.

    Its listener's queue is full, so that Linux drops every further SYN (listen(2)).
    """
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        waiting = []
        try:
            while True:
                filler = socket.socket()
                waiting.append(filler)
                filler.settimeout(0.3)
                try:
                    filler.connect(("127.0.0.1", port))
                except TimeoutError:
                    break
            yield port
        finally:
            for filler in waiting:
                filler.close()
