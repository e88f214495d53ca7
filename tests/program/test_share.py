"""The manual pages and completions: up to date, readable, working, installed in the right place."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.share import MAN, PAGES, SHARE, files, roff
from tuichat.input.commands import COMMANDS
from tuichat.input.keymap import BINDINGS, KEY_GROUPS

ROOT = SHARE.parent.parent
MANUALS = {name: SHARE / MAN.format(name) for name in PAGES}
HOST = "chat.example.org"
# How to start each shell so that it has the completions, as files in its home directory.
SHELLS = {
    "bash": (
        ["--rcfile", ".start", "-i"],
        {".start": f"for file in {SHARE}/bash-completion/completions/*; do . $file; done"},
    ),
    "zsh": (
        ["-d", "-i"],
        {".zshrc": f"fpath=({SHARE}/zsh/site-functions $fpath); autoload -U compinit; compinit -u"},
    ),
    "fish": (
        ["-C", "set fish_autosuggestion_enabled 0; set fish_greeting"],
        {},
    ),
}


def tool(name: str) -> str:
    """The path of a program that reads what is tested here. `.ci/run` installs them all."""
    found = shutil.which(name)
    if not found and os.environ.get("CI"):
        pytest.fail(f"{name} is not installed")
    return found or pytest.skip(f"{name} is not installed")


def run(*argv: str | Path, **variables: str) -> str:
    """What a program prints, errors included."""
    environment = {name: value for name, value in os.environ.items() if name != "MANPATH"}
    return subprocess.run(
        argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=True,
        cwd=ROOT, env={**environment, "LC_ALL": "C.UTF-8", **variables}, timeout=60,
    ).stdout  # fmt: skip


def sections(page: Path) -> dict[str, str]:
    """The sections of a page as a reader sees them, with white space collapsed."""
    shown = run(tool("groff"), "-man", "-Tutf8", "-ww", "-P-cbou", "-rLL=200n", page)
    _, *parts = re.split(r"(?m)^([A-Z][A-Z ]*)$", shown.replace("\u2019", "'"))
    return {
        title: " ".join(body.split()) for title, body in zip(parts[::2], parts[1::2], strict=True)
    }


def explained(name: str) -> dict[str, str]:
    """The long options and their explanations, as the program's own help has them."""
    made = PAGES[name].parser()
    made.formatter_class = partial(made.formatter_class, width=100)
    text = re.sub(r"\n {20,}", "  ", made.format_help())
    found = dict(re.findall(r"(?m)^  (?:-\w, )?(--\w+).*?  +(\S.*)$", text))
    assert "--version" in found
    return found


@pytest.mark.parametrize("columns", ["40", "200"])
def test_they_are_up_to_date_and_the_same_for_everyone(home, monkeypatch, columns):
    for variable, value in {"HOME": str(home), "COLUMNS": columns}.items():
        monkeypatch.setenv(variable, value)
    kept = {
        file.relative_to(SHARE).as_posix(): file.read_text(encoding="utf-8")
        for file in SHARE.rglob("*")
        if file.is_file()
    }
    made = files()
    outdated = sorted(
        path for path in kept.keys() | made.keys() if kept.get(path) != made.get(path)
    )
    assert not outdated, f"{', '.join(outdated)}: run python3 -m tests.share, remove what is left"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_explains_every_option_as_help_does(name):
    options = sections(MANUALS[name])["OPTIONS"]
    for option, words in explained(name).items():
        assert re.search(rf"{option}( \S+)? {re.escape(words)}( |$)", options)


def test_the_page_has_every_key_and_every_command():
    found = sections(MANUALS["tuichat"])
    keys = " ".join(found[title.upper()] for title, _ in KEY_GROUPS)
    for binding in BINDINGS:
        assert f"{binding.label} {binding.help}" in keys or not binding.label
    for command in COMMANDS:
        place = found[f"COMMANDS {command.place.upper()}"]
        assert f"{command.name} {command.argument}".strip() in place
        assert command.help in place


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_usual_sections(name):
    own = {
        "tuichat": [
            "COMMANDS IN THE LOBBY", "COMMANDS IN A ROOM", "COMMANDS EVERYWHERE",
            "KEYS FOR READING", "KEYS FOR WRITING", "KEYS FOR EDITING", "OTHER KEYS",
            "SETTINGS", "EXIT STATUS", "FILES", "ENVIRONMENT",
        ],
        "tuichat-server": ["EXIT STATUS"],
    }  # fmt: skip
    assert list(sections(MANUALS[name])) == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", *own[name], "EXAMPLES", "SEE ALSO",
    ]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_every_exit_status_of_help(name):
    told = re.search(r"(?m)^exit status: (.*)", PAGES[name].parser().format_help())
    statuses = re.findall(r"\b\d+(?:\+n)?(?= )", told[1])
    assert len(statuses) > 3
    found = sections(MANUALS[name])["EXIT STATUS"]
    assert all(re.search(rf"(^|\. ){re.escape(status)} [A-Z]", found) for status in statuses)


