"""A small server of this protocol, for practice, a LAN, and our tests.

On the wire it behaves like the course's own server, without its crashes: what one read brings is
one command, lists go out name by name, nothing is echoed (`rooms.py` has the table). With
`--framing` it sends and reads lines. One thread and one selector serve everybody; whatever must
wait has a due time, so that nothing ever sleeps and nobody holds up anybody else.

    listener, clients ─► Server.step ─► commands ─► Rooms ─► Mail ─► Client.post ─► its queue
                              └──────────── sends what is due ◄───────────────────┘

It is made for a class or a LAN: 500 clients, whatever they send. A step carries out commands until
they have made `STEP_COST` messages. Turns are short: first come clients that were silent before,
then those whose last turn is longest ago. A client is read again once its commands are carried out,
and these wait while too much waits to be sent to it (`Client.has_attention`). When too much is
unread altogether, the client that leaves most unread is dropped.

Exit status: 1 cannot listen, or an unexpected error · 2 usage error · 130 ended by Ctrl-C ·
143 ended by SIGTERM.
"""

from __future__ import annotations

import argparse
import errno
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from io import TextIOWrapper
from ipaddress import ip_address
from math import inf
from time import monotonic
from types import FrameType

from .. import __version__, complain
from ..text import clean
from ..usage import Parser
from ..wire import DEFAULT_PORT, Stage
from .client import Client
from .rooms import Mail, Rooms, User

DEFAULT_HOST = "127.0.0.1"
ENDINGS = {"bare": "", "lf": "\n", "crlf": "\r\n"}
GAP_S = 0.15
"""Between the items of a list, and between a `0` to `/nick` and the notices, as on the course's
server."""

STDOUT = 1
MAX_CLIENTS = 1000
ACCEPT_PAUSE_S = 1.0
"""How long callers have to wait when there is no room for another."""
TICK_S = 0.01
"""The shortest wait for what is due, so that many lists together do not keep the server busy."""
STEP_COST = 500
"""How many messages the commands of one step may make: a few milliseconds."""
SENDS = 4
"""The fewest segments to send to a client that takes them, before it is the next one's turn."""
TURN_COST = 50
"""How many messages the commands of one client may make before the next one's turn."""
REST_S = 0.0005
"""Seconds for each member of its room (at least `SMALL`) that a client must be silent after its
last command to count as rested. Rested clients come first."""
SMALL = 10
QUEUES_BYTES = 96 * 1024 * 1024
"""How much all clients together may leave unread."""


