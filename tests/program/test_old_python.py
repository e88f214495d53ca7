"""A Python that is too old for the package: a sentence, not a traceback."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import ROOT, environment
from tuichat import OLDEST_PYTHON

READ_BY_OLD_ONES = ("__init__.py", "__main__.py", "server/__init__.py", "server/__main__.py")


@pytest.mark.parametrize("name", READ_BY_OLD_ONES)
def test_the_start_can_be_read_by_old_pythons(name: str) -> None:
    source = (ROOT / "tuichat" / name).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    futures = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert "__future__" not in {node.module for node in futures}


@pytest.mark.parametrize(
    ("module", "program"), [("tuichat", "tuichat"), ("tuichat.server", "tuichat-server")]
)
def test_an_old_python_is_told_which_one_is_needed(home: Path, module: str, program: str) -> None:
    """Nothing else of the package has been read by then."""
    pretend = (
        "import atexit, runpy, sys; sys.version_info = (3, 8, 18);"
        "atexit.register(lambda: print(*sorted(m for m in sys.modules if 'tuichat' in m)));"
        f"runpy.run_module({module!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend], env=environment(home, {}), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == f"{program} needs Python 3.11 or later; this is Python 3.8.\n"
    assert set(done.stdout.split()) <= {"tuichat", "tuichat.server"}


def test_pip_refuses_the_same_ones() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    [oldest] = re.findall(r'requires-python = ">=(.*)"', project)
    assert tuple(map(int, oldest.split("."))) == OLDEST_PYTHON
