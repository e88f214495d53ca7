"""No byte and no character reaches the terminal as anything but text that a person can see.

The raw bytes that the program writes are read by a parser that accepts the terminal's own entry
(`support.sequences`), while a server sends every byte, every pair of bytes, and every code point.
"""

from __future__ import annotations

import ctypes
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.support.dialects import DialectServer
from tests.support.program import Program
from tests.support.sequences import Sequences, visible

COLS, ROWS = 130, 800  # a large terminal: few pages
LINE_CELLS, LINE_BYTES = 96, 900  # one row: text has no more than 100 cells
PAGE_ROWS = ROWS - 8
ARGUMENTS = ("--framing", "lf", "--room", "general", "--nick", "ann", "--bell", "off")
SILENT = "\u200c\u200d" + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
REDRAW, LEAVE = b"\x0c", b"\x11"  # Ctrl-L, Ctrl-Q


class Teletype(Program):
    """A terminal that only checks what is written: emulating a screen of this size takes time."""

    def __init__(self, argv: list[str], home: Path, term: str) -> None:
        self.sequences = Sequences(term)
        self._read_to = 0
        super().__init__(argv, home, COLS, ROWS, {"TERM": term})

    def text_to(self, data: bytes) -> str:
        """Wait until bytes are written; return the text up to them, from where it was read to."""
        start = self._read_to
        self._wait_until(lambda: self._raw.find(data, start) >= 0, 20, ascii(data))
        with self._changed:
            self._read_to = self._raw.find(data, start) + len(data)
            return self.sequences.text(bytes(self._raw[start : self._read_to]))

    def text_to_end(self) -> str:
        """Wait for the program's end; return the text from where it was read to."""
        self._wait_until(lambda: self.status is not None, 20, "the end")
        return self.sequences.text(self.raw[self._read_to :])

    def _describe(self) -> str:
        return ascii(bytes(self._raw[-2000:]))


@pytest.fixture
def teletype(home: Path) -> Iterator[Callable[..., Teletype]]:
    """Start tuichat on such a terminal, in a room."""
    started: list[Teletype] = []

    def start(server: DialectServer, term: str = "xterm-256color") -> Teletype:
        argv = [sys.executable, "-m", "tuichat", server.address, *ARGUMENTS]
        started.append(Teletype(argv, home, term))
        started[-1].text_to(b"You are in general as ann")
        return started[-1]

    yield start
    for program in started:
        program.close()


WCWIDTH = ctypes.CDLL(None).wcwidth


def too_new(char: str) -> str:
    """What stands for a character that Python knows and the C library, and so curses, does not."""
    if unicodedata.category(char) in ("Mn", "Me"):
        return ""
    return "\ufffd" * (2 if unicodedata.east_asian_width(char) in "WF" else 1)


def shown_as(char: str) -> str:
    """What stands for a character that somebody sends, by the rules of `text.clean`."""
    if visible(char) and not char.isspace():
        return too_new(char) if ord(char) > 0xCF2 and WCWIDTH(ord(char)) < 0 else char
    if char in SILENT:
        return ""
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return "" if char.isspace() and char not in CONTROL_SPACES else f"<U+{ord(char):04X}>"


# str.isspace() is true for these, but they are shown; tabs and all other spaces are blank.
CONTROL_SPACES = "\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"


def expected(data: bytes) -> str:
    """What a person is to see of what a server sends, without blanks."""
    lines = re.split(rb"\r?\n\r?|\0", data)
    return "".join(shown_as(char) for line in lines for char in line.decode("utf-8", "replace"))


def pages(items: Iterable[tuple[bytes, int]]) -> Iterator[bytes]:
    """Fill lines and pages with items (bytes, cells)."""
    page, rows, line, cells = b"", 0, b"", 0
    for item, size in items:
        if cells + size > LINE_CELLS or len(line) + len(item) > LINE_BYTES:
            page, rows, line, cells = page + line + b"\n", rows + 1, b"", 0
        ends = item.count(b"\n") + item.count(b"\0")
        if rows + ends >= PAGE_ROWS:
            yield page + line + b"\n"
            page, rows, line, cells = b"", 0, b"", 0
        line, cells, rows = line + item, cells + size, rows + ends
    yield page + line + b"\n"


def check(server: DialectServer, program: Teletype, items: Iterable[tuple[bytes, int]]) -> None:
    """Show the items, and paint each page once more from scratch, to see all of it."""
    for number, page in enumerate(pages(items)):
        mark = "".join(chr(0xAC00 + 4 * number + n) for n in range(4)).encode()  # each one new
        server.send(page + mark + b"\n")
        program.text_to(mark)
        wanted = expected(page).replace("│", "")
        if wanted.isascii():  # notation: nothing that a terminal could take for something else
            continue
        program.send(REDRAW)
        program.text_to(program.sequences.clear)
        seen = program.text_to(mark).replace(" ", "")
        seen = seen.replace("–│", "").replace("│", "")  # the gutter of a text that names nobody
        assert wanted in seen, "something is not to be seen"
    program.send(LEAVE)
    program.text_to_end()
    assert program.status == 0
    assert b"\x07" not in re.sub(rb"\x1b\]2;[^\x07]*\x07", b"", program.raw), "it rang"
    titles = {f"{server.address} – tuichat", "#general – tuichat", ""}  # none, in the end
    assert set(program.sequences.titles) <= titles


PAIRS = [(b":" + bytes((a, b)), 17) for a in range(256) for b in range(256)]
SINGLES = [(b":" + bytes((a,)), 9) for a in range(256)]


def code_points() -> Iterator[tuple[bytes, int]]:
    """Every code point, the halves of surrogate pairs too, with a base for a mark."""
    for code in range(sys.maxunicode + 1):
        yield b":" + chr(code).encode("utf-8", "surrogatepass"), 11


@pytest.mark.parametrize("items", [PAIRS, code_points()], ids=["pairs of bytes", "code points"])
def test_everything_a_server_can_send_is_seen_and_harmless(serve, teletype, items):
    server = serve("lf")
    check(server, teletype(server), items)


@pytest.mark.parametrize("term", ["linux", "screen-256color", "vt100", "tmux-256color"])
def test_every_byte_on_other_terminals(serve, teletype, term):
    server = serve("lf")
    check(server, teletype(server, term), SINGLES)
