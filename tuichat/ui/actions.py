"""What keys and commands do: one function each, one table for both.

Every action takes the state and an argument; keys give "". What only some actions need is
imported inside them, as the start does not need it.
"""

from __future__ import annotations

from collections.abc import Callable

from ..chat import effects, messages
from ..chat.reconnect import AddressError, parse_address
from ..chat.transcript import END, PROGRAM
from ..input.commands import (
    BY_NAME,
    COMMANDS,
    Command,
    Do,
    Nothing,
    Say,
    Unknown,
    as_text,
    parse,
    spoken,
)  # fmt: skip
from ..input.keymap import EDITING
from ..input.line import LINE_END
from ..wire import Stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State

    Action = Callable[[State, str], None]

WHEEL_ROWS = 3
COPY_LINES = 500


# -- reading -----------------------------------------------------------------------------------


def page_up(state: State, _: str) -> None:
    if not state.mark("page up"):
        state.scroll(-max(1, state.layout.pane - 1))


def page_down(state: State, _: str) -> None:
    if not state.mark("page down"):
        state.scroll(max(1, state.layout.pane - 1))


def wheel_up(state: State, _: str) -> None:
    state.scroll(-WHEEL_ROWS)


def wheel_down(state: State, _: str) -> None:
    state.scroll(WHEEL_ROWS)


def click(state: State, _: str) -> None:
    state.conversation.flash = messages.SHIFT_SELECTS


def focus_in(state: State, _: str) -> None:
    state.conversation.viewport.focus(True)


def focus_out(state: State, _: str) -> None:
    state.conversation.viewport.focus(False)


def top(state: State, _: str) -> None:
    viewport = state.conversation.viewport
    viewport.cleared = 0
    viewport.scroll(state.pane.first_page(state.look, state.layout.pane))


def bottom(state: State, _: str) -> None:
    viewport = state.conversation.viewport
    if viewport.at == END:
        viewport.go_on()
    viewport.scroll(END)


def back(state: State, _: str) -> None:
    """Go back one step: to the last line, to the lobby, or out of waiting."""
    chat = state.chat
    if state.conversation.viewport.at != END:
        bottom(state, "")
    elif chat.stage == Stage.NAMING:
        if state.conversation.editor.text:
            state.conversation.editor.clear_or_restore()
        chat.go_to_lobby()
    elif chat.can_stop_waiting:
        chat.stop_waiting()
    else:
        bottom(state, "")


def unread(state: State, _: str) -> None:
    number = state.conversation.viewport.unread
    if number is None:
        state.conversation.flash = messages.NOTHING_UNREAD
    else:
        state.show(max(number, state.conversation.transcript.first))


def search(state: State, words: str) -> None:
    from .overlays import Search

    state.overlay = Search(state.conversation.transcript, state.conversation.viewport.at, words)


def copy(state: State, _: str) -> None:
    from .overlays import CopyView

    transcript, at = state.conversation.transcript, state.conversation.viewport.at
    end = transcript.end if at == END else at[0] + 1
    # Without a gutter anybody could imitate the program's own words, so those are left out.
    numbers = range(max(transcript.first, end - COPY_LINES), end)
    said = [number for number in numbers if transcript.kind(number) not in PROGRAM]
    state.overlay = CopyView([transcript.line(number) for number in said])


def clear_screen(state: State, _: str) -> None:
    state.conversation.viewport.scroll(END)
    state.conversation.viewport.cleared = state.conversation.transcript.end
    state.conversation.flash = messages.SCREEN_CLEARED


def help_(state: State, word: str) -> None:
    from .help import Help

    overlay = Help(word)
    if overlay.nothing:
        state.conversation.refuse(overlay.nothing, f"/help {word}")
    else:
        state.overlay = overlay


# -- the line ----------------------------------------------------------------------------------


def editing(name: str) -> Action:
    """Return an action that calls the editor's method of this name."""

    def edit(state: State, _: str) -> None:
        getattr(state.conversation.editor, name)()

    return edit


