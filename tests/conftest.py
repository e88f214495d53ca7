"""Fixtures for whole sessions: a home directory, terminals and servers, closed after the test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.support.dialects import DialectServer

if TYPE_CHECKING:
    from tests.support.terminal import Terminal

# No deadlines, as a busy machine may be slow: speed is for the benchmarks. And the same examples
# each time: finding new ones is for `tests.fuzz`.
settings.register_profile("tuichat", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("tuichat")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home directory."""
    directory = tmp_path / "home"
    directory.mkdir()
    return directory


@pytest.fixture
def terminal(home: Path) -> Iterator[Callable[..., Terminal]]:
    """Start a program on a terminal: `terminal(argv, cols=…, rows=…, env=…)`."""
    from tests.support.terminal import Terminal

    with ExitStack() as running:

        def start(argv: list[str], **options: Any) -> Terminal:
            started = Terminal(argv, **{"home": home, **options})
            return running.enter_context(started)

        yield start


@pytest.fixture
def chat(terminal: Callable[..., Terminal]) -> Callable[..., Terminal]:
    """Start tuichat on a terminal: `chat(server.address, "--room", "general", cols=80)`."""

    def start(*arguments: str, **options: Any) -> Terminal:
        return terminal([sys.executable, "-m", "tuichat", *arguments], **options)

    return start


@pytest.fixture
def serve() -> Iterator[Callable[..., DialectServer]]:
    """Start a server of some dialect: `serve("crlf", rooms={"general": ("bob",)})`."""
    with ExitStack() as running:

        def start(*arguments: Any, **knobs: Any) -> DialectServer:
            return running.enter_context(DialectServer(*arguments, **knobs))

        yield start
