"""What an installation makes for itself, and what must be given to it."""

import stat
from pathlib import Path

from pydantic import SecretStr

from service.installation import KEYS_FILE, TOKEN_FILE, TRAIL_FILE, Incomplete, Installation, installation
from service.settings import Settings


def test_embedded_makes_a_key_and_a_token_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")

    first = installation(settings, create=True)
    second = installation(settings, create=True)

    assert isinstance(first, Installation)
    assert isinstance(second, Installation)
    assert first.admin_token == second.admin_token
    assert second.keys.open(first.keys.seal(b"plain", "here"), "here") == b"plain"
    for name in (KEYS_FILE, TOKEN_FILE):
        assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_a_look_makes_nothing(tmp_path: Path) -> None:
    looked = installation(Settings(data_dir=tmp_path / "data"), create=False)

    assert isinstance(looked, Incomplete)
    assert "ledgerhook up" in looked.line
    assert not (tmp_path / "data").exists()


def test_a_lost_key_is_told_and_not_replaced(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    (tmp_path / TRAIL_FILE).touch()

    started = installation(settings, create=True)

    assert isinstance(started, Incomplete)
    assert "put it back" in started.line
    assert not (tmp_path / KEYS_FILE).exists()


def test_a_directory_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    started = installation(Settings(data_dir=tmp_path / "file" / "data"), create=True)

    assert isinstance(started, Incomplete)
    assert "--data-dir" in started.line


def test_with_postgresql_keys_must_be_given() -> None:
    bare = Settings(database_url="postgresql://h/name")

    started = installation(bare, create=True)

    assert isinstance(started, Incomplete)
    assert started.line.startswith("LEDGERHOOK_ENCRYPTION_KEYS is not set")


def test_wrong_keys_say_where_they_are_and_not_what(tmp_path: Path) -> None:
    given = installation(Settings(data_dir=tmp_path, encryption_keys=SecretStr("k1:hidden!")), create=True)
    (tmp_path / KEYS_FILE).write_text("k1:hidden!")
    kept = installation(Settings(data_dir=tmp_path), create=False)

    assert given == Incomplete("LEDGERHOOK_ENCRYPTION_KEYS: the key k1 is not base64")
    assert kept == Incomplete(f"{tmp_path / KEYS_FILE}: the key k1 is not base64")


def test_nothing_of_it_shows_a_secret(tmp_path: Path) -> None:
    here = installation(Settings(data_dir=tmp_path, admin_token=SecretStr("hidden-hidden-hidden")), create=True)

    assert isinstance(here, Installation)
    assert "hidden" not in repr(here)
