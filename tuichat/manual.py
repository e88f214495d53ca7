"""The manual page, and completions for shells, made from a parser: `tuichat --print man`.

Neither is kept by hand, so that neither can fall behind. The page is plain man(7), which groff and
mandoc both read; what is printed is ASCII, whatever the locale of the one who prints it.
"""

from __future__ import annotations

import re
from argparse import SUPPRESS, Action, ArgumentParser

from . import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Tables = Sequence[tuple[str, Sequence[tuple[str, str]]]]

_SECTION = re.compile(r"(?m)^(\w[\w ]*):[ \n]")
_ROFF = {
    "\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq",
}  # fmt: skip


def written(form: str, parser: ArgumentParser, tables: Tables = ()) -> str:
    """Return the text that `--print` prints, for one of `FORMS`.

    `tables` are further sections of the manual page: a title, and rows of (term, explanation).
    """
    return man(parser, tables) if form == "man" else FORMS[form](parser)


# -- what a parser holds -----------------------------------------------------------------------


def _actions(parser: ArgumentParser) -> list[Action]:
    """Return what help shows; argparse has no public way to ask for it."""
    return [action for action in parser._actions if action.help != SUPPRESS]


def _options(parser: ArgumentParser) -> list[Action]:
    return [action for action in _actions(parser) if action.option_strings]


def _value(action: Action) -> str:
    """Return what stands for the value, "" for an option that takes none."""
    if action.nargs == 0:
        return ""
    return str(action.metavar or "|".join(_choices(action)) or action.dest.upper())


def _choices(action: Action) -> list[str]:
    return [str(choice) for choice in action.choices or ()]


def _help(action: Action) -> str:
    return (action.help or "") % vars(action)


def _summary(parser: ArgumentParser) -> str:
    """Return what the program is: its description, or the title above its arguments."""
    titles = (group.title for group in parser._action_groups if group._group_actions)
    return (parser.description or next(titles) or "").strip()


# -- the manual page ---------------------------------------------------------------------------


def man(parser: ArgumentParser, tables: Tables = ()) -> str:
    """Return a page of man(7)."""
    name, summary = _roff(parser.prog), _roff(_summary(parser))
    short = summary[:1].lower() + summary[1:].partition(".")[0]
    lines = [f'.TH {name.upper()} 1 "" "{name} {__version__}"']
    lines += [".nh", ".SH NAME", rf"{name} \- {short}", ".SH SYNOPSIS", f".B {name}"]
    for action in _actions(parser):
        lines.append("[" + r"\ ".join([*_terms(action)[:1], *_italic(action)]) + "]")
    lines += [".SH DESCRIPTION", f"{summary.rstrip('.')}.", ".SH OPTIONS"]
    for action in _actions(parser):
        names = ", ".join(_terms(action))
        lines += [".TP", " ".join([*([names] if names else []), *_italic(action)])]
        lines.append(_roff(_help(action)))
    for title, rows in tables:
        lines.append(f".SH {_roff(title.upper())}")
        for term, explanation in rows:
            lines += [".TP", rf"\fB{_roff(term)}\fR", _roff(explanation)]
    return "\n".join([*lines, *_epilog(parser.epilog or "")]) + "\n"


def _terms(action: Action) -> list[str]:
    return [rf"\fB{_roff(name)}\fR" for name in action.option_strings]


def _italic(action: Action) -> list[str]:
    return [rf"\fI{_roff(value)}\fR"] if (value := _value(action)) else []


def _epilog(text: str) -> Iterator[str]:
    """Give sections for `title: text` paragraphs; what is indented is shown as it is."""
    _, *found = _SECTION.split(text)
    for title, body in zip(found[::2], found[1::2], strict=True):
        yield f".SH {_roff(title.upper())}"
        if body.startswith("  "):
            yield from (".nf", *(_roff(line[2:]) for line in body.rstrip().splitlines()), ".fi")
        else:
            yield _roff(body.strip())


def _roff(text: str) -> str:
    """Write a text so that roff shows it as it is, even one that begins like a request."""
    shown = "".join(
        _ROFF.get(char, char if char.isascii() else rf"\[u{ord(char):04X}]") for char in text
    )
    return rf"\&{shown}" if shown.startswith(".") else shown


