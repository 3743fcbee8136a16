"""Where a run's PostgreSQL is, and a fresh database in it for each test."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tools.parts.postgres import own_postgresql

SETTING = "LEDGERHOOK_TEST_DATABASE_URL"


def given_url() -> str | None:
    """The server that the environment names, as libpq's URL; its user must be allowed to create databases."""
    given = os.environ.get(SETTING)
    return libpq_url(given) if given else None


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """Give libpq's URL of a PostgreSQL server: the one that the environment names, else one of our own.

    Raises:
        PartUnavailableError: none is named and none can start here.
    """
    given = given_url()
    if given is not None:
        yield given
        return
    with own_postgresql(durable=durable) as server:
        yield server.dsn


@contextmanager
def fresh_database(server: str, *, template: str | None = None) -> Iterator[str]:
    """Create a database of a new name, give SQLAlchemy's URL of it, drop it at the end.

    Args:
        server: URL of any database on the server, libpq's or SQLAlchemy's.
        template: the name of a database to copy, to which nobody is connected; template0 otherwise.
    """
    name = f"ledgerhook_test_{secrets.token_hex(6)}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template0")
    )
    with psycopg.connect(libpq_url(server), autocommit=True) as connection:
        connection.execute(create)
    try:
        yield sqlalchemy_url(server, name)
    finally:
        with psycopg.connect(libpq_url(server), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def libpq_url(url: str) -> str:
    """The same URL as libpq and psycopg read it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def sqlalchemy_url(url: str, database: str | None = None) -> str:
    """The same URL as SQLAlchemy reads it with psycopg, of another database when one is named."""
    changed = make_url(url).set(drivername="postgresql+psycopg")
    return (changed.set(database=database) if database else changed).render_as_string(hide_password=False)


def without_password(url: str) -> str:
    """The URL as a report may show it."""
    return make_url(url).render_as_string(hide_password=True)
