"""Doubtful pairs: an event of ours and a document in the books that may be the same; a person says whether they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import BigInteger, Column, Connection, PrimaryKeyConstraint, Table, Text, delete, exists, select, update

from service.trail.bulk import upsert
from service.trail.fact_tables import work
from service.trail.instants import Instant
from service.trail.tables import METADATA

SHOWN: Final = 500
"""Pairs that are shown at a time, the oldest event's first."""

doubts: Final = Table(
    "doubts",
    METADATA,
    Column("connection", Text, nullable=False),
    Column("namespace", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("rutter_id", Text, nullable=False),
    Column("event_seq", BigInteger, nullable=False),
    Column("pair", Text, nullable=False),
    Column("dismissed_at", Instant),
    Column("found_at", Instant, nullable=False),
    PrimaryKeyConstraint("connection", "namespace", "key", "rutter_id"),
)
"""`pair`: JSON, both sides and why, as people are shown them. Dismissed ones stay, so that they are not asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One pair that waits for a person. `key`: the natural key of the document that the event would make.

    `pair`: what `service.adopting.pairs` makes of both sides.
    """

    connection: str
    namespace: str
    key: str
    rutter_id: str
    event_seq: int
    pair: dict[str, Any]
    found_at: datetime


def put(c: Connection, found: Sequence[Doubt]) -> None:
    """Add or renew; what was dismissed stays dismissed."""
    for one in found:
        values = {"event_seq": one.event_seq, "pair": orjson.dumps(one.pair).decode(), "found_at": one.found_at}
        c.execute(
            upsert(c.dialect.name, doubts)
            .values(connection=one.connection, namespace=one.namespace, key=one.key, rutter_id=one.rutter_id, **values)
            .on_conflict_do_update(index_elements=["connection", "namespace", "key", "rutter_id"], set_=values)
        )


def waiting(c: Connection, connection: str | None = None, *, limit: int = SHOWN) -> tuple[Doubt, ...]:
    """Those that nobody has decided, and whose event is not posted."""
    waits = exists().where(work.c.event_seq == doubts.c.event_seq, work.c.state.in_(("due", "held", "parked")))
    chosen = (
        select(doubts).where(doubts.c.dismissed_at.is_(None), waits).order_by(doubts.c.event_seq, doubts.c.rutter_id)
    )
    if connection is not None:
        chosen = chosen.where(doubts.c.connection == connection)
    return tuple(_doubt(row) for row in c.execute(chosen.limit(limit)))


def one(c: Connection, connection: str, namespace: str, key: str, rutter_id: str) -> Doubt | None:
    """That pair, while nobody has decided it."""
    row = c.execute(
        select(doubts).where(doubts.c.dismissed_at.is_(None), *_is(connection, namespace, key))
        .where(doubts.c.rutter_id == rutter_id)
    ).one_or_none()  # fmt: skip
    return None if row is None else _doubt(row)


def dismissed(c: Connection, connection: str) -> frozenset[tuple[str, str, str]]:
    """(namespace, key, Rutter's id) of the pairs that a person said are two."""
    rows = c.execute(
        select(doubts.c.namespace, doubts.c.key, doubts.c.rutter_id).where(
            doubts.c.connection == connection, doubts.c.dismissed_at.is_not(None)
        )
    )
    return frozenset((row.namespace, row.key, row.rutter_id) for row in rows)


def dismiss(c: Connection, doubt: Doubt, now: datetime) -> bool:
    """A person says they are two; answer whether no other pair of that key is left."""
    c.execute(
        update(doubts)
        .where(*_is(doubt.connection, doubt.namespace, doubt.key), doubts.c.rutter_id == doubt.rutter_id)
        .values(dismissed_at=now)
    )
    left = select(doubts.c.rutter_id).where(
        *_is(doubt.connection, doubt.namespace, doubt.key), doubts.c.dismissed_at.is_(None)
    )
    return c.execute(left).first() is None


def forget(c: Connection, connection: str, namespace: str, key: str) -> None:
    """The key is linked, or its pairs are to be found anew: no longer in doubt. What was dismissed is kept."""
    c.execute(delete(doubts).where(*_is(connection, namespace, key), doubts.c.dismissed_at.is_(None)))


def _is(connection: str, namespace: str, key: str) -> tuple[Any, ...]:
    return doubts.c.connection == connection, doubts.c.namespace == namespace, doubts.c.key == key


def _doubt(row: Any) -> Doubt:  # noqa: ANN401 (a row of any shape with these columns)
    return Doubt(
        connection=row.connection,
        namespace=row.namespace,
        key=row.key,
        rutter_id=row.rutter_id,
        event_seq=row.event_seq,
        pair=orjson.loads(row.pair),
        found_at=row.found_at,
    )
