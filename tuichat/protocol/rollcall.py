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
    """The question, wanted or asked, and its answer. `happened` is where events go."""

    def __init__(self, roster: Roster, echo: Echo, happened: list[ev.Event]) -> None:
        self.wanted = False
        self._roster = roster
        self._echo = echo
        self._happened = happened
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

    def hear(self, texts: list[str], now: float) -> list[str]:
        """Take what answers out of what is heard, echoes too; return what is to be shown."""
        if self._answer is None:
            return self._echo.heard(texts, now)
        shown = [text for heard in texts for text in self._hear(self._answer, heard, now)]
        if self._answer.done:
            self._end(self._answer)
        return shown

    def expire(self, now: float) -> None:
        """Do what is due."""
        answer = self._answer
        if answer and (answer.done or now >= answer.deadline):
            self._end(answer)

    def stop(self) -> None:
        """Do not ask, nor wait any longer: what there is of an answer is all of it."""
        if self._answer and self._answer.answered:
            self._end(self._answer)
        self.wanted, self._answer = False, None

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

    def _end(self, answer: WhoAnswer) -> None:
        self._answer = None
        if not answer.answered:
            self._happened.append(ev.Silent(WHO, ANSWER_S))
            return
        answer.end()
        if answer.names:
            self._roster.replace(answer.names)
        self._happened.append(ev.Who(answer.names, answer.texts))