# -- completions -------------------------------------------------------------------------------


def bash(parser: ArgumentParser) -> str:
    """Return a completion for bash 4 and later."""
    function = "_" + parser.prog.replace("-", "_")
    names = [name for action in _options(parser) for name in action.option_strings]
    cases = []
    for action in _options(parser):
        if _value(action):
            cases.append(f"        {'|'.join(action.option_strings)}) {_bash_values(action)};;")
    hosts = any(_names_host(action) for action in _actions(parser) if not action.option_strings)
    return "\n".join([
        f"{function}() {{",
        "    local word=$2 before=$3",
        "    [[ $word == = ]] && word=",
        "    [[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD-2]}",
        "    COMPREPLY=()",
        "    case $before in",
        *cases,
        "    esac",
        f"    [[ $word == -* ]] && COMPREPLY=($(compgen -W '{' '.join(names)}' -- \"$word\"))",
        *(['    [[ $word != -* ]] && COMPREPLY=($(compgen -A hostname -- "$word"))'] * hosts),
        "}",
        f"complete -F {function} {parser.prog}",
        "",
    ])  # fmt: skip


def _bash_values(action: Action) -> str:
    if choices := _choices(action):
        return f"COMPREPLY=($(compgen -W '{' '.join(choices)}' -- \"$word\")); return "
    if _value(action) == "FILE":
        return "compopt -o default; return "
    if _names_host(action):
        return 'COMPREPLY=($(compgen -A hostname -- "$word")); return '
    return "return "


def zsh(parser: ArgumentParser) -> str:
    """Return a completion for zsh, a file `_PROGRAM` in its `fpath`."""
    specs = []
    for action in _actions(parser):
        value, said = _value(action), _zsh(_help(action))
        takes = f":{_zsh(value)}:{_zsh_values(action)}" if value else ""
        if not action.option_strings:
            specs.append(f"{':' if action.nargs == '?' else ''}{takes}")
        for name in action.option_strings:
            equals = "=" if value and name.startswith("--") else ""
            specs.append(f"{name}{equals}[{said}]{takes}")
    lines = " \\\n".join("    " + _quoted(spec, r"'\''") for spec in specs)
    return f"#compdef {parser.prog}\n\n_arguments \\\n{lines}\n"


def _zsh_values(action: Action) -> str:
    if choices := _choices(action):
        return f"({' '.join(choices)})"
    if _value(action) == "FILE":
        return "_files"
    return "_hosts" if _names_host(action) else " "


def _zsh(text: str) -> str:
    return re.sub(r"([\\\[\]:])", r"\\\1", text)


def fish(parser: ArgumentParser) -> str:
    """Return a completion for fish."""
    lines = [f"complete -c {parser.prog} -f"]
    for action in _actions(parser):
        words = ["complete", "-c", parser.prog]
        for name in action.option_strings:
            words += ["-l", name[2:]] if name.startswith("--") else ["-s", name[1:]]
        if _value(action):
            words += _fish_values(action)
        if action.option_strings or "-a" in words:
            lines.append(" ".join([*words, "-d", _quoted(_help(action).replace("\\", "\\\\"))]))
    return "\n".join(lines) + "\n"


def _fish_values(action: Action) -> list[str]:
    requires = ["-x"] if action.option_strings else []
    if choices := _choices(action):
        return [*requires, "-a", _quoted(" ".join(choices))]
    if _value(action) == "FILE":
        return ["-r", "-F"]
    return [*requires, "-a", "'(__fish_print_hostnames)'"] if _names_host(action) else requires


def _names_host(action: Action) -> bool:
    return _value(action).startswith("HOST") and not _choices(action)


def _quoted(text: str, quote: str = r"\'") -> str:
    """Put a text between single quotes, `quote` standing for those in it."""
    return "'" + text.replace("'", quote) + "'"


FORMS: dict[str, Callable[[ArgumentParser], str]] = {
    "man": man, "bash": bash, "zsh": zsh, "fish": fish,
}  # fmt: skip
