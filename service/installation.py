"""What an installation needs beside its settings: the key ring, the admin token, and where the trail is.

Embedded, they are made once and kept in the data directory, readable by its owner alone. Scaled, they must be given:
several processes cannot make up one key each.
"""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from service.sealing import BadKeys, KeyRing, generate, parse_keys
from service.settings import Settings

TRAIL_FILE: Final = "trail.sqlite3"
KEYS_FILE: Final = "encryption.keys"
TOKEN_FILE: Final = "admin.token"  # noqa: S105 - the name of a file


@dataclass(frozen=True, slots=True)
class Installation:
    """One installation. `trail`: a PostgreSQL URL, or the path of an SQLite file."""

    settings: Settings
    keys: KeyRing
    admin_token: str = field(repr=False)
    trail: str = field(repr=False)

    @property
    def embedded(self) -> bool:
        """Whether everything is in one process, without Kafka."""
        return self.settings.kafka_bootstrap_servers is None


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Why it cannot start: one line, with the cure."""

    line: str


def installation(settings: Settings, *, create: bool) -> Installation | Incomplete:
    """Complete the settings. `create`: make the data directory, a key and a token where there are none."""
    given_keys = settings.encryption_keys.get_secret_value() if settings.encryption_keys else None
    given_token = settings.admin_token.get_secret_value() if settings.admin_token else None
    if settings.database_url is not None:
        if given_keys is None:
            return Incomplete("LEDGERHOOK_ENCRYPTION_KEYS is not set: every process must seal with the same keys; "
                              "`ledgerhook init` makes some")  # fmt: skip
        return _complete(settings, given_keys, given_token or "", settings.database_url)
    directory = settings.data_dir
    try:
        if create:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = generate("k1") if create and not (directory / TRAIL_FILE).exists() else None
        keys = given_keys or _kept(directory / KEYS_FILE, fresh)
        token = given_token or _kept(directory / TOKEN_FILE, secrets.token_urlsafe(24) if create else None)
    except OSError as error:
        return Incomplete(f"the data directory {directory} cannot be used ({error.strerror}); "
                          "name another with --data-dir or LEDGERHOOK_DATA_DIR")  # fmt: skip
    if keys is None and (directory / TRAIL_FILE).exists():
        return Incomplete(f"{directory / KEYS_FILE} is gone, and nothing in the trail beside it opens without it: "
                          "put it back, or set LEDGERHOOK_ENCRYPTION_KEYS")  # fmt: skip
    if keys is None:
        return Incomplete(f"there is no trail in {directory}: start it with `ledgerhook up`, or name where it is "
                          "with --data-dir, LEDGERHOOK_DATA_DIR or LEDGERHOOK_DATABASE_URL")  # fmt: skip
    where = "LEDGERHOOK_ENCRYPTION_KEYS" if given_keys else str(directory / KEYS_FILE)
    return _complete(settings, keys, token or "", str(directory / TRAIL_FILE), where)


def _complete(
    settings: Settings, keys: str, token: str, trail: str, where: str = "LEDGERHOOK_ENCRYPTION_KEYS"
) -> Installation | Incomplete:
    ring = parse_keys(keys)
    if isinstance(ring, BadKeys):
        return Incomplete(f"{where}: {ring.reason}")
    return Installation(settings, ring, token, trail)


def _kept(path: Path, fresh: str | None) -> str | None:
    """The text kept in a file; written there first if there is none and `fresh` is given."""
    if fresh is not None:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(fresh + "\n")
    try:
        return path.read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None
