"""What is kept between sessions: the user's configuration file, and what the program noted.

The configuration is the user's, and is only read: TOML, keys named like the long options. The notes
(the last server and nick, how each server wants its messages ended) are the program's own: lines
of tab-separated fields, the newest last, in the state directory (XDG Base Directory Specification
0.8; on Windows both are under %APPDATA%).
"""

from __future__ import annotations

import errno
import os
import stat
import time

from .chat.reconnect import AddressError, parse_address
from .protocol.framing import BARE, CRLF, LF
from .text import clean, fit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MOST_SERVERS = 200
MOST_BYTES = 512 * 1024
MOST_DOTS = 200  # in a line: tomllib takes quadratic time for dotted keys
MOST_WARNINGS = 5
STALE_S = 1.0  # a lock this old is abandoned: writing the notes takes milliseconds
WAIT_S = 0.1  # the longest wait for another client, during which the program does nothing else
WIDEST_KEY = 40  # cells of a key that is quoted
# Errors that only mean that another process is using the file: Windows refuses to open one that
# is being removed, and to replace one that is being read, as by a virus scanner.
BUSY = (FileExistsError, PermissionError) if os.name == "nt" else (FileExistsError,)
BOMS_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


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
    "server": ("a string: HOST or HOST:PORT, with a port from 1 to 65535", _address),
    "room": ("a string of visible characters", _text),
    "nick": ("a string of visible characters", _text),
    "framing": ('"auto", "bare", "lf" or "crlf"', _choice("auto", BARE, LF, CRLF)),
    "log": ("a string: the path of a file", _text),
    "bell": ('"off", "mention" or "all"', _choice("off", "mention", "all")),
    "mouse": ("true or false", _flag),
    "plain": ("true or false", _flag),
    "scrollback": (
        "a number of lines from 100 to 10000000",
        lambda value: type(value) is int and 100 <= value <= 10_000_000,
    ),
}


def _place(variable: str, fallback: str, name: str) -> str:
    """Return the path of a file in the program's directory, "" if there is no place for it.

    It is below the directory that an environment variable names, or else in the user's home, if
    there is one. A relative path does not count: it would be another place each time.
    """
    if os.name == "nt":
        variable, fallback = "APPDATA", ""
    base = os.environ.get(variable, "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~") if os.environ.get("HOME") != "" else ""
        if not os.path.isabs(home):
            return ""
        base = os.path.join(home, fallback)
    return os.path.join(base, "tuichat", name)


def config_path() -> str:
    """Return where the configuration file is, if there is one; "" if there can be none."""
    return _place("XDG_CONFIG_HOME", ".config", "config.toml")


def read_config(path: str) -> tuple[dict[str, Any], list[str]]:
    """Return the settings of a configuration file, and a sentence for each that is wrong.

    A missing file is not a mistake. A wrong setting does not affect the others; a file that is
    not valid TOML is ignored. After a handful of mistakes the rest are only counted.
    """
    shown = clean(path)
    try:
        data = _read(path)
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        return {}, [f"Cannot read {shown}: {clean(error.strerror or str(error))}."]
    if data[:2] in BOMS_UTF_16 or (len(data) > 1 and 0 in data[:2]):
        return {}, [f"{shown} is in UTF-16, not UTF-8. The file is ignored."]
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return {}, [f"{shown}, line {line}: not UTF-8. The file is ignored."]
    import tomllib  # here, as most people have no configuration file

    try:
        if max(line.count(".") for line in text.split("\n")) > MOST_DOTS:
            raise RecursionError
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [f"{shown}: {clean(str(error))}. The file is ignored."]
    except RecursionError:
        return {}, [f"{shown}: nested too deeply. The file is ignored."]
    except ValueError:  # Python's limit on the decimal digits of an int
        return {}, [f"{shown}: a number has too many digits. The file is ignored."]
    settings, wrong = _check(found)
    lines = _lines(text) if wrong else {}
    warnings = []
    for key, sentence in [*wrong.items()][:MOST_WARNINGS]:
        place = f"{shown}, line {lines[key]}" if key in lines else shown
        warnings.append(f"{place}: {sentence}")
    if len(wrong) > MOST_WARNINGS:
        warnings.append(f"{shown}: {len(wrong) - MOST_WARNINGS} more problems.")
    return settings, warnings


