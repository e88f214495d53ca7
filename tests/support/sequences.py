"""What a program may write to a terminal: text, and the sequences of its terminfo entry.

    shown = Sequences("xterm-256color").text(raw)

The accepted set is made from the terminfo entry, not from what the program happens to write: every
capability that controls output, with any parameters. The program's own additions, for which
terminfo has no name, are the few in `OWN`. Anything else is an error, even an unfinished sequence.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from functools import lru_cache

# terminfo(5): the string capabilities that a program sends; keys and initialisation are not.
OUTPUT = [
    "acsc",
    "bel",
    "blink",
    "bold",
    "cbt",
    "civis",
    "clear",
    "cnorm",
    "cr",
    "csr",
    "cub",
    "cub1",
    "cud",
    "cud1",
    "cuf",
    "cuf1",
    "cup",
    "cuu",
    "cuu1",
    "cvvis",
    "dch",
    "dch1",
    "dim",
    "dl",
    "dl1",
    "ech",
    "ed",
    "el",
    "el1",
    "enacs",
    "flash",
    "home",
    "hpa",
    "ht",
    "ich",
    "ich1",
    "il",
    "il1",
    "ind",
    "indn",
    "invis",
    "nel",
    "oc",
    "op",
    "rc",
    "rep",
    "rev",
    "ri",
    "rin",
    "ritm",
    "rmacs",
    "rmam",
    "rmcup",
    "rmir",
    "rmkx",
    "rmso",
    "rmul",
    "sc",
    "setab",
    "setaf",
    "sgr",
    "sgr0",
    "sitm",
    "smacs",
    "smam",
    "smcup",
    "smir",
    "smkx",
    "smso",
    "smul",
    "vpa",
]
# Bracketed paste, focus reports; no mouse, no alternate scrolling (saved and restored), no
# application modes of the keyboard; the window's title: saved, set (ended by BEL), restored.
OWN = (
    rb"\x1b\[\?2004[hl]",
    rb"\x1b\[\?1004[hl]",
    rb"\x1b\[\?10(?:0[012356]|15)l",
    rb"\x1b\[\?1007[hlrs]",
    rb"\x1b\[\?1l\x1b>",
    rb"\x1b\[2[23];2t",
    rb"\x1b\]2;(?P<title>[^\x00-\x1f\x7f]*)\x07",
)
ASK = """
import curses, itertools, json, sys
term, *names = sys.argv[1:]
curses.setupterm(term, 1)
found = {name: curses.tigetstr(name) or b"" for name in names}
ranges = {
    "sgr": itertools.product((0, 1), repeat=9),
    "setaf": ((n,) for n in range(256)),
    "setab": ((n,) for n in range(256)),
}
made = {
    name: [curses.tparm(found[name], *values) for values in ranges[name]]
    for name in ranges if found[name]
}
if curses.tigetflag("AX") > 0:  # user_caps(5): it has these two beside `op`
    names += ["default"]
    found["default"], made["default"] = True, [b"\\x1b[39m", b"\\x1b[49m"]
decoded = {name: [data.decode("latin-1") for data in made.get(name, [found[name]])]
           for name in names if found[name]}
print(json.dumps(decoded))
"""
PADDING = rb"\$<[0-9.]+[*/]*>"
PARAMETERS = rb"%(?:i|p\d|\{\d+\}|[-+]|c)"  # what only computes; a `%c` is the text itself
PLAIN = re.compile(rb"\x1b\[[0-9;]*[@-~]")  # most control sequences (ECMA-48, 5.4)
TEXT = re.compile(rb"[\x20-\x7e\x80-\xff]+")


def capabilities(term: str) -> dict[str, list[bytes]]:
    """The patterns of all output capabilities of a terminal, by name."""
    told = subprocess.run(
        [sys.executable, "-c", ASK, term, *OUTPUT], capture_output=True, check=True, text=True
    )
    return {
        name: [_pattern(value.encode("latin-1")) for value in dict.fromkeys(values)]
        for name, values in json.loads(told.stdout).items()
    }


def _pattern(value: bytes) -> bytes:
    plain = re.sub(PARAMETERS, b"", re.sub(PADDING, b"", value))
    assert b"%" not in plain.replace(b"%d", b""), value
    return re.escape(plain).replace(b"%d", rb"\d+")


class Sequences:
    """The sequences that a terminal of this name accepts from the program."""

    def __init__(self, term: str) -> None:
        patterns = capabilities(term)
        self._repeat = re.compile((patterns.pop("rep", [b"(?!)"])[0]).replace(rb"\d+", rb"(\d+)"))
        self.clear = re.sub(rb"\\(.)", rb"\1", patterns["clear"][0])
        del patterns["acsc"]  # a table of what the others mean, never sent
        self._known = {pattern for some in patterns.values() for pattern in some if pattern}
        longest = sorted(self._known, key=len, reverse=True)
        self._accepted = re.compile(b"|".join([*OWN, *longest]))
        self._met: set[bytes] = set()
        self.titles: list[str] = []

    def text(self, raw: bytes) -> str:
        """Return the text between the sequences. Raises AssertionError for anything else."""
        parts: list[str] = []
        at = 0
        while at < len(raw):
            if found := TEXT.match(raw, at):
                parts.append(_checked(found[0]))
            elif found := self._control(raw, at):
                if found.groupdict().get("title") is not None:
                    self.titles.append(_checked(found["title"]))
            elif found := self._repeat.match(raw, at):
                parts.append(parts[-1][-1] * int(found[1]))
            else:
                raise AssertionError(f"not of this terminal: {raw[at : at + 40]!r} at {at}")
            at = found.end()
        return "".join(parts)

    def _may_go_on(self, sequence: bytes) -> bool:
        """Whether a longer sequence begins with this one, as `clear` does with `home`."""
        start = re.escape(sequence)
        return any(known.startswith(start) and known != start for known in self._known)

    def _control(self, raw: bytes, at: int) -> re.Match[bytes] | None:
        """Find an accepted sequence; those met before are found sooner."""
        plain = PLAIN.match(raw, at)
        if plain and plain[0] in self._met:
            return plain
        found = self._accepted.match(raw, at)
        if found and plain and found[0] == plain[0] and not self._may_go_on(plain[0]):
            self._met.add(plain[0])
        return found


def _checked(data: bytes) -> str:
    """Decode text strictly; every character of it must be one that a person can see."""
    text = data.decode("utf-8")
    unseen = [ascii(char) for char in set(text) if not visible(char)]
    assert not unseen, f"not visible: {unseen} in {text[:80]!a}"
    return text


@lru_cache(maxsize=4096)
def visible(char: str) -> bool:
    """Whether a character is drawn, or is a plain space, or a mark on the character before it."""
    category = unicodedata.category(char)
    return char == " " or (category[0] not in "CZ" and char not in INVISIBLE)


# Letters and marks by category, but nothing that anybody could see (Default_Ignorable and others).
INVISIBLE = "".join(
    map(
        chr,
        [0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2800, 0x3164, 0xFFA0]
        + [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)],
    )
)
