"""Getting a connection, or a sentence that says why there is none and what can be done."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from tests.support.dialects import DialectServer
from tests.support.faults import black_hole
from tests.support.stages import ASK, LINES, LOBBY, NO_CONNECTION, Chat, Serve, enter
from tests.support.terminal import Terminal
from tuichat.server.server import Server

# The program with a name server that never answers: only addresses are known.
SILENT_NAME_SERVER = """
import socket, sys, threading
known = socket.getaddrinfo
def getaddrinfo(host, *arguments, flags=0, **more):
    if not flags & socket.AI_NUMERICHOST:
        threading.Event().wait()
    return known(host, *arguments, flags=flags, **more)
socket.getaddrinfo = getaddrinfo
from tuichat.cli import main
sys.exit(main())
"""


def loopback_hosts() -> list[str]:
    """The loopback addresses of this machine, as the command line takes them, and their name."""
    hosts = ["127.0.0.1", "localhost"]
    if socket.has_ipv6:
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            return hosts
        hosts.append("[::1]")
    return hosts


@pytest.fixture
def hole() -> Iterator[str]:
    """The address of a server that neither accepts nor refuses."""
    with black_hole() as port:
        yield f"127.0.0.1:{port}"


@pytest.fixture
def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def answer(terminal: Terminal, text: str) -> None:
    terminal.type(text)
    terminal.press("Enter")


@contextmanager
def serving(host: str) -> Iterator[int]:
    """The package's own server on one of this machine's addresses; its port."""
    with closing(Server(host, 0)) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            yield server.address[1]
        finally:
            server.stop()
            thread.join()


@pytest.mark.parametrize("host", loopback_hosts())
def test_names_and_addresses(chat: Chat, host: str) -> None:
    with serving("::1" if host == "[::1]" else "127.0.0.1") as port:
        terminal = chat(f"{host}:{port}", *LINES)
        terminal.wait(LOBBY)
        assert terminal.screen[0].startswith(f" {host}:{port}")


@pytest.mark.parametrize(
    ("given", "shown"),
    [("127.0.0.1", "127.0.0.1:5220"), ("::1", "[::1]:5220"), ("[::1]", "[::1]:5220")],
)
def test_the_port_is_5220_unless_given(chat: Chat, given: str, shown: str) -> None:
    terminal = chat(given)
    terminal.wait(lambda terminal: terminal.screen[0].startswith(f" {shown}"))


def test_without_a_host_it_asks_and_the_last_server_is_the_default(
    chat: Chat, serve: Serve
) -> None:
    server = serve("lf")
    terminal = chat(*LINES)
    terminal.wait(ASK)
    terminal.wait("server› localhost (Enter)")
    assert "start with --demo" in terminal.text
    for wrong, sentence in (
        ("two words", "is not a host name. Type HOST or HOST:PORT."),
        ("host:99999", "Type a number from 1 to 65535."),
        ("host:", "the port number is missing after the colon"),
        ("[::1", "write an IPv6 address as [::1] or [::1]:5220"),
    ):
        answer(terminal, wrong)
        terminal.wait(sentence)
        terminal.wait(f"server› {wrong}")
        terminal.press("C-u")
    answer(terminal, server.address)
    terminal.wait("▸ general")
    terminal.press("Enter")
    terminal.wait("nick› tester (Enter)")
    terminal.press("Enter")
    terminal.wait("● #general as tester")
    terminal.press("F10")
    assert terminal.wait_exit() == 0
    again = chat(*LINES)
    again.wait(f"server› {server.address} (Enter)")
    again.press("Enter")
    again.wait(LOBBY)


def test_refused_and_what_can_be_done_then(chat: Chat, serve: Serve, closed_port: int) -> None:
    terminal = chat(f"127.0.0.1:{closed_port}", *LINES)
    terminal.wait(f"127.0.0.1 refused the connection on port {closed_port}.")
    terminal.wait("/server HOST[:PORT] goes elsewhere, /logout quits.")
    terminal.wait(NO_CONNECTION)
    assert "retry in" not in terminal.text  # a connection that never existed is not retried
    terminal.press("Enter")
    terminal.wait(lambda terminal: terminal.text.count("refused the connection") == 2)
    with DialectServer("lf", port=closed_port):
        terminal.press("Enter")
        terminal.wait(LOBBY)
    terminal.wait(NO_CONNECTION)
    answer(terminal, f"/server {serve('lf', rooms={'elsewhere': ()}).address}")
    terminal.wait("▸ elsewhere")


def test_refused_and_left(chat: Chat, closed_port: int) -> None:
    terminal = chat(f"127.0.0.1:{closed_port}")
    terminal.wait("refused the connection")
    terminal.press("C-q")
    assert terminal.wait_exit() == 69
    assert terminal.restored()


def test_a_name_that_is_none(chat: Chat) -> None:
    """A label of more than 63 characters is invalid without asking anyone (RFC 1035, 2.3.4)."""
    terminal = chat("ü" * 64)
    terminal.wait("No host is named")
    terminal.wait("Is the name")
    terminal.press("C-q")
    assert terminal.wait_exit() == 69


@pytest.mark.parametrize("wrong", ["host:port", "[::1", "a b", "host:0", "host:70000", "", ":1"])
def test_what_cannot_be_an_address_is_a_wrong_use(chat: Chat, wrong: str) -> None:
    terminal = chat(wrong)
    if wrong == "":
        terminal.wait(ASK)  # as if there were none
        return
    assert terminal.wait_exit() == 2
    assert "tuichat: error: " in terminal.text
    assert terminal.restored()


def test_no_answer_is_shown_and_given_up_with_ctrl_c(chat: Chat, hole: str) -> None:
    terminal = chat(hole)
    terminal.wait(f"○ connecting to {hole} · 1 s")
    terminal.type("a line")
    terminal.press("Enter")
    terminal.wait("Still connecting. Ctrl-C gives up.")
    terminal.press("C-c")  # the line first
    terminal.wait_gone("a line")
    terminal.press("C-c")
    assert terminal.wait_exit() == 69
    assert terminal.restored()
    assert f"Gave up connecting to {hole}." in terminal.text


def test_giving_up_what_was_asked_for_goes_on_asking(
    chat: Chat, serve: Serve, hole: str
) -> None:
    terminal = chat(*LINES)
    terminal.wait(ASK)
    answer(terminal, hole)
    terminal.wait("○ connecting to")
    terminal.press("C-c")
    terminal.wait(f"Gave up connecting to {hole}.")
    terminal.wait(f"server› {hole}")
    terminal.press("C-u")
    answer(terminal, serve("lf").address)
    terminal.wait(LOBBY)


def test_giving_up_to_come_back_leaves_what_was_said(chat: Chat, serve: Serve, hole: str) -> None:
    """Somebody who was in a room can go on reading, whatever happens to the connection."""
    server = serve("lf")
    terminal = enter(chat, server.address)
    server.say("worth reading")
    terminal.wait("worth reading")
    answer(terminal, "/reconnect")
    server.wait(lambda: len(server.received) == 2)
    server.stop()
    terminal.wait(NO_CONNECTION)
    answer(terminal, f"/server {hole}")
    terminal.wait(f"connecting to {hole}")
    terminal.press("C-c")
    terminal.wait(f"Gave up connecting to {hole}.")
    assert "worth reading" in terminal.text


def test_a_name_server_that_never_answers_holds_up_nothing(
    terminal: Callable[..., Terminal],
) -> None:
    """Keys are answered, Ctrl-C gives up, and the look-up does not delay the end."""
    started = terminal([sys.executable, "-c", SILENT_NAME_SERVER, "chat.example.org"])
    started.wait("connecting to chat.example.org:5220 · 1 s")
    started.press("F1")
    started.wait("Esc closes")
    started.press("Esc")
    started.wait_gone("Esc closes")
    started.press("C-c")
    assert started.wait_exit() == 69
    assert started.restored()
    assert "Gave up connecting to chat.example.org:5220." in started.text
