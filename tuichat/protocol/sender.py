"""Who is speaking, and who came or went: read off the text, for colour and alignment only.

The protocol has no field for the sender; servers put a name in front, each in its own way.

=====================  ===========================================================================
a line                 read as
=====================  ===========================================================================
`alice> hello`         alice says hello: one word and `> ` are hardly ever anything else
`<alice> hello`        the same; not `<U+202E>`, which is how the sanitiser writes a control
`alice: hello`         the same, if alice is known to be here, or once somebody known was seen to
`[alice] hello`        speak in this form, or one's own words came back in it; else plain text
`ann: hello`, and ann  plain text: somebody addresses her, as her own words are not shown twice
is oneself
one's own words come   nobody is named: `bob: hello` addresses bob, so it is plain text, too
back without a name
`bob has joined …`     a notice, in the usual wordings, with `* ` or `*** ` in front or not
one sentence of the    two lines: that server's sentences are known, and end in a stop
course's server right
behind another
anything else          plain text: never dropped, never ascribed to somebody
=====================  ===========================================================================
"""

from __future__ import annotations

import re
from functools import cache

from ..text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

FORMS = {
    "nick> ": r"([^\s<>\[\]:]{1,40})> ?(?=\S|$)",
    "<nick> ": r"<(?!U\+[0-9A-F]{4,6}>)([^\s<>]{1,40})> ?",
    "nick: ": r"([^\s<>\[\]:]{1,40}): ?(?=\S|$)",
    "[nick] ": r"\[([^\s\[\]]{1,40})\] ?",
}
CERTAIN = frozenset(("nick> ", "<nick> "))
# How servers name the one who gets an echo, beside these: with the time, as `You`, with a verb.
OTHER = "other"
OWN_FORMS = frozenset((*FORMS, OTHER))
OWN_NAME = (
    r"(?:[\[(]?\d\d?:\d\d(?::\d\d)?[\])]? ?)?[<\[(]?(?:{nick}|(?i:you|me))"
    r"(?:[>\])] ?[:>|-]?| ?[:>|-]| (?:says?|said|wrote):?)"
)

JOINED, LEFT = "joined", "left"
NOTICE = (
    r"(?:[*\-=#]{1,3} ?)?(?P<nick>(?!You\b)[^\s<>\[\]:]{1,40}) "
    r"(?:has |have |was |is |just )*(?:been )?"
    r"(?:(?P<joined>joined|entered|connected|arrived|online)"
    r"|(?P<left>left|quit|exited|disconnected|gone|offline|logged out))"
    r"(?: (?:from )?(?:the |this )?(?:room|chat|channel|server)?[^.!]{0,40})?[.!]* *"
)
NOTICE_WORDS = (
    "join", "enter", "connected", "arrived", "online",
    "left", "quit", "exit", "gone", "offline", "logged", "people",
)  # fmt: skip
# The course's server sends these without an end, and they run into what comes next.
SENTENCE = (
    r"(?:You have joined a new room|There (?:is|are) \d{1,6} (?:people|person) in the room"
    r"|[^\s<>\[\]:]{1,40} has (?:(?:joined|left) the room|been disconnected))\. *"
)
PEOPLE = r"There (?:is|are) (\d{1,6}) (?:people|person|users?)\b.{0,40}"

_compiled = cache(re.compile)  # when first used; what `re` itself keeps takes longer to find


def may_hold_notice(block: str) -> bool:
    """Tell cheaply whether a block of text may hold a notice; most do not."""
    return any(word in block for word in NOTICE_WORDS)


def notice(text: str) -> tuple[str, str] | None:
    """Return (nick, `JOINED` or `LEFT`) if the line tells of somebody's coming or going."""
    found = _compiled(NOTICE).fullmatch(text)
    if not found:
        return None
    return found["nick"], JOINED if found["joined"] else LEFT


def aside(text: str) -> bool:
    """Tell whether the server itself says the line: who came or went, how many are here."""
    return bool(notice(text) or people(text) or _compiled(SENTENCE).fullmatch(text))


def unglue(text: str) -> list[str]:
    """Take the course's own sentences, which have no end mark, off the front of a text."""
    parts = []
    while (found := _compiled(SENTENCE).match(text)) and found.end() < len(text):
        parts.append(found[0])
        text = clean(text[found.end() :])  # it may begin with a mark that stood on the stop
    return [*parts, text]


def people(text: str) -> int | None:
    """Return N if the line says that there are N people in the room."""
    found = _compiled(PEOPLE).match(text)
    return int(found[1]) if found else None


def own_form(before: str, nick: str) -> str | None:
    """Return how `before`, which stands before one's own words, names oneself.

    One of `OWN_FORMS`; "" if there is nothing; None if it is something else.
    """
    named = before.strip()
    for form in FORMS:
        if named == form.replace("nick", nick, 1).rstrip():
            return form
    if re.fullmatch(OWN_NAME.format(nick=re.escape(nick)), named):
        return OTHER
    return None if named else ""


class Speech:
    """What is known about how this server names the speaker."""

    def __init__(self) -> None:
        self.forms: set[str] = set(CERTAIN)
        self.own_nick = ""
        self._nobody_named = False

    def learn(self, form: str) -> None:
        """Note how this server sends one's own words back: one of `OWN_FORMS`, or "" for bare."""
        if form in FORMS:
            self.forms.add(form)
        elif not form and not self._nobody_named:
            self.forms = set(CERTAIN)
        self._nobody_named = not form

    def speaker(self, text: str, known: Container[str]) -> tuple[str, int] | None:
        """Return (nick, index where the words begin), or None if nobody is named.

        A form that is not certain counts for `known` nicks, and is learned from them.
        """
        for form, pattern in FORMS.items():
            found = _compiled(pattern).match(text)
            if found and (form in self.forms or self._may_speak(found[1], known)):
                self.forms.add(form)
                return found[1], found.end()
        return None

    def _may_speak(self, nick: str, known: Container[str]) -> bool:
        return nick in known and nick != self.own_nick and not self._nobody_named

    def starts_message(self, text: str) -> bool:
        """Tell whether `text` looks like the start of a message rather than the rest of one."""
        named = any(_compiled(FORMS[form]).match(text) for form in self.forms)
        return named or notice(text) is not None
