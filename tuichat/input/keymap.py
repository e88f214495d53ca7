"""Keys to names of actions, and the words that help says about them: one table for both.

`BINDINGS` is what the program does with a key and what F1 shows. Every action is a function of
`ui.actions`; those of `LINE_EDITING` have the names of the editor's methods. While an overlay is
open, its keys of `OVERLAY_KEYS` come first. A key that is in neither does nothing.
"""

from __future__ import annotations

from ..record import Record


class Binding(Record):
    """`keys` do `action`; `label` is how the keys are written for people, in the same order.

    `completes`: the action goes on with a completion, which any other key ends. `confirms`: with
    text in the line it wants to be pressed twice. `source`: who sends it; what the mouse does says
    nothing of whether somebody is at the keyboard, and a report of the terminal's changes nothing
    but what it is about.
    """

    keys: tuple[str, ...]
    action: str
    label: str
    help: str
    completes: bool = False
    confirms: bool = False
    source: str = "keyboard"


READING = (
    Binding(("f1",), "help", "F1", "this help"),
    Binding(("f2", "M-w"), "who", "F2, Alt-W", "who is here"),
    Binding(("f10", "C-q"), "leave", "F10, Ctrl-Q", "leave", confirms=True),
    Binding(("f3",), "search", "F3", "search; Up/Down older/newer, Enter stays, Esc back"),
    Binding(("pageup",), "page_up", "PgUp", "scroll back"),
    Binding(("pagedown",), "page_down", "PgDn", "scroll on"),
    Binding(("C-home",), "top", "Ctrl-Home", "to the first line"),
    Binding(("C-end",), "bottom", "Ctrl-End", "to the last line"),
    Binding(("escape",), "back", "Esc", "to the last line; from a nick to the rooms"),
    Binding(("M-u",), "unread", "Alt-U", "to the first unread line"),
    Binding(("M-l",), "copy", "Alt-L", "text without columns, to select and copy"),
    Binding(("wheel-up",), "wheel_up", "", "", source="mouse"),
    Binding(("wheel-down",), "wheel_down", "", "", source="mouse"),
    Binding(("click",), "click", "", "", source="mouse"),
    Binding(("focus-in",), "focus_in", "", "", source="terminal"),
    Binding(("focus-out",), "focus_out", "", "", source="terminal"),
    Binding(("C-l",), "redraw", "Ctrl-L", "paint the screen anew"),
    Binding(("C-z",), "suspend", "Ctrl-Z", "back to the shell; fg returns"),
)
WRITING = (
    Binding(("enter",), "submit", "Enter", "send"),
    Binding(("up", "C-p"), "up", "Up, Ctrl-P", "earlier input; in the lobby: the room above"),
    Binding(("down", "C-n"), "down", "Down, Ctrl-N", "later input; in the lobby: the room below"),
    Binding(("C-r",), "recall", "Ctrl-R", "search earlier input; Enter takes it, Esc back"),
    Binding(("tab",), "complete", "Tab", "complete a nick, a room, a command", completes=True),
    Binding(("S-tab",), "complete_back", "Shift-Tab", "the completion before", completes=True),
    Binding(("C-c",), "clear", "Ctrl-C", "clear the line; again: bring it back"),
)
LINE_EDITING = (
    Binding(("left", "C-b"), "left", "Left, Ctrl-B", "a character to the left"),
    Binding(("right", "C-f"), "right", "Right, Ctrl-F", "a character to the right"),
    Binding(("M-b", "C-left", "M-left"), "word_left", "Alt-B, Ctrl-Left", "a word left"),
    Binding(("M-f", "C-right", "M-right"), "word_right", "Alt-F, Ctrl-Right", "a word right"),
    Binding(("home", "C-a"), "home", "Home, Ctrl-A", "to the start of the line"),
    Binding(("end", "C-e"), "end", "End, Ctrl-E", "to the end of the line"),
    Binding(("backspace", "C-h"), "backspace", "Backspace", "delete to the left"),
    Binding(("delete", "C-d"), "delete", "Del, Ctrl-D", "delete under the cursor"),
    Binding(("C-w",), "kill_word_left", "Ctrl-W", "cut the word to the left"),
    Binding(
        ("M-backspace", "C-backspace"), "backward_kill_word", "Alt-Backspace, Ctrl-Backspace",
        "the same, up to a sign",
    ),
    Binding(("M-d", "C-delete"), "kill_word_right", "Alt-D, Ctrl-Del", "cut the word to the right"),
    Binding(("C-u",), "kill_to_start", "Ctrl-U", "cut to the start of the line"),
    Binding(("C-k",), "kill_to_end", "Ctrl-K", "cut to the end of the line"),
    Binding(("C-y",), "yank", "Ctrl-Y", "insert what was cut"),
    Binding(("M-y",), "yank_pop", "Alt-Y", "then: what was cut before"),
    Binding(("C-t",), "transpose", "Ctrl-T", "swap two characters"),
    Binding(("C-_",), "undo", "Ctrl-_", "undo"),
    Binding(("M-_",), "redo", "Alt-_", "redo"),
)
BINDINGS = READING + WRITING + LINE_EDITING
BINDING_BY_KEY = {key: binding for binding in BINDINGS for key in binding.keys}
EDITING = frozenset(binding.action for binding in LINE_EDITING)

# What a key does in an overlay: the names are those of the overlay's own actions.
OVERLAY_KEYS = {
    "help": {
        "escape": "close", "f1": "close", "C-c": "close", "up": "up", "C-p": "up", "down": "down",
        "C-n": "down", "wheel-up": "wheel up", "wheel-down": "wheel down", "pageup": "page up",
        "pagedown": "page down", "C-home": "top", "C-end": "bottom",
    },
    "search": {
        "up": "older", "C-p": "older", "C-r": "older", "f3": "older", "pageup": "older",
        "down": "newer", "C-n": "newer", "C-s": "newer", "pagedown": "newer", "enter": "stay",
        "escape": "back", "C-c": "back", "C-g": "back",
    },
    "recall": {
        "up": "older", "C-p": "older", "C-r": "older", "pageup": "older", "down": "newer",
        "C-n": "newer", "C-s": "newer", "pagedown": "newer", "enter": "take", "escape": "back",
        "C-c": "back", "C-g": "back",
    },
    "paste": {
        "C-s": "send", "C-e": "edit", "escape": "drop", "C-c": "drop", "enter": "ask again",
    },
}  # fmt: skip
OPENING = frozenset({"help", "search", "copy", "recall"})
"""The actions that open an overlay: an overlay that has something to lose ignores them."""
