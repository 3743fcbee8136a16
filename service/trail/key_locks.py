"""Locks that holding and waking take, so that no wake falls between looking for a key and waiting for it.

PostgreSQL: advisory locks that end with the transaction. SQLite has one writer, which is the lock.
Order, against deadlocks: these first (sorted), then leases, events (a plan's own one with its work), writes, links,
work.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from sqlalchemy import BigInteger, Connection, bindparam, func, select

from service.trail.bulk import SQLITE

_LOCK: Final = select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger())))


def lock_keys(c: Connection, connection: str, namespace: str, keys: Iterable[str]) -> None:
    """Alone with these awaited keys until the transaction ends."""
    if c.dialect.name == SQLITE:
        return
    numbers = sorted({_number("key", connection, namespace, key) for key in keys})
    for number in numbers:
        c.execute(_LOCK, {"number": number})


def lock_customer(c: Connection, connection: str, name: str) -> None:
    """Only one namespace at a time may begin to make the customer of that name."""
    if c.dialect.name != SQLITE:
        c.execute(_LOCK, {"number": _number("customer", connection, name)})


def lock_first_tax(c: Connection, connection: str) -> None:
    """Only one may become a connection's first taxed document."""
    if c.dialect.name != SQLITE:
        c.execute(_LOCK, {"number": _number("first tax", connection)})


def _number(*parts: str) -> int:
    digest = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
