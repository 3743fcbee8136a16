"""What waits for a person: parked events grouped by what one cure releases, and deliveries that could not be read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, literal_column, select

from consumers.about import NO_CURRENCY
from service.trail.behind import held_behind
from service.trail.fact_tables import IS_PARKED, events, work
from service.trail.overview import IS_UNREADABLE
from service.trail.tables import deliveries

GROUPS: Final = 200
"""Groups that are shown at a time, oldest first."""
SAMPLE: Final = 10
"""Events named in a group."""
UNREADABLE: Final = 100
"""Unreadable deliveries that are shown at a time, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedEvent:
    """One parked event."""

    connection: str
    namespace: str
    key: str
    order_id: str | None
    minor: int
    currency: str
    detail: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedGroup:
    """Parked events of one connection that one cure releases. Cause, detail and cure are the oldest event's.

    `behind`: events that are held until one of these is in the books. `sums`: (minor, currency).
    """

    connection: str
    fingerprint: str
    cause: str
    subject: str
    detail: str
    cure: str
    count: int
    behind: int
    since: datetime
    sums: tuple[tuple[int, str], ...]
    sample: tuple[ParkedEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableDelivery:
    """An authentic delivery that should mean something; `path` names the field that could not be read."""

    id: str
    source: str | None
    connection: str
    received_at: datetime
    path: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """Everything that waits for a person. `more`: groups beyond those shown; `unreadable_count`: of all."""

    groups: tuple[ParkedGroup, ...]
    more: int
    unreadable: tuple[UnreadableDelivery, ...]
    unreadable_count: int


def parked(c: Connection, connection: str | None = None) -> Parked:
    """What waits for a person, the longest first; of all connections or of one."""
    grouped = (
        select(
            work.c.connection,
            work.c.fingerprint,
            func.count().label("number"),
            func.min(work.c.event_seq).label("oldest"),
            func.min(work.c.updated_at).label("since"),
        )
        .where(IS_PARKED)
        .group_by(work.c.connection, work.c.fingerprint)
        .order_by(func.min(work.c.event_seq))
    )
    if connection is not None:
        grouped = grouped.where(work.c.connection == connection)
    found = c.execute(grouped).all()
    behind = held_behind(c) if found else {}
    groups: list[ParkedGroup] = []
    for row in found[:GROUPS]:
        sample = _sample(c, row.connection, row.fingerprint)
        oldest = c.execute(select(work).where(work.c.event_seq == row.oldest)).one()
        groups.append(
            ParkedGroup(
                connection=row.connection,
                fingerprint=row.fingerprint,
                cause=oldest.cause or "",
                subject=oldest.subject or "",
                detail=oldest.detail or "",
                cure=oldest.cure or "",
                count=row.number,
                behind=behind.get((row.connection, row.fingerprint), 0),
                since=row.since,
                sums=_sums(c, row.connection, row.fingerprint),
                sample=sample,
            )
        )
    unreadable, count = _unreadable(c, connection)
    return Parked(groups=tuple(groups), more=max(0, len(found) - GROUPS), unreadable=unreadable, unreadable_count=count)


def _sample(c: Connection, connection: str, fingerprint: str) -> tuple[ParkedEvent, ...]:
    rows = c.execute(
        select(events, work.c.detail, work.c.updated_at)
        .join(work, work.c.event_seq == events.c.seq)
        .where(IS_PARKED, work.c.connection == connection, work.c.fingerprint == fingerprint)
        .order_by(work.c.event_seq)
        .limit(SAMPLE)
    )
    return tuple(
        ParkedEvent(
            connection=row.connection,
            namespace=row.namespace,
            key=row.key,
            order_id=row.order_id,
            minor=row.minor,
            currency=row.currency,
            detail=row.detail or "",
            since=row.updated_at,
        )
        for row in rows
    )


def _sums(c: Connection, connection: str, fingerprint: str) -> tuple[tuple[int, str], ...]:
    rows = c.execute(
        select(func.sum(events.c.minor), events.c.currency)
        .join(work, work.c.event_seq == events.c.seq)
        .where(IS_PARKED, work.c.connection == connection, work.c.fingerprint == fingerprint)
        .where(events.c.currency != NO_CURRENCY)
        .group_by(events.c.currency)
        .order_by(events.c.currency)
    )
    return tuple((int(minor), currency) for minor, currency in rows)


def _unreadable(c: Connection, connection: str | None) -> tuple[tuple[UnreadableDelivery, ...], int]:
    chosen = [IS_UNREADABLE] if connection is None else [IS_UNREADABLE, deliveries.c.connection == connection]
    number = c.execute(select(func.count()).select_from(deliveries).where(*chosen)).scalar_one()
    columns = (deliveries.c[name] for name in UnreadableDelivery.__slots__)
    # By an expression, so that SQLite sorts the few rows of the partial index and does not walk all deliveries.
    newest = (deliveries.c.received_at.op("+")(literal_column("0"))).desc()
    rows = c.execute(select(*columns).where(*chosen).order_by(newest).limit(UNREADABLE))
    return tuple(UnreadableDelivery(**row._mapping) for row in rows), number  # noqa: SLF001 (SQLAlchemy's public name)
