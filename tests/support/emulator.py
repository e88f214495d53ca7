"""A terminal emulator for tests: pyte, with what an xterm has and pyte lacks.

pyte 0.8.2 has no alternate screen, no REP, CBT, SU and SD (all of which ncurses uses with
TERM=xterm-256color), no dim (SGR 2), takes `CSI > 4 m` for colours, and draws the rest of a
sequence it cannot parse (`CSI ! p` shows a `p`; a DCS string, all of it). So the sequences are
parsed here first (ECMA-48, 5.4 and 5.6; xterm's ctlseqs), and only those that pyte understands
are passed on.
"""

from __future__ import annotations

import codecs
import re
from collections import namedtuple
from collections.abc import Callable
from itertools import islice

import pyte
from pyte.screens import Char, Cursor

SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[(?P<parameters>[0-?]*)(?P<intermediate>[ -/]*)(?P<final>[@-~])"
    r"|\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|[PX^_][^\x1b]*\x1b\\"
    r"|(?P<charset>[ -/]+[0-~])"
    r"|(?P<plain>[0-OQ-WYZ\\`-~])"
    r")"
)
UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_][^\x1b]*\x1b?|[ -/]*)?\Z")
PRIVATE_FINALS = "hlJK"
ALTERNATE_SCREENS = {47, 1047, 1049}


# A cell as pyte has it (data, fg, bg, bold, underscore, reverse, …), and whether it is dim.
Cell = namedtuple("Cell", (*Char._fields, "dim"), defaults=(*Char._field_defaults.values(), False))


