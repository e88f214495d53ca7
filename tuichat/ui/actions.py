"""What keys and commands do: one function each, one table for both.

Every action takes the state and an argument; keys give "". What is opened or begun by a key is
imported there, as no start needs it.
"""

from __future__ import annotations

from ..chat import effects as do
from ..chat import messages as say
from ..chat import transcript as tr
from ..chat.reconnect import AddressError, parse_address
from ..chat.talk import ASK, CONNECTING
from ..input.commands import COMMANDS
from ..input.line import LINE_END
from ..protocol.session import LOBBY, ROOM
from .state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

WHEEL_ROWS = 3
COPY_LINES = 500


# -- reading -----------------------------------------------------------------------------------


def scroll(state: State, rows: int) -> None:
    """Move the view by `rows`, back for negative ones; at the end it follows again."""
    reading, pane, height = state.chat.reading, state.pane, state.layout.pane
    if state.chat.transcript.end == state.chat.transcript.first:
        return
    at = pane.settle(reading.at, height) if reading.at else None
    if rows > 0:
        reading.scroll(pane.down(at, rows) if at else None)
    elif not _uncover(state):
        reading.scroll(pane.settle(pane.up(at or pane.bottom, -rows), height))


def _uncover(state: State) -> bool:
    """Show what was cleared; True if it can be seen then, which is step enough."""
    reading = state.chat.reading
    cleared, reading.cleared = reading.cleared, 0
    if reading.at or not cleared:
        return False
    return state.pane.page(state.pane.bottom, state.layout.pane)[1] < cleared


def page_up(state: State, _: str) -> None:
    scroll(state, -max(1, state.layout.pane - 1))


def page_down(state: State, _: str) -> None:
    scroll(state, max(1, state.layout.pane - 1))


def wheel_up(state: State, _: str) -> None:
    scroll(state, -WHEEL_ROWS)


def wheel_down(state: State, _: str) -> None:
    scroll(state, WHEEL_ROWS)


def click(state: State, _: str) -> None:
    state.chat.hint = say.SHIFT_SELECTS


def top(state: State, _: str) -> None:
    reading = state.chat.reading
    reading.cleared = 0
    reading.scroll(state.pane.first_page(state.layout.pane))


def bottom(state: State, _: str) -> None:
    if state.chat.reading.at is None:
        state.chat.reading.go_on()
    state.chat.reading.scroll(None)