def _read(path: str) -> bytes:
    """Return the contents of a file. Raises OSError, also if it is not regular or is too large.

    Opening does not wait, as it otherwise would for a pipe that has no writer.
    """
    with open(path, "rb", opener=_open_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(errno.EFBIG, f"larger than {MOST_BYTES} bytes")
    return data


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))


def _check(found: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the valid settings, and what is wrong with the others, by key."""
    settings, wrong = {}, {}
    for key, value in found.items():
        allowed, test = KEYS.get(key, ("", _flag))
        if not allowed:
            unknown = fit(clean(key), WIDEST_KEY)
            wrong[key] = f"unknown setting “{unknown}”. Settings: {', '.join(KEYS)}."
        elif not test(value):
            wrong[key] = f"“{key}” must be {allowed}. It is ignored."
        else:
            settings[key] = value
    return settings, wrong


def _lines(text: str) -> dict[str, int]:
    """Return the line number of each top-level key."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        lines.setdefault(line.partition("=")[0].strip().strip("[]").strip("\"'"), number)
    return lines


class Notes:
    """What the program noted in earlier sessions; a file that cannot be read counts as empty.

    `memory` maps an address to the ending that its server was found to want. `lasting` tells
    whether to save anything for the next session: not for the demo, whose server is gone by then.
    """

    def __init__(self, lasting: bool = True) -> None:
        self.path = _place("XDG_STATE_HOME", ".local/state", "servers")
        self.last_server = ""
        self.last_nick = ""
        self.memory: dict[str, str] = {}
        self._lasting = lasting and self.path != ""
        self._unsaved: dict[str, tuple[str, str]] = {}
        self._load()

    def _load(self) -> None:
        """Read the file, in which another client may have noted something meanwhile."""
        try:
            lines = _read(self.path).decode().splitlines()
        except (OSError, UnicodeDecodeError):
            return
        for line in lines:
            address, ending, nick = (line.split("\t") + ["", ""])[:3]
            if address and line.replace("\t", "").isprintable():
                self._note(address, nick, ending)

    def _note(self, address: str, nick: str, ending: str) -> None:
        self.last_server, self.last_nick = address, nick or self.last_nick
        known = self.memory.pop(address, "")
        self.memory[address] = ending if ending in (BARE, LF, CRLF) else known

    def remember(self, address: str, nick: str, ending: str) -> None:
        """Keep the server and the nick for the next time. Raises OSError."""
        self._note(address, nick, ending)
        if not self._lasting:
            return
        self._unsaved[address] = nick, ending
        path = os.path.realpath(self.path)  # a symbolic link stays one
        if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):
            return  # a link to the null device is the user's way to say: keep nothing
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        beside = f"{path}.new"
        descriptor = _lock(beside)
        try:
            try:
                self._load()
                for known, learned in self._unsaved.items():
                    self._note(known, *learned)
                data = self._text().encode()
                while data:
                    data = data[os.write(descriptor, data) :]
            finally:
                os.close(descriptor)
            _replace(beside, path)
        except BaseException:  # a full disk, or on Windows a program that keeps it open
            os.remove(beside)
            raise
        self._unsaved.clear()

    def _text(self) -> str:
        """Return the notes as they are written: the last server last, with the nick."""
        newest = list(self.memory.items())[-MOST_SERVERS:]
        lines = [f"{known}\t{ending}\n" for known, ending in newest]
        lines[-1] = lines[-1].replace("\n", f"\t{self.last_nick}\n")
        return "".join(lines)


def _lock(path: str) -> int:
    """Create a file that only one process can create at a time; return its descriptor.

    The new contents go into it before it replaces the old file, so it is the lock as well. One
    that a killed client left behind is removed. Raises OSError, also if another client takes too
    long: then the notes are kept for the next try.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    until = time.monotonic() + WAIT_S
    while True:
        try:
            return os.open(path, flags, 0o600)
        except BUSY:
            if time.monotonic() > until:
                raise
        try:
            if time.time() - os.stat(path).st_mtime > STALE_S:
                os.remove(path)
        except FileNotFoundError:
            continue  # the other client is done
        time.sleep(0.01)


def _replace(new: str, old: str) -> None:
    """Replace a file by another. Raises OSError, also if others use it for too long."""
    until = time.monotonic() + WAIT_S
    while True:
        try:
            os.replace(new, old)
            return
        except BUSY:
            if time.monotonic() > until:
                raise
        time.sleep(0.01)
