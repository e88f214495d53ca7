"""The user's own messages: the queue, and their echoes.

Out: cut to size, one at a time, not too fast. A server without framing takes what arrives between
two of its reads for one message, so what goes to one is paced; a server that reads lines gets
everything at once. What is not sent yet can be seen in `waiting`, and taken back.

Back: shown once, whether or not the server sends them back.

=============================================  ===================================================
evidence after one of the user's messages      conclusion
=============================================  ===================================================
`ann> hi`, `<ann> hi` … with the user's nick;  its echo, however late (a minute): not shown again
`You: hi`; `[12:01] ann: hi`; `ann says: hi`
`hi` without a name, the server known to echo  its echo, once for each time it was said
`hi` without a name, nothing known yet         perhaps somebody else's: kept back …
… and the next message comes back, too         it was the echo
… and the next message comes back with a name  somebody else's: what was kept is shown
… and the next message does not, for 10 s      this server does not echo: what was kept is shown
… and the connection ends                      what was kept is shown
nothing comes back for 10 s                    this server does not echo
=============================================  ===================================================
"""

from __future__ import annotations

from collections import deque

from ..text import clean
from ..wire import MESSAGE_BYTES
from .framing import encode
from .sender import OWN_FORMS, own_form

PACE_S = 0.3
LONGEST_PACE_S = 5.0
SPEAKER_BYTES = 3
LEAST_BYTES = 64
DECIDE_S = 10.0
REMEMBER_S = 60.0
REMEMBER = 500


def room_for_text(nick: str, ending: bytes) -> int:
    """Return how many bytes of text fit in one message.

    The message with its ending, and its relay with the nick and the longest form of naming the
    speaker (`<nick> `), both stay within 1,024 bytes, if the nick leaves `LEAST_BYTES` of them.
    """
    used = max(len(ending), len(encode(nick)) + SPEAKER_BYTES)
    return max(LEAST_BYTES, MESSAGE_BYTES - used)


def split_points(text: str, limit: int) -> list[int]:
    """Return the offsets in `text` where it is cut into messages of at most `limit` bytes.

    Cuts are after a space if there is one in the last third, else between characters. A piece that
    would begin with `/` could be taken for a command: there the space stays with it, or the
    character before it.
    """
    points = []
    start = 0
    while len(encode(text[start : start + limit + 1])) > limit:
        end = start + len(encode(text[start : start + limit])[:limit].decode("utf-8", "ignore"))
        space = text.rfind(" ", start + (end - start) * 2 // 3, end)
        cut = end if space <= start else space + 1
        if text[cut] == "/":
            word = len(text[start:cut].rstrip("/"))
            cut = start + max(1, (word or cut - start) - 1)
        points.append(cut)
        start = cut
    return points


def split(text: str, limit: int) -> list[str]:
    """Cut `text` into messages. A piece of blanks only is left out: it would mean logout."""
    points = split_points(text, limit)
    pieces = [text[a:b] for a, b in zip([0, *points], [*points, len(text)], strict=True)]
    return [piece for piece in pieces if piece.strip()]


class Outbox:
    """The queue of messages in a room.

    `pace` is the least time between two sends, in seconds; 0 for a server that reads lines.
    """

    def __init__(self) -> None:
        self._queue: deque[str] = deque()
        self._sent_at: float | None = None
        self.pace = 0.0

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def waiting(self) -> list[str]:
        """The messages not sent yet, the next one first."""
        return list(self._queue)

    def add(self, pieces: list[str]) -> None:
        """Put messages at the end of the queue."""
        self._queue += pieces

    def withdraw(self) -> list[str]:
        """Empty the queue and return what was in it."""
        waiting, self._queue = self.waiting, deque()
        return waiting

    def ready(self, now: float) -> bool:
        """Tell whether the pace allows another send."""
        return now >= self.due

    def next(self, now: float) -> str | None:
        """Take the message that may be sent now, if there is one."""
        if not self._queue or not self.ready(now):
            return None
        self.spend(now)
        return self._queue.popleft()

    def spend(self, now: float) -> None:
        """Note that something was sent."""
        self._sent_at = now

    @property
    def due(self) -> float:
        """When the pace allows the next send (monotonic seconds).

        The current pace counts: how many people there are may be known only after a send.
        """
        return 0.0 if self._sent_at is None else self._sent_at + self.pace


def pace_for(people: int | None) -> float:
    """Return the pace for a server without framing and a room of `people`.

    The course's server polls a room every 0.25 s times the number of its users.
    """
    return min(LONGEST_PACE_S, PACE_S * max(1, people or 1))


class _Own:
    """One of the user's own messages."""

    def __init__(self, nick: str, text: str, now: float) -> None:
        self.nick = nick
        self.words = clean(text).strip()
        self.at = now

    def form(self, heard: str) -> str | None:
        """Return how the speaker is named if this is what was `heard`; None: it is not."""
        if not heard.endswith(self.words):
            return None
        return own_form(heard.removesuffix(self.words), self.nick)


class Echo:
    """Takes the echoes of what was `sent` out of what is heard.

    `echoes` is None until it is known whether the server echoes; `form` is how it names the
    speaker then: one of `sender.OWN_FORMS`, "" if it does not.
    """

    def __init__(self) -> None:
        self.echoes: bool | None = None
        self.form = ""
        self._kept: list[str] = []
        self._own: deque[_Own] = deque(maxlen=REMEMBER)

    @property
    def deadline(self) -> float | None:
        """When silence shows that the server does not echo."""
        if self.echoes is not None:
            return None
        return self._own[0].at + DECIDE_S if self._own else None

    def sent(self, nick: str, text: str, now: float) -> None:
        """Note a message as it goes out."""
        self._own.append(_Own(nick, text, now))

    def heard(self, texts: list[str], now: float) -> list[str]:
        """Return `texts` without the echoes among them."""
        while self._own and now - self._own[0].at > REMEMBER_S:
            self._own.popleft()
        if not self._own:
            return texts
        return [shown for text in texts for shown in self._sift(text)]

    def expire(self, now: float) -> list[str]:
        """Decide at `deadline`; return what was kept back and is not an echo."""
        deadline = self.deadline
        if deadline is None or now < deadline:
            return []
        self.echoes = False
        return self.release()

    def release(self) -> list[str]:
        """Return what was kept back; it is not kept any longer."""
        kept, self._kept = self._kept, []
        return kept

    def expects(self, text: str) -> bool:
        """Tell whether a text may be an echo."""
        return any(own.form(text.strip()) in self._possible for own in self._own)

    @property
    def _possible(self) -> frozenset[str]:
        """The forms that an echo may have: a bare one only where echoes are not known otherwise."""
        return OWN_FORMS if self.form or self.echoes is False else OWN_FORMS | {""}

    def _sift(self, text: str) -> list[str]:
        """Return what is to be shown because of `text`: nothing for an echo."""
        for own in self._own:
            form = own.form(text.strip())
            if form not in self._possible:
                continue
            self._own.remove(own)
            if form:
                self.echoes, self.form = True, form
                return self.release()
            self._suspect(text)
            return []
        return [text]

    def _suspect(self, text: str) -> None:
        """Take a bare text for an echo if the server echoes, or if it is the second in a row."""
        if self.echoes or self._kept:
            self.echoes, self._kept = True, []
        else:
            self._kept = [text]
