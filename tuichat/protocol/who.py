"""Who is here: the answer to `/who`, which has no end mark, and the comings and goings since.

==============================================  ==================================================
a message after `/who`                          read as
==============================================  ==================================================
`Users in this room:`                           the header, of which there is one: ends in a colon,
                                                or speaks of users
words taken for names before it                 chat: given back
`3`, before any name                            the count; so many names then end the answer
`3`, and not so many names then                 perhaps somebody's name: shown as it came
`alice`                                         a name: one word of letters, digits, `_` or `-`
`* alice`, `1. alice`, `@alice`, `alice (you)`  the same with what lists put beside a name
`alice, bob, carol`; `Users: alice bob`;        names in one piece, if there is a header or a
`3 alice bob carol`; `['alice', 'bob']`         count that fits, or oneself is among them
`bob> hi`, a sentence, a notice                 chat: shown as such, and the names go on
`alice`, a second time                          chat: a nick is in a room once
nothing for 0.8 s after a name                  the end: a busy course server takes 0.45 s a name
nothing at all for 6 s                          no answer
==============================================  ==================================================

What arrives by a single word while names are awaited is taken for a name: on a server that puts
no nick before a message nobody can tell the difference.
"""

from __future__ import annotations

import re

from .events import LEFT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .events import Notice

QUIET_S = 0.8
ANSWER_S = 6.0
MOST = 10_000

NAME = r"(?:[*\-•] ?|\d{1,4}[.)] ?)?[@+]?((?=-*\w)[\w\-]{1,64})(?: \((?:you|me)\))?"
HEADER = r"([^:]{0,80}?\b(?:users?|people|members?|who|online|here|room)\b[^:]{0,60}):? *(.*)"
MANY = r"[\w\-]{1,64}(?:, ?| )(?:[\w\-]{1,64}(?:, ?| ))*[\w\-]{1,64}[,.]?"


class WhoAnswer:
    """Collects the answer to one `/who`.

    `texts` holds what it said besides the names, `deadline` when it ends if nothing more comes.
    """

    def __init__(self, now: float, own_nick: str = "") -> None:
        self._own = own_nick
        self.names: list[str] = []
        self._taken: set[str] = set()
        self.texts: list[str] = []
        self._not_names: list[str] = []
        self.count: int | None = None
        self.done = False
        self.deadline = now + ANSWER_S

    def take(self, text: str, now: float) -> bool:
        """Take a message if it belongs to the answer; False says that it is chat."""
        taken = self._count(text) or self._header(text) or self._names(text)
        if taken:
            self.deadline = now + QUIET_S
            most = MOST if self.count is None else min(self.count, MOST)
            self.done = len(self.names) >= most
        return taken

    def give_back(self) -> list[str]:
        """Return, once, what was taken for names before the header came."""
        texts, self._not_names = self._not_names, []
        return texts

    def end(self) -> None:
        """Nothing more comes: a count that does not hold was none."""
        if self.count is not None and self.count != len(self.names):
            self.texts.append(str(self.count))

    @property
    def answered(self) -> bool:
        """Tell whether the server said anything that belongs to the answer."""
        return bool(self.names or self.texts or self.count is not None)

    def _count(self, text: str) -> bool:
        if self.names or self.count is not None or not re.fullmatch(r"[1-9]\d{0,3}", text.strip()):
            return False
        self.count = int(text)
        return True

    def _header(self, text: str) -> bool:
        found = re.fullmatch(HEADER, text.strip(), re.I)
        head, colon, names = text.partition(":")
        if found and colon and self.names and not self.texts:
            self._not_names, self.names = self.names, []
            self._taken.clear()
        if self.names or self.texts:
            return False
        if found and not names.strip() and (colon or " " in head):
            self.texts.append(text.strip())
            return True
        if found and colon and self._names(names, listed=True):
            self.texts.append(head + colon)
            return True
        return False

    def _names(self, text: str, listed: bool = False) -> bool:
        text = text.strip()
        if text.startswith("[") and text.endswith("]"):
            text = re.sub(r"[\[\]'\"]", "", text)
        single = re.fullmatch(NAME, text)
        if single:
            return self._add([single[1]])
        words = re.split(r"[,\s]+", text.rstrip(",."))
        if len(words) > 2 and words[0] == str(len(words) - 1):
            del words[0]
            listed = True
        listed = listed or self._own in words or bool(self.texts and "," in text)
        fits = listed if self.count is None else self.count == len(words)
        if fits and not self.names and re.fullmatch(MANY, text):
            return self._add(words)
        return False

    def _add(self, names: list[str]) -> bool:
        if len({*names}) < len(names) or not self._taken.isdisjoint(names):
            return False
        self._taken.update(names)
        self.names += names
        return True


class Roster:
    """The nicks in the room as far as they are known, in order of appearance.

    No more than 10,000 are kept, whatever a server says.
    """

    def __init__(self) -> None:
        self._nicks: dict[str, None] = {}
        self.asked = False
        self.people: int | None = None

    def __contains__(self, nick: object) -> bool:
        return nick in self._nicks

    @property
    def nicks(self) -> list[str]:
        """Everyone known, the earliest first."""
        return list(self._nicks)

    @property
    def size(self) -> int | None:
        """How many are here, or None as long as nobody has said so."""
        return len(self._nicks) if self.asked else self.people

    def replace(self, nicks: list[str]) -> None:
        """Take the server's own list."""
        self._nicks = dict.fromkeys(nicks[:MOST])
        self.asked = True

    def follow(self, notice: Notice) -> None:
        """Note that somebody came or went."""
        if notice.what == LEFT:
            self.remove(notice.nick)
        else:
            self.add(notice.nick)

    def add(self, nick: str) -> None:
        """Note that somebody is here."""
        if nick not in self._nicks and self.people is not None:
            self.people += 1
        if len(self._nicks) < MOST:
            self._nicks[nick] = None

    def remove(self, nick: str) -> None:
        """Note that somebody left."""
        self._nicks.pop(nick, None)
        if self.people is not None:
            self.people = max(1, self.people - 1)
