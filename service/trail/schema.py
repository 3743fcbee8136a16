"""The schema's version: bringing it up to date, and what is wrong with it before anything relies on it.

Alembic is loaded only to migrate: a start on an up-to-date schema needs none of it.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Engine, Select, Text, column, inspect, select, table, text

from service.trail import doubts, fact_tables, noticing_tables, quotas  # noqa: F401 (they define their tables)
from service.trail.tables import METADATA

HEAD: Final = "0008"
"""The newest migration; a test holds it to what Alembic says."""

_VERSION: Final[Select[str]] = select(column("version_num", Text)).select_from(table("alembic_version"))
_SQLITE_UNIQUE: Final = text("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%'")
_POSTGRESQL_UNIQUE: Final = text(
    "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
    "WHERE indisunique AND indisvalid AND indisready AND pg_table_is_visible(indexrelid)"
)


def version(engine: Engine) -> str | None:
    """The migration that the schema stands at; None for an empty database."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as c:
        found: str | None = c.execute(_VERSION).scalar()
    return found


def migrate(engine: Engine) -> None:
    """Bring the schema to `HEAD`, in one transaction."""
    from alembic import command  # noqa: PLC0415 (see the module's docstring)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as c:
        config.attributes["connection"] = c
        command.upgrade(config, "head")


def problem(engine: Engine) -> str | None:
    """Why this schema cannot be relied on, with the cure; None when it can."""
    stands = version(engine)
    if stands is None:
        return "the trail's database is empty: run `ledgerhook migrate`"
    if stands != HEAD:
        return f"the trail's schema is at {stands}, this version needs {HEAD}: run `ledgerhook migrate`"
    missing = missing_unique_indexes(engine)
    if missing:
        return f"the trail lacks or has invalid unique indexes, which keep documents single: {', '.join(missing)}"
    return None


def missing_unique_indexes(engine: Engine) -> list[str]:
    """Names of unique indexes that are not there, or that PostgreSQL holds invalid."""
    wanted = {str(index.name) for made in METADATA.tables.values() for index in made.indexes if index.unique}
    with engine.connect() as c:
        there = set(c.execute(_SQLITE_UNIQUE if engine.dialect.name == "sqlite" else _POSTGRESQL_UNIQUE).scalars())
    return sorted(wanted - there)
