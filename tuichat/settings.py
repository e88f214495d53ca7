"""What is kept between sessions: the user's configuration file, and what the program noted.

The configuration is the user's and only read: TOML, keys named like the long options. The notes
(the last server and nick, how each server wants its messages ended) are the program's own: lines
of words, the newest last, in the state directory (XDG Base Directory Specification 0.8; on
Windows both are under %APPDATA%).
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
MOST_DOTS = 200  # in a line: what dotted keys take grows with the square of their length
MOST_WARNINGS = 5
STALE_S = 1.0  # writing the notes takes milliseconds …
WAIT_S = 0.1  # … and nothing else happens while another client does
WIDEST_KEY = 40  # cells of a key that is quoted
# What only means that another process is at it: Windows refuses a file that is being removed, and
# to replace one that is being read, as by a virus scanner.
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

    That is below the directory that an environment variable names, else in the user's home, if
    there is one. A relative path is none: it would be another place each time.
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

    No file is no mistake; whatever is wrong in it, the rest of it holds. Beyond a handful of
    mistakes the rest are only counted.
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
    except ValueError:  # Python's own limit, which counts decimal digits
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
    """Return what a regular file holds. Raises OSError, for what is none or is too large as well.

    Opening does not wait: a pipe in the file's place would let it wait for a writer.
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
    """Return the settings that hold, and what is wrong with others, by their keys."""
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
    """Return the lines that top-level keys stand in."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        lines.setdefault(line.partition("=")[0].strip().strip("[]").strip("\"'"), number)
    return lines


class Notes:
    """What the program noted in earlier sessions; a file that cannot be read is an empty one.

    `memory` maps an address to the ending that its server was found to want. Argument: `lasting`:
    whether anything is kept for the next time; the demo's server is never met again.
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
        """Take what the file says now, which may be what another client has noted meanwhile."""
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
        except BaseException:  # a full disk; on Windows: another program has it open for long
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
    """Make a file that only one process can make at a time; return its descriptor.

    The new contents go there before the file takes the place of the old one: it is the lock, too.
    One that a killed client left behind is taken away. Raises OSError, if another client takes too
    long as well: what is to be noted is kept for the next time.
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
    """Let a file take the place of another. Raises OSError, if others are at it for too long."""
    until = time.monotonic() + WAIT_S
    while True:
        try:
            os.replace(new, old)
            return
        except BUSY:
            if time.monotonic() > until:
                raise
        time.sleep(0.01)
