"""Other clients, each with the protocol it speaks: IRC, or for tf5 lines. Measured if installed.

Each runs with its default settings, but keeps all the lines it can. To add one, add a row to
`PEERS`.
"""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

from tests.bench.server import PEOPLE, Server
from tests.bench.subjects import Subject

NICK, ROOM, TOPIC = "bench", "#lobby", "TOPICOFTHEROOM"
KEPT = 1_000_000  # lines
NAMES = " ".join(f"nick{n:02d}" for n in range(PEOPLE))
WELCOME = f""":stub 001 {NICK} :Welcome
:stub 002 {NICK} :Your host is stub
:stub 003 {NICK} :Created today
:stub 004 {NICK} stub 1 i nt
:stub 005 {NICK} CHANTYPES=# PREFIX=(ov)@+ NETWORK=stub :are supported
:stub 422 {NICK} :No MOTD
"""
JOINED = f""":{NICK}!u@127.0.0.1 JOIN {ROOM}
:stub 332 {NICK} {ROOM} :{TOPIC}
:stub 353 {NICK} = {ROOM} :{NICK} {NAMES}
:stub 366 {NICK} {ROOM} :End of NAMES
"""
# The answers, by the beginning of the request.
ANSWERS = {
    "CAP LS": ":stub CAP * LS :\n", "USER": WELCOME, "JOIN": JOINED,
    "PING": ":stub PONG stub :{}\n",
    f"WHO {ROOM}": f":stub 315 {NICK} {ROOM} :End of WHO\n",
    f"MODE {ROOM} b": f":stub 368 {NICK} {ROOM} :End of ban list\n",
    f"MODE {ROOM}": f":stub 324 {NICK} {ROOM} +nt\n",
}  # fmt: skip
MAKE_CERTIFICATE = (
    "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -out {} -keyout {}"
)


class Irc(Server):
    """As much of an IRC server as these clients ask for (RFC 2812)."""

    def answer(self, line: str) -> str:
        """Return what the table says, or nothing."""
        found = next((text for start, text in ANSWERS.items() if line.startswith(start)), "")
        return found.format(line.rpartition(" ")[2].lstrip(":")).replace("\n", "\r\n")

    def encoded(self, lines: bytes) -> bytes:
        """Return each line as a PRIVMSG to the room."""
        message = rf":\1!u@127.0.0.1 PRIVMSG {ROOM} :\2\r\n".encode()
        return re.sub(rb"(\w+)> (.*)\n", message, lines)


class IrcOverTls(Irc):
    """The same for catgirl, which speaks nothing else, with a certificate made for this run."""

    # catgirl reads at most 8 KB when its socket is readable. What else was in a longer TLS record
    # would wait in the library, where select does not see it.
    chunk = 1 << 12

    def __init__(self, port: int, home: str) -> None:
        super().__init__(port, home)
        self._pair = Path(home, "crt.pem"), Path(home, "key.pem")
        if not self._pair[0].exists():
            command = MAKE_CERTIFICATE.format(*self._pair).split()
            subprocess.run(command, check=True, capture_output=True)

    def wrapped(self, client: socket.socket) -> socket.socket:
        """Return the socket after the handshake."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self._pair)
        client.settimeout(5)
        return context.wrap_socket(client, server_side=True)


IRSSI_STARTUP = f"""/set window_auto_change on
/network add -nick {NICK} stub
/server add -network stub 127.0.0.1 {{port}}
/channel add -auto {ROOM} stub
/connect stub
"""
WEECHAT_STARTUP = (
    "/set weechat.history.max_buffer_lines_number 0",  # no limit
    "/set logger.look.backlog 0",  # nothing from the start before
    "/mute /server del stub",
    f"/server add stub 127.0.0.1/{{port}} -autojoin={ROOM} -nicks={NICK} -nossl",
    "/connect stub",
)
TF_STARTUP = f"""/set visual=on
/set more=off
/set histsize={KEPT}
/histsize -l {KEPT}
/histsize -g {KEPT}
"""
PEERS = (
    Subject(
        "irssi", ("irssi", "--home={home}"), first="[(status)]", ready=TOPIC, serve=Irc,
        config=("startup", IRSSI_STARTUP),
    ),
    Subject(
        "WeeChat",
        ("weechat", "-d", "{home}", *(word for line in WEECHAT_STARTUP for word in ("-r", line))),
        first="stub", ready=TOPIC, serve=Irc,
    ),
    Subject(
        "catgirl",
        ("catgirl", "-h", "127.0.0.1", "-p", "{port}", "-n", NICK, "-j", ROOM,
         "-t", "{home}/crt.pem"),
        first="<network>", ready=TOPIC, serve=IrcOverTls, needs="openssl", keeps=False,
    ),
    Subject(
        "tf5", ("tf", "-f{home}/tfrc", "127.0.0.1", "{port}"), first="(unnamed1)",
        config=("tfrc", TF_STARTUP),
    ),
)  # fmt: skip


def installed() -> list[Subject]:
    """Return the peers that can be run here."""
    return [peer for peer in PEERS if all(map(shutil.which, [peer.argv[0], *peer.needs.split()]))]
