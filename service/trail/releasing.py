"""Releasing: after its cure, what was parked becomes due again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, union, update

from consumers.planning.dates import BOOKS_OPEN
from service.trail import closing, outbox
from service.trail.fact_tables import IS_PARKED, events, work
from service.trail.tables import connections
from service.trail.waking import make_due

AT_ONCE: Final = 5000
"""Events released by one call, oldest first; whoever gets that many calls again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """One event that is due again."""

    connection: str
    namespace: str
    key: str
    fingerprint: str | None


def release(
    c: Connection,
    now: datetime,
    *,
    fingerprints: Collection[str] = (),
    keys: Collection[str] = (),
    connection: str | None = None,
    namespace: str | None = None,
    limit: int = AT_ONCE,
) -> tuple[Released, ...]:
    """Make due what is parked under these fingerprints, and the parked events of these natural keys.

    `connection` and `namespace` narrow it down; with neither fingerprints nor keys nothing is released.
    """
    if not fingerprints and not keys:
        return ()
    # Through what is parked: a publisher on the topic need not have declared its namespace.
    named = (
        select(work.c.event_seq)
        .join(events, events.c.seq == work.c.event_seq)
        .where(IS_PARKED, events.c.key.in_(sorted(keys)))
    )
    alike = select(work.c.event_seq).where(
        IS_PARKED, work.c.connection.in_(select(connections.c.alias)), work.c.fingerprint.in_(sorted(fingerprints))
    )
    found = (
        select(
            work.c.event_seq, work.c.fingerprint, work.c.awaits, events.c.connection, events.c.namespace, events.c.key
        )
        .join(events, events.c.seq == work.c.event_seq)
        .where(IS_PARKED, work.c.event_seq.in_(union(named, alike)))
        .order_by(work.c.event_seq)
        .limit(limit)
    )
    if connection is not None:
        found = found.where(work.c.connection == connection)
    if namespace is not None:
        found = found.where(work.c.namespace == namespace)
    rows = c.execute(found).all()
    for alias in sorted({row.connection for row in rows if row.awaits == BOOKS_OPEN}):
        closing.forget(c, alias, now)  # a person says that the books are open
    seqs = [row.event_seq for row in rows]
    make_due(c, seqs, now)
    if seqs:
        c.execute(update(work).where(work.c.event_seq.in_(seqs)).values(released_at=now))
    for row in rows:
        outbox.tell(
            c,
            outbox.DOCUMENTS,
            "document.released",
            row.connection,
            subject=f"{row.namespace}/{row.key}",
            at=now,
            data={"namespace": row.namespace, "event": row.key, "fingerprint": row.fingerprint},
        )
    return tuple(
        Released(connection=row.connection, namespace=row.namespace, key=row.key, fingerprint=row.fingerprint)
        for row in rows
    )
