"""Who is speaking, and who came or went: read from the text, so it may be wrong.

The protocol has no field for the sender; servers put a name in front, each in its own way.

=====================  ===========================================================================
a line                 read as
=====================  ===========================================================================
`alice> hello`         alice says hello: one word and `> ` are hardly ever anything else
`<alice> hello`        the same; not `<U+202E>`, which is how the sanitiser writes a control
`alice: hello`         the same, once somebody known to be here has spoken in this form, or the
`[alice] hello`        user's own words came back in it; else plain text
`ann: hello`, and ann  somebody addresses her, as her own words are not shown twice: not learned
is the user
the user's own words   nobody is named: `bob: hello` addresses bob, so nothing is learned from it,
come back without a    and what was learned before is forgotten
name
`bob has joined …`     a notice, in the usual wordings, with `* ` or `*** ` in front or not
one sentence of the    two lines: that server's sentences are known, and end in a stop
course's server right
after another
anything else          plain text: never dropped, never ascribed to somebody
=====================  ===========================================================================
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from ..text import clean, compiled
from .events import JOINED, LEFT, Notice

FORMS = {
    "nick> ": r"([^\s<>\[\]:]{1,40})> ?(?=\S|$)",
    "<nick> ": r"<(?!U\+[0-9A-F]{4,6}>)([^\s<>]{1,40})> ?",
    "nick: ": r"([^\s<>\[\]:]{1,40}): ?(?=\S|$)",
    "[nick] ": r"\[([^\s\[\]]{1,40})\] ?",
}
CERTAIN = frozenset(("nick> ", "<nick> "))
LISTENED_TO = 8  # lines at either end of an arrival: a flood must not cost a look at each
# How servers name the one who gets an echo, besides these: with the time, as `You`, with a verb.
OTHER = "other"
OWN_FORMS = frozenset((*FORMS, OTHER))
OWN_NAME = (
    r"(?:[\[(]?\d\d?:\d\d(?::\d\d)?[\])]? ?)?[<\[(]?(?:{nick}|(?i:you|me))"
    r"(?:[>\])] ?[:>|-]?| ?[:>|-]| (?:says?|said|wrote):?)"
)

NOTICE = (
    r"(?:[*\-=#]{1,3} ?)?(?P<nick>(?!You\b)[^\s<>\[\]:]{1,40}) "
    r"(?:has |have |was |is |just )*(?:been )?"
    r"(?:(?P<joined>joined|entered|connected|arrived|online)"
    r"|(?P<left>left|quit|exited|disconnected|gone|offline|logged out))"
    r"(?: (?:from )?(?:the |this )?(?:room|chat|channel|server)?[^.!]{0,40})?[.!]* *"
)
# A block of text without any of these holds nothing that the server itself says; most do not.
ASIDE_WORDS = (
    "join", "enter", "connected", "arrived", "online",
    "left", "quit", "exit", "gone", "offline", "logged", "There ",
)  # fmt: skip
# The course's server sends these without an end, and they run into what comes next.
SENTENCE = (
    r"(?:You have joined a new room|There (?:is|are) \d{1,6} (?:people|person) in the room"
    r"|[^\s<>\[\]:]{1,40} has (?:(?:joined|left) the room|been disconnected))\. *"
)
PEOPLE = r"There (?:is|are) (\d{1,6}) (?:people|person|users?)\b.{0,40}"


def notice(text: str) -> Notice | None:
    """Return who came or went if the line tells of that."""
    found = compiled(NOTICE).fullmatch(text)
    return Notice(found["nick"], JOINED if found["joined"] else LEFT) if found else None


def asides(texts: list[str]) -> dict[int, Notice | None]:
    """Return, by index, the lines that the server itself says: who came or went, how many are here.

    None stands for one that names nobody who came or went.
    """
    # Where the first word ends in `>` somebody speaks; of a flood that is most lines.
    others = [at for at, text in enumerate(texts) if text.partition(" ")[0][-1:] != ">"]
    told: dict[int, Notice | None] = {}
    block = "\n".join([texts[at] for at in others])
    if not block or not any(word in block for word in ASIDE_WORDS):
        return told
    for at in others:
        text = texts[at]
        who = notice(text)
        if who or people(text) or compiled(SENTENCE).fullmatch(text):
            told[at] = who
    return told


def unglue(text: str) -> list[str]:
    """Take the course's own sentences, which have no end mark, off the front of a text."""
    parts = []
    while (found := compiled(SENTENCE).match(text)) and found.end() < len(text):
        parts.append(found[0])
        text = clean(text[found.end() :])  # it may begin with a mark that was on the full stop
    return [*parts, text]


def people(text: str) -> int | None:
    """Return N if the line says that there are N people in the room."""
    found = compiled(PEOPLE).match(text)
    return int(found[1]) if found else None


def own_form(before: str, nick: str) -> str | None:
    """Return how `before`, the text before the user's own words, names the user.

    One of `OWN_FORMS`; "" if there is nothing; None if it is something else.
    """
    import re  # here, as the first screen needs none

    named = before.strip()
    for form in FORMS:
        if named == form.replace("nick", nick, 1).rstrip():
            return form
    if re.fullmatch(OWN_NAME.format(nick=re.escape(nick)), named):
        return OTHER
    return None if named else ""


def is_spoken(text: str, known: Container[str]) -> bool:
    """Tell whether a line begins as what somebody says, `known` to be here or in a certain form."""
    return any(form in CERTAIN or nick in known for form, nick, _ in _names(text, FORMS))


def _names(text: str, forms: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Yield (form, nick, index where the words begin) for those forms in which a line begins."""
    for form in forms:
        if found := compiled(FORMS[form]).match(text):
            yield form, found[1], found.end()


def _any_of(forms: Container[str]) -> str:
    """Return a pattern of which the group that matches is the nick."""
    return "|".join(pattern for form, pattern in FORMS.items() if form in forms)


class SenderFormat:
    """In which forms this server names the sender.

    `version` grows whenever `speaker` may answer differently.
    """

    def __init__(self) -> None:
        self.forms = CERTAIN
        self.version = 0
        self._pattern = _any_of(CERTAIN)
        self._nobody_named = False

    def forget(self) -> None:
        """Forget what was learned: the next server is another one."""
        self._nobody_named = False
        self._set(CERTAIN)

    def learn_echo(self, form: str) -> None:
        """Note how this server echoes the user's messages: one of `OWN_FORMS`, or "" for bare."""
        self._nobody_named = not form
        self._set(self.forms | ({form} & FORMS.keys()) if form else CERTAIN)

    def learn_from(self, texts: list[str], known: Container[str], own_nick: str) -> None:
        """Learn from lines as they arrive: those who are `known` to be here may speak in them."""
        unknown = FORMS.keys() - self.forms
        if unknown and not self._nobody_named:
            for text in {*texts[:LISTENED_TO], *texts[-LISTENED_TO:]}:
                for form, nick, _ in _names(text, unknown):
                    if nick in known and nick != own_nick:
                        self._set(self.forms | {form})

    def speaker(self, text: str) -> tuple[str, int] | None:
        """Return (nick, index where the words begin), or None if nobody is named."""
        found = compiled(self._pattern).match(text)
        return (found[found.lastindex or 0], found.end()) if found else None

    def starts_message(self, text: str) -> bool:
        """Tell whether `text` looks like the start of a message rather than the rest of one."""
        return self.speaker(text) is not None or notice(text) is not None

    def _set(self, forms: frozenset[str]) -> None:
        if forms != self.forms:
            self.forms, self._pattern = forms, _any_of(forms)
            self.version += 1
