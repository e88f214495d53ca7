"""Asking who is here, a question at a time, and telling its answer from what is said meanwhile."""

from __future__ import annotations

from ..wire import WHO
from . import events as ev
from .sender import is_spoken, notice, people
from .who import ANSWER_S, Roster, WhoAnswer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .echo import Echo


class RollCall:
    """The question, wanted or asked, and its answer."""

    def __init__(self, roster: Roster, echo: Echo) -> None:
        self.wanted = False
        self._roster = roster
        self._echo = echo
        self._answer: WhoAnswer | None = None

    def want(self) -> bool:
        """Ask as soon as it may be sent. False: already asked, the answer is under way."""
        asked = self.wanted or self.under_way
        self.wanted = True if not asked else self.wanted
        return not asked

    @property
    def under_way(self) -> bool:
        """Tell whether an answer is awaited."""
        return self._answer is not None

    @property
    def begun(self) -> bool:
        """Tell whether the answer has begun."""
        return self._answer is not None and self._answer.answered

    @property
    def deadline(self) -> float | None:
        """When `expire` has something to do although nothing arrives."""
        return self._answer.deadline if self._answer else None

    def next_send(self, now: float, own_nick: str) -> str:
        """Return the question, which goes out now."""
        self.wanted, self._answer = False, WhoAnswer(now, own_nick)
        return WHO

    def hear(self, texts: list[str], now: float) -> tuple[list[str], list[ev.Event]]:
        """Take what answers out of what is heard, echoes too; return what is to be shown."""
        if self._answer is None:
            return self._echo.heard(texts, now), []
        shown = [text for heard in texts for text in self._hear(self._answer, heard, now)]
        return shown, self._end(self._answer) if self._answer.done else []

    def expire(self, now: float) -> list[ev.Event]:
        """Do what is due."""
        answer = self._answer
        ends = answer and (answer.done or now >= answer.deadline)
        return self._end(answer) if answer and ends else []

    def stop(self) -> list[ev.Event]:
        """Do not ask, nor wait any longer: what there is of an answer is all of it."""
        answer, self.wanted, self._answer = self._answer, False, None
        return self._end(answer) if answer and answer.answered else []

    def _hear(self, answer: WhoAnswer, text: str, now: float) -> list[str]:
        """Return what is to be shown because of a text.

        One word of one's own is an echo rather than a name where echoes are known, and else as
        long as the answer has not begun.
        """
        if self._echo.echoes or not answer.answered:
            heard = self._echo.heard([text], now)
            shown = [text for text in heard if not self._takes(answer, text, now)]
        else:
            shown = [] if self._takes(answer, text, now) else self._echo.heard([text], now)
        return answer.give_back() + shown

    def _takes(self, answer: WhoAnswer, text: str, now: float) -> bool:
        only_counts = people(text) and not text.partition(":")[2].strip()
        if answer.done or notice(text) or only_counts or is_spoken(text, self._roster):
            return False
        return answer.take(text, now)

    def _end(self, answer: WhoAnswer) -> list[ev.Event]:
        self._answer = None
        if not answer.answered:
            return [ev.Silent(WHO, ANSWER_S)]
        answer.end()
        if answer.names:
            self._roster.replace(answer.names)
        return [ev.Who(answer.names, answer.texts)]
