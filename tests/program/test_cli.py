"""The command line: help that fits, wrong use that says so, and the settings behind it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys

import pytest

from tests.support.program import ROOT, environment
from tuichat import __version__
from tuichat.cli import parser


def run(home, *arguments, **changes):
    """Run tuichat without a terminal; returns the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "tuichat", *arguments],
        input=changes.pop("input", ""),
        capture_output=True,
        encoding="utf-8",
        env=environment(home, {"COLUMNS": "80", **changes}),
        cwd=home,
        timeout=30,
        check=False,
    )


@pytest.fixture
def refused():
    """An address at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


def configure(home, text):
    path = home / ".config" / "tuichat" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def test_help_fits_a_screen_and_has_examples(home):
    done = run(home, "--help")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "settings: ~/.config/tuichat/config.toml"
    assert len(lines) < 24
    assert "tuichat --demo" in done.stdout
    assert "exit status: 0 success" in done.stdout


@pytest.mark.parametrize("changes", [{"HOME": ""}, {"HOME": "relative"}])
def test_without_a_home_nothing_is_made_where_it_was_started(home, refused, changes):
    changes |= {"XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "state"}
    assert "settings: none (no home directory)\n" in run(home, "--help", **changes).stdout
    done = run(home, "--demo", "--plain", input="general\nann\nhi\n", **changes)
    assert (done.returncode, done.stderr) == (0, "")
    assert run(home, refused, "--plain", **changes).returncode == 69
    assert list(home.iterdir()) == []


def test_help_names_every_option():
    text = parser().format_help()
    for option in ("HOST[:PORT]", "--room", "--nick", "--framing", "--plain", "--log", "--demo"):
        assert option in text


@pytest.mark.parametrize(
    ("file", "command"),
    [("", "python3 -m tuichat"), ("__main__.py", "python3 -m tuichat"),
     ("server", "python3 -m tuichat.server")],
)  # fmt: skip
def test_a_file_of_the_package_says_how_to_start_it(home, file, command):
    done = subprocess.run(
        [sys.executable, ROOT / "tuichat" / file, "--demo"],
        capture_output=True, encoding="utf-8", env=environment(home, {}), timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    told = f"To start it, type in the folder that has README.md: {command}\n"
    assert (done.stdout, done.stderr) == ("", told)


def test_the_one_file_of_the_readme_can_be_made_twice_and_runs(home, tmp_path):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [make, start] = re.findall(r"^python3 (.*zipapp.*)\npython3 (.*\.pyz) --demo$", readme, re.M)[0]
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "tuichat", checkout / "tuichat")
    python = shlex.quote(sys.executable)
    for command in (make, make, f"{start} --version"):
        done = subprocess.run(
            f"{python} {command}", shell=True, cwd=checkout, env=environment(home, {}),
            capture_output=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"tuichat {__version__}\n"


def test_version(home):
    done = run(home, "--version")
    assert (done.returncode, done.stdout) == (0, f"tuichat {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["host:http"], "'http' is not a port"),
        (["host:"], "the port number is missing"),
        (["two words"], "not a host name"),
        (["host", "--room", ""], "--room: must be a name"),
        (["host", "--nick", "a\u202eb"], "--nick: must be a name"),
        (["host", "--framing", "cr"], "invalid choice"),
        (["host", "--scrollback", "99"], "must be a number of lines from 100 to 10000000"),
        (["host", "--scrollback", "x\x1b[2J"], "x<U+001B>[2J"),
        (["--demo", "host"], "--demo has its own server"),
        (["host", "more"], "unrecognized arguments"),
        (["--nosuch"], "unrecognized arguments"),
    ],
)
def test_wrong_use_says_what_is_wrong_and_exits_with_2(home, arguments, words):
    done = run(home, *arguments, "--plain")
    assert done.returncode == 2
    assert words in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [[], ["host"], ["--demo"]])
def test_without_a_terminal_one_line_says_so(home, arguments):
    done = run(home, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "tuichat: not a terminal. Use --plain to read and print lines.\n"


def test_nobody_at_the_address_is_a_sentence_and_69(home, refused):
    done = run(home, refused, "--plain")
    assert done.returncode == 69
    assert re.search(r"^» .*127\.0\.0\.1.*refused", done.stdout, re.MULTILINE)
    assert done.stderr == ""


def test_settings_that_are_wrong_are_named_and_the_program_starts(home, refused):
    configure(home, f'colour = 1\nserver = "{refused}"\nbell = "loud"\nplain = true\n')
    done = run(home)
    assert done.returncode == 69
    assert "config.toml, line 1: unknown setting “colour”." in done.stdout
    assert "config.toml, line 3: “bell” must be" in done.stdout


def test_the_command_line_wins(home, refused):
    configure(home, 'server = "nowhere.invalid"\nplain = true\nlog = "from-config.log"\n')
    done = run(home, refused, "--log", "given.log")
    assert done.returncode == 69
    assert "nowhere" not in done.stdout
    assert (home / "given.log").exists()
    assert not (home / "from-config.log").exists()


def test_the_demo_takes_only_the_looks_from_the_settings(home):
    configure(
        home,
        'server = "nowhere.invalid"\nroom = "work"\nnick = "zoe"\nlog = "talk.log"\n'
        'framing = "crlf"\nplain = true\n',
    )
    done = run(home, "--demo", input="general\nann\n")
    assert done.returncode == 0
    assert "You are in general as ann." in done.stdout
    assert not (home / "talk.log").exists()
    given = run(home, "--demo", "--room", "general", "--nick", "bea", "--log", "given.log")
    assert "You are in general as bea." in given.stdout
    assert (home / "given.log").exists()


def test_every_line_of_the_log_has_the_time(home, refused):
    configure(home, "colour = 1\n")
    run(home, refused, "--plain", "--log", "it.log")
    lines = (home / "it.log").read_text(encoding="utf-8").splitlines()
    assert len(lines) >= 3
    for line in lines:
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d » ", line)


def test_a_log_that_cannot_be_written_is_told_and_the_program_goes_on(home, refused):
    done = run(home, refused, "--plain", "--log", "no/such/directory.log")
    assert done.returncode == 69
    assert "Cannot log to no/such/directory.log: No such file or directory." in done.stdout


PROGRAMS = {"tuichat": "tuichat", "tuichat-server": "tuichat.server"}


def shell(home, command, program, **changes):
    """Run a command of the shell in which `$TUICHAT` is the program."""
    variables = {"TUICHAT": f"{sys.executable} -m {PROGRAMS[program]}", **changes}
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        env=environment(home, variables), capture_output=True, encoding="utf-8",
        errors="replace", timeout=30,
    )  # fmt: skip


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("option", ["--help", "--version"])
@pytest.mark.parametrize(
    ("where", "status", "said"),
    [
        ("| true", 0, ""),
        ("> /dev/full", 1, "No space left on device"),
        (">&-", 1, "Bad file descriptor"),
        ("> /dev/full 2> /dev/full", 1, ""),
        (">&- 2>&-", 1, ""),
    ],
)
def test_an_output_that_fails_is_no_traceback(home, program, option, where, status, said):
    done = shell(home, f"$TUICHAT {option} {where}", program)
    sentence = f"{program}: cannot write the output: {said}.\n" if said else ""
    assert (done.returncode, done.stdout, done.stderr) == (status, "", sentence)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    ("program", "arguments", "status"),
    [
        ("tuichat", "--nosuch", 2),
        ("tuichat", "< /dev/null", 2),
        ("tuichat", "--plain 127.0.0.1:1 < /dev/null > /dev/null", 69),
        ("tuichat-server", "--nosuch", 2),
        ("tuichat-server", "--host 192.0.2.1", 1),  # an address that no computer has
    ],
)
@pytest.mark.parametrize("where", ["2> /dev/full", "2>&-", "2>&1 | true", ">&- 2>&-"])
def test_an_error_that_cannot_be_written_has_its_status_all_the_same(
    home, program, arguments, status, where
):
    done = shell(home, f"$TUICHAT {arguments} {where}", program)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", "")


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "ascii:strict"])
def test_help_and_errors_in_any_encoding(home, program, encoding):
    done = shell(home, "$TUICHAT --help", program, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    done = shell(home, "$TUICHAT --grüß", program, PYTHONIOENCODING=encoding)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_garbage_is_collected_once_it_has_started(home, refused):
    program = (
        "import atexit, gc, sys; from tuichat.__main__ import run;"
        "atexit.register(lambda: print(gc.isenabled(), gc.get_freeze_count() > 0));"
        f"sys.argv[1:] = ['--plain', {refused!r}]; run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input="", capture_output=True, text=True, cwd=home,
        env=environment(home, {}), timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 69
    assert done.stdout.splitlines()[-1] == "True True"


@pytest.mark.parametrize("server", ["host:none", "[::1", "host:99999"])
def test_a_host_alone_is_refused_as_with_options(home, server):
    """With nothing but a host no parser is loaded; its complaint is the parser's all the same."""
    configure(home, "plain = true")
    alone, beside = run(home, server), run(home, server, "--plain")
    assert (alone.returncode, alone.stderr) == (2, beside.stderr)
    assert alone.stderr.startswith("usage: tuichat [OPTION]... [HOST[:PORT]]\ntuichat: error: ")
