"""The manual pages and shell completions that get installed: `python3 -m tests.share`.

They are generated from the parsers and from the tables of keys, commands and settings into
`tuichat/share`, which is laid out as `share` below an installation's prefix. What no table knows
is written here. `tests/test_share.py` tells when they are out of date.
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
from tuichat.ui.overlays import TABLES

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
    """What a manual page says beside the options.

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
            "tuichat connects to a server, lists its rooms, lets you enter one under a nick, and "
            "shows what is said there. Without arguments it asks for everything it needs. The "
            "screen always shows what to do next; F1 shows all keys and commands, F10 leaves.",
            "Servers of this protocol differ in how they mark the end of a message. tuichat finds "
            "out by itself and remembers it for each server; --framing overrides it.",
            "With --plain it reads and prints lines instead of drawing a screen, for scripts, "
            "screen readers and dumb terminals. What tuichat itself says then begins with »; what "
            "others say begins with the time.",
            "With --log, or the setting of that name, the full screen shows the last 12 lines that "
            "were said in a room on earlier visits when it is entered.",
            "The protocol has no encryption and no passwords.",
        ),
        {
            **dict(TABLES),
            "Settings": [(key, allowed) for key, (allowed, _) in KEYS.items()],
            "Exit status": [
                ("0", "Normal exit."),
                (
                    "1",
                    "With --plain, the room or the nick was refused; or the log could not be "
                    "written to the end; or an internal error.",
                ),
                ("2", "Wrong use, or no terminal."),
                ("69", "No connection to the server, or it was lost before all was sent."),
                ("128+n", "Ended by signal n."),
            ],
            "Files": [
                (
                    "~/.config/tuichat/config.toml",
                    "The settings above, in TOML, each as the option of the same name; server is "
                    "HOST or HOST:PORT. The command line overrides them. tuichat only reads this "
                    "file.",
                ),
                (
                    "~/.local/state/tuichat/servers",
                    "The servers used before, the nick used last on each, and how each wants its "
                    "messages to end. It may be deleted.",
                ),
            ],
            "Environment": [
                ("XDG_CONFIG_HOME, XDG_STATE_HOME", "Used instead of ~/.config, ~/.local/state."),
                ("NO_COLOR", "If it is set and not empty, no colours are used."),
            ],
            "Examples": [
                ("tuichat --demo", "Look around: the server and the people in it are built in."),
                ("tuichat chat.example.org:41400 --room general --nick ann",
                 "Enter a room at once."),
                (
                    "printf 'hi\\n' | tuichat HOST --room general --nick bot --plain",
                    "Say something from a script.",
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
            "tuichat-server serves rooms for practice, or for a local network, until Ctrl-C or "
            "SIGTERM ends it. A room is made by whoever enters it first. Nothing is kept: not what "
            "was said, not who was there.",
            "It listens for this computer only unless --host says otherwise, and prints a line "
            "when somebody comes or goes. The protocol has no encryption and no passwords.",
        ),
        {
            "Exit status": [
                ("1", "It cannot listen, or an internal error."),
                ("2", "Wrong use."),
                ("130", "Ended by Ctrl-C."),
                ("143", "Ended by SIGTERM."),
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
    parser.formatter_class = RawDescriptionHelpFormatter  # does not ask for the terminal's width
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
    # An empty line would be one on the page.
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
