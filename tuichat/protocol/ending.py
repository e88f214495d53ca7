"""How a server wants our messages to end: nothing, LF or CRLF. Found out once, in the lobby.

A server that reads lines never answers a command without an end; one that takes what arrives as
a message must never get a stray newline: it wedges the course's server while naming, and logs the
user out of a room. So nothing but whole requests is ever sent, and another ending is tried on a
fresh connection, where the same is asked again. The rule is `PHASES`:

==================================================  ==============================================
evidence                                            conclusion
==================================================  ==============================================
an answer to the first request, which goes bare     bare; a `1` is an answer, too
silence for 0.8 s and four times the connect time   try LF (CRLF, if the server's own lines end so)
silence after that                                  try CRLF; then all three with more patience, as
                                                    a slow server takes two seconds
silence still                                       not known: the user is told
an answer to one that was tried                     that is it
a `1` to LF or CRLF that was tried or remembered    a server of bare messages refuses those, and
                                                    any server a bad name: ask again bare; silence
                                                    then: LF or CRLF it was
remembered from the last time, and an answer        as remembered
remembered, and silence, or a hang-up               the memory is wrong: as if there were none
the server hangs up on another one                  try the next
`--framing`                                         as the user says
==================================================  ==============================================
"""

from __future__ import annotations

from .framing import BARE, CRLF, ENDINGS, LF, encode

CONNECT_TIMES = 4
SHORT_S, BRIEF_S, LONG_S = 0.8, 0.2, 2.5

# How far finding out has come …
FIRST, TRY_LF, TRY_CRLF = "first", "try LF", "try CRLF"
SLOW_BARE, SLOW_LF, SLOW_CRLF = "slow bare", "slow LF", "slow CRLF"
DOUBT_LF, DOUBT_CRLF, SURE_LF, SURE_CRLF = "LF refused", "CRLF refused", "LF", "CRLF"
MEMORY = {BARE: "bare remembered", LF: "LF remembered", CRLF: "CRLF remembered"}
CERTAIN, UNKNOWN = "certain", "unknown"
# … and what the server does.
ANSWER, REFUSAL, SILENCE, HANG_UP = "answer", "refusal", "silence", "hang-up"

# phase: (ending, seconds of silence that mean something, where that, a hang-up and a `1` lead).
# Any other answer leads to `CERTAIN`, and so does any evidence that has no entry.
PHASES: dict[str, tuple[str, float, dict[str, str]]] = {
    FIRST: (BARE, SHORT_S, {SILENCE: TRY_LF, HANG_UP: TRY_LF}),
    TRY_LF: (LF, BRIEF_S, {SILENCE: TRY_CRLF, HANG_UP: TRY_CRLF, REFUSAL: DOUBT_LF}),
    TRY_CRLF: (CRLF, BRIEF_S, {SILENCE: SLOW_BARE, HANG_UP: SLOW_BARE, REFUSAL: DOUBT_CRLF}),
    SLOW_BARE: (BARE, LONG_S, {SILENCE: SLOW_LF, HANG_UP: SLOW_LF}),
    SLOW_LF: (LF, LONG_S, {SILENCE: SLOW_CRLF, HANG_UP: SLOW_CRLF, REFUSAL: DOUBT_LF}),
    SLOW_CRLF: (CRLF, LONG_S, {SILENCE: UNKNOWN, HANG_UP: FIRST, REFUSAL: DOUBT_CRLF}),
    UNKNOWN: (CRLF, LONG_S, {SILENCE: UNKNOWN, HANG_UP: FIRST}),
    DOUBT_LF: (BARE, SHORT_S, {SILENCE: SURE_LF, HANG_UP: SURE_LF}),
    DOUBT_CRLF: (BARE, SHORT_S, {SILENCE: SURE_CRLF, HANG_UP: SURE_CRLF}),
    SURE_LF: (LF, LONG_S, {SILENCE: UNKNOWN}),
    SURE_CRLF: (CRLF, LONG_S, {SILENCE: UNKNOWN}),
    MEMORY[BARE]: (BARE, LONG_S, {SILENCE: TRY_LF, HANG_UP: TRY_LF}),
    MEMORY[LF]: (LF, LONG_S, {SILENCE: FIRST, HANG_UP: FIRST, REFUSAL: DOUBT_LF}),
    MEMORY[CRLF]: (CRLF, LONG_S, {SILENCE: FIRST, HANG_UP: FIRST, REFUSAL: DOUBT_CRLF}),
}


class Ending:
    """What is known about how one server wants our messages to end, across connections.

    `fixed` is what the user set, `remembered` what an earlier session learned (each a key of
    `framing.ENDINGS`, or None). `name` is the ending in force; `heard` are the texts that the
    server sent before it answered anything: a greeting comes again on each connection.
    """

    def __init__(self, fixed: str | None = None, remembered: str | None = None) -> None:
        self.heard: set[str] = set()
        self._phase = CERTAIN if fixed else MEMORY.get(remembered or "", FIRST)
        self.name = fixed or PHASES[self._phase][0]

    @property
    def known(self) -> bool:
        """Tell whether the ending in force is certain."""
        return self._phase == CERTAIN

    @property
    def remembered(self) -> bool:
        """Tell whether the ending in force is that of an earlier session, and not tried yet."""
        return self._phase in MEMORY.values()

    @property
    def bare(self) -> bool:
        """Tell whether messages end in nothing."""
        return self.name == BARE

    @property
    def is_first(self) -> bool:
        """Tell whether nothing has been tried but a request without an end."""
        return self._phase in (FIRST, MEMORY[BARE])

    @property
    def is_slow(self) -> bool:
        """Tell whether everything was tried once, and is being tried with more patience."""
        return self._phase in (SLOW_BARE, SLOW_LF, SLOW_CRLF, UNKNOWN)

    def patience_s(self, connect_s: float) -> float:
        """Return how many seconds without an answer mean something.

        `connect_s` is how many seconds connecting took.
        """
        return PHASES[self._phase][1] + CONNECT_TIMES * connect_s

    def wrap(self, text: str | bytes) -> bytes:
        """Return the message on the wire; bytes are a name as the server spelled it."""
        return (text if isinstance(text, bytes) else encode(text)) + ENDINGS[self.name]

    def silent(self, sends_crlf: bool) -> bool:
        """Conclude from silence; tell whether to ask again on a fresh connection.

        For a server that `sends_crlf` itself, LF is not tried.
        """
        again = self._step(SILENCE)
        return self._step(SILENCE) if sends_crlf and self._phase == TRY_LF else again

    def answered(self, is_refusal: bool) -> bool:
        """Conclude from an answer; tell whether to ask again on a fresh connection."""
        return self._step(REFUSAL if is_refusal else ANSWER)

    def hung_up(self) -> bool:
        """Conclude from a hang-up before any answer; tell whether to ask again."""
        return self._step(HANG_UP)

    def _step(self, evidence: str) -> bool:
        if self.known:
            return False
        self._phase = PHASES[self._phase][2].get(evidence, CERTAIN)
        if not self.known:
            self.name = PHASES[self._phase][0]
        return self._phase not in (CERTAIN, UNKNOWN)
