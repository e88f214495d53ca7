"""What is on its way to the server: cut to size, one thing at a time, not too fast.

A server without framing glues together what arrives between two of its reads, so what goes to one
is paced; a server that reads lines gets everything at once. Nothing leaves here by itself: what
waits can be seen in `waiting`, and taken back.
"""

from __future__ import annotations

from collections import deque

from ..wire import MESSAGE_BYTES
from .framing import encode

PACE_S = 0.3
LONGEST_PACE_S = 5.0
SPEAKER_BYTES = 3
LEAST_BYTES = 64


def room_for_text(nick: str, ending: bytes) -> int:
    """Return how many bytes of text fit a message of ours.

    The message with its ending, and its relay with the nick and the longest form of naming the
    speaker (`<nick> `), both stay within 1,024 bytes; a nick that fills them is not counted.
    """
    used = max(len(ending), len(encode(nick)) + SPEAKER_BYTES)
    return max(LEAST_BYTES, MESSAGE_BYTES - used)


def split_points(text: str, limit: int) -> list[int]:
    """Return the offsets in `text` where it is cut into messages of at most `limit` bytes.

    Cuts are behind a space where one is in the last third, else between characters. A piece that
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

        By the pace of this moment: how many people there are may be known only after a send.
        """
        return 0.0 if self._sent_at is None else self._sent_at + self.pace


def pace_for(people: int | None) -> float:
    """Return the pace for a server without framing and a room of so many people.

    The course's server polls a room every 0.25 s times the number of its users.
    """
    return min(LONGEST_PACE_S, PACE_S * max(1, people or 1))
