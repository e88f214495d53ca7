"""The conversation: what was said and told, how far it is read, and what is being typed.

It knows nothing of connections, and outlives them: what it has to know of the room (the nick, who
is there, how long a message may be) is passed to it. The user is told by lines in the transcript,
or by `flash`, a sentence that is shown until the next key. Text that is refused goes back into the
input line at once, if that is empty; if too many messages were not sent, Ctrl-Y inserts them.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..input.commands import escaped, spoken
from ..input.editor import Editor
from ..input.line import LINE_END
from ..protocol.framing import encode
from ..protocol.outbox import split, split_points
from ..protocol.sender import SenderFormat
from ..text import clean
from . import messages
from .mention import mentions
from .transcript import ERROR, INFO, PAST, PLACE, SERVER, SPOKEN, Transcript, Viewport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..protocol.events import Notice
    from .options import Options, Time

BELL_S = 1.0
"""The shortest time between two bells, in seconds."""
MOST_UNSENT_TOLD = 5
SPEAKERS_BACK = 1000
MOST_RECENT = 50
"""How many recent lines show whether this server names the speaker."""


def message_cuts(line: str, limit: int) -> list[int]:
    """Return the offsets at which a line is cut into messages of at most `limit` bytes."""
    message, points = spoken(line), list[int]()
    start = len(line) - len(message)
    for text in message.split(LINE_END):
        points += [start + cut for cut in split_points(text, limit)]
        start += len(text) + 1
    return points


def measure(line: str, limit: int) -> tuple[int, int]:
    """Return how many messages of at most `limit` bytes a line makes, and the bytes left over."""
    pieces = [piece for text in spoken(line).split(LINE_END) for piece in split(text, limit)]
    return len(pieces), limit - len(encode(pieces[-1] if pieces else ""))


class Conversation:
    """The `transcript`, how far it is read (`viewport`), and the input line (`editor`).

    `sender` tells who says a line. `bell` is one of "off", "mention", "all". `unsent` has what was
    not sent since the user was in the room; `place` is the address and the room that were entered
    last, empty before the first. `typed_for_room` tells whether what is in the input line was
    meant for a room that the user is not in now. `version` grows with every line, and with whatever
    else changes what is shown, except what a key changes.
    """

    def __init__(self, options: Options, time: Time) -> None:
        self.transcript = Transcript(options.scrollback)
        self.viewport = Viewport()
        self.editor = Editor()
        self.sender = SenderFormat()
        self.bell = options.bell
        self.flash = ""
        self.unsent: list[str] = []
        self.place = ("", "")
        self.typed_for_room = False
        self.version = 0
        self._time = time
        self._plain = options.plain  # nothing can be inserted there
        self._past = {**options.past}  # what is not shown yet
        self._bell_due = 0.0
        self._late: set[str] = set()

    # -- what the program says -------------------------------------------------------------------

    def tell(self, text: str, kind: int = INFO) -> None:
        """Append the program's own words; quoted text need not be cleaned."""
        self._add(kind, [clean(text)])

    def refuse(self, sentence: str, line: str) -> None:
        """Explain why a line was rejected, and give it back."""
        self.flash = clean(sentence)
        self.editor.restore(line)
        self.version += 1

    def not_sent(self, texts: list[str]) -> None:
        """Show messages that will not be sent: nothing is resent automatically."""
        if not texts:
            return
        lines = [messages.UNSENT.format(text=clean(text)) for text in texts]
        self.unsent += lines
        all_told = self._plain or len(lines) <= MOST_UNSENT_TOLD
        told = len(lines) if all_told else MOST_UNSENT_TOLD - 1
        for line in lines[:told]:
            self.tell(line, ERROR)
        if told < len(lines):
            self.tell(messages.UNSENT_MORE.format(count=len(lines) - told), ERROR)
            self.editor.keep_lines(texts)

    def taken_back(self, texts: list[str]) -> None:
        """Put messages not sent yet back into the line."""
        first, *more = texts
        self.editor.restore(LINE_END.join([escaped(first), *more]))
        self.flash = messages.taken_back(len(texts))
        self.version += 1

    def entered(self, address: str, room: str, nick: str) -> None:
        """The user is in a room: restore what was typed for it."""
        self.unsent, self._late, self.typed_for_room = [], set(), False
        if self.place == ("", ""):
            self._clear_the_way()
        elif self.place != (address, room):
            self._add(PLACE, [f"#{clean(room)}"])
        self.place = address, room
        named = messages.PLACE.format(room=clean(room), address=address)
        self.transcript.enter(named)
        for text, stamp in self._past.pop(named, ()):
            self.transcript.add(PAST, [text], stamp)
        self.tell(messages.NAMED.format(room=room, nick=nick))
        self.editor.take_out(nick)
        self.editor.bring_back()

    def _clear_the_way(self) -> None:
        """Clear what was told before the first room, if it was only routine: PgUp shows it."""
        transcript = self.transcript
        if {*map(transcript.kind, range(transcript.first, transcript.end))} <= {INFO}:
            self.viewport.cleared = transcript.end

    def make_way(self) -> None:
        """A name is asked for: put aside what was typed for a lost room."""
        if self.typed_for_room:
            self.editor.put_aside()
        self.typed_for_room = False

    # -- what is said ----------------------------------------------------------------------------

    def said(self, nick: str, text: str) -> None:
        """Append one of the user's own messages, which has been sent."""
        self.transcript.add_own(nick, text, self._time.stamp)
        self.viewport.go_on()
        self.version += 1

    def server_said(self, texts: list[str]) -> None:
        """Append what the server itself says."""
        self._add(SERVER, texts)

    def who_is_here(self, names: list[str], texts: list[str]) -> None:
        """Append who is here, and what else the server said."""
        self.server_said(texts)
        minute, listed = self._time.stamp.minute, ", ".join(names)
        self.tell(messages.COUNT_HERE.format(count=len(names), minute=minute, names=listed))

    def heard(self, texts: list[str], asides: Mapping[int, Notice | None], nick: str) -> bool:
        """Append what was heard as `nick`, `asides` as in `events.Heard`; tell whether to ring."""
        first = self.transcript.end
        named = mentions(texts, asides, nick, self.sender)
        self.transcript.add_heard(texts, asides, named, self._time.stamp)
        self.viewport.arrived(first, len(texts), len(named))
        self.version += 1
        rings = self.bell == "all" or (self.bell == "mention" and named)
        if not rings or self.viewport.focused is True or self._time.now < self._bell_due:
            return False
        self._bell_due = self._time.now + BELL_S
        return True

    def late_status(self, status: str, room: str, nick: str) -> bool:
        """Explain once what a status in the room means; without sender names it may be a message.

        Return whether to ring, as `heard` does.
        """
        transcript = self.transcript
        recent = range(max(transcript.first, transcript.end - MOST_RECENT), transcript.end)
        said = [transcript.text(n) for n in recent if transcript.kind(n) in SPOKEN]
        if any(self.sender.speaker(text) is None for text in said):
            return self.heard([status], {}, nick)
        if status not in self._late:
            self._late.add(status)
            self.tell(messages.LATE[status].format(room=room, nick=nick), ERROR)
        return False

    def latest_speakers(self, known: list[str], nick: str) -> list[str]:
        """Return the nicks in the room, the latest speaker first, without the user's own, `nick`.

        `known` are those that are known to be there.
        """
        transcript, nicks = self.transcript, dict[str, None]()
        oldest = max(transcript.first, transcript.end - SPEAKERS_BACK)
        for number in range(transcript.end - 1, oldest - 1, -1):
            if transcript.kind(number) in SPOKEN:
                found = self.sender.speaker(transcript.text(number))
                if found:
                    nicks[found[0]] = None
        nicks.update(dict.fromkeys(known))
        nicks.pop(nick, None)
        return list(nicks)

    def _add(self, kind: int, texts: list[str]) -> None:
        self.transcript.add(kind, texts, self._time.stamp)
        self.version += 1
