"""The overlays except help: the searches, the question about a paste, the copy view.

Each has its own keys, from `keymap.OVERLAY_KEYS`, and its own rows; the app and the view never ask
what kind it is. What they have in common is `state.Overlay`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from ..chat import messages
from ..chat.conversation import measure
from ..input.commands import as_text
from ..input.editor import Editor
from ..input.keymap import BINDING_BY_KEY, EDITING, OPENING, OVERLAY_KEYS
from ..input.line import LINE_END, LINE_END_SIGN, typable
from ..input.words import folded
from ..text import clean, fill, fit, wrap
from ..wire import Stage
from .state import Overlay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.chat import Chat
    from ..chat.transcript import Position, Transcript
    from .frame import Row
    from .state import State


# -- search ------------------------------------------------------------------------------------

SLICE_BYTES = 800_000
"""How much memory is searched in a turn: 8,000 usual lines, in 1 ms, or 3 ms if not ASCII."""
BLOCK_LINES = 100
"""How many lines are searched at a time: a slice exceeds its limit by no more than these."""
FEW_LINES = 1000
"""Up to this many lines found are searched again at once when the words get longer."""


class Finder(Overlay):
    """What the searches have in common: `editor` holds the words, looked up at every letter."""

    keys = ""
    editor: Editor

    def __init__(self, words: str = "") -> None:
        self.editor = Editor()
        self.editor.insert(words)

    def key(self, name: str, state: State) -> bool:
        """Do the search's own actions; the editing keys edit the words."""
        action = OVERLAY_KEYS[self.keys].get(name, "")
        bound = BINDING_BY_KEY[name].action if name in BINDING_BY_KEY else ""
        if action:
            self._do(action, state)
        elif bound in EDITING:
            getattr(self.editor, bound)()
            self._changed(state)
        else:  # swallow what would act on the hidden line, or open another overlay
            return bound in OPENING or bound in ("complete", "complete_back")
        return True

    def typed(self, text: str, state: State) -> bool:
        """Add to the words, and search again."""
        self.editor.insert(text)
        self._changed(state)
        return True

    def pasted(self, lines: list[str], state: State) -> bool:
        """Search for all of it, in one line."""
        return self.typed(" ".join(lines), state)

    def _do(self, action: str, state: State) -> None:
        """Do one of the actions that `keys` has in the keymap."""

    def _changed(self, state: State) -> None:
        """Look up the words as they are now."""


