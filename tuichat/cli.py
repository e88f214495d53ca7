"""The command line: options, the checks before the start, the exit status."""

from __future__ import annotations

import gc
import os
import sys

from . import __version__, complain
from .chat.options import Options
from .chat.reconnect import AddressError, parse_address
from .chat.transcript import ERROR, LIMIT_LINES
from .driver import Driver
from .log import read_past
from .loop import Clock, Loop, now
from .net.wakeup import Wakeup
from .protocol.framing import BARE, CRLF, LF
from .settings import KEYS, Notes, config_path, read_config
from .text import clean
from .ui.app import App

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .usage import Parser

EXAMPLES = """\
examples:
  tuichat --demo                          look around without a server
  tuichat                                 ask for server, room and nick
  tuichat chat.example.org:41400 --room general --nick ann
  printf 'hi\\n' | tuichat HOST --room general --nick bot --plain
exit status: 0 success; 1 error; 2 usage error; 69 no connection; 128+n signal n
settings: {config}"""

# The settings that the demo uses; the others are meant for a real server and what is said there.
LOOKS = {"bell", "mouse", "plain", "scrollback"}

NO_CURSES = (
    "tuichat: this Python has no curses module. Use --plain, or on Windows install it with: "
    "python -m pip install windows-curses"
)


def parser() -> Parser:
    """Return the command line's parser."""
    from argparse import RawDescriptionHelpFormatter  # here, as only options need it

    from .usage import Parser

    made = Parser(
        prog="tuichat",
        usage="%(prog)s [OPTION]... [HOST[:PORT]]",
        add_help=False,
        epilog=EXAMPLES.format(config=_short(config_path()) or "none (no home directory)"),
        formatter_class=RawDescriptionHelpFormatter,
    )
    group = made.add_argument_group("A full-screen chat client for the room-chat protocol")
    add = group.add_argument
    where = "name, IPv4, or [IPv6] (default port: 5220)"
    add("server", nargs="?", metavar="HOST[:PORT]", help=where)
    add("--room", help="enter this room")
    add("--nick", help="use this nick")
    add("--demo", action="store_true", help="try it with a built-in server")
    add(
        "--framing",
        metavar="HOW",
        choices=("auto", BARE, LF, CRLF),
        help="how messages end: auto, bare, lf, crlf (default: auto)",
    )
    add("--plain", action="store_true", default=None, help="read and print lines, no full screen")
    add("--log", metavar="FILE", help="log to FILE; show its last lines on entry")
    add(
        "--bell",
        metavar="WHEN",
        choices=("off", "mention", "all"),
        help="when to ring: off, mention, all (default: mention)",
    )
    add("--mouse", action="store_true", default=None, help="scroll with the mouse wheel")
    add("--scrollback", type=_lines, metavar="N", help=f"lines to keep (default: {LIMIT_LINES})")
    add("-h", "--help", action="help", help="show this help and exit")
    version = f"tuichat {__version__}"
    add("--version", action="version", version=version, help="show the version and exit")
    return made


def _short(path: str) -> str:
    """Write a path below the home directory with `~`."""
    home = os.path.expanduser("~") + os.sep
    return f"~{os.sep}{path.removeprefix(home)}" if path.startswith(home) else path


def _lines(text: str) -> int:
    """Read the number of lines to keep."""
    allowed, test = KEYS["scrollback"]
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not test(number):
        from argparse import ArgumentTypeError  # here, as above

        raise ArgumentTypeError(f"{clean(text)!r}: must be {allowed}")
    return number


def main(argv: list[str] | None = None) -> int:
    """Run the program; return its exit status."""
    _occupy_standard_descriptors()
    given = _given(sys.argv[1:] if argv is None else argv)
    settings, warnings = read_config(config_path())
    if given.get("demo"):
        settings = {key: settings[key] for key in LOOKS & settings.keys()}
    settings |= {key: value for key, value in given.items() if value is not None}
    if given.get("demo") and given["server"]:
        parser().error("--demo has its own server: leave out HOST")
    for key in ("room", "nick"):
        if key in settings and not (
            settings[key].strip() and clean(settings[key]) == settings[key]
        ):
            parser().error(f"--{key}: must be a name of visible characters")
    if not settings.get("plain") and not (os.isatty(0) and os.isatty(1)):
        complain("tuichat: not a terminal. Use --plain to read and print lines.")
        return 2
    try:
        return _run(settings, warnings)
    except AddressError as error:
        parser().error(str(error))