@pytest.mark.parametrize("name", PAGES)
def test_no_reader_complains_of_a_page(tmp_path, name):
    dated = tmp_path / "dated"  # mandoc complains if there is no date
    dated.write_text(MANUALS[name].read_text("utf-8").replace('""', '"2000-01-01"', 1), "utf-8")
    assert run(tool("mandoc"), "-Tlint", "-Wstyle,stop", dated) == ""
    assert run(tool("groff"), "-man", "-Tutf8", "-ww", "-z", dated) == ""


def test_any_text_is_shown_as_it_is(tmp_path):
    every = "".join(map(chr, range(33, 127)))
    texts = [".SH NAME", "'ft B", r"a\fBb\n\\", "`^~-'\" it's --x", "» 日本 é", every]
    page = tmp_path / "page"
    rows = "\n.br\n".join(map(roff, texts))
    page.write_text(f".TH PAGE 1\n.SH TEXTS\n{rows}\n.SH END\n", encoding="utf-8")
    shown = run(tool("groff"), "-man", "-Tutf8", "-ww", "-P-cbou", "-rLL=200n", page)
    found = shown.split("TEXTS\n")[1].split("\n\n")[0]
    assert [line.strip() for line in found.splitlines()] == texts


@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes(terminal, home, shell):
    arguments, start = SHELLS[shell]
    for path, text in {
        **start,
        "notes.txt": "",
        ".hosts": f"127.0.0.1 {HOST}\n",  # bash looks here
        ".ssh/known_hosts": f"{HOST} ssh-ed25519 AAAA\n",  # the others look here
    }.items():
        (home / path).parent.mkdir(exist_ok=True)
        (home / path).write_text(text, encoding="utf-8")
    for name in PAGES:  # fish completes only commands that there are
        command = home / "bin" / name
        command.parent.mkdir(exist_ok=True)
        command.touch(0o755)
    variables = {
        "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
        "HOSTFILE": str(home / ".hosts"),
        "XDG_DATA_DIRS": f"{SHARE}:/usr/local/share:/usr/share",
        "PS1": "$ ",
    }
    screen = terminal([tool(shell), *arguments], env=variables)
    screen.wait(lambda terminal: terminal.text.strip())  # the prompt
    for typed, completed in {
        "tuichat --fr": "tuichat --framing",
        "tuichat --framing crl": "tuichat --framing crlf",
        "tuichat --bell me": "tuichat --bell mention",
        "tuichat --log not": "tuichat --log notes.txt",
        "tuichat --mouse cha": f"tuichat --mouse {HOST}",
        "tuichat-server --po": "tuichat-server --port",
        "tuichat-server --framing ba": "tuichat-server --framing bare",
    }.items():
        assert completed not in screen.text
        screen.type(typed)
        screen.wait(typed)
        screen.press("Tab")
        screen.wait(completed)
        screen.press("C-u")
        screen.wait_gone(completed)


def test_an_installation_has_them_where_systems_look(tmp_path):
    wheels, prefix = tmp_path / "wheels", tmp_path / "prefix"
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels)
    (wheel,) = wheels.iterdir()
    run(
        sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--no-compile",
        "--ignore-installed", "--prefix", prefix, wheel,
    )  # fmt: skip
    assert {path for path in files() if not (prefix / "share" / path).is_file()} == set()
    assert not [*prefix.glob("lib/*/site-packages/tuichat/share")]
    for name in PAGES:
        found = run(tool("man"), "-w", name, PATH=f"{prefix / 'bin'}:{os.environ['PATH']}")
        assert found.strip() == str(prefix / "share" / MAN.format(name))