class Screen(pyte.Screen):
    """pyte's screen with an alternate screen, dim cells, and a stack of titles."""

    def __init__(self, columns: int, lines: int) -> None:
        self._main: tuple[dict[int, dict[int, Cell]], Cursor] | None = None
        self._titles: list[str] = []
        self._last = " "
        self.bells = 0
        super().__init__(columns, lines)

    @property
    def alternate(self) -> bool:
        """Whether the alternate screen is shown."""
        return self._main is not None

    @property
    def default_char(self) -> Cell:
        return Cell(*super().default_char)

    def reset(self) -> None:
        super().reset()
        self.cursor.attrs = self.default_char

    def select_graphic_rendition(self, *attributes: int) -> None:
        """SGR: 2 is dim, 22 neither bold nor dim; what follows 38 and 48 is a colour."""
        rest = iter(attributes or (0,))
        for attribute in rest:
            if attribute in (38, 48):  # a colour: 5 and its number, or 2 and three components
                space = next(rest, 5)
                components = islice(rest, 3 if space == 2 else 1)
                super().select_graphic_rendition(attribute, space, *components)
                continue
            super().select_graphic_rendition(attribute)
            if attribute in (2, 22):
                self.cursor.attrs = self.cursor.attrs._replace(dim=attribute == 2)

    def set_mode(self, *modes: int, **kwargs: bool) -> None:
        if kwargs.get("private") and ALTERNATE_SCREENS & set(modes) and not self.alternate:
            self._main = {y: dict(line) for y, line in self.buffer.items()}, self.cursor
            self.cursor = Cursor(self.cursor.x, self.cursor.y, self.default_char)
            self.buffer.clear()
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: bool) -> None:
        super().reset_mode(*modes, **kwargs)
        if kwargs.get("private") and ALTERNATE_SCREENS & set(modes) and self._main:
            lines, cursor = self._main
            hidden = self.cursor.hidden
            self._main, self.cursor = None, cursor
            self.cursor.hidden = hidden
            self.buffer.clear()
            for y, line in lines.items():
                self.buffer[y].update(line)
            self.ensure_hbounds()
            self.ensure_vbounds()

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Rows go at the bottom, and at the top only as many as keep the cursor in view."""
        lines, columns = lines or self.lines, columns or self.columns
        above = max(0, self.cursor.y + 1 - lines)
        kept = [(y - above, dict(self.buffer[y])) for y in range(above, self.lines)]
        self.buffer.clear()
        for y, line in kept:
            if y < lines:
                self.buffer[y].update({x: cell for x, cell in line.items() if x < columns})
        self.lines, self.columns, self.margins = lines, columns, None
        self.cursor.y -= above
        self.ensure_hbounds()
        self.ensure_vbounds()

    def draw(self, data: str) -> None:
        self._last = data[-1:] or self._last
        super().draw(data)

    def bell(self, *args: object) -> None:
        self.bells += 1

    def repeat(self, count: int = 1) -> None:
        """REP: the last character again."""
        super().draw(self._last * max(1, count))

    def back_tab(self, count: int = 1) -> None:
        """CBT: to an earlier tab stop."""
        for _ in range(max(1, count)):
            self.cursor.x = max((x for x in self.tabstops if x < self.cursor.x), default=0)

    def forward_tab(self, count: int = 1) -> None:
        """CHT: to a later tab stop."""
        for _ in range(max(1, count)):
            self.tab()

    def scroll_up(self, count: int = 1) -> None:
        """SU: lines scroll out at the top of the region; the cursor stays."""
        self._scroll(max(1, count), self.index, (self.margins or (0, self.lines - 1))[1])

    def scroll_down(self, count: int = 1) -> None:
        """SD: blank lines come in at the top of the region; the cursor stays."""
        self._scroll(max(1, count), self.reverse_index, (self.margins or (0, 0))[0])

    def _scroll(self, count: int, step: Callable[[], None], row: int) -> None:
        saved, self.cursor.y = self.cursor.y, row
        for _ in range(count):
            step()
        self.cursor.y = saved

    def window(self, operation: int = 0, *_: int) -> None:
        """XTWINOPS: 22 puts the title on a stack, 23 takes it back."""
        if operation == 22:
            self._titles.append(self.title)
        elif operation == 23 and self._titles:
            self.title = self._titles.pop()


class _Stream(pyte.Stream):
    csi = {
        **pyte.Stream.csi,
        "b": "repeat",
        "I": "forward_tab",
        "S": "scroll_up",
        "T": "scroll_down",
        "Z": "back_tab",
        "t": "window",
        "`": "cursor_to_column",
    }


class Emulator:
    """What a person would see of the bytes a program has written.

    Arguments: the size in cells.
    """

    def __init__(self, cols: int, rows: int) -> None:
        self.screen = Screen(cols, rows)
        self._stream = _Stream(self.screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""

    def feed(self, data: bytes) -> None:
        """Show some bytes. They may end anywhere, also inside a sequence or a character."""
        text = self._held + self._decoder.decode(data)
        self._held = ""
        position = 0
        while (escape := text.find("\x1b", position)) >= 0:
            self._stream.feed(text[position:escape])
            if found := SEQUENCE.match(text, escape):
                self._act(found)
                position = found.end()
            elif UNFINISHED.match(text, escape):
                self._held = text[escape:]
                return
            else:
                position = escape + 1
        self._stream.feed(text[position:])

    def rows(self) -> list[str]:
        """The rows as text, without the blanks on their right."""
        buffer, screen = self.screen.buffer, self.screen
        # The right half of a wide character is a cell of no text, so that joining is enough.
        return [
            "".join(buffer[y][x].data for x in range(screen.columns)).rstrip()
            for y in range(screen.lines)
        ]

    def private_mode(self, number: int) -> bool:
        """Whether the DEC private mode is set, e.g. 2004 for bracketed paste."""
        return number << 5 in self.screen.mode

    def _act(self, found: re.Match[str]) -> None:
        if (osc := found["osc"]) is not None:
            number, _, text = osc.partition(";")
            if number in ("0", "2"):
                self.screen.set_title(text)
        elif found["final"] is not None:
            private = found["parameters"].startswith("?")
            known = not found["parameters"].startswith(("<", "=", ">"))
            if known and not found["intermediate"] and (
                not private or found["final"] in PRIVATE_FINALS
            ):
                self._stream.feed(found[0])
        elif found["plain"] is not None:
            self._stream.feed(found[0])
