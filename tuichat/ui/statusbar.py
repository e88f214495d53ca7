"""The bars above and below the pane: where the user is, what is going on, which keys come next.

A bar is a list of texts, each with its importance and its side. What does not fit is left out, the
least important first; what must stay is cut at its end.
"""

from __future__ import annotations

from ..chat import messages
from ..chat.conversation import measure
from ..chat.transcript import END
from ..input.keymap import BINDINGS
from ..text import clean, fit, width
from ..wire import Stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.chat import Chat
    from .frame import Row
    from .state import State

    BarText = tuple[int, str, str]

LEFT, MIDDLE, RIGHT = "left", "middle", "right"
STAYS = 100
"""A text this important is never left out."""
COUNT, PLACE, BELOW, HINT = 90, 80, 70, 10
NEAR_BYTES = 100
"""When no more bytes than this are left in a message, the bar says how many."""

_LABELS = {binding.action: binding.label.split(",")[0] for binding in BINDINGS}
# How to quit is the last hint to be left out, and help the one before. The nick, which the prompt
# shows as well, is left out before these two.
_HINTS = (("help", "help", 4), ("who", "who", 2), ("search", "search", 1), ("leave", "quit", 5))
NICK = HINT + 3
HINTS: tuple[BarText, ...] = tuple(
    (HINT + importance, f"{_LABELS[action]} {word}", MIDDLE) for action, word, importance in _HINTS
)
HINTS_WITHOUT_ROOM = tuple(hint for hint in HINTS if not hint[1].endswith("who"))


def bar(texts: list[BarText], cols: int, style: str) -> Row:
    """Return a row of exactly `cols` cells with as many of the texts as fit."""
    left, middle, right = _sides(texts)
    while _cells(left, middle, right) > cols and min(texts)[0] < STAYS:
        least = min(importance for importance, _, _ in texts)
        texts = [text for text in texts if text[0] > least]
        left, middle, right = _sides(texts)
    if middle:
        left = f"{left}    {middle}" if left else f" {middle}"
    right = fit(f"{right} " if right else "", cols)
    left = fit(left, max(0, cols - width(right) - bool(middle or right)))
    return ((left + " " * (cols - width(left) - width(right)) + right, style),)


def _sides(texts: list[BarText]) -> tuple[str, str, str]:
    on: dict[str, list[str]] = {LEFT: [], MIDDLE: [], RIGHT: []}
    for _, text, side in texts:
        on[side].append(text)
    return "".join(on[LEFT]), "  ".join(on[MIDDLE]), "".join(on[RIGHT])


def _cells(left: str, middle: str, right: str) -> int:
    """Return how many cells the sides take, with the blanks between them and at the ends."""
    between = 6 if middle else 1 if right else 0
    return width(left + middle + right) + between + bool(right)


def top_bar(state: State, top: int) -> list[BarText]:
    """Where the user is, and with how many; the date, that of line `top` while scrolled back."""
    chat = state.chat
    in_room = chat.stage == Stage.ROOM
    places = [f"#{chat.entrance.room}"] if in_room else []
    places.append(chat.reconnect.address or "tuichat")
    transcript = state.conversation.transcript
    held = state.conversation.viewport.at != END and transcript.first <= top < transcript.end
    stamp = transcript.stamp(top) if held else chat.time.stamp
    here = f" · {chat.people} here" if in_room and chat.people else ""
    left = " " + " · ".join(places)
    return [(STAYS, left, LEFT), (COUNT, here, LEFT), (PLACE, stamp.day, RIGHT)]


def status_bar(state: State, below: int) -> list[BarText]:
    """What is going on; the keys for the next steps; what there is `below` the view, in lines."""
    chat, overlay = state.chat, state.overlay
    dot = "●" if chat.session else "○"
    importance = PLACE if overlay else STAYS
    texts: list[BarText] = [(importance, f" {dot} {_doing(state)}", LEFT)]
    texts += _details(chat, importance)
    if chat.waiting:
        texts.append((importance, f" · {len(chat.waiting)} waiting", LEFT))
    if state.completion is not None:
        names = enumerate(state.completion.candidates[: max(1, state.cols)])  # no more can fit
        texts += [(HINT - n, clean(name).rstrip(), MIDDLE) for n, name in names]
    elif overlay is not None:
        texts += [(STAYS, overlay.hint, MIDDLE), (STAYS, overlay.count, RIGHT)]
    else:
        texts += HINTS if chat.stage == Stage.ROOM else HINTS_WITHOUT_ROOM
        texts += _below(state, below) if below else room_left(state)
    return texts


def _doing(state: State) -> str:
    """Say in a few words what is going on."""
    chat = state.chat
    stage = chat.stage
    if stage == Stage.ROOM:
        leaving = "leaving " if chat.leaving else ""
        return f"{leaving}#{chat.entrance.room}"
    if stage == Stage.LOBBY and chat.entrance.room:
        return f"lobby · entering #{chat.entrance.room}, Esc stops"
    if stage == Stage.LOBBY and chat.lobby.listing:
        return "lobby · listing rooms, Esc stops"
    words = {
        Stage.ASK: "which server?", Stage.CONNECTING: "connecting", Stage.LOBBY: "lobby",
        Stage.LOST: "no connection", Stage.OUT: "logging out",
        Stage.NAMING: f"choosing a nick for #{chat.entrance.room}",
    }  # fmt: skip
    return words[stage] + (f" · waiting for {chat.request}" if chat.request else "")


def _details(chat: Chat, importance: int) -> list[BarText]:
    """Say more about it: parts of the given `importance`, and some that are left out earlier."""
    reconnect, now = chat.reconnect, chat.time.now
    if chat.stage == Stage.ROOM:
        nick = f" as {chat.entrance.nick}"
        return [(NICK, nick, LEFT), (importance, _waited_for(chat), LEFT)]
    if chat.stage == Stage.CONNECTING:
        seconds = int(now - reconnect.since)
        for_long = f" · {seconds} s" if seconds else ""
        return [(PLACE, f" to {reconnect.address}", LEFT), (importance, for_long, LEFT)]
    if chat.stage == Stage.LOST and reconnect.retry_at is not None:
        again = f" · retry in {reconnect.seconds_left(now)} s"
        return [(importance, again, LEFT), (PLACE, ", Enter: now", LEFT)]
    return []


def _waited_for(chat: Chat) -> str:
    """Say what the server has not answered yet."""
    if chat.asking_who:
        return " · asking who is here"
    return f" · server silent since {chat.unheard_since}" if chat.unheard_since else ""


def _below(state: State, below: int) -> list[BarText]:
    """Say how many lines are below the view, and what is new: less of it on a narrow bar."""
    viewport = state.conversation.viewport
    news = messages.news(viewport.waiting, viewport.mentions) if viewport.waiting else []
    parts = [(COUNT - at, f", {part}", RIGHT) for at, part in enumerate(news)]
    return [(STAYS, f"↓ {below}", RIGHT), (BELOW, " below", RIGHT), *parts]


def room_left(state: State) -> list[BarText]:
    """Say how much still fits the message being typed, when it is nearly full."""
    chat, text = state.chat, state.conversation.editor.text
    if chat.stage != Stage.ROOM:
        return []
    count, left = measure(text, chat.text_limit)
    if count > 1:
        return [(COUNT, f"{count} messages", RIGHT)]
    return [(COUNT, f"{left} bytes left", RIGHT)] if left <= NEAR_BYTES else []