def marking(name: str, move: str) -> Action:
    """Return an action that moves the mark while the line is empty, and otherwise edits."""

    def act(state: State, _: str) -> None:
        if state.conversation.editor.text or not state.mark(move):
            getattr(state.conversation.editor, name)()

    return act


def up(state: State, _: str) -> None:
    if not state.mark("up"):
        state.conversation.editor.previous()


def down(state: State, _: str) -> None:
    if not state.mark("down"):
        state.conversation.editor.next()


def recall(state: State, _: str) -> None:
    from .overlays import Recall

    state.overlay = Recall(state.conversation.editor)


def clear(state: State, _: str) -> None:
    """Clear the line, or stop what is in progress; this alone never quits."""
    chat, editor = state.chat, state.conversation.editor
    connecting = chat.stage == Stage.CONNECTING
    if connecting and not editor.text:
        chat.give_up()
    elif chat.leaving and not editor.text:
        chat.leave_now()
    elif chat.can_stop_waiting and not editor.text:
        chat.stop_waiting()
    elif editor.clear_or_restore():
        restorable = not (editor.text or connecting or chat.leaving)
        state.conversation.flash = messages.LINE_CLEARED if restorable else ""
    elif chat.waiting:
        chat.take_back()
    elif chat.reconnect.retry_at is not None:
        chat.stop_retrying()
    else:
        state.conversation.flash = messages.HOW_TO_LEAVE


def complete_(state: State, _: str) -> None:
    _complete(state, forward=True)


def complete_back(state: State, _: str) -> None:
    _complete(state, forward=False)


def _complete(state: State, forward: bool) -> None:
    chat, editor = state.chat, state.conversation.editor
    if state.completion is None:
        from ..input.completion import complete

        commands = [command.name + " " * bool(command.argument) for command in COMMANDS]
        arguments = {
            command.name: command.argument.strip("[]").split("|")
            for command in COMMANDS
            if "|" in command.argument
        } | {"/join": chat.lobby.names, "/help": [*BY_NAME, *(name[1:] for name in BY_NAME)]}
        in_room = chat.stage == Stage.ROOM
        nick = chat.entrance.nick
        nicks = state.conversation.latest_speakers(chat.nicks, nick) if in_room else []
        state.completion = complete(
            editor.text, editor.cursor, nicks, commands, chat.lobby.names, arguments
        )
    if state.completion is not None:
        step = state.completion.next if forward else state.completion.previous
        text, cursor = step()
        editor.set_lines(text.split(LINE_END), cursor)


# -- a line that is entered --------------------------------------------------------------------


def submit(state: State, _: str) -> None:
    chat = state.chat
    is_answer = chat.stage != Stage.ROOM and bool(spoken(state.conversation.editor.text))
    enter(state, state.conversation.editor.submit(remember=not is_answer))


def enter(state: State, line: str) -> None:
    """Act on a line: a command, or what the stage asks for."""
    match parse(line):
        case Nothing():
            _enter_nothing(state)
        case Say(text):
            _answer(state, text)
        case Unknown(word, meant):
            state.conversation.refuse(messages.not_sent(word, meant), line)
        case Do(name, argument):
            _command(state, BY_NAME[name], argument, line)


def _enter_nothing(state: State) -> None:
    chat = state.chat
    if chat.stage == Stage.LOST:
        chat.connect_again()
    elif chat.stage == Stage.LOBBY and state.pick("") and not chat.rejoining:
        chat.join(state.pick(""))
    elif chat.default_answer and not chat.rejoining:
        _answer(state, chat.default_answer)
    else:
        state.conversation.flash = messages.BLANK.get(chat.stage, "")


