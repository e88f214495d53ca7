"""At the terminal: whose name rings, what a search finds, what a copy shows and a paste sends."""

from __future__ import annotations

import pytest

from tests.support.stages import Chat, Serve, enter, painted

NOBODY = [
    "ann-marie", "@ann-marie", "x-ann", "https://x.org/ann/", "ann@x.org", "ann.smith", "#ann",
    "a.ann.b", "ann\u0301", "ann_b", "banner", "ann2",
]  # fmt: skip
NAMED = ["@ann", "ann: hi", "(ann)", "hi ann.", "“ann”", "ANN!"]


def test_the_bell_rings_for_one_s_own_nick_and_for_no_other(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    for number, text in enumerate(NOBODY):
        server.say(f"{text} {number}.")
    server.say("that was all")
    ann.wait("that was all")
    assert ann.bells == 0
    server.say(NAMED[0])
    ann.wait(lambda terminal: terminal.bells == 1)


@pytest.mark.parametrize("text", NAMED)
def test_a_mention_is_marked(chat: Chat, serve: Serve, text: str) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    server.say(text)
    ann.wait(lambda terminal: terminal.bells == 1)


def test_a_sign_before_a_nick_stays_when_it_is_completed(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    server.say("hello")
    ann.wait("│ hello")
    for typed, line in (("hi @bo", "hi @bob "), ("(bo", "(bob "), ('"bo', '"bob ')):
        ann.type(typed)
        ann.press("Tab")
        ann.type("x")
        ann.wait(painted("ann› ", f"{line}x"))
        ann.press("C-u")
        ann.wait(painted("ann› ", placeholder="type here"))


def test_a_search_that_is_open_finds_what_comes(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    ann.press("F3")
    ann.type("hello")
    ann.wait("not found")
    server.say("hello there")
    ann.wait("1/1")
    server.say("hello again")
    ann.wait("1/2")
    ann.press("Down")
    ann.wait("2/2")


@pytest.mark.parametrize("cols", [79, 80])
def test_the_copy_view_shows_the_end_of_the_newest_line(
    chat: Chat, serve: Serve, cols: int
) -> None:
    server = serve("lf", rooms={"general": ("bobo",)})
    ann = enter(chat, server.address, cols=cols)
    for number in range(30):
        server.say("中" * (76 if number == 29 else 77) + "END" * (number == 29), who="bobo")
    ann.wait("END")
    ann.press("M-l")
    ann.wait("Any key returns")
    ann.wait(lambda terminal: "END" in terminal.text.replace("\n", ""))


def test_answers_are_no_history_of_the_room(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    ann = chat(server.address, "--framing", "lf")
    ann.wait("▸ general")
    ann.type("general")
    ann.wait(painted("room› ", "general"))
    ann.press("Enter")
    ann.wait("Which nick")
    ann.type("zoe")
    ann.wait(painted("nick› ", "zoe"))
    ann.press("Enter")
    ann.wait("● #general as zoe")
    ann.press("Up")
    ann.type("x")
    ann.wait(painted("zoe› ", "x"))


PASTED = "\x1b[31mred\nb\x00c\td\n/logout\x00\nlast"


@pytest.mark.parametrize("way", ["C-s", "C-e"])
def test_a_paste_leaves_without_controls_whichever_way(
    chat: Chat, serve: Serve, way: str
) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    ann.paste(PASTED)
    ann.wait("Pasted 4 lines")
    ann.press(way)
    if way == "C-e":
        ann.wait("ann› \N{REPLACEMENT CHARACTER}[31mred")
        ann.press("Enter")
    server.wait(lambda: "last" in server.commands)
    assert server.commands[-4:] == [
        "\N{REPLACEMENT CHARACTER}[31mred", "b\N{REPLACEMENT CHARACTER}c    d",
        " /logout\N{REPLACEMENT CHARACTER}", "last",
    ]  # fmt: skip


def test_the_sign_for_a_line_end_is_a_character_when_it_is_typed(chat: Chat, serve: Serve) -> None:
    server = serve("lf")
    ann = enter(chat, server.address)
    ann.type("a␤b")
    ann.wait(painted("ann› ", "a␤b"))
    ann.press("Enter")
    server.wait(lambda: server.commands[-1] == "a␤b")
