"""Help: all keys and commands in groups, from the tables that bind them; entries about a word.

The manual page and line mode show the same groups.
"""

from __future__ import annotations

from itertools import zip_longest

from ..chat import messages
from ..input.commands import COMMANDS, PLACES, SCREEN_ONLY
from ..input.keymap import BINDINGS, KEY_GROUPS, OVERLAY_KEYS
from ..input.words import folded
from ..text import clean, compiled, fit, width, wrap
from .state import Overlay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .frame import Row
    from .state import State

    Entry = tuple[str, str]

# Each group has a title, and for each key or command its spelling and what it does.
GROUPS: tuple[tuple[str, list[Entry]], ...] = (
    *(
        (
            f"Commands {place}",
            [(f"{c.name} {c.argument}".strip(), c.help) for c in COMMANDS if c.place == place]
            + [("//text", "send text that starts with a slash")] * (place == "in a room"),
        )
        for place in PLACES
    ),
    *((title, [(b.label, b.help) for b in keys if b.label]) for title, keys in KEY_GROUPS),
)
KEY_NAMES = {binding.label: " ".join(binding.keys) for binding in BINDINGS}
SPELLINGS = {"+": "-", "^": "ctrl-", "control": "ctrl", "meta": "alt", "return": "enter"}
"""How else keys are written, and how they are written here."""
NARROW_COLS = 40
"""If there are fewer cells, what a key does is below it, not beside it."""
WIDE_COLS = 100
"""From this many cells on, the groups are in two columns."""
WIDEST_COLUMN, SIDE = 72, 23
FAR = 1 << 30


def entries_about(word: str) -> list[Entry]:
    """Return the entries that contain a word, or else those with a word that starts like it.

    If it names a key or a command, with or without the slash, that entry comes first. Keys may be
    spelled in other ways: `page up`, `ctrl r`, `C-r`.
    """
    wanted = "//" if word == "/" or word.startswith("//") else _words(word).strip()
    entries = [entry for _, group in GROUPS for entry in group] if wanted else []
    one_word = wanted.replace(" ", "-"), wanted.replace(" ", "").replace("-", "")
    for part in (f" {wanted} ", *(f" {name} " for name in one_word), f" {wanted}"):
        found = [entry for entry in entries if part in _names(entry) + _words(entry[1])]
        if found:
            return sorted(found, key=lambda entry: part not in _names(entry))
    return []


def _names(entry: Entry) -> str:
    """Return what the key or the command of an entry is called."""
    return _words(f"{entry[0]} {KEY_NAMES.get(entry[0], '')}")


def _words(text: str) -> str:
    """Return the words of a text with a space around each: `Ctrl-R`, `ctrl+r` and `^R` are one."""
    text = folded(text)
    for other, ours in SPELLINGS.items():
        text = text.replace(other, ours)
    words = compiled(r"//|\w[\w-]*").findall(text)
    return f" {' '.join(words)} "


class Help(Overlay):
    """The groups, which scroll; the `entries` that are about a word are marked."""

    hint = "Esc closes · arrows, PgUp, PgDn scroll"

    def __init__(self, word: str = "") -> None:
        """Begin at the top, or at the first entry about a word."""
        self.entries = entries_about(word)
        self._word = word
        self._top: int | None = None  # None until it is scrolled

    @property
    def nothing(self) -> str:
        """A sentence if there is nothing about the word, "" if there is something."""
        return messages.no_help(clean(self._word)) if self._word and not self.entries else ""

    @property
    def told(self) -> list[str]:
        """The commands of line mode, which has no keys and no screen."""
        lines = []
        for title, group in GROUPS[: len(PLACES)]:
            shown = [
                f"  {command}: {words}" for command, words in group
                if command.split()[0] not in SCREEN_ONLY
                and (not self._word or (command, words) in self.entries)
            ]  # fmt: skip
            lines += [title, *shown] if shown else []
        return lines or [messages.no_help(clean(self._word))]

    def key(self, name: str, state: State) -> bool:
        """Scroll or close."""
        action = OVERLAY_KEYS["help"].get(name, "")
        height = state.layout.pane
        page = max(1, height - 1)
        steps = {
            "up": -1, "down": 1, "wheel up": -3, "wheel down": 3, "page up": -page,
            "page down": page, "top": -FAR, "bottom": FAR,
        }  # fmt: skip
        if action == "close":
            state.overlay = None
        elif action:
            rows, top = self._view(state.cols, height)
            self._top = max(0, min(len(rows) - height, top + steps[action]))
        return bool(action)

    def rows(self, cols: int, height: int) -> list[Row]:
        """Fill the height."""
        rows, top = self._view(cols, height)
        shown = rows[top : top + height]
        return shown + [((" ", ""),)] * (height - len(shown))

    def _view(self, cols: int, height: int) -> tuple[list[Row], int]:
        """Return all rows, and which of them is the first that is shown."""
        rows, top = self._all_rows(cols), self._top
        if top is None:
            marked = [n for n, row in enumerate(rows) for _, style in row if style == "match-here"]
            top = marked[0] - height // 3 if marked else 0
        return rows, max(0, min(len(rows) - height, top))

    def _all_rows(self, cols: int) -> list[Row]:
        if cols < WIDE_COLS:
            return _stacked([self._group(title, group, cols) for title, group in GROUPS])
        cells = min(WIDEST_COLUMN, cols // 2)
        groups = [self._group(title, group, cells) for title, group in GROUPS]
        halves = [(_stacked(groups[:n]), _stacked(groups[n:])) for n in range(1, len(groups))]
        left, right = min(halves, key=lambda half: max(map(len, half)))
        return [_beside(*row, cells) for row in zip_longest(left, right, fillvalue=())]

    def _group(self, title: str, group: list[Entry], cells: int) -> list[Row]:
        rows: list[Row] = [((fit(f" {title}", cells), "bold"),)]
        for entry in group:
            style = "match" if entry in self.entries else "info"
            rows += _entry(*entry, "match-here" if entry in self.entries[:1] else style, cells)
        return rows


def _stacked(groups: list[list[Row]]) -> list[Row]:
    return [row for group in groups for row in [*group, (("", ""),)]][:-1]


def _beside(left: Row, right: Row, cells: int) -> Row:
    """Put two rows side by side, the second one from `cells` on."""
    if not right:
        return left
    return (*left, (" " * (cells - sum(width(text) for text, _ in left)), ""), *right)


def _entry(term: str, words: str, style: str, cells: int) -> list[Row]:
    """Lay out a key and its words: side by side, or below each other where it is narrow."""
    if cells < NARROW_COLS:
        below = [((words[a:b], ""),) for a, b in wrap(words, cells)]
        return [((fit(term, cells), style),), *below]
    side = min(SIDE, cells // 2)
    rows: list[Row] = []
    if width(term) > side - 3:
        rows.append((("  ", ""), (fit(term, cells - 3), style)))
        term = ""
    for start, end in wrap(words, cells - side - 1):
        gap = " " * (side - 2 - width(term))
        rows.append((("  ", ""), (term, style), (gap, ""), (words[start:end], "")))
        term = ""
    return rows
