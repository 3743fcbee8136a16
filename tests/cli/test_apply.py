"""`apply` declares all or nothing, says what changed, and shows no secret; `init` writes what it can read."""

import stat
import tomllib
from pathlib import Path

import pytest

from service.configuration.tables import File
from service.sealing import KeyRing, parse_keys
from tests.cli.conftest import Shell, Shop, new_shop
from tests.cli.shop import CONFIGURATION, HIDDEN


def test_applied_again_nothing_changes(ledgerhook: Shell, shop: Shop) -> None:
    told = ledgerhook.json("apply", shop.file, "--data-dir", shop.data_dir)

    assert told == [
        {"what": "connection", "name": "acme", "created": False, "changes": []},
        {"what": "source", "name": "acme-stripe", "created": False, "changes": []},
        {"what": "source", "name": "acme-events", "created": False, "changes": []},
    ]
    assert "unchanged connection acme" in ledgerhook.good("apply", shop.file, "--data-dir", shop.data_dir)


def test_what_changed_is_named_from_what_to_what(ledgerhook: Shell, shop: Shop) -> None:
    shop.file.write_text(CONFIGURATION.replace("America/New_York", "Europe/Berlin"))

    shown = ledgerhook.good("apply", shop.file, "--data-dir", shop.data_dir)

    assert "changed   connection acme" in shown
    assert "time_zone: America/New_York → Europe/Berlin" in shown
    assert "unchanged source acme-stripe" in shown


def test_a_changed_secret_is_said_and_not_shown(ledgerhook: Shell, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_STRIPE", "whsec_another-hidden-one")
    monkeypatch.setenv("ACME_TOKEN", "another-hidden-token")

    shown = ledgerhook.good("apply", shop.file, "--data-dir", shop.data_dir)

    assert "secrets: changed" in shown
    assert "access_token: changed" in shown
    assert "hidden" not in shown


def test_one_mistake_and_nothing_is_declared(ledgerhook: Shell, tmp_path: Path) -> None:
    shop = new_shop(ledgerhook, tmp_path / "empty", "")
    shop.file.write_text(CONFIGURATION.replace('connection = "acme"\ntells', 'connection = "other"\ntells'))

    line = ledgerhook.fails("apply", shop.file, "--data-dir", shop.data_dir)

    assert line == "source acme-stripe: there is no connection other; declare that first"
    assert ledgerhook.json("status", "--data-dir", shop.data_dir)["connections"] == []


@pytest.mark.parametrize(
    ("right", "other", "line"),
    [
        ('"r-1"', '"r-2"', "connection acme: belongs to Rutter's connection r-1 for good; give r-2 another alias"),
        (
            "[sources.acme-stripe]",
            '[sources.acme-stripe]\nnamespace = "till"',
            "source acme-stripe: feeds acme in the namespace acme-stripe for good; declare a source of another name",
        ),
        ('"QUICKBOOKS"', '"QUICKBOKS"', "connections.acme.platform: no platform of Rutter's; did you mean QUICKBOOKS?"),
    ],
)
def test_what_cannot_change_is_one_line(ledgerhook: Shell, shop: Shop, right: str, other: str, line: str) -> None:
    shop.file.write_text(CONFIGURATION.replace(right, other))

    assert ledgerhook.fails("apply", shop.file, "--data-dir", shop.data_dir).endswith(line)


def test_a_file_that_is_not_there(ledgerhook: Shell, shop: Shop) -> None:
    line = ledgerhook.fails("apply", "nowhere.toml", "--data-dir", shop.data_dir)

    assert line == "nowhere.toml cannot be read (FileNotFoundError)"


def test_no_command_prints_a_secret(ledgerhook: Shell, shop: Shop) -> None:
    every = [
        ledgerhook(*words, "--data-dir", shop.data_dir).output
        for words in (
            ["apply", shop.file], ["apply", shop.file, "--json"], ["status"], ["status", "--json"], ["documents"],
            ["parked"], ["tie-out"], ["doctor"], ["doctor", "--json"], ["doctor", shop.file],
        )
    ]  # fmt: skip

    assert all(secret not in shown for secret in HIDDEN for shown in every)


def test_init_writes_a_file_that_can_be_read_and_fresh_keys_for_its_owner(ledgerhook: Shell, tmp_path: Path) -> None:
    ledgerhook.good("init", tmp_path)

    File.model_validate(tomllib.loads((tmp_path / "ledgerhook.toml").read_text("utf-8")))
    environment = tmp_path / ".env"
    given = dict(line.split("=", 1) for line in environment.read_text().splitlines() if not line.startswith("#"))
    assert isinstance(parse_keys(given["LEDGERHOOK_ENCRYPTION_KEYS"]), KeyRing)
    assert len(given["LEDGERHOOK_ADMIN_TOKEN"]) >= 32
    assert stat.S_IMODE(environment.stat().st_mode) == 0o600


def test_init_applies_once_its_blanks_are_filled(
    ledgerhook: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgerhook.good("init", tmp_path)
    monkeypatch.setenv("ACME_ACCESS_TOKEN", "a-token")
    monkeypatch.setenv("ACME_STRIPE_SECRET", "whsec_a-secret")

    ledgerhook.good("migrate", "--data-dir", tmp_path / "data")
    shown = ledgerhook.good("apply", tmp_path / "ledgerhook.toml", "--data-dir", tmp_path / "data")

    assert [line.split() for line in shown.splitlines()] == [
        ["created", "connection", "acme"],
        ["created", "source", "acme-stripe"],
    ]


def test_init_never_writes_over_a_file(ledgerhook: Shell, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MINE=1\n")

    shown = ledgerhook.good("init", tmp_path)
    line = ledgerhook.fails("init", tmp_path)

    assert ".env" not in shown
    assert (tmp_path / ".env").read_text() == "MINE=1\n"
    assert "nothing was written" in line
