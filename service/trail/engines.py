"""Opening the two databases as SQLAlchemy engines. Parameters stay out of errors: they are people's data."""

import sqlite3
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool, StaticPool

MEMORY: Final = ":memory:"
CONNECTIONS: Final = 8
"""Connections, and threads, to PostgreSQL."""
_CACHE_KIB: Final = 16_384
_CHECKPOINT_PAGES: Final = 4_000


def is_postgresql(where: str) -> bool:
    """Whether the text names a PostgreSQL database; all else is a file of SQLite."""
    return where.startswith(("postgresql://", "postgresql+psycopg://", "postgres://"))


def postgresql_url(where: str) -> URL:
    """The URL with the driver that we use."""
    return make_url(where.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")


def postgresql_engine(where: str) -> Engine:
    """A pool as large as the number of threads that use it."""
    return create_engine(
        postgresql_url(where),
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_recycle=1800,
        hide_parameters=True,
        connect_args={"application_name": "ledgerhook", "connect_timeout": 10},
    )


def sqlite_path(where: str) -> Path | None:
    """The file that is named, by path or by `sqlite:///path`; None for a database in memory."""
    if where in {MEMORY, "sqlite://", "sqlite:///:memory:"}:
        return None
    return Path(where.removeprefix("sqlite:///"))


def sqlite_engine(path: Path | None, mode: Literal["write", "read"]) -> Engine:
    """One connection that writes, or a few that only read. `path` None: one connection, in memory."""
    url = URL.create("sqlite", database=MEMORY if path is None else str(path))
    if path is None:
        engine = create_engine(
            url, poolclass=StaticPool, hide_parameters=True, connect_args={"check_same_thread": False}
        )
    else:
        size = 1 if mode == "write" else 4
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=0,
            hide_parameters=True,
            connect_args={"check_same_thread": False},
        )
    begin = "BEGIN IMMEDIATE" if mode == "write" else "BEGIN"

    @event.listens_for(engine, "connect")
    def connected(driver: sqlite3.Connection, _record: object) -> None:
        driver.isolation_level = None  # the driver begins nothing by itself; `begun` does
        driver.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        driver.execute("PRAGMA busy_timeout = 5000")
        if mode == "write":
            driver.execute("PRAGMA journal_mode = WAL")
            driver.execute("PRAGMA synchronous = FULL")
            driver.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        else:
            driver.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def begun(c: Connection) -> None:
        c.exec_driver_sql(begin)

    return engine