class Search(Finder):
    """Incremental search in what was said: first the older lines, from the current one on.

    The lines are looked at in slices, so that the nearest one is shown at once and no key waits,
    however long the history is.
    """

    keys = "search"
    hint = "Up older · Down newer · Enter stays · Esc back"
    prompt = "search› "
    placeholder = "words to find"

    def __init__(self, transcript: Transcript, at: Position, words: str = "") -> None:
        """Begin at a position of the view, perhaps with words given."""
        super().__init__(words)
        self._transcript = transcript
        self._at = at
        self._low = self._high = 0  # the lines between them have been looked at
        # What was found there, each list from the starting position outwards; and which of these
        # lines is wanted: 0 is the first of the newer ones, -1 the first of the older ones. It may
        # be one that is not found yet.
        self._older: list[int] = []
        self._newer: list[int] = []
        self._wanted = -1
        self._look_up()

    @property
    def found(self) -> list[int]:
        """The lines known to contain the words, including those that came meanwhile."""
        return [*reversed(self._older), *self._newer]

    @property
    def hit(self) -> int | None:
        """The line that is shown: of those found, the nearest to the one that is wanted."""
        index = self._index
        if index < 0:
            return self._older[~index] if self._older else None
        return self._newer[index]

    @property
    def _index(self) -> int:
        """Where the hit is, counted as `_wanted` is."""
        return min(max(self._wanted, -len(self._older)), len(self._newer) - 1)

    @property
    def count(self) -> str:
        """Where the hit stands among all of them: `3/17`, `3/17…` while more may be found."""
        older, newer = len(self._older), len(self._newer)
        if older or newer:
            return f"{older + self._index + 1}/{older + newer}" + "…" * self.unfinished
        return ("searching…" if self.unfinished else "not found") if self.query else ""

    @property
    def told(self) -> list[str]:
        """The count, or what is needed for one."""
        return [self.count or messages.NEEDS.format(name="/search", argument="TEXT")]

    @property
    def unfinished(self) -> bool:
        """Tell whether there are lines that have not been looked at."""
        transcript = self._transcript
        return self.query != "" and (self._low > transcript.first or self._high < transcript.end)

    def work(self, state: State) -> None:
        """Look at a slice: older lines, then newer ones; show the first that is found."""
        transcript, before, size = self._transcript, self.hit, 0
        while self.unfinished and size < SLICE_BYTES:
            if self._low > transcript.first:
                lines = range(max(transcript.first, self._low - BLOCK_LINES), self._low)
                self._older += reversed(transcript.find(self.query, lines))
                self._low = lines.start
            else:
                start = max(transcript.first, self._high)
                lines = range(start, min(transcript.end, start + BLOCK_LINES))
                self._newer += transcript.find(self.query, lines)
                self._high = lines.stop
            size += transcript.size(lines)
        self._settle()
        if self.hit != before:
            self._show(state)

    def _do(self, action: str, state: State) -> None:
        """Step, stay, or go back."""
        if action in ("older", "newer"):
            self._wanted += -1 if action == "older" else 1
            self._settle()
            self._show(state)
            return
        if action == "stay":  # keys typed ahead may have gone beyond what was searched
            while self.unfinished and (self.hit is None or self._index != self._wanted):
                self.work(state)
        state.overlay = None
        if action == "back":
            state.conversation.viewport.scroll(self._at)

    def _changed(self, state: State) -> None:
        self._look_up()
        self._show(state)

    def _look_up(self) -> None:
        """Begin to find the lines that contain the words as they are now.

        If the new words contain the old ones, and few lines were found, those are searched again
        at once, and the search goes on from there.
        """
        self._settle()
        transcript, query, at = self._transcript, self.editor.text, self._at[0]
        wanted, few = folded(query), len(self._older) + len(self._newer) <= FEW_LINES
        found: list[int] = []
        if few and self.query and folded(self.query) in wanted:
            found = [number for number in self.found if wanted in folded(transcript.text(number))]
        else:
            self._low = self._high = min(at + 1, transcript.end)
        middle = bisect_right(found, at)
        self._older, self._newer = found[:middle][::-1], found[middle:]
        self._wanted = -1
        self.query = query

    def _settle(self) -> None:
        """Forget lines that were dropped, and steps beyond the first and the last line found."""
        first = self._transcript.first
        del self._older[bisect_right(self._older, -first, key=lambda number: -number) :]
        dropped = bisect_left(self._newer, first)
        del self._newer[:dropped]
        self._wanted -= min(dropped, max(0, self._wanted))
        if self._low <= first:
            self._wanted = max(self._wanted, -len(self._older))
        if self._high >= self._transcript.end:
            self._wanted = min(self._wanted, len(self._newer) - 1)

    def _show(self, state: State) -> None:
        if self.hit is not None:
            state.show(self.hit)


