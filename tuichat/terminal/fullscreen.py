"""The full screen: keys to the app, the app's state to the screen."""

from __future__ import annotations

import os

from ..chat import effects, messages
from ..net.wakeup import CONTINUE, RESIZE, SUSPEND, Doorbell
from ..ui.view import View
from .keyboard import STDIN, Keys
from .keydecoder import Key, Typed
from .sequences import Paste

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..net.wakeup import Wakeup
    from ..ui.app import App
    from .screen import Screen

HANGUP = 129  # the exit status after SIGHUP, 128 + 1


class FullScreen:
    """The front of the program on a terminal. `gone` is the exit status once that has gone."""

    frame_s = 1 / 60

    def __init__(self, app: App, screen: Screen, wakeup: Wakeup) -> None:
        self.gone: int | None = None
        self._app = app
        self._screen = screen
        self._keys = Keys(screen)
        self._view = View()
        self._doorbell = Doorbell(wakeup) if os.name == "nt" else None
        self._take_size()

    def inputs(self) -> list[int]:
        """Return what to select: nothing on Windows, where `Doorbell` wakes the loop instead."""
        return [] if self._doorbell else [STDIN]

    def deadline(self, now: float) -> float | None:
        """Return when an unfinished escape sequence or paste is given up."""
        return self._keys.due

    def read(self, ready: set[object]) -> bool:
        """Give the app all keys there are."""
        rung = self._doorbell is not None and self._doorbell.rung
        now = self._app.state.time.now
        came = rung or (STDIN in ready and not self._doorbell)
        events = self._keys.read(now) if came else self._keys.expire(now)
        if self._doorbell and rung:
            self._doorbell.acknowledge()
        for event in events:
            match event:
                case Typed(text):
                    self._app.typed(text)
                case Key("resize"):
                    self._screen.resize()
                    self._take_size()
                case Key(name):
                    self._app.key(name)
                case Paste(text):
                    self._app.paste(text)
        if self._keys.gone or (self._doorbell and self._doorbell.gone):
            self.gone = HANGUP
        return bool(events)

    def signal(self, number: int) -> bool:
        """Handle resizing, stopping and continuing; return False for any other signal."""
        if number == RESIZE:
            self._screen.resize()
        elif number == CONTINUE:
            self._screen.resume()
        elif number == SUSPEND:
            self._screen.suspend()
        else:
            return False
        self._take_size()
        return True

    def perform(self, effect: effects.Effect) -> bool:
        """Ring, redraw or suspend; return False for any other effect."""
        match effect:
            case effects.Bell():
                self._screen.bell()
            case effects.Redraw():
                self._screen.redraw()
            case effects.Suspend() if self._screen.suspend():
                self._take_size()
            case effects.Suspend():
                self._app.conversation.flash = messages.CANNOT_SUSPEND
            case _:
                return False
        return True

    def show(self) -> None:
        """Paint a frame, unless the terminal has not taken the last one yet."""
        if not self._screen.output.pending:
            self._screen.paint(self._view.frame(self._app.state))

    def _take_size(self) -> None:
        self._app.resize(*self._screen.size())
