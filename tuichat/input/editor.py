"""The input line: what every editing key does.

The actions do what the GNU Readline manual (8.4) says of them, some under shorter names. The text
is kept as typed, joiners and all, for that is what is sent; what is drawn of it has gone through
`text.clean`. Deleting and moving go by graphemes.

What is typed stays one line. Where the program inserts several to be edited together, by one of the
methods with `lines` in its name, or by `restore`, `LINE_END` separates them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..text import graphemes, next_boundary, previous_boundary
from .line import LINE_END, History, KillRing, typable


class Editor:
    """The input line, with its history and its kill ring."""

    def __init__(self) -> None:
        self._history = History()
        self._kills = KillRing()
        self._last_action = ""  # what the action before was, for those that depend on it
        self._yanked = (0, 0)  # the offsets of the last yank
        self._restored = ""  # the text given back last
        self._aside = ""

    @property
    def text(self) -> str:
        """The line as typed."""
        return self._history.line.text

    @property
    def cursor(self) -> int:
        """The offset of the cursor in `text`, always a grapheme boundary."""
        return self._history.line.cursor

    def _act(self, action: str) -> str:
        """Note the action that begins; return the one before."""
        before, self._last_action = self._last_action, action
        return before

    # --- inserting and deleting ---

    def insert(self, text: str) -> None:
        """Insert what was typed, or pasted as one line, at the cursor.

        It stays one line, of what is typable. Characters inserted one by one are undone a word at a
        time.
        """
        text = typable(text)
        if not text:
            return
        line = self._history.line
        at = line.cursor
        new_word = line.text[at - 1 : at] == " " and text != " "
        action = "type" if len(text) == 1 else "insert"
        again = self._act(action) == action == "type" and not new_word
        line.replace(at, at, text, join=again)

    def insert_lines(self, lines: Iterable[str]) -> None:
        """Insert lines at the cursor, to be edited together."""
        self._act("insert")
        self._history.line.replace(self.cursor, self.cursor, _together(lines))

    def set(self, text: str) -> None:
        """Replace everything with one line, the cursor at its end."""
        self.set_lines([text])

    def set_lines(self, lines: Iterable[str], cursor: int | None = None) -> None:
        """Replace everything with lines to edit together; by default the cursor is at the end."""
        self._act("set")
        self._history.line.replace(0, len(self.text), _together(lines))
        if cursor is not None:
            self._history.line.move(cursor)

    def restore(self, text: str) -> None:
        """Give back rejected text, of any number of lines, unless something else was typed."""
        if text and not self.text:
            self.set_lines(text.split(LINE_END))
            self._restored = text

    def take_out(self, text: str) -> None:
        """Remove text that was given back and then accepted, unless it was edited."""
        if self._restored == text == self.text:
            self.set("")
        self._restored = ""

    def put_aside(self) -> None:
        """Take the text out of the line, for something else to be typed first."""
        if self.text:
            self._aside = self.text
            self.set("")

    def bring_back(self) -> None:
        """Bring back text put aside: into the line if it is empty, else onto the kill ring."""
        aside, self._aside = self._aside, ""
        if aside and self.text:
            self.keep_lines(aside.split(LINE_END))
        self.restore(aside)

    def backspace(self) -> None:
        """Delete the grapheme before the cursor."""
        self._act("delete")
        self._delete(previous_boundary(self.text, self.cursor), self.cursor)

    def delete(self) -> None:
        """Delete the grapheme at the cursor."""
        self._act("delete")
        self._delete(self.cursor, next_boundary(self.text, self.cursor))

    def _delete(self, start: int, end: int) -> None:
        if start < end:
            self._history.line.replace(start, end, "")

    def transpose(self) -> None:
        """Drag the grapheme before the cursor over the one at it; at the end, swap the last two."""
        self._act("transpose")
        text = self.text
        middle = self.cursor
        if middle == len(text):
            middle = previous_boundary(text, middle)
        start, end = previous_boundary(text, middle), next_boundary(text, middle)
        if start < middle < end:
            self._history.line.replace(start, end, text[middle:end] + text[start:middle])

    # --- moving ---

    def left(self) -> None:
        """Move back a grapheme."""
        self._move(previous_boundary(self.text, self.cursor))

    def right(self) -> None:
        """Move forward a grapheme."""
        self._move(next_boundary(self.text, self.cursor))

    def word_left(self) -> None:
        """Move back to the start of a word: a run of letters and digits."""
        self._move(_word_start(self.text, self.cursor, str.isalnum))

    def word_right(self) -> None:
        """Move forward to the end of a word."""
        self._move(_word_end(self.text, self.cursor))

    def home(self) -> None:
        """Move to the start of the line."""
        self._move(0)

    def end(self) -> None:
        """Move to the end of the line."""
        self._move(len(self.text))

    def _move(self, offset: int) -> None:
        self._act("move")
        self._history.line.move(offset)

    # --- killing and yanking ---

    def kill_to_end(self) -> None:
        """Kill from the cursor to the end of the line."""
        self._kill(self.cursor, len(self.text))

    def kill_to_start(self) -> None:
        """Kill from the start of the line to the cursor."""
        self._kill(0, self.cursor)

    def kill_word_left(self) -> None:
        """Kill back to the last white space (unix-word-rubout)."""
        self._kill(_word_start(self.text, self.cursor, _is_visible), self.cursor)

    def backward_kill_word(self) -> None:
        """Kill back to the start of a word of letters and digits."""
        self._kill(_word_start(self.text, self.cursor, str.isalnum), self.cursor)

    def kill_word_right(self) -> None:
        """Kill to the end of a word of letters and digits."""
        self._kill(self.cursor, _word_end(self.text, self.cursor))

    def _kill(self, start: int, end: int) -> None:
        """Delete text[start:end] onto the kill ring; kills in a row become one text there."""
        if start == end:
            return
        killed = self.text[start:end]
        if self._act("kill") == "kill":
            self._kills.extend(killed, before=start < self.cursor)
        else:
            self._kills.add(killed)
        self._history.line.replace(start, end, "")

    def keep_lines(self, lines: Iterable[str]) -> None:
        """Put lines on the kill ring, as one killed text."""
        self._act("keep")
        self._kills.add(_together(lines))

    def yank(self) -> None:
        """Insert the text killed last."""
        if self._kills.top:
            self._put_yanked(self.cursor, self.cursor)

    def yank_pop(self) -> None:
        """Replace the text just yanked with the one killed before it."""
        if self._last_action == "yank":
            self._kills.rotate()
            self._put_yanked(*self._yanked)

    def _put_yanked(self, start: int, end: int) -> None:
        self._act("yank")
        self._history.line.replace(start, end, self._kills.top)
        self._yanked = (start, start + len(self._kills.top))

    # --- taking back ---

    def undo(self) -> bool:
        """Undo the last edit of this line; False if there is none."""
        self._act("undo")
        return self._history.line.undo()

    def redo(self) -> bool:
        """Redo the edit undone last; False if there is none."""
        self._act("redo")
        return self._history.line.redo()

    def clear_or_restore(self) -> bool:
        """Clear the line, or bring it back right after that. False if there is nothing to do."""
        if self.text:
            self._act("clear")
            self._history.line.replace(0, len(self.text), "")
            return True
        return self._act("restore") == "clear" and self._history.line.undo()

    # --- history ---

    @property
    def submitted(self) -> list[str]:
        """The lines of the history, the oldest first."""
        return self._history.lines

    def previous(self) -> bool:
        """Edit the line submitted before this one; False if there is none."""
        self._act("visit")
        return self._history.go(-1)

    def next(self) -> bool:
        """Edit the line submitted after this one, or the draft; False if there is none."""
        self._act("visit")
        return self._history.go(1)

    def visit(self, number: int) -> bool:
        """Edit a line of the history, by its number in `submitted`; False if there is none."""
        self._act("visit")
        return self._history.visit(number)

    def submit(self, remember: bool = True) -> str:
        """Return the line, remember it in the history if asked to, and begin an empty one."""
        self._act("submit")
        return self._history.submit(remember)


def _together(lines: Iterable[str]) -> str:
    """Return lines as the text in which they are edited."""
    return LINE_END.join(map(typable, lines))


def _is_visible(char: str) -> bool:
    return not char.isspace()


def _word_start(text: str, at: int, in_word: Callable[[str], bool]) -> int:
    """Return where the word at or before `at` starts; marks belong to the letter under them."""
    return at - _word_length(reversed(graphemes(text[:at])), in_word)


def _word_end(text: str, at: int) -> int:
    """Return where the word at or after `at` ends."""
    return at + _word_length(graphemes(text[at:]), str.isalnum)


def _word_length(pieces: Iterable[str], in_word: Callable[[str], bool]) -> int:
    """Return the number of characters up to the end of the first word in `pieces`."""
    length = 0
    found = False
    for piece in pieces:
        if in_word(piece[0]):
            found = True
        elif found:
            break
        length += len(piece)
    return length
