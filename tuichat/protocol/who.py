"""Who is here: the answer to `/who`, which has no end mark, and the comings and goings since.

==============================================  ==================================================
a message after `/who`                          read as
==============================================  ==================================================
`Users in this room:`                           the header, of which there is one: ends in a colon,
                                                or speaks of users
words taken for names before it                 chat: given back
`3`, before any name                            the count; that many names end the answer
`3`, and then another number of names           perhaps somebody's name: shown as it came
`alice`                                         a name: one word of letters, digits, `_` or `-`
`* alice`, `1. alice`, `@alice`, `alice (you)`  the same with what lists put beside a name
`alice, bob, carol`; `Users: alice bob`;        names in one piece, if there is a header or a
`3 alice bob carol`; `['alice', 'bob']`         count that fits, or the user is among them
`bob> hi`, a sentence, a notice                 chat: shown as such, and the names go on
`alice`, a second time                          chat: a nick is in a room once
nothing for 0.8 s after a name                  the end: a busy course server takes 0.45 s a name
nothing at all for 6 s                          no answer
==============================================  ==================================================

A single word that arrives while names are awaited is taken for a name: on a server that puts no
nick before a message there is no way to tell the difference.
"""

from __future__ import annotations

import re
from collections.abc import Container

from ..record import Record
from ..wire import WHO
from . import events
from .sender import is_spoken, notice, people

QUIET_S = 0.8
ANSWER_S = 6.0
MOST = 10_000

COUNT = r"[1-9]\d{0,3}"
HEADER = r"[^:]{0,80}?\b(?:users?|people|members?|who|online|here|room)\b[^:]{0,60}:? *.*"
HEADING = r"[^\d.!?;]*:"  # without a number or a sentence: it only announces names
NAME = r"(?:[*\-•] ?|\d{1,4}[.)] ?)?[@+]?((?=-*\w)[\w\-]{1,64})(?: \((?:you|me)\))?"
MANY = r"[\w\-]{1,64}(?:, ?| )(?:[\w\-]{1,64}(?:, ?| ))*[\w\-]{1,64}[,.]?"


class Count(Record):
    """How many names are to come."""

    number: int


class Header(Record):
    """The heading of the list, and the names after it in the same message."""

    text: str
    names: list[str]


class Names(Record):
    """One name or several."""

    names: list[str]


class Answer:
    """What there is so far of the answer to one `/who`, in the room as `own_nick`.

    `deadline` is when it ends if nothing more comes (monotonic seconds).
    """

    def __init__(self, now: float, own_nick: str) -> None:
        self.own_nick = own_nick
        self.count: int | None = None
        self.header = ""
        self.names: dict[str, None] = {}
        self.deadline = now + ANSWER_S

    @property
    def begun(self) -> bool:
        """Tell whether the server said anything that belongs to the answer."""
        return bool(self.names or self.header or self.count)

    @property
    def done(self) -> bool:
        """Tell whether all the names have come."""
        return len(self.names) >= (self.count or MOST)

    def take(self, part: Count | Header | Names, now: float) -> list[str]:
        """Add a part; return what was taken for names before it, and is chat."""
        self.deadline = now + QUIET_S
        if isinstance(part, Count):
            self.count = part.number
            return []
        chat = []
        if isinstance(part, Header):
            chat, self.names = [*self.names], {}
            self.header = part.text
        self.names.update(dict.fromkeys(part.names))
        return chat

    def event(self) -> events.Who | events.Silent:
        """Return the result when nothing more comes: a wrong count was not a count."""
        if not self.begun:
            return events.Silent(WHO, ANSWER_S)
        heading = self.header if re.fullmatch(HEADING, self.header) else ""
        texts = [self.header] if self.header != heading else []
        if self.count not in (None, len(self.names)):
            texts.append(str(self.count))
        return events.Who([*self.names], texts, heading)


