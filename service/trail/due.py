"""Due work: what is to be done now, and when the next is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, func, literal, or_, select, text

from consumers.ports import DueEvent
from schemas.plans import Cause, Park
from service.trail import event_rows, parking
from service.trail.fact_tables import IS_DUE, events, work, writes
from service.trail.instants import Instant
from service.trail.lanes import BACKFILL, LANES, shared
from service.trail.leases import database_now
from service.trail.tables import connections

_READY = text("connections.state = 'ready'")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A due event whose body is none: written by another version, or damaged."""

    seq: int
    version: int
    reason: str


def due(c: Connection, alias: str, limit: int, now: datetime) -> Sequence[DueEvent]:
    """Events of a connection that are due and can be read: live ones first, each lane's oldest due first."""
    return look(c, alias, limit, now)[0]


def look(c: Connection, alias: str, limit: int, now: datetime) -> tuple[Sequence[DueEvent], Sequence[Unreadable]]:
    """As `due`, and those that cannot be read. Up to `limit` of each lane are read, and as many offered in all."""
    live, backfill = ([_due(row) for row in c.execute(_chosen(alias, lane, limit, now))] for lane in LANES)
    found = shared(live, backfill)
    readable = [one for one in found if isinstance(one, DueEvent)]
    return readable[:limit], [one for one in found if isinstance(one, Unreadable)]


def _chosen(alias: str, lane: int, limit: int, now: datetime) -> Select[Any]:
    chosen = (
        select(work.c.event_seq, work.c.attempts, work.c.due_at, work.c.released_at)
        .where(IS_DUE, work.c.connection == alias, work.c.lane == lane, work.c.due_at <= now)
        .order_by(work.c.due_at, work.c.event_seq)
        .limit(limit)
        .subquery()
    )
    return (
        select(
            events.c.seq,
            events.c.version,
            events.c.body,
            func.coalesce(chosen.c.released_at, events.c.received_at, type_=Instant()).label("waits_from"),
            chosen.c.attempts,
            chosen.c.due_at,
            literal(lane == BACKFILL).label("backfill"),
            exists().where(writes.c.event_seq == events.c.seq).label("has_writes"),
        )
        .join(chosen, chosen.c.event_seq == events.c.seq)
        .order_by(chosen.c.due_at, chosen.c.event_seq)
    )


def _due(row: Row[*tuple[Any, ...]]) -> DueEvent | Unreadable:
    try:
        event = event_rows.event_of(bytes(row.body))
    except ValueError as error:
        return Unreadable(row.seq, row.version, str(error))
    return DueEvent(
        seq=row.seq,
        version=row.version,
        event=event,
        attempts=row.attempts,
        due_at=row.due_at,
        waits_from=row.waits_from,
        has_writes=row.has_writes,
        backfill=bool(row.backfill),
    )


def park_unreadable(c: Connection, found: Sequence[Unreadable], now: datetime) -> None:
    """A person must look at these; those that changed meanwhile stay due."""
    for one in found:
        stands = (
            select(work.c.event_seq)
            .join(events, events.c.seq == work.c.event_seq)
            .where(IS_DUE, work.c.event_seq == one.seq, events.c.version == one.version)
            .with_for_update()
        )
        if c.execute(stands).first() is not None:
            parking.park(c, one.seq, _beyond_us(one), now)


def _beyond_us(one: Unreadable) -> Park:
    return Park(
        cause=Cause.BUG,
        subject="an event that cannot be read",
        detail=one.reason,
        cure="it was kept by another version, or is damaged: release it once a version runs that reads it",
    )


def next_due_at(c: Connection, alias: str) -> datetime | None:
    """When the next event is due; None when nothing is.

    An open write goes on with its event: one whose event waits for a person makes nothing due by itself.
    """
    first = select(func.min(work.c.due_at)).where(IS_DUE, work.c.connection == alias)
    return min((at for lane in LANES if (at := c.execute(first.where(work.c.lane == lane)).scalar())), default=None)


def connections_with_work(c: Connection, owner: str, now: datetime) -> Sequence[str]:
    """Ready connections with something due now that no other owner has leased."""
    free = or_(
        connections.c.lease_owner.is_(None),
        connections.c.lease_owner == owner,
        connections.c.lease_until <= database_now(c, now),
    )
    mine = and_(IS_DUE, work.c.connection == connections.c.alias, work.c.due_at <= now)
    has_work = or_(*(exists().where(mine, work.c.lane == lane) for lane in LANES))
    return (
        c.execute(select(connections.c.alias).where(_READY, free, has_work).order_by(connections.c.alias))
        .scalars()
        .all()
    )
