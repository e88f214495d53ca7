"""Imports point one way, pure modules import nothing impure, and the start stays fast."""

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

# Each package and its modules: a module imports only from those before it in its package …
PACKAGES = {
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
# … and from these packages and top-level modules.
KNOWS = {
    "protocol": {"record", "wire", "text"},
    "input": {"record", "wire", "text"},
    "chat": {"record", "wire", "text", "protocol", "input"},
    "ui": {"record", "wire", "text", "input", "chat"},
    "net": {"record", "text"},
    "terminal": {"record", "wire", "text", "input", "chat", "ui", "net"},
    "server": {"__init__", "wire", "text", "usage"},
}
# Top-level modules and packages: a top-level module imports only from what is before it.
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
# The only packages or modules that may import a module.
RESERVED = {
    "curses": {"terminal"},
    "_curses": {"terminal"},
    "select": {"loop"},
    "selectors": {"server"},
}
# What the first screen loads of the standard library …
FIRST = (
    "__future__", "_signal", "_socket", "bisect", "collections.abc", "curses", "errno", "functools",
    "gc", "itertools", "math", "os", "select", "stat", "time", "unicodedata", "fcntl", "termios",
)  # fmt: skip
# … and what of tuichat it does not load.
LATER = {
    "tuichat.input.completion", "tuichat.net.dial", "tuichat.protocol.handshake",
    "tuichat.protocol.roomlist", "tuichat.protocol.session", "tuichat.protocol.who",
    "tuichat.terminal.plain", "tuichat.ui.help", "tuichat.ui.overlays", "tuichat.usage",
}  # fmt: skip
# Runs the client up to its first screen; then prints the names of the loaded modules.
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
    """Yield the dotted names of all that a source file imports, anywhere in it.

    `module` is the dotted name of that file's module inside tuichat. A name imported from a package
    is included: `from . import text` gives "tuichat.text". `typing_only` tells whether imports
    under `if TYPE_CHECKING:` count.
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
    """The dotted names of the tuichat modules that a module imports, for typing too."""
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
    """The package of a module, or the module itself if it is at the top level."""
    return module.split(".")[0]


def allowed(module: str) -> set[str]:
    """What a module may import: "package.module", a package, or a top-level module."""
    package, _, name = module.partition(".")
    if not name:
        return set(TOP[: TOP.index(module)])
    before = PACKAGES[package][: PACKAGES[package].index(name)]
    return KNOWS[package] | {f"{package}.{known}" for known in before}


def test_every_module_is_in_the_lists() -> None:
    listed = {f"{package}.{name}" for package, names in PACKAGES.items() for name in names}
    listed |= {f"{package}.__init__" for package in PACKAGES} | set(TOP) - set(PACKAGES)
    assert set(MODULES) == listed


@pytest.mark.parametrize("package", PACKAGES)
def test_the_init_file_of_a_package_has_only_a_docstring(package: str) -> None:
    [docstring] = ast.parse(source_of(f"{package}.__init__")).body
    assert isinstance(docstring, ast.Expr)


def test_the_map_in_the_readme_has_every_module() -> None:
    readme = (PACKAGE / "README.md").read_text(encoding="utf-8")
    rows = [row for row in readme.splitlines() if row.startswith("|")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named >= {name.split(".")[-1] for name in MODULES} - {"__init__", "__main__"}


@pytest.mark.parametrize("module", [name for name in MODULES if not name.endswith("__init__")])
def test_a_module_imports_only_what_is_before_it(module: str) -> None:
    known = allowed(module)
    late = {name for name in own_imports(module) if not {name, place(name)} & known}
    assert not late, f"{module} imports {', '.join(sorted(late))}, which is not before it"


@pytest.mark.parametrize("module", [name for name in MODULES if place(name) in PURE])
def test_a_pure_module_reaches_nothing_outside(module: str) -> None:
    reached = outside_imports(module) & IMPURE
    reached |= {name for name in own_imports(module) if place(name) not in PURE}
    assert not reached, f"{module} must be pure, but imports {', '.join(sorted(reached))}"


@pytest.mark.parametrize("module", MODULES)
def test_the_screen_and_the_waiting_have_one_place_each(module: str) -> None:
    taken = {
        name for name in outside_imports(module)
        if place(module) not in RESERVED.get(name, {place(module)})
    }  # fmt: skip
    assert not taken, f"{module} must not import {', '.join(sorted(taken))}"


@pytest.mark.parametrize("module", MODULES)
def test_no_pattern_repeats_a_group_possessively(module: str) -> None:
    """Python 3.11 before 3.11.5 gets that wrong (gh-106052), and Debian 12 has 3.11.2."""
    assert not re.findall(r"\)(?:[*+?]|\{[\d,]+\})\+", source_of(module))


def loaded(program: str, home: Path) -> set[str]:
    """The modules that a fresh interpreter on a terminal has loaded, as `program` reports them."""
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
    """Imports cost time: `argparse`, `re` and `socket` together take a third of a start."""
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
