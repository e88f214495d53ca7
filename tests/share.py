"""The manual pages and shell completions that get installed: `python3 -m tests.share`.

They are generated from the parsers and from the tables of keys, commands and settings into
`tuichat/share`, which is laid out as `share` below an installation's prefix. What no table knows
is written here. `tests/program/test_share.py` fails if they are out of date.
"""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

import shtab
from argparse_manpage.manpage import Manpage

from tuichat import __version__, cli
from tuichat.server import server
from tuichat.settings import KEYS
from tuichat.ui.help import GROUPS

SHARE = Path(__file__).resolve().parent.parent / "tuichat" / "share"
MAN = "man/man1/{}.1"
COMPLETIONS = {
    "bash": "bash-completion/completions/{}",
    "zsh": "zsh/site-functions/_{}",
    "fish": "fish/vendor_completions.d/{}.fish",
}
HOSTS = {
    "bash": "_tuichat_hosts",
    "zsh": "_hosts",
    "fish": "(__fish_print_hostnames)",
    "preamble": {"bash": '_tuichat_hosts() {\n  compgen -A hostname -- "$1"\n}'},
}
ROFF = {
    "\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq",
}  # fmt: skip


class Page(NamedTuple):
    """What a manual page says besides the options.

    `operands` follow the options in the synopsis, written in roff. A section is a table of terms
    and their explanations.
    """

    parser: Callable[[], ArgumentParser]
    summary: str
    operands: str
    description: tuple[str, ...]
    sections: Mapping[str, Iterable[tuple[str, str]]]
    see_also: str


PAGES = {
    "tuichat": Page(
        cli.parser,
        "full-screen chat client for the room-chat protocol",
        r"[\fIHOST\fR[:\fIPORT\fR]]",
        (
            "Give the server on the command line, or start without arguments and answer the "
            "questions: which server, room and nick. The screen always shows what to do next. "
            "F1 shows all commands and keys; F10 quits.",
            "Servers differ in how they mark the end of a message. tuichat detects this and "
            "remembers it for each server; --framing overrides it.",
            "With --plain, tuichat reads and prints lines instead of drawing a screen, for "
            "scripts, screen readers and dumb terminals. Lines from tuichat itself start with »; "
            "messages start with the time.",
            "With --log, or the log setting, the full screen shows up to 12 messages from earlier "
            "visits when you enter a room.",
            "The protocol has no encryption and no passwords.",
        ),
        {
            **dict(GROUPS),
            "Settings": [(key, allowed) for key, (allowed, _) in KEYS.items()],
            "Exit status": [
                ("0", "Normal exit."),
                ("1", "Room or nick refused (with --plain), incomplete log, or internal error."),
                ("2", "Usage error, or not a terminal."),
                ("69", "No connection to the server, or it was lost before everything was sent."),
                ("128+n", "Killed by signal n."),
            ],
            "Files": [
                (
                    "~/.config/tuichat/config.toml",
                    "The settings above, in TOML. Options on the command line override them. "
                    "tuichat never writes this file.",
                ),
                (
                    "~/.local/state/tuichat/servers",
                    "The servers used before, how each marks the end of a message, and the last "
                    "nick. You may delete it.",
                ),
            ],
            "Environment": [
                ("XDG_CONFIG_HOME", "Used instead of ~/.config."),
                ("XDG_STATE_HOME", "Used instead of ~/.local/state."),
                ("NO_COLOR", "If set and not empty, tuichat uses no colours."),
            ],
            "Examples": [
                ("tuichat --demo", "Look around; the server is built in."),
                ("tuichat chat.example.org:41400 --room general --nick ann",
                 "Enter a room at once."),
                (
                    "printf 'hi\\n' | tuichat HOST --room general --nick bot --plain",
                    "Send a message from a script.",
                ),
            ],
        },
        "tuichat-server",
    ),
    "tuichat-server": Page(
        server.parser,
        "small chat server for the room-chat protocol",
        "",
        (
            "The server runs until Ctrl-C or SIGTERM. Entering a room creates it if it does not "
            "exist. Nothing is stored.",
            "By default it accepts connections from this computer only; --host changes that. It "
            "prints a line whenever someone enters or leaves a room. The protocol has no "
            "encryption and no passwords.",
        ),
        {
            "Exit status": [
                ("1", "Cannot listen, or an internal error."),
                ("2", "Usage error."),
                ("130", "Stopped by Ctrl-C."),
                ("143", "Stopped by SIGTERM."),
            ],
            "Examples": [
                ("tuichat-server", "Serve this computer, on port 5220."),
                ("tuichat-server --host 0.0.0.0", "Serve everyone on the network."),
                ("tuichat-server --framing lf", "End every message with a line feed."),
            ],
        },
        "tuichat",
    ),
}


def files() -> dict[str, str]:
    """Return the text of every file, by its path below `share`."""
    made = {MAN.format(name): manual(name) for name in PAGES}
    for shell, path in COMPLETIONS.items():
        made |= {path.format(name): completion(name, shell) for name in PAGES}
    return made


def manual(name: str) -> str:
    """Return a program's page for section 1 of the manual."""
    page = PAGES[name]
    parser = page.parser()
    parser.formatter_class = RawDescriptionHelpFormatter  # ignores the terminal's width
    parser.description = parser.epilog = None
    for group in parser._action_groups:
        group.title = "options"
    for action in parser._actions:
        if "--help" in action.option_strings:  # which argparse-manpage would leave out
            action.option_strings = [", ".join(action.option_strings)]
    made = Manpage(parser)
    made.date, made.source, made.manual = "", f"tuichat {__version__}", "User Commands"
    made.description = page.summary
    made.synopsis = [name, r"[\fIOPTION\fR]...", page.operands]
    made.add_section("description", "=", "\n.PP\n".join(map(_prose, page.description)))
    for title, rows in page.sections.items():
        text = "\n".join(f".TP\n.B {roff(term)}\n{_prose(words)}" for term, words in rows)
        made.add_section(title, "=", text)
    made.add_section("see also", "=", rf"\fB{roff(page.see_also)}\fR(1)")
    # An empty line in the source would show on the page.
    return "".join(f"{line.rstrip()}\n" for line in str(made).splitlines() if line.strip())


def _prose(text: str) -> str:
    """Write a paragraph, in lines of a length that a reader of the source expects."""
    return "\n".join(map(roff, wrap(text, 72, break_long_words=False, break_on_hyphens=False)))


def roff(text: str) -> str:
    """Write a text so that roff shows it as it is, even one that begins like a request."""
    shown = "".join(
        ROFF.get(char, char if char.isascii() else rf"\[u{ord(char):04X}]") for char in text
    )
    return rf"\&{shown}" if shown.startswith(".") else shown


def completion(name: str, shell: str) -> str:
    """Return a program's completions for a shell."""
    parser = PAGES[name].parser()
    for action in parser._actions:
        if action.metavar == "FILE":
            action.complete = shtab.FILE
        elif action.dest in ("server", "host"):
            action.complete = HOSTS
    return shtab.complete(parser, shell)


def main() -> None:
    """Write the files."""
    for path, text in files().items():
        file = SHARE / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
