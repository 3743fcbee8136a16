"""The archive read back: kept deliveries in the order they came, with their bodies opened.

What an upstream system published to Kafka itself was kept as its events alone, and comes back as these.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import Connection, Select, Text, and_, or_, select

from schemas.events import Event
from service.sealing import KeyRing, open_delivery
from service.trail import event_rows
from service.trail.bulk import Rows
from service.trail.fact_tables import IS_WAITING, events, tellings, work
from service.trail.lanes import to_backfill
from service.trail.tables import deliveries
from service.trail.waking import make_due

_IDENTITY: Final = ("connection", "namespace", "key")
_FACTS: Final = Rows(dict.fromkeys(_IDENTITY, Text()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which deliveries. What is None does not narrow it down."""

    delivery: str | None = None
    order: str | None = None
    source: str | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    unreadable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """One kept delivery. `body` None: only its events were kept."""

    id: str
    source: str | None
    connection: str
    received_at: datetime
    headers: dict[str, str]
    body: bytes | None = field(repr=False)
    events: tuple[Event, ...] = ()

    @property
    def place(self) -> tuple[datetime, str]:
        """Where it stands in the archive: the next page begins after it."""
        return self.received_at, self.id


def page(
    c: Connection, keys: KeyRing, wanted: Wanted, after: tuple[datetime, str] | None, limit: int
) -> Sequence[Archived]:
    """The next `limit` deliveries, oldest first.

    Raises:
        SealError: a body was sealed with a key that the ring does not have.
    """
    chosen = _chosen(wanted).order_by(deliveries.c.received_at, deliveries.c.id).limit(limit)
    if after is not None:
        at, name = after
        later = and_(deliveries.c.received_at == at, deliveries.c.id > name)
        chosen = chosen.where(or_(deliveries.c.received_at > at, later))
    rows = c.execute(chosen).all()
    bare = _events_of(c, [row.id for row in rows if row.sealed is None])
    found: list[Archived] = []
    for row in rows:
        headers, body = ({}, None) if row.sealed is None else open_delivery(keys, row.id, bytes(row.sealed))
        found.append(
            Archived(
                id=row.id,
                source=row.source,
                connection=row.connection,
                received_at=row.received_at,
                headers=headers,
                body=body,
                events=tuple(bare.get(row.id, ())),
            )
        )
    return found


def _chosen(wanted: Wanted) -> Select[tuple[object, ...]]:
    chosen: Select[tuple[object, ...]] = select(deliveries)
    if wanted.delivery is not None:
        chosen = chosen.where(deliveries.c.id == wanted.delivery)
    if wanted.source is not None:
        chosen = chosen.where(deliveries.c.source == wanted.source)
    if wanted.since is not None:
        chosen = chosen.where(deliveries.c.received_at >= wanted.since)
    if wanted.until is not None:
        chosen = chosen.where(deliveries.c.received_at < wanted.until)
    if wanted.unreadable:
        chosen = chosen.where(deliveries.c.status == "unreadable", deliveries.c.cured_at.is_(None))
    if wanted.order is None and wanted.type is None:
        return chosen
    facts = select(events.c.seq)
    if wanted.order is not None:
        facts = facts.where(or_(events.c.order_id == wanted.order, events.c.key == wanted.order))
    if wanted.type is not None:
        facts = facts.where(events.c.type == wanted.type)
    first = select(events.c.delivery_id).where(events.c.seq.in_(facts))
    further = select(tellings.c.delivery_id).where(tellings.c.event_seq.in_(facts))
    return chosen.where(or_(deliveries.c.id.in_(first), deliveries.c.id.in_(further)))


def _events_of(c: Connection, ids: Collection[str]) -> dict[str, list[Event]]:
    """What deliveries that were kept without a body told: events they told first, and further tellings."""
    found: defaultdict[str, list[Event]] = defaultdict(list)
    if not ids:
        return found
    for table in (events, tellings):
        rows = c.execute(
            select(table.c.delivery_id, table.c.body).where(table.c.delivery_id.in_(ids)).order_by(table.c.seq)
        )
        for row in rows:
            found[row.delivery_id].append(event_rows.event_of(bytes(row.body)))
    return found


def due_again(c: Connection, told: Collection[tuple[str, str, str]], now: datetime) -> int:
    """Make due those of these (connection, namespace, key) that wait: held or parked. What is done stays done."""
    bound = _FACTS.parameters(dict(zip(_IDENTITY, fact, strict=True)) for fact in sorted(told))
    seqs = c.execute(_waiting(c.dialect.name), bound).scalars().all()
    make_due(c, seqs, now)
    to_backfill(c, seqs)
    return len(seqs)


@cache
def _waiting(dialect: str) -> Select[int]:
    facts = _FACTS.source(dialect)
    return (
        select(work.c.event_seq)
        .select_from(facts.of)
        .join(events, and_(*(events.c[name] == facts[name] for name in _IDENTITY)))
        .join(work, work.c.event_seq == events.c.seq)
        .where(IS_WAITING)
    )