def show(state: State, number: int) -> None:
    """Bring a line into view, where there is one to be had with lines below it."""
    pane = state.pane
    below = pane.down(pane.showing(number), state.layout.pane // 2)
    state.chat.reading.scroll(below)


def unread(state: State, _: str) -> None:
    number = state.chat.reading.unread
    if number is None:
        state.chat.hint = say.NOTHING_UNREAD
    else:
        show(state, max(number, state.chat.transcript.first))


def search(state: State, words: str) -> None:
    from .search import Search

    found = Search(state.chat.transcript, state.chat.reading.at, words)
    state.overlay = found
    if found.hit is not None:
        show(state, found.hit)


def copy(state: State, _: str) -> None:
    from .copyview import CopyView

    transcript, reading = state.chat.transcript, state.chat.reading
    end = reading.at[0] + 1 if reading.at else transcript.end
    # Without a gutter anybody could imitate the program's own words: they are left out.
    lines = [
        f"{transcript.own_nick(n)}: {transcript.text(n)}" if transcript.kind(n) == tr.OWN
        else transcript.text(n)
        for n in range(max(transcript.first, end - COPY_LINES), end)
        if transcript.kind(n) not in (tr.INFO, tr.ERROR)
    ]  # fmt: skip
    state.overlay = CopyView(lines)


def clear_screen(state: State, _: str) -> None:
    state.chat.reading.scroll(None)
    state.chat.reading.cleared = state.chat.transcript.end
    state.chat.hint = say.CLEAR_DONE


def help_(state: State, _: str) -> None:
    from .help import Help

    state.overlay = Help()


# -- the line ----------------------------------------------------------------------------------


def up(state: State, _: str) -> None:
    if _picking(state):
        state.pick = max(0, state.pick - 1)
    else:
        state.editor.previous()


def down(state: State, _: str) -> None:
    if _picking(state):
        state.pick = min(len(state.chat.rooms) - 1, state.pick + 1)
    else:
        state.editor.next()


def _picking(state: State) -> bool:
    return state.chat.stage == LOBBY and bool(state.chat.rooms) and not state.editor.text


def clear(state: State, _: str) -> None:
    """Clear the line, or give up what is under way; never the program."""
    chat, editor = state.chat, state.editor
    connecting = chat.stage == CONNECTING
    leaving = chat.protocol is not None and chat.protocol.leaving
    if connecting and not editor.text:
        chat.give_up()
    elif leaving and not editor.text:
        chat.leave()
    elif editor.clear_or_restore():
        restorable = not (editor.text or connecting or leaving)
        chat.hint = say.CLEARED if restorable else ""
    elif chat.waiting:
        chat.take_back()
    elif chat.link.retry_at is not None:
        chat.link.hold()
    else:
        chat.hint = say.HOW_TO_LEAVE


def complete_(state: State, _: str) -> None:
    _complete(state, forward=True)


def complete_back(state: State, _: str) -> None:
    _complete(state, forward=False)


def _complete(state: State, forward: bool) -> None:
    editor = state.editor
    if state.completion is None:
        from ..input.completion import complete

        rooms = state.chat.rooms
        commands = [command.name + " " * bool(command.argument) for command in COMMANDS]
        arguments = {
            command.name: command.argument.strip("[]").split("|")
            for command in COMMANDS if "|" in command.argument
        } | {"/join": rooms}  # fmt: skip
        state.completion = complete(
            editor.text, editor.cursor, state.latest_speakers(), commands, rooms, arguments
        )
    if state.completion is not None:
        step = state.completion.next if forward else state.completion.previous
        text, cursor = step()
        editor.set_lines(text.split(LINE_END), cursor)


# -- the conversation --------------------------------------------------------------------------


def list_(state: State, _: str) -> None:
    state.pick = 0
    if state.chat.protocol:
        state.chat.protocol.list_rooms()


def join(state: State, room: str) -> None:
    state.chat.join(room)


def nick(state: State, name: str) -> None:
    state.chat.name(name)


def who(state: State, _: str) -> None:
    protocol = state.chat.protocol
    if protocol is None or state.chat.stage != ROOM:
        state.chat.hint = say.NOT_HERE.format(name="/who", where=say.WHERE[ROOM])
    elif not protocol.who():
        state.chat.hint = say.ASKED_ALREADY


def leave(state: State, _: str) -> None:
    state.chat.leave()


def server(state: State, text: str) -> None:
    try:
        host, port = parse_address(text)
    except AddressError as error:
        state.chat.refuse(str(error), text if state.chat.stage == ASK else f"/server {text}")
    else:
        state.chat.connect(host, port)


def reconnect(state: State, _: str) -> None:
    if state.chat.link.host:
        state.chat.reconnect()
    else:
        state.chat.hint = say.ASK_SERVER


def bell(state: State, when: str) -> None:
    chat = state.chat
    if when in say.BELL:
        chat.hearing.bell, chat.hint = when, say.BELL[when]
    else:
        sentence = say.BELL_USAGE.format(bell=chat.hearing.bell)
        chat.refuse(sentence, f"/bell {when}" if when else "")


def log(state: State, path: str) -> None:
    state.chat.effects.append(do.Log(path))


def redraw(state: State, _: str) -> None:
    state.chat.effects.append(do.Redraw())


def suspend(state: State, _: str) -> None:
    state.chat.effects.append(do.Suspend())


ACTIONS: dict[str, Callable[[State, str], None]] = {
    function.__name__.rstrip("_"): function
    for function in (
        page_up, page_down, wheel_up, wheel_down, click, top, bottom, unread, search, copy,
        clear_screen, help_, up, down, clear, complete_, complete_back, list_, join, nick, who,
        leave, server, reconnect, bell, log, redraw, suspend,
    )
}  # fmt: skip