def _answer(state: State, text: str) -> None:
    """Take plain text as the answer to what the stage asks for."""
    chat, name = state.chat, text.strip()
    if chat.leaving:
        state.conversation.refuse(messages.LEAVING, text)
    elif chat.stage == Stage.ROOM:
        first, *more = text.split(LINE_END)
        for line in (first, *map(as_text, more)):
            chat.say(line)
        bottom(state, "")
    elif chat.stage == Stage.ASK:
        server(state, name)
    elif chat.stage == Stage.LOST:
        state.conversation.editor.restore(text)
        chat.connect_again()
    elif chat.stage not in (Stage.LOBBY, Stage.NAMING):
        connecting = chat.stage == Stage.CONNECTING
        state.conversation.refuse(messages.CONNECTING if connecting else messages.LEAVING, text)
    elif chat.rejoining:
        state.conversation.refuse(messages.REJOINING.format(room=chat.entrance.room), text)
    elif chat.stage == Stage.LOBBY:
        chat.join(state.pick(name) or name)
    else:
        chat.set_nick(name)


def _command(state: State, command: Command, argument: str, line: str) -> None:
    """Do a command if it is allowed here; else say why not and give the line back."""
    chat, name = state.chat, command.name
    if command.stages and chat.stage not in command.stages:
        not_here = messages.NOT_HERE.format(name=name, where=messages.WHERE[name])
        state.conversation.refuse(messages.LEAVING if chat.stage == Stage.OUT else not_here, line)
    elif not argument and command.argument and not command.argument.startswith("["):
        state.conversation.refuse(messages.NEEDS.format(name=name, argument=command.argument), line)
    elif argument and not command.argument:
        state.conversation.refuse(messages.TAKES_NOTHING.format(name=name, line=line.strip()), line)
    else:
        ACTIONS[command.action](state, argument)


# -- the conversation --------------------------------------------------------------------------


def list_(state: State, _: str) -> None:
    state.chat.list_rooms()


def join(state: State, room: str) -> None:
    state.chat.join(room)


def lobby(state: State, _: str) -> None:
    state.chat.go_to_lobby()


def nick(state: State, name: str) -> None:
    state.chat.set_nick(name)


def who(state: State, _: str) -> None:
    chat = state.chat
    if chat.stage != Stage.ROOM:
        where = messages.WHERE["/who"]
        state.conversation.flash = messages.NOT_HERE.format(name="/who", where=where)
    elif not chat.who():
        state.conversation.flash = messages.ASKED_ALREADY


def leave(state: State, _: str) -> None:
    state.chat.leave()


def server(state: State, text: str) -> None:
    chat = state.chat
    try:
        host, port = parse_address(text)
    except AddressError as error:
        line = text if chat.stage == Stage.ASK else f"/server {text}"
        state.conversation.refuse(str(error), line)
    else:
        chat.connect(host, port)


def reconnect(state: State, _: str) -> None:
    if state.chat.reconnect.host:
        state.chat.connect_again()
    else:
        state.conversation.flash = messages.ASK_SERVER


def bell(state: State, when: str) -> None:
    conversation = state.conversation
    if when in messages.BELL:
        conversation.bell, conversation.flash = when, messages.BELL[when]
    else:
        sentence = messages.BELL_USAGE.format(bell=conversation.bell)
        conversation.refuse(sentence, f"/bell {when}" if when else "")


def log(state: State, path: str) -> None:
    state.chat.effects.append(effects.WriteLog(path))


def redraw(state: State, _: str) -> None:
    state.chat.effects.append(effects.Redraw())


def suspend(state: State, _: str) -> None:
    state.chat.effects.append(effects.Suspend())


MARKING = {"left": "left", "right": "right", "home": "first", "end": "last"}
ACTIONS: dict[str, Action] = {name: editing(name) for name in EDITING} | {
    name: marking(name, move) for name, move in MARKING.items()
} | {
    function.__name__.rstrip("_"): function
    for function in (
        page_up, page_down, wheel_up, wheel_down, click, focus_in, focus_out, top, bottom, back,
        unread, search, copy, clear_screen, help_, up, down, recall, clear, complete_,
        complete_back, submit, list_, join, lobby, nick, who, leave, server, reconnect, bell, log,
        redraw, suspend,
    )
}  # fmt: skip
