"""The program without a terminal: keys and events change one state; what is to be done are effects.

`turn(now, stamp)` begins every turn of the loop. Then come keys (`key`, `typed`, `paste`) and what
happens to the connection (`opened`, `received`, `lost`, `left`), and only then, with `tick`, what
is due because nothing has come; `next_send` gives bytes to send, `take_effects` what else there is
to do, and `deadline` when to come again though nothing happens.
"""

from __future__ import annotations

from ..chat import effects as do
from ..chat import messages as say
from ..chat.talk import ASK, CONNECTING
from ..input.commands import BY_NAME, LOST, Do, Nothing, Say, Unknown, parse
from ..input.keymap import ACTIONS as KEYS
from ..input.keymap import EDITING
from ..input.line import LINE_END
from ..protocol.session import LOBBY, NAMING, ROOM
from ..wire import LOGOUT, WHO
from .actions import ACTIONS, show
from .overlay import Back, Close, Drop, EditLines, Outcome, SendLines, Show
from .state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..chat.options import Options
    from ..chat.transcript import Stamp

MOUSE = ("wheel-up", "wheel-down", "click")


class App:
    """The state and everything that changes it."""

    def __init__(self, options: Options) -> None:
        self.state = State(options)
        self.chat = self.state.chat
        self._leave_asked = False
        self._drafting = False
        self._draft = ""

    # -- the loop's side -------------------------------------------------------------------------

    def turn(self, now: float, stamp: Stamp) -> None:
        """Begin a turn: the time is `now` (monotonic seconds), `stamp` its local form."""
        self.chat.now, self.chat.stamp = now, stamp

    def tick(self) -> None:
        """Do what is due, after everything that has come was taken."""
        self.chat.tick()
        self._settle_line()

    def start(self) -> None:
        """Connect, or ask where to."""
        options = self.chat.options
        if options.host:
            self.chat.connect(options.host, options.port)
        else:
            self.chat.tell(say.ASK_SERVER)
            self.chat.tell(say.NO_SERVER_YET)

    def opened(self, seconds: float) -> None:
        """The connection stands; it took `seconds`."""
        self.state.pick = 0
        self.chat.opened(seconds)

    def received(self, data: bytes) -> None:
        """Bytes came."""
        self.chat.received(data)
        self._settle_line()

    def lost(self, reason: str) -> None:
        """The connection is gone, or none came about; `reason` is a sentence."""
        self._drafting = self._drafting or self.chat.stage == ROOM
        self.chat.lost(reason)
        self._settle_line()

    def left(self) -> None:
        """The connection was closed as was asked for."""
        self.chat.quit(0)

    def next_send(self) -> bytes | None:
        """Return the next message to send, if it is time."""
        return self.chat.next_send()

    def take_effects(self) -> list[do.Effect]:
        """Return what is to be done, once."""
        effects, self.chat.effects = self.chat.effects, []
        return effects

    @property
    def deadline(self) -> float | None:
        """When to come again though nothing happens (monotonic seconds)."""
        return self.chat.deadline

    @property
    def send_due(self) -> float | None:
        """When `next_send` has something, once all before it has left (monotonic seconds)."""
        return self.chat.protocol.send_due if self.chat.protocol else None

    @property
    def pauses_tell(self) -> bool:
        """Tell whether only pauses tell where this server's messages end."""
        return bool(self.chat.protocol and self.chat.protocol.unframed)

    # -- the user's side -------------------------------------------------------------------------

    def key(self, name: str) -> None:
        """Act on a key that is no text; `keymap` has the names."""
        if name in ("focus-in", "focus-out"):
            self.chat.reading.focus(name == "focus-in")
            return
        asked, self._leave_asked = self._leave_asked, False
        if name not in MOUSE:
            self._is_here()
        self.chat.hint = ""
        outcome = self.state.overlay.key(name) if self.state.overlay else None
        if outcome is not None:
            self._after(outcome)
            return
        action = KEYS.get(name, "")
        if not action.startswith("complete"):
            self.state.completion = None
        if action in EDITING:
            getattr(self.state.editor, action)()
        elif action == "submit":
            self.submit(self.state.editor.submit())
        elif action == "logout" and self.state.editor.text.strip() and not asked:
            self._leave_asked = True
            self.chat.hint = say.LEAVE_AGAIN.format(key="F10" if name == "f10" else "Ctrl-Q")
        elif action:
            ACTIONS["leave" if action == "logout" else action](self.state, "")
        self._settle_line()

    def typed(self, text: str) -> None:
        """Take typed characters."""
        self._is_here()
        self.chat.hint, self.state.completion, self._leave_asked = "", None, False
        outcome = self.state.overlay.typed(text) if self.state.overlay else None
        if outcome is None:
            self.state.editor.insert(text)
        else:
            self._after(outcome)

    def _is_here(self) -> None:
        """Whoever types is looking, whatever the terminal said last: tmux can lose a focus-in."""
        if self.chat.reading.focused is False:
            self.chat.reading.focus(True)

    def paste(self, text: str) -> None:
        """Take a paste: one line goes into the line, several are asked about."""
        self._is_here()
        lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
        if len(lines) == 1:
            self.typed(lines[0])
            return
        self.chat.hint = ""
        outcome = self.state.overlay.pasted(lines) if self.state.overlay else None
        if outcome is None:
            from .paste import PasteQuestion  # here, as no start needs it

            self.state.overlay = PasteQuestion(lines, sends=self.chat.stage == ROOM)
        else:
            self._after(outcome)

    def _after(self, outcome: Outcome) -> None:
        """Do what an overlay came to."""
        match outcome:
            case Show(number):
                show(self.state, number)
                return
            case Back(at):
                self.chat.reading.scroll(at)
            case SendLines(lines):
                self._send_lines(lines)
            case EditLines(lines):
                self.state.editor.insert_lines(lines)
            case Drop(lines):
                self.state.editor.keep_lines(lines)
                self.chat.hint = say.DROPPED
            case Close():
                pass
            case _:
                return
        self.state.overlay = None

    def _send_lines(self, lines: list[str]) -> None:
        """Send pasted lines; where there is nobody to send them to, they go into the line."""
        if self.chat.stage == ROOM:
            for line in lines:
                self.chat.say(_as_text(line))
        else:
            self.state.editor.insert_lines(lines)
            self.chat.hint = say.NO_ROOM

    # -- a line ----------------------------------------------------------------------------------

    def submit(self, line: str) -> None:
        """Act on a line that was entered."""
        match parse(line):
            case Nothing():
                self._enter_nothing()
            case Say(text):
                self._answer(text)
            case Unknown(word, meant):
                sentence = say.MEANT if meant else say.UNKNOWN
                if word == meant:  # right as it is, but for the blank before it
                    sentence = say.SLIPPED
                self.chat.refuse(sentence.format(word=word, meant=meant), line)
            case Do(name, argument):
                self._command(name, argument, line)
        self._settle_line()

    def _enter_nothing(self) -> None:
        chat = self.chat
        if chat.stage == LOST:
            chat.reconnect()
        elif chat.stage == LOBBY and self.state.picked and not chat.rejoining:
            chat.join(self.state.picked)
        elif chat.default_answer and not chat.rejoining:
            self._answer(chat.default_answer)
        elif chat.stage in say.BLANK:
            chat.hint = say.BLANK[chat.stage]

    def _answer(self, text: str) -> None:
        """Take plain text for what the stage asks."""
        chat, name = self.chat, text.strip()
        if chat.stage == ROOM:
            first, *more = text.split(LINE_END)
            for part in (first, *map(_as_text, more)):
                chat.say(part)
            ACTIONS["bottom"](self.state, "")
        elif chat.stage == ASK:
            ACTIONS["server"](self.state, name)
        elif chat.rejoining and chat.stage in (LOBBY, NAMING):
            chat.refuse(say.REJOINING.format(room=chat.room), text)
        elif chat.stage in (LOBBY, NAMING):
            ACTIONS["join" if chat.stage == LOBBY else "nick"](self.state, name)
        elif chat.stage == LOST:
            chat.give_back = text
            chat.reconnect()
        else:
            chat.refuse(say.CONNECTING if chat.stage == CONNECTING else say.LEAVING, text)

    def _command(self, name: str, argument: str, line: str) -> None:
        """Do a command if it is one here; else say why not and give the line back."""
        command, stage = BY_NAME[name], self.chat.stage
        needed = command.argument and not command.argument.startswith("[")
        if command.stage and stage != command.stage and (command.stage, stage) != (LOST, ASK):
            where = say.WHERE[command.stage]
            self.chat.refuse(say.NOT_HERE.format(name=name, where=where), line)
        elif needed and not argument:
            self.chat.refuse(say.NEEDS.format(name=name, argument=command.argument), line)
        elif argument and not command.argument:
            self.chat.refuse(say.TAKES_NOTHING.format(name=name, line=line.strip()), line)
        else:
            ACTIONS[command.action](self.state, argument)

    def _settle_line(self) -> None:
        """Put into the line what belongs there: what was refused, the draft of a lost room.

        The draft stays in the line while its room is gone, but makes way for a room's name or a
        nick if those have to be asked for again.
        """
        editor, chat = self.state.editor, self.chat
        if chat.kept:
            editor.keep_lines(chat.kept)
            chat.kept = []
        asks = chat.stage in (LOBBY, NAMING) and not chat.rejoining
        if self._drafting and (asks or chat.stage == ROOM):
            self._drafting = False
            if asks and editor.text:
                self._draft = editor.text
                editor.set("")
        text, chat.give_back = chat.give_back, ""
        if text and not editor.text:
            editor.set_lines(text.split(LINE_END))
        elif chat.stage == ROOM and self._draft and not editor.text:
            editor.set_lines(self._draft.split(LINE_END))
            self._draft = ""


def _as_text(line: str) -> str:
    """Put a blank before what a server would take for a command: a paste never is one."""
    return f" {line}" if line.rstrip() in (WHO, LOGOUT) else line
