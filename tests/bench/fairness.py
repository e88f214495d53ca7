"""How the small server treats two who talk while many others attack it.

    python3 -m tests.bench.fairness [--clients N ...] [--seconds S]

Each row has a server of its own. The messages of the two, in their own room or in the attackers',
are timed once the attack is under way, each sent a pause after the one before. The first in the
attackers' room has to wait until each attacker was heard once: from 500 to 500, that is 250,000
messages. With fewer than a hundred messages p99 is the slowest one: use `--seconds 40` to get more
in the attackers' room. Needs Linux, and nothing but Python.
"""

from __future__ import annotations

import argparse
import os
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench.process import peak_bytes

ROOT = Path(__file__).parents[2]
ROOMS = 300
PAUSE_S = 0.02
HALL_PAUSE_S = 0.3
PATIENCE_S = 60.0
HALL = "hall"


class Attack(NamedTuple):
    """What every attacker sends: once, without reading; if it `goes_on`, repeatedly, reading."""

    name: str
    framing: str
    in_hall: bool
    data: bytes
    goes_on: bool


ATTACKS = (
    Attack("1 KB of lines, once", "lf", True, b"a\n" * 512, False),
    Attack("1 KB of /list, 300 rooms", "lf", False, b"/list\n" * 170, False),
    Attack("lines without end", "lf", True, b"a\n" * 512, True),
    Attack("talk without end, bare", "bare", True, b"a", True),
)


def main() -> None:
    """Attack, measure, print the table."""
    parser = argparse.ArgumentParser("python3 -m tests.bench.fairness", description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[50, 200, 500], metavar="N")
    parser.add_argument("--seconds", type=float, default=10, metavar="S", help="each row; 10")
    given = parser.parse_args()
    print("| attack | clients | the two are in | p50 ms | p99 ms | max ms | RSS MB | SIGTERM ms |")
    print("| :-- |", " --: |" * 7, sep="")
    for attack in ATTACKS:
        for count in given.clients:
            for room in ("pair", HALL) if attack.in_hall else ("pair",):
                print(row(attack, count, room, given.seconds), flush=True)


def row(attack: Attack, count: int, room: str, seconds: float) -> str:
    """Return a line of the table: one attack on one server."""
    with serving(attack.framing) as (server, port), ExitStack() as stack:
        if not attack.in_hall:
            makers = [caller(port) for _ in range(ROOMS)]
            enter([(sock, f"room{n}", "ann") for n, sock in enumerate(makers)], attack.framing)
            for sock in makers:
                sock.close()
        attackers = [stack.enter_context(caller(port)) for _ in range(count)]
        if attack.in_hall:
            enter([(sock, HALL, f"n{n}") for n, sock in enumerate(attackers)], attack.framing)
        pair = [stack.enter_context(caller(port)) for _ in range(2)]
        enter([(pair[0], room, "ann"), (pair[1], room, "bob")], attack.framing)
        end = b"\n" if attack.framing == "lf" else b""
        pause = HALL_PAUSE_S if room == HALL else PAUSE_S
        with attacking(attackers, attack):
            delays = sorted(talk(pair[0], pair[1], end, pause, seconds))
            peak = peak_bytes(server.pid) / 1e6
            since = time.perf_counter()
            server.send_signal(signal.SIGTERM)
            server.wait(PATIENCE_S)
            obeyed = (time.perf_counter() - since) * 1e3
    p99 = delays[int(len(delays) * 0.99)]
    figures = (statistics.median(delays), p99, delays[-1], peak, obeyed)
    where = "the attackers' room" if room == HALL else "a room of their own"
    cells = (attack.name, str(count), where, *(f"{figure:.0f}" for figure in figures))
    return f"| {' | '.join(cells)} |"


@contextmanager
def serving(framing: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run a server; yield the process and its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tuichat.server", "--port", str(port), "--framing", framing]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT) as server:
        try:
            deadline = time.perf_counter() + PATIENCE_S
            while time.perf_counter() < deadline:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(PAUSE_S)
            yield server, port
        finally:
            server.kill()


def caller(port: int) -> socket.socket:
    """Return a new connection."""
    sock = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def enter(places: list[tuple[socket.socket, str, str]], framing: str) -> None:
    """Let many clients enter at once, each with a room and a nick."""
    end = "" if framing == "bare" else "\n"
    for sock, room, _ in places:
        sock.sendall(f"/join {room}{end}".encode())
    for sock, _, nick in places:
        assert sock.recv(1024).startswith(b"0")
        sock.sendall(f"/nick {nick}{end}".encode())
    for sock, *_ in places:
        seen = b""
        while b"room." not in seen:
            seen += sock.recv(1024)


@contextmanager
def attacking(attackers: list[socket.socket], attack: Attack) -> Iterator[None]:
    """Send the attack: once from here, or in a process of its own for as long as it lasts."""
    if not attack.goes_on:
        for sock in attackers:
            sock.sendall(attack.data)
        yield
        return
    child = os.fork()
    if not child:
        try:
            go_on(attackers, attack.data)
        finally:
            os._exit(0)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def go_on(attackers: list[socket.socket], data: bytes) -> None:
    """Send whatever is taken, read whatever comes."""
    with selectors.DefaultSelector() as selector:
        for sock in attackers:
            sock.setblocking(False)
            selector.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while True:
            for key, events in selector.select():
                sock = key.fileobj  # type: ignore[assignment]
                try:
                    if events & selectors.EVENT_READ and not sock.recv(65536):
                        selector.unregister(sock)
                    elif events & selectors.EVENT_WRITE:
                        sock.send(data)
                except BlockingIOError:
                    pass
                except OSError:
                    selector.unregister(sock)


def talk(
    ann: socket.socket, bob: socket.socket, end: bytes, pause: float, seconds: float
) -> list[float]:
    """Let one talk to the other; return how long each message took, in milliseconds."""
    delays: list[float] = []
    seen = b""

    def hear(holds: Callable[[], bool], until: float) -> None:
        nonlocal seen
        while not holds() and (left := until - time.perf_counter()) > 0:
            ready = selector.select(left)
            for key, _ in ready:
                data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                if not data:
                    raise ConnectionError("one of the two was dropped")
                if key.fileobj is bob:
                    seen = seen[-64:] + data

    with selectors.DefaultSelector() as selector:
        for sock in (ann, bob):
            selector.register(sock, selectors.EVENT_READ)
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            wanted = f"ann> message {len(delays):05d}.".encode()
            since = time.perf_counter()
            ann.sendall(wanted[5:] + end)
            hear(lambda: wanted in seen, since + PATIENCE_S)  # noqa: B023
            delays.append((time.perf_counter() - since) * 1e3)
            hear(lambda: False, time.perf_counter() + pause)
    return delays


if __name__ == "__main__":
    main()
