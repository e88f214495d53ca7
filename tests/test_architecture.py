"""The arrows of the design point one way, the pure modules are pure, and start-up stays cheap."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "tuichat"

# Each wing with its modules: one imports only from those that stand before it in its wing …
WINGS = {
    "protocol": (
        "events", "framing", "sender", "who", "outbox", "roomlist", "ending", "foreign",
        "handshake",
        "session",
    ),
    "input": ("words", "line", "commands", "keymap", "completion", "editor"),
    "chat": (
        "effects", "messages", "transcript", "options", "mention", "conversation", "lobby",
        "entrance", "reconnect", "chat",
    ),
    "ui": (
        "frame", "palette", "pane", "picker", "state", "help", "overlays", "actions", "app",
        "statusbar", "inputline", "view",
    ),
    "net": ("dial", "wakeup", "connection"),
    "terminal": (
        "setup", "output", "screen", "sequences", "keydecoder", "console", "keyboard",
        "fullscreen", "plain",
    ),
    "server": ("rooms", "client", "server", "demo", "__main__"),
}  # fmt: skip
# … and from these wings and modules of the top.
KNOWS = {
    "protocol": {"record", "wire", "text"},
    "input": {"record", "wire", "text"},
    "chat": {"record", "wire", "text", "protocol", "input"},
    "ui": {"record", "wire", "text", "input", "chat"},
    "net": {"record", "text"},
    "terminal": {"record", "wire", "text", "input", "chat", "ui", "net"},
    "server": {"__init__", "wire", "text", "usage"},
}
# The modules of the top: each knows what stands before it, wings too.
TOP = (
    "__init__", "record", "wire", "text", "usage", "protocol", "input", "chat", "ui", "net",
    "terminal", "server", "settings", "log", "driver", "loop", "cli", "__main__",
)  # fmt: skip
PURE = {"record", "wire", "text", "protocol", "input", "chat", "ui"}
IMPURE = {
    "asyncio", "ctypes", "curses", "importlib", "multiprocessing", "os", "pathlib", "select",
    "selectors", "shutil", "signal", "socket", "subprocess", "tempfile", "threading",
    "time", "datetime", "_curses", "_signal", "_socket", "_thread", "posix",
}  # fmt: skip
# Who alone may import a module.
RESERVED = {
    "curses": {"terminal"},
    "_curses": {"terminal"},
    "select": {"loop"},
    "selectors": {"server"},
}
# What the first screen takes of the standard library …
FIRST = (
    "__future__", "_signal", "_socket", "bisect", "collections.abc", "curses", "errno", "functools",
    "gc", "itertools", "math", "os", "select", "stat", "time", "unicodedata", "fcntl", "termios",
)  # fmt: skip
# … and what of the package comes after it.
LATER = {
    "tuichat.input.completion", "tuichat.net.dial", "tuichat.protocol.handshake",
    "tuichat.protocol.roomlist", "tuichat.protocol.session", "tuichat.protocol.who",
    "tuichat.terminal.plain", "tuichat.ui.help", "tuichat.ui.overlays", "tuichat.usage",
}  # fmt: skip
# The client up to its first screen; then it tells what it has loaded.
FIRST_SCREEN = """
import os
from tuichat.__main__ import run
from tuichat.terminal.screen import Screen

def paint(screen, frame):
    painted(screen, frame)
    os.write(2, " ".join(sys.modules).encode())
    os._exit(0)

