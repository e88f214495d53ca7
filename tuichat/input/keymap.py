"""Keys, their actions, and the help about them, in one table.

`BINDINGS` is what the program does with a key and what F1 shows. Every action is a function of
`ui.actions`; those of `LINE_EDITING` have the names of the editor's methods. While an overlay is
open, its keys of `OVERLAY_KEYS` come first. A key that is in neither does nothing.
"""

from __future__ import annotations

from ..record import Record


class Binding(Record):
    """`keys` do `action`; `label` is how the keys are written for people, in the same order.

    `completes`: the action goes on with a completion, which any other key ends. `confirms`: with
    text in the line it must be pressed twice. `source`: who sends it. The mouse does not show that
    somebody is at the keyboard, and a report from the terminal changes only what it reports.
    """

    keys: tuple[str, ...]
    action: str
    label: str
    help: str
    completes: bool = False
    confirms: bool = False
    source: str = "keyboard"


READING = (
    Binding(("f2", "M-w"), "who", "F2, Alt-W", "show who is here"),
    Binding(("f3",), "search", "F3", "search the messages"),
    Binding(("pageup",), "page_up", "PgUp", "scroll back"),
    Binding(("pagedown",), "page_down", "PgDn", "scroll forward"),
    Binding(("C-home",), "top", "Ctrl-Home", "go to the first line"),
    Binding(("C-end",), "bottom", "Ctrl-End", "go to the last line"),
    Binding(("escape",), "back", "Esc", "go to the last line; at the nick prompt: rooms"),
    Binding(("M-u",), "unread", "Alt-U", "go to the first unread line"),
    Binding(("M-l",), "copy", "Alt-L", "show plain text to select and copy"),
    Binding(("wheel-up",), "wheel_up", "", "", source="mouse"),
    Binding(("wheel-down",), "wheel_down", "", "", source="mouse"),
    Binding(("click",), "click", "", "", source="mouse"),
    Binding(("focus-in",), "focus_in", "", "", source="terminal"),
    Binding(("focus-out",), "focus_out", "", "", source="terminal"),
)
WRITING = (
    Binding(("enter",), "submit", "Enter", "send"),
    Binding(("up", "C-p"), "up", "Up, Ctrl-P", "previous input; in the lobby: room above"),
    Binding(("down", "C-n"), "down", "Down, Ctrl-N", "next input; in the lobby: room below"),
    Binding(("C-r",), "recall", "Ctrl-R", "search earlier input"),
    Binding(("tab",), "complete", "Tab", "complete a nick, room or command", completes=True),
    Binding(("S-tab",), "complete_back", "Shift-Tab", "previous completion", completes=True),
    Binding(("C-c",), "clear", "Ctrl-C", "clear the line; again: restore it"),
)
LINE_EDITING = (
    Binding(("left", "C-b"), "left", "Left, Ctrl-B", "one character left"),
    Binding(("right", "C-f"), "right", "Right, Ctrl-F", "one character right"),
    Binding(("M-b", "C-left", "M-left"), "word_left", "Alt-B, Ctrl-Left", "one word left"),
    Binding(("M-f", "C-right", "M-right"), "word_right", "Alt-F, Ctrl-Right", "one word right"),
    Binding(("home", "C-a"), "home", "Home, Ctrl-A", "go to the start of the line"),
    Binding(("end", "C-e"), "end", "End, Ctrl-E", "go to the end of the line"),
    Binding(("backspace", "C-h"), "backspace", "Backspace", "delete the character to the left"),
    Binding(("delete", "C-d"), "delete", "Del, Ctrl-D", "delete the character at the cursor"),
    Binding(("C-w",), "kill_word_left", "Ctrl-W", "cut the word to the left"),
    Binding(
        ("M-backspace", "C-backspace"),
        "backward_kill_word",
        "Alt-Backspace, Ctrl-Backspace",
        "the same, stopping at punctuation",
    ),
    Binding(("M-d", "C-delete"), "kill_word_right", "Alt-D, Ctrl-Del", "cut the word to the right"),
    Binding(("C-u",), "kill_to_start", "Ctrl-U", "cut to the start of the line"),
    Binding(("C-k",), "kill_to_end", "Ctrl-K", "cut to the end of the line"),
    Binding(("C-y",), "yank", "Ctrl-Y", "insert what was cut"),
    Binding(("M-y",), "yank_pop", "Alt-Y", "after Ctrl-Y: an earlier cut"),
    Binding(("C-t",), "transpose", "Ctrl-T", "swap two characters"),
    Binding(("C-_",), "undo", "Ctrl-_", "undo"),
    Binding(("M-_",), "redo", "Alt-_", "redo"),
)
PROGRAM = (
    Binding(("f1",), "help", "F1", "show this help"),
    Binding(("f10", "C-q"), "leave", "F10, Ctrl-Q", "log out and quit", confirms=True),
    Binding(("C-l",), "redraw", "Ctrl-L", "redraw the screen"),
    Binding(("C-z",), "suspend", "Ctrl-Z", "suspend; fg in the shell returns"),
)
KEY_GROUPS = (
    ("Keys for reading", READING),
    ("Keys for writing", WRITING),
    ("Keys for editing", LINE_EDITING),
    ("Other keys", PROGRAM),
)
BINDINGS = READING + WRITING + LINE_EDITING + PROGRAM
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
"""The actions that open an overlay: an overlay that would lose something ignores them."""
