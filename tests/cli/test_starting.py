"""The real entry point: quick, complete, and helpful."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli import COMMANDS
from tests.cli.conftest import Shell

LEDGERHOOK = Path(sys.executable).parent / "ledgerhook"
HEAVY = ("sqlalchemy", "aiokafka", "starlette", "uvicorn", "alembic", "cryptography", "httpx", "sandbox")
"""What only commands that use it may wait for."""


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LEDGERHOOK), *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_lists_every_command_in_order() -> None:
    done = run("--help")

    assert done.returncode == 0
    listed = [line.split()[0] for line in done.stdout.partition("Commands:")[2].splitlines() if line[2:3].strip()]
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(ledgerhook: Shell, command: str) -> None:
    shown = ledgerhook.good(command, "--help")

    assert shown.startswith(f"Usage: ledgerhook {command}")
    assert COMMANDS[command][1:] in " ".join(shown.split())


def _imported(*words: str, stdin: bytes = b"") -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(LEDGERHOOK), *words],
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.decode().splitlines()}


def test_help_and_explain_wait_for_nothing_heavy() -> None:
    assert _imported("--help").isdisjoint(HEAVY)
    explained = _imported("explain", "-", "--kind", "stripe", stdin=b"{}")
    assert "handlers" in explained
    assert explained.isdisjoint(HEAVY)


def test_version() -> None:
    assert run("--version").stdout.startswith("ledgerhook ")


def test_without_words_it_shows_the_help() -> None:
    assert "Commands:" in run().stderr


@pytest.mark.parametrize("words", [("nosuch",), ("explain",), ("send", "x"), ("documents", "--limit", "0")])
def test_wrong_words_exit_2_without_a_trace(words: tuple[str, ...]) -> None:
    done = run(*words)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_completion_knows_commands_and_options() -> None:
    commands = run(_LEDGERHOOK_COMPLETE="complete_bash", COMP_WORDS="ledgerhook re", COMP_CWORD="1")
    options = run(_LEDGERHOOK_COMPLETE="complete_bash", COMP_WORDS="ledgerhook explain --k", COMP_CWORD="2")

    assert commands.stdout.split() == ["replay", "release", "resume"]
    assert options.stdout.split() == ["--kind"]
    assert "_LEDGERHOOK_COMPLETE" in run(_LEDGERHOOK_COMPLETE="source_bash").stdout
