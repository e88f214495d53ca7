"""The key bindings: each does something, nothing is bound twice, and every action is a command."""

from __future__ import annotations

import pytest

from tuichat.input.commands import COMMANDS
from tuichat.input.editor import Editor
from tuichat.input.keymap import BINDING_BY_KEY, BINDINGS, EDITING
from tuichat.ui.actions import ACTIONS


def test_every_binding_does_something_that_there_is():
    assert {binding.action for binding in BINDINGS} <= set(ACTIONS)
    assert all(callable(getattr(Editor, action)) for action in EDITING)


def test_no_key_is_bound_twice():
    keys = [key for binding in BINDINGS for key in binding.keys]
    assert len(keys) == len(set(keys))


def test_what_is_shown_in_help_has_words():
    for binding in BINDINGS:
        assert bool(binding.label) == bool(binding.help)


@pytest.mark.parametrize(
    ("keys", "action"),
    [
        ("f1", "help"), ("f2 M-w", "who"), ("f10 C-q", "leave"), ("f3", "search"),
        ("pageup", "page_up"), ("pagedown", "page_down"), ("C-home", "top"),
        ("C-end", "bottom"), ("escape", "back"),
        ("up", "up"), ("down", "down"), ("tab", "complete"),
        ("S-tab", "complete_back"), ("C-a", "home"), ("C-e", "end"), ("C-b", "left"),
        ("C-f", "right"), ("M-b", "word_left"), ("M-f", "word_right"), ("C-w", "kill_word_left"),
        ("C-u", "kill_to_start"), ("C-k", "kill_to_end"), ("C-y", "yank"),
        ("M-d", "kill_word_right"), ("C-t", "transpose"), ("C-d", "delete"), ("C-_", "undo"),
        ("M-_", "redo"), ("C-c", "clear"), ("M-l", "copy"), ("M-u", "unread"), ("C-l", "redraw"),
        ("C-z", "suspend"),
    ],
)  # fmt: skip
def test_the_keys_that_people_know(keys, action):
    assert {BINDING_BY_KEY[key].action for key in keys.split()} == {action}


def test_every_action_of_reading_has_a_command_as_well():
    """Except for paging and editing, everything can be done by typing a command."""
    by_key = {binding.action for binding in BINDINGS if binding.source == "keyboard"} - EDITING
    by_key -= {"page_up", "page_down", "up", "down", "clear", "complete", "complete_back", "submit"}
    by_key -= {"back", "recall"}  # /bottom or /lobby; part of editing
    assert by_key <= {command.action for command in COMMANDS}
