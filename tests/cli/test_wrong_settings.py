"""A wrong setting stops every command with one line that names it, and never shows its value."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.clock import SystemClock
from service.trail.database import open_trail
from tests.cli.conftest import Shell, Shop

HIDDEN = "hidden-value"
COMMANDS = (
    "up", "web", "worker", "migrate", "status", "documents", "parked", "tie-out", "doctor",
    "release --cause x", "replay --all", "apply x.toml", "send s x.json",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_names_the_setting(
    ledgerhook: Shell, monkeypatch: pytest.MonkeyPatch, command: str, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEDGERHOOK_LOG_LEVEL", HIDDEN)
    for name in ("x.toml", "x.json"):
        (tmp_path / name).write_text("")

    result = ledgerhook(*command.split())

    assert result.exit_code == 1
    assert "must be one of debug, info, warning, error" in result.output
    assert "LOG_LEVEL" in result.output
    assert HIDDEN not in result.output


def test_the_process_itself_ends_with_one_line() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ledgerhook"), "up"],
        env={"LEDGERHOOK_ADMIN_TOKEN": HIDDEN, "LEDGERHOOK_DATA_DIR": "/nonexistent/place"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "LEDGERHOOK_ADMIN_TOKEN: must have at least 16 characters\n"


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_role_without_an_admin_token_does_not_start(
    ledgerhook: Shell, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setenv("LEDGERHOOK_DATABASE_URL", "postgresql://nowhere.invalid/x")
    monkeypatch.setenv("LEDGERHOOK_ENCRYPTION_KEYS", "k1:" + "A" * 43 + "=")

    assert ledgerhook.fails(role).startswith("LEDGERHOOK_ADMIN_TOKEN is not set")


@pytest.mark.parametrize("command", ["status", "documents", "parked", "tie-out", "replay --all", "release --cause x"])
def test_before_the_first_start_a_look_says_how_to_start(ledgerhook: Shell, tmp_path: Path, command: str) -> None:
    line = ledgerhook.fails(*command.split(), "--data-dir", tmp_path / "nothing")

    assert "ledgerhook up" in line
    assert not (tmp_path / "nothing").exists()


def test_a_second_owner_of_one_trail_is_refused(ledgerhook: Shell, shop: Shop) -> None:
    owner = open_trail(shop.here.trail, shop.here.keys, SystemClock())
    try:
        line = ledgerhook.fails("migrate", "--data-dir", shop.data_dir)
        assert "in use by another process" in line
        assert ledgerhook.json("status", "--data-dir", shop.data_dir)["connections"][0]["alias"] == "acme"
    finally:
        owner.shut()
