"""One's own messages once, whether or not the server sends them back.

=============================================  ===================================================
evidence after a message of one's own          conclusion
=============================================  ===================================================
`ann> hi`, `<ann> hi` … with one's own nick;   its echo, however late (a minute): not shown again
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
from .sender import OWN_FORMS, own_form

DECIDE_S = 10.0
REMEMBER_S = 60.0
REMEMBER = 500


class _Own:
    """A message of one's own."""

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
    speaker then: one of `speech.OWN_FORMS`, "" if it does not.
    """

    def __init__(self) -> None:
        self.echoes: bool | None = None
        self.form = ""
        self._kept: list[str] = []
        self._own: deque[_Own] = deque(maxlen=REMEMBER)

    @property
    def deadline(self) -> float | None:
        """When silence decides that the server does not echo."""
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
        """Take a bare text for an echo if that is known, or if it is the second running."""
        if self.echoes or self._kept:
            self.echoes, self._kept = True, []
        else:
            self._kept = [text]