class Server:
    """Listens from the moment it is made, serves while `step` or `serve` runs.

    `port` 0 takes any free one (see `address`); `gap` replaces `GAP_S`, in seconds;
    `report` is called with a line when somebody comes or goes. Raises OSError if it cannot listen.
    """

    def __init__(
        self,
        host: str = DEFAULT_HOST,
        port: int = DEFAULT_PORT,
        framing: str = "bare",
        gap: float = GAP_S,
        report: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._ending = ENDINGS[framing]
        self._gap = gap
        self._report = report
        self._rooms = Rooms()
        self._clients: set[Client] = set()
        self._waiting: set[Client] = set()  # those that something waits to be sent to
        self._unheard: set[Client] = set()  # those with commands to carry out, or that have ended
        self._turns = 0
        self._accept_again = inf
        self._stopped = False
        [(family, _, _, _, address), *_] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        self._listener = socket.create_server(address[:2], family=family, backlog=128)
        self._listener.setblocking(False)
        self._waker, self._awake = socket.socketpair()
        self._waker.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._awake, selectors.EVENT_READ)
        self._selector.register(self._listener, selectors.EVENT_READ)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port it listens on."""
        host, port = self._listener.getsockname()[:2]
        return str(host), int(port)

    @property
    def wakeup_fd(self) -> int:
        """A descriptor to write to, for `signal.set_wakeup_fd`: it ends the wait in `step`."""
        return self._waker.fileno()

    def serve(self) -> None:
        """Serve until `stop` is called."""
        while self.step():
            pass

    def stop(self) -> None:
        """End `serve` or `step`; to be called from any thread, or from a signal handler."""
        if self._stopped:  # and perhaps closed: Ctrl-C may come twice
            return
        self._stopped = True
        with suppress(BlockingIOError):  # full: it is woken already
            self._waker.send(b"\0")

    def close(self) -> None:
        """Close the listening socket and every connection."""
        self._selector.close()
        for sock in (self._listener, self._waker, self._awake, *(c.sock for c in self._clients)):
            sock.close()

    def step(self, timeout: float = inf) -> bool:
        """Send what is due, wait `timeout` seconds at the most, and serve what has come.

        Returns whether to go on: False once `stop` was called.
        """
        now = monotonic()
        self._send_due(now)
        if self._accept_again <= now:
            self._accept_again = inf
            self._selector.register(self._listener, selectors.EVENT_READ)
        ready = self._selector.select(self._wait(timeout, now))
        now = monotonic()  # sending and waiting took time, which counts as rest
        for key, events in ready:
            if isinstance(key.data, Client):
                self._serve_client(key.data, events, now)
            elif key.fileobj is self._listener:
                self._accept(now)
            else:
                self._awake.recv(4096)
        self._take_turns(now)
        self._bound_queues()
        return not self._stopped

    def say(self, user: User, text: str) -> None:
        """Carry out one command of `user`, who need not have a connection (`demo.Person`)."""
        self._carry_out(user, text)

    def _wait(self, timeout: float, now: float) -> float | None:
        """Return for how many seconds there is nothing to do but wait for clients."""
        if any(client.has_attention for client in self._unheard):
            return 0.0
        due = min((client.next_due() for client in self._waiting), default=inf)
        if due > now:
            due = max(due, now + TICK_S)
        wait = min(timeout, max(0.0, min(due, self._accept_again) - now))
        return None if wait == inf else wait

    def _take_turns(self, now: float) -> None:
        """Carry out some commands, until they have made as many messages as a step may.

        Those that are rested come first, small rooms before large ones; then those whose last turn
        is longest ago.
        """
        heard = [client for client in self._unheard if client.has_attention]
        left = STEP_COST
        for client in sorted(heard, key=self._rank):
            if left <= 0:
                break
            left -= self._take_turn(client, now)
        for client in self._unheard:
            self._watch(client)  # it is not read until its commands are carried out

    def _rank(self, client: Client) -> tuple[bool, int, int]:
        return not client.is_rested, client.is_rested * self._weight(client), client.last_turn

    def _weight(self, client: Client) -> int:
        return max(SMALL, self._rooms.size(client.room))

    def _take_turn(self, client: Client, now: float) -> int:
        """Carry out a few commands of a client; return how many messages they made."""
        self._turns += 1
        client.last_turn = self._turns
        client.is_rested = False
        cost = 0
        while client.command is not None and cost < TURN_COST and client.has_attention:
            text = client.command
            client.advance()
            cost += self._carry_out(client, text)
            if client.stage == Stage.OUT:
                return cost + self._drop(client)
        if client.command is None:
            if client.has_ended:
                return cost + self._drop(client)
            self._unheard.discard(client)
            self._watch(client)
        client.rested_at = now + REST_S * self._weight(client)
        return cost

    def _carry_out(self, user: User, text: str) -> int:
        was_naming = user.stage == Stage.NAMING
        cost = self._deliver(self._rooms.handle(user, text))
        if was_naming and user.stage == Stage.ROOM:
            self._report(f"{user.nick} joined {user.room}")
        return cost

    def _deliver(self, mails: list[Mail]) -> int:
        """Queue what there is for each; return what that costs, in messages: at least one."""
        cost = 0
        for mail in mails:
            mail.to.post(mail)
            cost += len(mail.texts)
            if isinstance(mail.to, Client):
                self._waiting.add(mail.to)
        return cost or 1

    def _accept(self, now: float) -> None:
        try:
            if len(self._clients) >= MAX_CLIENTS:
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            sock, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):
            return  # the caller has hung up again
        except OSError:  # out of descriptors: callers wait, or this would spin
            self._selector.unregister(self._listener)
            self._accept_again = now + ACCEPT_PAUSE_S
            return
        client = Client(sock, self._ending, self._gap)
        self._clients.add(client)
        self._watch(client)

    def _serve_client(self, client: Client, events: int, now: float) -> None:
        if events & selectors.EVENT_WRITE:
            client.is_blocked = False
            self._watch(client)
        if events & selectors.EVENT_READ and client not in self._unheard:
            client.read(now)
            self._unheard.add(client)

    def _watch(self, client: Client) -> None:
        """Wait for what the client may do next."""
        events = 0 if client in self._unheard else selectors.EVENT_READ
        if client.is_blocked:
            events |= selectors.EVENT_WRITE
        if not events and client.watched:
            self._selector.unregister(client.sock)
        elif events and not client.watched:
            self._selector.register(client.sock, events, client)
        elif events != client.watched:
            self._selector.modify(client.sock, events, client)
        client.watched = events

    def _send_due(self, now: float) -> None:
        most = max(SENDS, 2 * STEP_COST // max(1, len(self._waiting)))  # more than a step makes
        for client in self._waiting:
            was_blocked = client.is_blocked
            try:
                client.send_due(now, most)
            except OSError:
                client.lose()
            if client.is_lost:
                self._unheard.add(client)
            if client.is_blocked != was_blocked:
                self._watch(client)
        self._waiting = {client for client in self._waiting if client.queued}

    def _bound_queues(self) -> None:
        """Drop the clients that leave most unread, if it is too much altogether."""
        excess = sum(client.queued for client in self._waiting) - QUEUES_BYTES
        while excess > 0:
            slowest = max(self._waiting, key=lambda client: client.queued)
            excess -= slowest.queued
            slowest.lose()

    def _drop(self, client: Client) -> int:
        """Close a connection; return what it costs to tell the others and to send the rest."""
        if client.nick:
            self._report(f"{client.nick} left {client.room}")
        cost = self._deliver(self._rooms.leave(client))
        self._clients.discard(client)
        self._waiting.discard(client)
        self._unheard.discard(client)
        if client.watched:
            self._selector.unregister(client.sock)
        with suppress(OSError):  # the rest of a list, for a client that only stopped sending
            cost += client.send_due(inf)
        client.sock.close()
        return cost


class Journal:
    """Prints what happens, on standard output.

    If standard output stalls (Ctrl-S, `| less`), the server does not: lines that it cannot take at
    once are left out, and counted.
    """

    def __init__(self) -> None:
        self._left_out = 0

    def tell(self, line: str) -> None:
        """Print a line, cleaned, as it may hold names that strangers chose."""
        if not self._is_ready():
            self._left_out += 1
            return
        gap, self._left_out = self._left_out, 0
        try:
            print(f"({gap} lines skipped)\n" * bool(gap) + clean(line), flush=True)
        except OSError:  # nobody reads it any more, but the server goes on
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115

    def _is_ready(self) -> bool:
        if not sys.stdout or os.name == "nt":  # where `select` takes only sockets
            return True
        with selectors.SelectSelector() as selector:
            selector.register(STDOUT, selectors.EVENT_WRITE)
            return bool(selector.select(0))


def greeting(host: str, port: int) -> tuple[str, str]:
    """Say where the server listens, and who can reach it."""
    if ip_address(host).is_loopback:
        reach = "Only this computer can reach it. --host 0.0.0.0 lets others in."
    else:
        reach = "Everyone who can reach this computer can enter."
    return f"tuichat-server listens on {host} port {port}. Ctrl-C stops it.", reach


def advice(error: Exception, host: str, port: int) -> str:
    """Explain why the server cannot listen, and what to do next."""
    code = getattr(error, "errno", None)
    if isinstance(error, (socket.gaierror, UnicodeError)) or code == errno.EADDRNOTAVAIL:
        return (
            f"{host!r} is not an address of this computer. "
            "Use --host 127.0.0.1 for this computer only, or --host 0.0.0.0 to let others in."
        )
    if code == errno.EADDRINUSE:
        return (
            f"port {port} on {host} is in use, perhaps by another server. "
            "Stop that one, or choose another port with --port (0: any free port)."
        )
    if isinstance(error, PermissionError):
        return f"no permission to use port {port}. Choose a port above 1023 with --port."
    return f"cannot listen on {host} port {port}: {error}. Try another --host or --port."


def port_number(text: str) -> int:
    """Read a port from the command line."""
    if not (text.isdecimal() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port. Type a number from 0 to 65535")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    made = Parser(
        prog="tuichat-server",
        description="A small chat server for practice or a LAN. It stores nothing.",
        epilog="exit status: 1 cannot listen; 2 usage error; 130 Ctrl-C; 143 SIGTERM",
    )
    made.add_argument(
        "--host", default=DEFAULT_HOST, help="address to listen on (default: %(default)s)"
    )
    made.add_argument(
        "--port",
        type=port_number,
        default=DEFAULT_PORT,
        help="port, 0 for any free one (default: %(default)s)",
    )
    made.add_argument(
        "--framing",
        choices=ENDINGS,
        default="bare",
        help="how messages end in both directions (default: %(default)s)",
    )
    made.add_argument("--version", action="version", version=f"tuichat-server {__version__}")
    return made


def main(argv: list[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit status."""
    made = parser()
    options = made.parse_args(argv)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    journal = Journal()
    try:
        server = Server(options.host, options.port, options.framing, report=journal.tell)
    except (OSError, UnicodeError) as error:
        complain(f"tuichat-server: {clean(advice(error, options.host, options.port))}")
        return 1
    received = [signal.SIGINT]

    def end(number: int, frame: FrameType | None) -> None:
        received[:] = [signal.Signals(number)]
        server.stop()

    with closing(server):
        signal.signal(signal.SIGINT, end)
        signal.signal(signal.SIGTERM, end)
        signal.set_wakeup_fd(server.wakeup_fd, warn_on_full_buffer=False)
        for line in greeting(*server.address):
            journal.tell(line)
        server.serve()
        signal.set_wakeup_fd(-1)
    return 128 + received[0]
