"""The list of rooms in the lobby: narrowed by what is typed, in columns, one room marked.

     Rooms                                        4 of 60 match “ge”
     ▸ general    gentoo     geology    agenda

A page is filled column by column, like the output of `ls`. The mark stays on its room while rooms
are added and while the text changes, as long as that room matches; else it goes to the first that
does. A room whose name is exactly the text is marked before any other.
"""

from __future__ import annotations

from ..input.commands import spoken
from ..input.words import folded
from ..record import Record
from ..text import clean, fit, width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.chat import Chat
    from .frame import Row, Span

_MARK = " ▸ "
_MARGINS = len(_MARK) + 1
_FEWEST_BELOW = 3
_TITLE = " Rooms"
_NO_MATCH = " No match. Enter creates a new room."


class Grid(Record):
    """How many columns and rows of names a page of the list has."""

    columns: int
    rows: int

    @property
    def size(self) -> int:
        """How many names fit a page."""
        return self.columns * self.rows


def grid(count: int, cell: int, cols: int, height: int) -> Grid:
    """Return the page for `count` names in cells of `cell` columns of the screen.

    It has as many columns as fit `cols`, and no more rows than it needs or than `height`.
    """
    columns = max(1, cols // max(1, cell))
    return Grid(columns, max(1, min(height, -(-count // columns))))


def moved(at: int, move: str, count: int, page: Grid) -> int:
    """Return the index that a move leads to from the index `at`, among `count` names (at least 1).

    The moves are up, down, left, right, page up, page down, first and last.
    """
    if move == "left":
        return at - page.rows if at >= page.rows else at
    if move == "right":
        is_last_column = at // page.rows == (count - 1) // page.rows
        return at if is_last_column else min(at + page.rows, count - 1)
    steps = {
        "up": -1, "down": 1, "page up": -page.size, "page down": page.size, "first": -at,
        "last": count,
    }  # fmt: skip
    return min(max(0, at + steps[move]), count - 1)


class Picker:
    """The rooms of a chat to choose from, and which of them is marked.

    A `query` is what is searched for in their names, in upper or lower case.
    """

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._held = ""  # the room that was marked when a key was pressed last
        self._moved_for: str | None = None  # the query that the mark was moved under, by a key
        self._narrowed_from: list[str] = []
        self._narrowed_by: str | None = None
        self._names: list[str] = []
        self._widest = 0

    @property
    def query(self) -> str:
        """What the input line narrows the list by: a command does not."""
        return spoken(self._chat.conversation.editor.text).strip()

    def matching(self, query: str) -> list[str]:
        """Return the rooms with a text in their names, in the server's order, each once."""
        rooms = self._chat.lobby.names
        if self._narrowed_from is not rooms or self._narrowed_by != query:
            wanted = folded(query)
            self._names = [name for name in dict.fromkeys(rooms) if wanted in folded(name)]
            self._widest = max(map(width, self._names), default=0)
            self._narrowed_from, self._narrowed_by = rooms, query
        return self._names

    def marked(self, query: str) -> str:
        """Return the room that is marked among those that match, "" if none is.

        If the server sent more or fewer names than it announced, they may not be names: then what
        is typed does not stand for a name that only contains it.
        """
        names, lobby = self.matching(query), self._chat.lobby
        if query and query != self._moved_for and (query in names or lobby.unclear):
            return query if query in names else ""
        return self._held if self._held in names else names[0] if names else ""

    def hold(self) -> None:
        """Keep the mark where it is seen: what is typed next may change the list."""
        query = self.query
        self._held = self.marked(query) or self._held
        if query != self._moved_for:
            self._moved_for = None

    def move(self, move: str, cols: int, height: int) -> bool:
        """Move the mark; return False if there is nothing to move it over."""
        query = self.query
        names, page = self.matching(query), self._page(query, cols, height)
        if not names or (move.startswith("page") and len(names) <= page.size):
            return False
        mark = self.marked(query)
        at = moved(names.index(mark), move, len(names), page) if mark else 0
        self._held, self._moved_for = names[at], query
        return True

    # -- on the screen ---------------------------------------------------------------------------

    def height(self, cols: int, left: int) -> int:
        """Return how many of the rows that are `left` on the screen the list takes.

        Some stay for the pane below; the title is the first to go.
        """
        most = max(left - max(_FEWEST_BELOW, left // 4), min(1, left - 1), 0)
        return min(most, 1 + self._page(self.query, cols, left).rows)

    def look(self, cols: int, height: int) -> object:
        """Return what the rows depend on, to be compared."""
        lobby, query = self._chat.lobby, self.query
        return lobby.names, lobby.announced, lobby.listing, query, self.marked(query), cols, height

    def rows(self, cols: int, height: int) -> list[Row]:
        """Return exactly `height` rows, at least one, of at most `cols` cells."""
        query = self.query
        names, mark = self.matching(query), self.marked(query)
        page = self._page(query, cols, height)
        at = names.index(mark) if mark else 0
        rows = [_title(self._count(query, at), cols)] if height > 1 else []
        if not names:
            return [*rows, ((fit(_NO_MATCH, cols), ""),)]
        first = at - at % page.size
        shown, cell = names[first : first + page.size], self._cell(cols)
        for number in range(page.rows):
            cells = [_spans(name, cell, query, name == mark) for name in shown[number :: page.rows]]
            rows.append(tuple(span for spans in cells for span in spans))
        return rows

    def _cell(self, cols: int) -> int:
        """Return the width of a column in cells: a name wider than the screen is cut."""
        return min(self._widest + _MARGINS, cols)

    def _page(self, query: str, cols: int, height: int) -> Grid:
        """Return the page of names in `height` rows; with more than one, the first is the title.

        While the list comes in there is room for all of it, so that no name changes its place.
        """
        count, lobby = len(self.matching(query)), self._chat.lobby
        if lobby.listing and not query:
            count = max(count, lobby.announced)
        return grid(count, self._cell(cols), cols, max(1, height - 1))

    def _count(self, query: str, at: int) -> str:
        """Say where the mark is, or how many rooms there are so far, or how many match."""
        lobby = self._chat.lobby
        total = len(set(lobby.names))
        coming = "…" if lobby.listing else ""
        if query:
            found = len(self.matching(query))
            match = "matches" if found == 1 else "match"
            return f"{found} of {total}{coming} {match} “{clean(query)}”"
        if lobby.listing:
            return f"{total} of {lobby.announced}…" if lobby.announced > total else f"{total}…"
        return f"{at + 1} of {total}"


def _title(count: str, cols: int) -> Row:
    """Return the title with the count on its right, or the count alone if both do not fit."""
    gap = cols - width(_TITLE) - width(count) - 1
    if gap < 1:
        return ((fit(f" {count}", cols), ""),)
    return ((_TITLE, "bold"), (f"{' ' * gap}{count} ", ""))


def _spans(name: str, cell: int, query: str, is_marked: bool) -> list[Span]:
    """Return a name in a cell of the list, with what matches the query in bold."""
    text = fit(name, max(1, cell - _MARGINS))
    mark = _MARK[: cell - 1]
    pad = " " * (cell - len(mark) - width(text))
    if is_marked:
        return [(f"{mark}{text}{pad}", "reverse")]
    parts = [text]
    if query:
        import re  # here, as no start needs it

        parts = re.split(f"({re.escape(query)})", text, flags=re.IGNORECASE)
    spans = [(part, "bold" if number % 2 else "") for number, part in enumerate(parts)]
    return [span for span in [(" " * len(mark), ""), *spans, (pad, "")] if span[0]]
