"""The data directory, the database and who may come in."""

import os
import shutil
from pathlib import Path
from typing import Final

from service.cli.addresses import LOOPBACK
from service.cli.checkup.finding import Finding, good, note, wrong
from service.installation import KEYS_FILE, TRAIL_FILE, Installation
from service.settings import Settings
from service.trail import schema
from service.trail.owner_lock import own

_FREE_BYTES: Final = 1024**3


def directory(settings: Settings) -> list[Finding]:
    """Whether the data directory can be used, has room, and keeps its key to itself."""
    if settings.database_url is not None:
        return []
    place = settings.data_dir.resolve()
    there = next(parent for parent in (place, *place.parents) if parent.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        cure = "name another with --data-dir or LEDGERHOOK_DATA_DIR, or give its owner the right"
        return [wrong("data directory", f"{there} cannot be written to", cure)]
    findings: list[Finding] = []
    free = shutil.disk_usage(there).free
    if free < _FREE_BYTES:
        findings.append(note("disk", f"{free // 1024**2} MiB are free at {there}", "make room: the trail only grows"))
    keys = place / KEYS_FILE
    if keys.exists() and keys.stat().st_mode & 0o077:
        says = f"{keys} can be read by others, and opens every token and body"
        findings.append(wrong("encryption keys", says, f"chmod 600 {keys}"))
    return findings


def not_begun(settings: Settings) -> Finding | None:
    """Told instead of the trail's findings before the first start."""
    place = settings.data_dir
    if settings.database_url is not None or (place / TRAIL_FILE).exists() or (place / KEYS_FILE).exists():
        return None
    return note("trail", f"nothing is in {place} yet", "`ledgerhook up` makes it at its first start")


def trail(here: Installation) -> list[Finding]:
    """What the trail is, once it could be opened."""
    if here.settings.database_url is not None:
        return [good("trail", f"PostgreSQL, schema {schema.HEAD}")]
    lock = own(Path(here.trail))
    if lock is not None:
        lock.close()
    running = "nobody has it open" if lock is not None else "in use by a running service"
    return [good("trail", f"SQLite in {here.settings.data_dir}, schema {schema.HEAD}; {running}")]


def admin(settings: Settings, here: Installation | None) -> list[Finding]:
    """Whether anybody can sign in to the console, and who can reach it."""
    findings: list[Finding] = []
    if here is not None and not here.admin_token:
        says = "there is none, and no role starts without it"
        findings.append(wrong("admin token", says, "set LEDGERHOOK_ADMIN_TOKEN; `ledgerhook init` makes one"))
    elif here is not None:
        findings.append(good("admin token", "set"))
    if settings.admin_host not in LOOPBACK:
        says = f"listens on {settings.admin_host}, in the clear"
        findings.append(
            note("console", says, "let a proxy with TLS stand before it, or a private network be all it is on")
        )
    return findings
