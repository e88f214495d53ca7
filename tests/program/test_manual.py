"""The manual page and the completions: everything the parser has, and nothing that would act."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tuichat.server.server
from tests.support.program import environment
from tuichat import cli
from tuichat.input.commands import COMMANDS
from tuichat.input.keymap import BINDINGS
from tuichat.manual import FORMS, bash, fish, man, zsh
from tuichat.ui.help import TABLES

PARSERS = [cli.parser, tuichat.server.server.parser]
REQUESTS = {".TH", ".SH", ".TP", ".B", ".nf", ".fi", ".nh"}
ESCAPES = re.compile(r"\\(?:(e|-|&)|\((..)|\[u([0-9A-F]{4,6})\]|f([BIR])| )")
MEANT = {"e": "\\", "-": "-", "&": "", "aq": "'", "ga": "`", "ha": "^", "ti": "~", "dq": '"'}


def shown(line: str) -> str:
    """A line of the page as a reader sees it."""

    def meaning(escape: re.Match[str]) -> str:
        plain, special, code, font = escape.groups()
        if code:
            return chr(int(code, 16))
        return "" if font else MEANT[plain or special] if plain or special else " "

    assert "\\" not in ESCAPES.sub("", line), line
    return ESCAPES.sub(meaning, line)


def tagged(page: str, section: str) -> dict[str, str]:
    """The terms of a section and their explanations."""
    lines = page.split(f".SH {section}\n")[1].split("\n.SH")[0].splitlines()
    assert lines[::3] == [".TP"] * (len(lines) // 3)
    return dict(zip(map(shown, lines[1::3]), map(shown, lines[2::3]), strict=True))


def odd(text: str) -> argparse.ArgumentParser:
    """A parser whose only option is explained by a text."""
    made = argparse.ArgumentParser("odd", description="Odd.", add_help=False)
    made.add_argument("--it", metavar="FILE", help=text.replace("%", "%%"))
    return made


def visible(made: argparse.ArgumentParser) -> dict[str, str]:
    """The long options and their explanations, as the program's own help has them."""
    made.formatter_class = partial(made.formatter_class, width=100)
    text = re.sub(r"\n {20,}", "  ", made.format_help())
    found = dict(re.findall(r"(?m)^  (?:-\w, )?(--\w+).*?  +(\S.*)$", text))
    assert "--version" in found
    return {option: " ".join(words.split()) for option, words in found.items()}


@pytest.mark.parametrize("parser", PARSERS)
def test_the_page_explains_every_option_as_help_does(parser):
    options = tagged(man(parser()), "OPTIONS")
    explained = {
        name: words for term, words in options.items() for name in re.findall(r"--\w+", term)
    }
    assert explained == visible(parser())


def test_the_page_has_every_key_and_every_command():
    page = man(cli.parser(), TABLES)
    keys, commands = tagged(page, "KEYS"), tagged(page, "COMMANDS")
    assert keys == {binding.label: binding.help for binding in BINDINGS if binding.label}
    assert {term.split()[0] for term in commands} == {*(c.name for c in COMMANDS), "//text"}


def test_the_page_has_the_usual_sections():
    lines = man(cli.parser(), TABLES).splitlines()
    assert lines[0].startswith('.TH TUICHAT 1 "" "tuichat ')
    assert [line[4:] for line in lines if line.startswith(".SH ")] == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "KEYS", "COMMANDS", "EXAMPLES",
        "EXIT STATUS", "SETTINGS",
    ]  # fmt: skip
    assert shown(lines[3]) == "tuichat - a full-screen chat client for the room-chat protocol"
    examples = [shown(line) for line in lines]
    assert "printf 'hi\\n' | tuichat HOST --room general --nick bot --plain" in examples


@pytest.mark.parametrize("parser", PARSERS)
def test_the_page_holds_only_requests_that_every_reader_knows(parser):
    for line in man(parser(), TABLES).splitlines():
        assert line.isascii()
        assert line.split()[0] in REQUESTS or not line.startswith((".", "'"))
        shown(line)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_any_text_is_shown_as_it_is(text):
    line = man(odd(f".{text}")).split("\n.TP\n")[1].splitlines()[1]
    assert shown(line) == f".{text}"
    assert not line.startswith(".")
    assert line.isascii()


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("complete", [bash, zsh, fish])
def test_completions_have_every_option_and_every_choice(parser, complete):
    text = complete(parser())
    words = set(re.findall(r"[\w-]+", text))
    for option in visible(parser()):
        assert {option, option[2:]} & words
    assert {"bare", "lf", "crlf"} <= words
    assert "print" not in words
    assert text.isascii()


ODD = "it's [a] \\ $(x): `y`"


def test_bash_is_told_no_explanation():
    assert ODD not in bash(odd(ODD))
    assert "--it) compopt -o default; return ;;" in bash(odd(ODD))


def test_zsh_reads_an_explanation_as_it_is():
    (spec,) = shlex.split(zsh(odd(ODD)).partition("_arguments \\\n")[2])
    assert spec == "--it=[it's \\[a\\] \\\\ $(x)\\: `y`]:FILE:_files"


def test_fish_reads_an_explanation_as_it_is():
    last = fish(odd(ODD)).splitlines()[-1]
    assert last.startswith("complete -c odd -l it -r -F -d '")
    assert last.endswith(r"'it\'s [a] \\ $(x): `y`'")


@pytest.mark.parametrize("module", ["tuichat", "tuichat.server"])
@pytest.mark.parametrize("form", FORMS)
def test_it_is_printed_without_a_terminal_and_hidden_from_help(home, module, form):
    def run(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=environment(home, {}), capture_output=True, check=True, text=True, timeout=30,
        ).stdout  # fmt: skip

    assert "tuichat" in run("--print", form)
    assert "--print" not in run("--help")