def parse(text: str, so_far: Answer, known: Container[str]) -> Count | Header | Names | None:
    """Read a message as a part of the answer; None says that it is chat.

    `known` are the nicks that are known to be here.
    """
    text = text.strip()
    head, colon, behind = text.partition(":")
    if notice(text) or (people(text) and not behind.strip()) or is_spoken(text, known):
        return None
    first = not so_far.names
    if first and so_far.count is None and re.fullmatch(COUNT, text):
        return Count(int(text))
    heads = not so_far.header and (colon or (first and " " in head))
    if heads and re.fullmatch(HEADER, text, re.I):
        names = _names(behind, so_far, listed=True)
        return Header(head + colon, names) if names or not behind.strip() else None
    names = _names(text, so_far, listed=bool(so_far.header and "," in text))
    new = so_far.names.keys().isdisjoint(names) and (first or len(names) == 1)
    return Names(names) if names and new else None


def _names(text: str, so_far: Answer, listed: bool) -> list[str]:
    """Return the one name that a text is, or the several if they are `listed` for sure; else []."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = re.sub(r"[\[\]'\"]", "", text)
    if one := re.fullmatch(NAME, text):
        return [one[1]]
    words = re.split(r"[,\s]+", text.rstrip(",."))
    if len(words) > 2 and words[0] == str(len(words) - 1):
        words, listed = words[1:], True
    listed = listed or so_far.own_nick in words
    fits = listed if so_far.count is None else so_far.count == len(words)
    is_list = fits and re.fullmatch(MANY, text) and len({*words}) == len(words)
    return words if is_list else []


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
        """How many are here, None if unknown."""
        return len(self._nicks) if self.asked else self.people

    def replace(self, nicks: list[str]) -> None:
        """Take the server's own list."""
        self._nicks = dict.fromkeys(nicks[:MOST])
        self.asked = True

    def follow(self, notice: events.Notice) -> None:
        """Note that somebody came or went."""
        if notice.what == events.LEFT:
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


class Question:
    """The question, `wanted` or asked, and its answer, which becomes the `roster`."""

    def __init__(self, roster: Roster) -> None:
        self.wanted = False
        self._roster = roster
        self._answer: Answer | None = None

    def want(self) -> bool:
        """Ask as soon as it may be sent. False if an answer is already awaited."""
        if self.wanted or self.under_way:
            return False
        self.wanted = True
        return True

    @property
    def under_way(self) -> bool:
        """Tell whether an answer is awaited."""
        return self._answer is not None

    @property
    def begun(self) -> bool:
        """Tell whether the answer has begun."""
        return self._answer is not None and self._answer.begun

    @property
    def deadline(self) -> float | None:
        """When `expire` has something to do although nothing arrives (monotonic seconds)."""
        return self._answer.deadline if self._answer else None

    def ask(self, now: float, own_nick: str) -> str:
        """Return the question, which goes out now."""
        self.wanted, self._answer = False, Answer(now, own_nick)
        return WHO

    def hear(self, texts: list[str], now: float) -> list[str]:
        """Take the answer out of what is heard; return the rest, which is chat."""
        return [chat for text in texts for chat in self._hear(text, now)]

    def _hear(self, text: str, now: float) -> list[str]:
        if self._answer is None or self._answer.done:
            return [text]
        part = parse(text, self._answer, self._roster)
        return self._answer.take(part, now) if part else [text]

    def expire(self, now: float) -> list[events.Event]:
        """End the answer if it is complete, or at its deadline; return the result."""
        answer = self._answer
        return self._end() if answer and (answer.done or now >= answer.deadline) else []

    def stop(self) -> list[events.Event]:
        """Stop asking and waiting: the answer so far is all of it."""
        self.wanted, begun = False, self.begun
        ended = self._end()
        return ended if begun else []

    def _end(self) -> list[events.Event]:
        if self._answer is None:
            return []
        event, self._answer = self._answer.event(), None
        if isinstance(event, events.Who) and event.names:
            self._roster.replace(event.names)
        return [event]
