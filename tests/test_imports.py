"""The arrows of the design point one way, the pure modules are pure, and start-up stays cheap."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "tuichat"

# Each module imports only from modules that stand before it.
ORDER = [
    "__init__", "values", "wire", "text", "framing", "listing", "speech", "roster", "outbox",
    "echo", "events", "rollcall", "sending", "asking", "protocol", "line", "history", "killring",
    "window", "editor", "completion", "commands", "keymap", "transcript", "options", "palette",
    "pane", "sentences", "overlay", "help", "search", "paste", "copyview", "effects", "link",
    "reading", "hearing", "talk", "answers", "conversation", "state", "actions", "app", "inputline",
    "view", "keydecoder", "keys", "wakeup", "terminal", "screen", "dial", "connection", "settings",
    "log", "clock", "deeds", "loop", "fullscreen", "plain", "usage", "manual", "rooms", "peer",
    "server", "demo", "cli", "__main__",
]  # fmt: skip
PURE = ORDER[1 : ORDER.index("keys")]
IMPURE = {
    "asyncio", "ctypes", "curses", "importlib", "multiprocessing", "os", "pathlib", "select",
    "selectors", "shutil", "signal", "socket", "subprocess", "tempfile", "threading",
    "time", "datetime", "_curses", "_socket", "_thread", "posix",
}  # fmt: skip
# Who alone may import a module.
RESERVED = {
    "curses": {"terminal", "screen", "keys"},
    "_curses": {"terminal", "screen", "keys"},
    "select": {"loop", "server"},
    "selectors": {"loop", "server"},
}
# Each costs milliseconds at every start.
SLOW = {
    "asyncio", "contextlib", "dataclasses", "datetime", "inspect", "logging", "pathlib",
    "subprocess", "tomllib", "typing",
}  # fmt: skip

MODULES = sorted(path.stem for path in PACKAGE.glob("*.py"))


def imports(source: str, *, typing_only: bool) -> Iterator[str]:
    """All modules that a source file imports, anywhere in it, as dotted names.

    What is taken from a package is named too: `from . import text` gives "tuichat.text".
    Arguments: `typing_only`: whether what stands under `if TYPE_CHECKING:` counts.
    """
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = f"tuichat.{node.module or ''}".rstrip(".") if node.level else node.module or ""
            if base == "tuichat":
                yield from (f"tuichat.{alias.name}" for alias in node.names)
            else:
                yield base
        elif isinstance(node, ast.If) and _names_type_checking(node.test):
            waiting += (node.body if typing_only else []) + node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def _names_type_checking(test: ast.expr) -> bool:
    return getattr(test, "id", getattr(test, "attr", "")) == "TYPE_CHECKING"


def own_imports(module: str) -> set[str]:
    """The modules of the package that a module imports, for typing too."""
    source = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    names = {name for name in imports(source, typing_only=True) if name.split(".")[0] == "tuichat"}
    parts = {(name.split(".") + ["__init__"])[1] for name in names}
    # A name taken from the package itself, such as its version, and no module of it.
    return {part if part in MODULES or part in ORDER else "__init__" for part in parts}


def outside_imports(module: str) -> set[str]:
    """The top-level names of what a module imports at run time."""
    source = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    return {name.split(".")[0] for name in imports(source, typing_only=False)}


def test_every_module_is_in_the_list() -> None:
    unlisted = set(MODULES) - set(ORDER)
    assert not unlisted, f"say in ORDER where {', '.join(sorted(unlisted))} may be imported from"


def test_the_map_in_the_readme_has_every_module() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [row for row in readme.splitlines() if row.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named >= set(MODULES) - {"__init__", "__main__"}


@pytest.mark.parametrize("module", [name for name in MODULES if name in ORDER])
def test_a_module_imports_only_what_stands_before_it(module: str) -> None:
    late = own_imports(module) - set(ORDER[: ORDER.index(module)])
    assert not late, f"{module} imports {', '.join(sorted(late))}, which does not stand before it"


@pytest.mark.parametrize("module", [name for name in MODULES if name in PURE])
def test_a_pure_module_reaches_nothing_outside(module: str) -> None:
    reached = outside_imports(module) & IMPURE
    reached |= own_imports(module) - set(PURE)
    assert not reached, f"{module} is to be pure, but imports {', '.join(sorted(reached))}"


@pytest.mark.parametrize("module", MODULES)
def test_the_screen_and_the_waiting_have_one_place_each(module: str) -> None:
    taken = {name for name in outside_imports(module) if module not in RESERVED.get(name, {module})}
    assert not taken, f"{module} is not to import {', '.join(sorted(taken))}"


def loaded(statement: str) -> set[str]:
    """The modules that a fresh interpreter has after a statement."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {statement}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-S", "-I", "-c", program], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def test_starting_loads_nothing_slow() -> None:
    unavoidable = loaded("import argparse, curses, re, select, signal, socket, unicodedata")
    slow = (loaded("import tuichat.cli, tuichat.loop") - unavoidable) & SLOW
    assert not slow, f"starting loads {', '.join(sorted(slow))}"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os.path", {"os.path"}),
        ("from a.b import c", {"a.b"}),
        ("from . import text, app", {"tuichat.text", "tuichat.app"}),
        ("from .text import clean", {"tuichat.text"}),
        ("from tuichat import text", {"tuichat.text"}),
        ("def f():\n    import time", {"time"}),
        ("try:\n    import x\nexcept ImportError:\n    import y", {"x", "y"}),
        ("if TYPE_CHECKING:\n    import x\nelse:\n    import y", {"y"}),
        ("if typing.TYPE_CHECKING:\n    import x", set()),
    ],
)
def test_no_import_is_overlooked(source: str, found: set[str]) -> None:
    assert set(imports(source, typing_only=False)) == found