def _given(argv: list[str]) -> dict[str, Any]:
    """Return what the command line says; without options, `argparse` need not be loaded."""
    if not argv:
        return {}
    if len(argv) == 1 and not argv[0].startswith("-"):
        return {"server": argv[0]}
    return vars(parser().parse_args(argv))


def _occupy_standard_descriptors() -> None:
    """Open the null device for closed standard streams, so that no socket gets their numbers."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


def _run(settings: dict[str, Any], warnings: list[str]) -> int:
    if not settings.get("demo"):
        return _chat(settings, warnings)
    from .server.demo import FRAMING, Demo  # here, as only the demo needs the server

    demo = Demo()
    host, port = demo.start()
    try:
        return _chat(settings | {"server": f"{host}:{port}", "framing": FRAMING}, warnings)
    finally:
        demo.stop()


def _options(settings: dict[str, Any], notes: Notes) -> Options:
    host, port = parse_address(settings["server"]) if settings.get("server") else ("", 0)
    framing, plain = settings.get("framing", "auto"), settings.get("plain", False)
    log = settings.get("log")
    return Options(
        host=host,
        port=port,
        room=settings.get("room", "").strip(),
        nick=settings.get("nick", "").strip(),
        framing=None if framing == "auto" else framing,
        bell=settings.get("bell", "mention"),
        plain=plain,
        scrollback=settings.get("scrollback", LIMIT_LINES),
        last_server=notes.last_server,
        default_nick=notes.last_nick or _login(),
        memory=notes.memory,
        past=read_past(log) if log and not plain else {},
    )


def _login() -> str:
    """Return the login name if it can be a nick, else ""."""
    name = os.environ.get("LOGNAME") or os.environ.get("USER") or os.environ.get("USERNAME") or ""
    return name if name.isalnum() else ""


def _chat(settings: dict[str, Any], warnings: list[str]) -> int:
    """Run full screen or in line mode; return the exit status."""
    notes = Notes(lasting=not settings.get("demo"))
    app = App(_options(settings, notes))
    app.turn(now(), Clock().stamp())  # the time for what is told before the loop begins
    with Wakeup() as wakeup:
        driver = Driver(app.chat, notes, wakeup)
        for warning in warnings:
            app.conversation.tell(warning, ERROR)
        if settings.get("log"):
            driver.log_to(settings["log"], 0)
        try:
            if settings.get("plain"):
                from .terminal.plain import Plain  # here, as the full screen does not need it

                front = Plain(app, wakeup)
                status = _work(Loop(app, front, wakeup, driver, front.printer))
            else:
                status = _full_screen(app, wakeup, driver, bool(settings.get("mouse")))
        finally:
            lost = driver.end()
    if driver.reason:  # outside `Wakeup`, so that a signal can end a write that blocks
        complain(driver.reason)
    return status or lost


def _full_screen(app: App, wakeup: Wakeup, driver: Driver, mouse: bool) -> int:
    try:
        from .terminal.fullscreen import FullScreen  # here, as line mode needs no curses
        from .terminal.screen import Screen
        from .terminal.setup import ScreenError
    except ModuleNotFoundError as error:
        if error.name not in ("curses", "_curses"):
            raise
        complain(NO_CURSES)
        return 2
    try:
        with Screen(mouse=mouse, colour=not os.environ.get("NO_COLOR")) as screen:
            front = FullScreen(app, screen, wakeup)
            return _work(Loop(app, front, wakeup, driver, screen.output))
    except ScreenError as error:
        complain(f"tuichat: {error}")
        return 2


def _work(loop: Loop) -> int:
    """Show the first screen, load what it did not need, run; return the exit status."""
    loop.start()
    from .protocol import session  # noqa: F401  # now, so that no key or answer waits for it

    gc.freeze()  # what is loaded stays: the collector need not examine it again
    gc.enable()
    return loop.run()