painted, Screen.paint = Screen.paint, paint
sys.argv = ["tuichat", "127.0.0.1"]
run()
"""

MODULES = sorted(
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts) for path in PACKAGE.rglob("*.py")
)


def imports(source: str, module: str, *, typing_only: bool) -> Iterator[str]:
    """All modules that a source file imports, anywhere in it, as dotted names.

    Arguments: `module`: the importing module, dotted, inside the package; what is taken from a
    package is named too: `from . import text` gives "tuichat.text". `typing_only`: whether what
    stands under `if TYPE_CHECKING:` counts.
    """
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ["tuichat", *module.split(".")][: -node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and _names_type_checking(node.test):
            waiting += (node.body if typing_only else []) + node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def _names_type_checking(test: ast.expr) -> bool:
    return getattr(test, "id", getattr(test, "attr", "")) == "TYPE_CHECKING"


def source_of(module: str) -> str:
    return (PACKAGE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")


def own_imports(module: str) -> set[str]:
    """The modules of the package that a module imports, for typing too, dotted."""
    names = imports(source_of(module), module, typing_only=True)
    return {_module(name) for name in names if name.split(".")[0] == "tuichat"}


def _module(name: str) -> str:
    """The module that `tuichat.a.b` or `tuichat.a.b.thing` names, without the package."""
    parts = name.split(".")[1:]
    while parts and ".".join(parts) not in MODULES:
        parts.pop()
    return ".".join(parts) or "__init__"


def outside_imports(module: str) -> set[str]:
    """The top-level names of what a module imports at run time."""
    return {name.split(".")[0] for name in imports(source_of(module), module, typing_only=False)}


def place(module: str) -> str:
    """The wing of a module, or the module itself if it stands at the top."""
    return module.split(".")[0]


def allowed(module: str) -> set[str]:
    """What a module may import: modules of its wing, dotted, wings and modules of the top."""
    wing, _, name = module.partition(".")
    if not name:
        return set(TOP[: TOP.index(module)])
    before = WINGS[wing][: WINGS[wing].index(name)]
    return KNOWS[wing] | {f"{wing}.{known}" for known in before}


def test_every_module_is_in_the_lists() -> None:
    listed = {f"{wing}.{name}" for wing, names in WINGS.items() for name in names}
    listed |= {f"{wing}.__init__" for wing in WINGS} | set(TOP) - set(WINGS)
    assert set(MODULES) == listed


@pytest.mark.parametrize("wing", WINGS)
def test_the_face_of_a_wing_is_its_modules(wing: str) -> None:
    [docstring] = ast.parse(source_of(f"{wing}.__init__")).body
    assert isinstance(docstring, ast.Expr)


def test_the_map_in_the_readme_has_every_module() -> None:
    readme = (PACKAGE / "README.md").read_text(encoding="utf-8")
    rows = [row for row in readme.splitlines() if row.startswith("|")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named >= {name.split(".")[-1] for name in MODULES} - {"__init__", "__main__"}


@pytest.mark.parametrize("module", [name for name in MODULES if not name.endswith("__init__")])
def test_a_module_imports_only_what_stands_before_it(module: str) -> None:
    known = allowed(module)
    late = {name for name in own_imports(module) if not {name, place(name)} & known}
    assert not late, f"{module} imports {', '.join(sorted(late))}, which does not stand before it"


@pytest.mark.parametrize("module", [name for name in MODULES if place(name) in PURE])
def test_a_pure_module_reaches_nothing_outside(module: str) -> None:
    reached = outside_imports(module) & IMPURE
    reached |= {name for name in own_imports(module) if place(name) not in PURE}
    assert not reached, f"{module} is to be pure, but imports {', '.join(sorted(reached))}"


@pytest.mark.parametrize("module", MODULES)
def test_the_screen_and_the_waiting_have_one_place_each(module: str) -> None:
    taken = {
        name for name in outside_imports(module)
        if place(module) not in RESERVED.get(name, {place(module)})
    }  # fmt: skip
    assert not taken, f"{module} is not to import {', '.join(sorted(taken))}"


@pytest.mark.parametrize("module", MODULES)
def test_no_pattern_repeats_a_group_possessively(module: str) -> None:
    """Python 3.11 before 3.11.5 gets that wrong (gh-106052), and Debian 12 has 3.11.2."""
    assert not re.findall(r"\)(?:[*+?]|\{[\d,]+\})\+", source_of(module))


def loaded(program: str, home: Path) -> set[str]:
    """The modules that a fresh interpreter on a terminal has after a program that tells them."""
    found = f"import sys; sys.path.insert(0, {str(ROOT)!r})"
    master, slave = os.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-S", "-I", "-c", f"{found}\n{program}"],
            stdin=slave, stdout=slave, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
            env={"HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"},
        )  # fmt: skip
    finally:
        os.close(slave)
        os.close(master)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_the_first_screen_loads_only_what_it_needs(tmp_path: Path) -> None:
    """Each module takes its time: `argparse`, `re` and `socket` a third of a start together."""
    found = loaded(FIRST_SCREEN, tmp_path)
    needed = loaded(f"import {', '.join(FIRST)}; print(*sys.modules, file=sys.stderr)", tmp_path)
    own = {name for name in found if name.split(".")[0] == "tuichat"}
    assert not own & LATER
    assert {"tuichat.ui.view", "tuichat.terminal.screen"} <= own
    assert not found - own - needed


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os.path", {"os.path"}),
        ("from a.b import c", {"a.b.c"}),
        ("from . import app, view", {"tuichat.ui.app", "tuichat.ui.view"}),
        ("from ..text import clean", {"tuichat.text.clean"}),
        ("from tuichat import text", {"tuichat.text"}),
        ("def f():\n    import time", {"time"}),
        ("try:\n    import x\nexcept ImportError:\n    import y", {"x", "y"}),
        ("if TYPE_CHECKING:\n    import x\nelse:\n    import y", {"y"}),
        ("if typing.TYPE_CHECKING:\n    import x", set()),
    ],
)
def test_no_import_is_overlooked(source: str, found: set[str]) -> None:
    assert set(imports(source, "ui.state", typing_only=False)) == found
