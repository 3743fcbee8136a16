"""Due work: what is to be done now, and when the next is."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, exists, func, or_, select, text

from consumers.ports import DueEvent
from service.trail import event_rows
from service.trail.fact_tables import IS_DUE, events, work, writes
from service.trail.instants import Instant
from service.trail.leases import database_now
from service.trail.tables import connections

_READY = text("connections.state = 'ready'")


def due(c: Connection, alias: str, limit: int, now: datetime) -> Sequence[DueEvent]:
    """Events of a connection that are due, oldest due first."""
    chosen = (
        select(work.c.event_seq, work.c.attempts, work.c.due_at, work.c.released_at)
        .where(IS_DUE, work.c.connection == alias, work.c.due_at <= now)
        .order_by(work.c.due_at, work.c.event_seq)
        .limit(limit)
        .subquery()
    )
    rows = c.execute(
        select(
            events.c.seq,
            events.c.version,
            events.c.body,
            func.coalesce(chosen.c.released_at, events.c.received_at, type_=Instant()).label("waits_from"),
            chosen.c.attempts,
            exists().where(writes.c.event_seq == events.c.seq).label("has_writes"),
        )
        .join(chosen, chosen.c.event_seq == events.c.seq)
        .order_by(chosen.c.due_at, chosen.c.event_seq)
    )
    return [
        DueEvent(
            seq=row.seq,
            version=row.version,
            event=event_rows.event_of(bytes(row.body)),
            attempts=row.attempts,
            waits_from=row.waits_from,
            has_writes=row.has_writes,
        )
        for row in rows
    ]


def next_due_at(c: Connection, alias: str) -> datetime | None:
    """When the next event is due; None when nothing is.

    An open write goes on with its event: one whose event waits for a person makes nothing due by itself.
    """
    return c.execute(select(func.min(work.c.due_at)).where(IS_DUE, work.c.connection == alias)).scalar()


def connections_with_work(c: Connection, owner: str, now: datetime) -> Sequence[str]:
    """Ready connections with something due now that no other owner has leased."""
    free = or_(
        connections.c.lease_owner.is_(None),
        connections.c.lease_owner == owner,
        connections.c.lease_until <= database_now(c, now),
    )
    has_work = exists().where(and_(IS_DUE, work.c.connection == connections.c.alias, work.c.due_at <= now))
    return (
        c.execute(select(connections.c.alias).where(_READY, free, has_work).order_by(connections.c.alias))
        .scalars()
        .all()
    )
