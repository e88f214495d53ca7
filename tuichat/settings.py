"""What is kept between sessions: the user's configuration file, and what the program noted.

The configuration is the user's and only read: TOML, keys named like the long options. The notes
(the last server and nick, how each server wants its messages ended) are the program's own: lines
of words, the newest last, in the state directory (XDG Base Directory Specification 0.8; on
Windows both are under %APPDATA%).
"""

from __future__ import annotations

import os

from .chat.reconnect import AddressError, parse_address
from .protocol.framing import BARE, CRLF, LF
from .text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MOST_SERVERS = 200


def _choice(*words: str) -> Callable[[Any], bool]:
    return lambda value: value in words


def _text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != "" and clean(value) == value


def _address(value: Any) -> bool:
    try:
        return _text(value) and bool(parse_address(value))
    except AddressError:
        return False


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


# key: (what is allowed, in words; the test for it)
KEYS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "server": ("a text: HOST or HOST:PORT, the port from 1 to 65535", _address),
    "room": ("a text of visible characters", _text),
    "nick": ("a text of visible characters", _text),
    "framing": ('"auto", "bare", "lf" or "crlf"', _choice("auto", BARE, LF, CRLF)),
    "log": ("a text: the path of a file", _text),
    "bell": ('"off", "mention" or "all"', _choice("off", "mention", "all")),
    "mouse": ("true or false", _flag),
    "plain": ("true or false", _flag),
    "scrollback": (
        "a number of lines from 100 to 10000000",
        lambda value: type(value) is int and 100 <= value <= 10_000_000,
    ),
}


def _directory(variable: str, fallback: str) -> str:
    """Return the program's directory below the one that an environment variable names."""
    if os.name == "nt":
        variable, fallback = "APPDATA", "~"
    base = os.environ.get(variable, "")
    if not os.path.isabs(base):
        base = os.path.expanduser(fallback)
    return os.path.join(base, "tuichat")


def config_path() -> str:
    """Return where the configuration file is, if there is one."""
    return os.path.join(_directory("XDG_CONFIG_HOME", "~/.config"), "config.toml")


def read_config(path: str) -> tuple[dict[str, Any], list[str]]:
    """Return the settings of a configuration file, and a sentence for each that is wrong.

    No file is no mistake; whatever is wrong in it, the rest of it holds.
    """
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        return {}, [f"{clean(path)} cannot be read: {clean(error.strerror or str(error))}."]
    except UnicodeDecodeError:
        return {}, [f"{clean(path)} is not in UTF-8. Nothing in it is used."]
    import tomllib  # here, as most people have no configuration file

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [f"{clean(path)}: {clean(str(error))}. Nothing in it is used."]
    settings, wrong = {}, []
    for key, value in found.items():
        allowed, test = KEYS.get(key, ("", _flag))
        place = _place(path, text, key)
        if not allowed:
            known = ", ".join(KEYS)
            wrong.append(f"{place}: there is no setting “{clean(key)}”. Settings: {known}.")
        elif not test(value):
            wrong.append(f"{place}: “{key}” must be {allowed}. It is not used.")
        else:
            settings[key] = value
    return settings, wrong


def _place(path: str, text: str, key: str) -> str:
    """Return the path and the line that a top-level key stands in."""
    for number, line in enumerate(text.splitlines(), 1):
        name = line.partition("=")[0].strip().strip("[]").strip("\"'")
        if name == key:
            return f"{clean(path)}, line {number}"
    return clean(path)


class Notes:
    """What the program noted in earlier sessions; a file that cannot be read is an empty one.

    `memory` maps an address to the ending that its server was found to want. Argument: `lasting`:
    whether anything is kept for the next time; the demo's server is never met again.
    """

    def __init__(self, lasting: bool = True) -> None:
        self._lasting = lasting
        self.path = os.path.join(_directory("XDG_STATE_HOME", "~/.local/state"), "servers")
        self.last_server = ""
        self.last_nick = ""
        self.memory: dict[str, str] = {}
        try:
            with open(self.path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        except (OSError, UnicodeDecodeError):
            return
        for line in lines:
            address, ending, nick = (line.split("\t") + ["", ""])[:3]
            if address and line.replace("\t", "").isprintable():
                self._note(address, nick, ending)

    def _note(self, address: str, nick: str, ending: str) -> None:
        self.last_server, self.last_nick = address, nick or self.last_nick
        self.memory.pop(address, None)
        self.memory[address] = ending if ending in (BARE, LF, CRLF) else ""

    def remember(self, address: str, nick: str, ending: str) -> None:
        """Keep the server and the nick for the next time. Raises OSError."""
        self._note(address, nick, ending)
        if not self._lasting:
            return
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        newest = list(self.memory.items())[-MOST_SERVERS:]
        lines = [f"{known}\t{ending}\n" for known, ending in newest]
        lines[-1] = lines[-1].replace("\n", f"\t{nick}\n")
        beside = f"{self.path}.{os.getpid()}"
        with open(beside, "w", encoding="utf-8") as file:
            file.writelines(lines)
        try:
            os.replace(beside, self.path)
        except OSError:  # on Windows: another program has it open
            os.remove(beside)
            raise