class Recall(Finder):
    """Incremental search in what was entered: the newest first, each line once."""

    keys = "recall"
    hint = "Up older · Down newer · Enter uses it · Esc back"
    prompt = "earlier› "
    placeholder = "words to find"

    def __init__(self, line: Editor) -> None:
        """Begin; the line that is taken goes into `line`."""
        super().__init__()
        self._line = line
        self._lines = line.submitted
        self._newest = sorted({text: number for number, text in enumerate(self._lines)}.values())
        self._found: list[int] = []
        self._at = 0
        self._look_up()

    @property
    def count(self) -> str:
        """Where the line stands among those with the words."""
        return f"{self._at + 1}/{len(self._found)}" if self._found else "not found"

    def _do(self, action: str, state: State) -> None:
        """Step, take the line into the input line, or go back."""
        if action in ("older", "newer"):
            step = -1 if action == "older" else 1
            self._at = max(0, min(len(self._found) - 1, self._at + step))
            return
        state.overlay = None
        if action == "take" and self._found:
            self._line.visit(self._found[self._at])
            self._line.end()

    def _changed(self, state: State) -> None:
        self._look_up()

    def _look_up(self) -> None:
        """Find the lines that contain the words, and be at the newest."""
        wanted = folded(self.editor.text)
        self._found = [number for number in self._newest if wanted in folded(self._lines[number])]
        self._at = len(self._found) - 1

    def rows(self, cols: int, height: int) -> list[Row]:
        """Show some of the lines, the newest below, in no more than half of the height."""
        height = min(height, max(2, height // 2))
        first = max(0, min(self._at - (height - 1) // 2, len(self._found) - height + 1))
        rows: list[Row] = [((fit(" Earlier input", cols), "bold"),)]
        for at, number in enumerate(self._found[first : first + height - 1], first):
            mark, end, style = (" ▸ ", " ", "match-here") if at == self._at else ("   ", "", "")
            shown = clean(self._lines[number].replace(LINE_END, LINE_END_SIGN))
            rows.append(((fit(mark + shown, cols - 1) + end, style),))
        return rows[:height]


# -- a paste of several lines ------------------------------------------------------------------


class PasteQuestion(Overlay):
    """Send the lines, edit them, or drop them?

    The answer is a key that no typed or pasted text can contain; what is typed meanwhile goes into
    the line as usual, and what is pasted is asked about together with the rest.
    """

    def __init__(self, lines: list[str], chat: Chat) -> None:
        self._lines = lines
        self._chat = chat
        self._sends = chat.stage == Stage.ROOM  # the offer does not change later

    @property
    def _messages(self) -> int:
        """How many messages they make: a long one is cut."""
        text = LINE_END.join(["", *map(typable, self._lines)])
        return measure(text, self._chat.text_limit)[0]

    @property
    def hint(self) -> str:
        """The answers."""
        sends = f"Ctrl-S sends {self._messages} · " if self._sends else ""
        return f"{sends}Ctrl-E edits · Esc discards"

    def key(self, name: str, state: State) -> bool:
        """Take the answer."""
        chat, action = self._chat, OVERLAY_KEYS["paste"].get(name, "")
        if action == "send" and self._sends:
            self._send()
        elif action == "edit":
            chat.conversation.editor.insert_lines(self._lines)
        elif action == "drop":
            chat.conversation.editor.keep_lines(self._lines)
            chat.conversation.flash = messages.DROPPED
        else:
            bound = BINDING_BY_KEY[name].action if name in BINDING_BY_KEY else ""
            return bool(action) or bound in OPENING
        state.overlay = None
        return True

    def pasted(self, lines: list[str], state: State) -> bool:
        """Ask about these as well."""
        self._lines = self._lines + lines
        return True

    def _send(self) -> None:
        """Send them, or put them into the line if the user is no longer in the room."""
        if self._chat.stage == Stage.ROOM and not self._chat.leaving:
            for line in self._lines:
                self._chat.say(as_text(line))
        else:
            self._chat.conversation.editor.insert_lines(self._lines)
            self._chat.conversation.flash = messages.NO_ROOM

    def rows(self, cols: int, height: int) -> list[Row]:
        """Show the question and the first lines, in no more than half of the height."""
        height = min(height, max(2, height // 2))
        count = self._messages
        ask = f"Send them as {count} message{'s' * (count != 1)}?"
        ask = ask if self._sends else "You are not in a room."
        question = f"Pasted {len(self._lines)} lines. {ask}"
        lines = [f" {question[a:b]}" for a, b in wrap(question, max(1, cols - 2))]
        rows: list[Row] = [((fit(line, cols - 1), "bold"),) for line in lines]
        shown = max(0, height - len(rows) - 1)
        for line in self._lines[:shown]:
            rows.append(((fit("   " + clean(line), cols - 1), ""),))
        if len(self._lines) > shown:
            more = f" … and {len(self._lines) - shown} more"
            rows.append(((fit(more, cols - 1), ""),))
        return rows[:height]


# -- the copy view -----------------------------------------------------------------------------


class CopyView(Overlay):
    """What was said without columns, so that text and links can be selected cleanly.

    The terminal itself wraps the lines, where it can, so that it copies each in one piece.
    """

    hint = "Any key returns"
    alone = True

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def key(self, name: str, state: State) -> bool:
        """Return to the chat, whatever the key."""
        state.overlay = None
        return True

    def typed(self, text: str, state: State) -> bool:
        """Return, and let the text go into the line, so that no typed word is lost.

        A space or a q, which closes a pager, only returns.
        """
        state.overlay = None
        return text in (" ", "q")

    def unwrapped(self, cols: int, height: int) -> list[str]:
        """Return the last lines that fill at most `height` rows of a terminal that wraps them.

        If the last line alone fills more, only its end is returned.
        """
        lines: list[str] = []
        for line in reversed(self._lines):
            starts = fill(line, max(1, cols))
            if len(starts) > height:
                lines += [line[starts[-height] :]] if height > 0 and not lines else []
                break
            lines.append(line)
            height -= len(starts)
        return lines[::-1]

    def rows(self, cols: int, height: int) -> list[Row]:
        """Show it where the terminal cannot be written to directly: cut, not wrapped at words."""
        rows: list[Row] = [((fit(line, cols), ""),) for line in self.unwrapped(cols, height)]
        rows = rows[max(0, len(rows) - height) :]
        return rows + [((" ", ""),)] * (height - len(rows))
