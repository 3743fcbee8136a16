"""How things stand at a glance: connections and sources with their counts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, and_, func, or_, select, text

from service.trail.fact_tables import IS_DUE, IS_HELD, IS_OPEN, IS_PARKED, links, work, writes
from service.trail.tables import connections, deliveries, outbox, sources

IS_UNREADABLE: Final = text("deliveries.status = 'unreadable'")
"""Written out, as the partial index has it."""


ByAlias = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Events by the state of their work; `in_doubt` counts writes without a known answer."""

    due: int = 0
    held: int = 0
    parked: int = 0
    done: int = 0
    skipped: int = 0
    recorded: int = 0
    in_doubt: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both."""
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in Counts.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSeen:
    """One connection as people ask about it. `last_posted_at`: when a document of it was last proven.

    `told_state`, `told_reason`: while a person has paused it, what others tell of it.
    """

    alias: str
    rutter_id: str
    platform: str
    time_zone: str
    home_currency: str | None
    state: str
    reason: str | None
    told_state: str | None
    told_reason: str | None
    link_url: str | None
    last_posted_at: datetime | None
    lease_owner: str | None
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeen:
    """One source; the counts are of deliveries since the time that was asked for, `unread` of those not cured yet.

    `name` None: upstream systems that publish to Kafka themselves.
    """

    name: str | None
    kind: str
    connection: str
    namespace: str
    tells: tuple[str, ...]
    last_delivery_at: datetime | None
    told: int = 0
    ignored: int = 0
    unreadable: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeclared:
    """A connection that events name and nobody has declared: they wait, and go on once it is."""

    connection: str
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything at a glance. `unreadable`: deliveries of all time that still cannot be read.

    `counts`: of the declared connections.
    """

    connections: tuple[ConnectionSeen, ...]
    undeclared: tuple[Undeclared, ...]
    sources: tuple[SourceSeen, ...]
    counts: Counts
    unreadable: int
    outbox_waiting: int


def overview(c: Connection, since: datetime, settled: ByAlias | None = None) -> Overview:
    """How things stand; deliveries are counted from `since` on. `settled`: what `count_settled` said of late."""
    by_alias = _counts(c, settled)
    seen = _connections(c, by_alias)
    unread = _unread(c)
    total = Counts()
    for one in seen:
        total += one.counts
    return Overview(
        connections=seen,
        undeclared=_undeclared(by_alias, {one.alias for one in seen}),
        sources=_sources(c, since, unread),
        counts=total,
        unreadable=sum(unread.values()),
        outbox_waiting=_outbox_waiting(c),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauged:
    """What is measured: (alias, state) -> events and, as `in_doubt`, writes; connections by state."""

    work: Mapping[tuple[str, str], int]
    connections: Mapping[str, int]
    outbox_waiting: int


def gauged(c: Connection, settled: ByAlias | None = None) -> Gauged:
    """The numbers for Prometheus."""
    states = c.execute(select(connections.c.state, func.count()).group_by(connections.c.state))
    return Gauged(
        work={(alias, state): number for alias, by in _counts(c, settled).items() for state, number in by.items()},
        connections={state: number for state, number in states},  # noqa: C416 (as in `_unread`)
        outbox_waiting=_outbox_waiting(c),
    )


def aliases(c: Connection) -> tuple[str, ...]:
    """All connections, by name."""
    return tuple(c.execute(select(connections.c.alias).order_by(connections.c.alias)).scalars())


def attention(c: Connection) -> int:
    """How much waits for a person: parked events and unreadable deliveries."""
    parked = c.execute(select(func.count()).select_from(work).where(IS_PARKED)).scalar_one()
    return parked + c.execute(select(func.count()).select_from(deliveries).where(IS_UNREADABLE)).scalar_one()


def _outbox_waiting(c: Connection) -> int:
    return c.execute(select(func.count()).select_from(outbox).where(text("outbox.sent_at IS NULL"))).scalar_one()


def _undeclared(counts: ByAlias, declared: Collection[str]) -> tuple[Undeclared, ...]:
    waiting = {alias: sum(by.get(state, 0) for state in ("due", "held", "parked")) for alias, by in counts.items()}
    return tuple(
        Undeclared(connection=alias, waiting=number)
        for alias, number in sorted(waiting.items())
        if number and alias not in declared
    )


def _connections(c: Connection, counts: ByAlias) -> tuple[ConnectionSeen, ...]:
    last = select(func.max(links.c.at)).where(links.c.connection == connections.c.alias).scalar_subquery()
    rows = c.execute(select(connections, last.label("last_posted_at")).order_by(connections.c.alias))
    return tuple(
        ConnectionSeen(
            alias=row.alias,
            rutter_id=row.rutter_id,
            platform=row.platform,
            time_zone=row.time_zone,
            home_currency=row.home_currency,
            state=row.state,
            reason=row.state_reason,
            told_state=row.told_state,
            told_reason=row.told_reason,
            link_url=row.link_url,
            last_posted_at=row.last_posted_at,
            lease_owner=row.lease_owner,
            counts=Counts(**counts.get(row.alias, {})),
        )
        for row in rows
    )


def count_settled(c: Connection) -> ByAlias:
    """Alias -> state -> events of which nothing more is to come: reads all work there ever was."""
    rows = c.execute(
        select(work.c.connection, work.c.state, func.count())
        .where(work.c.state.in_(("done", "skipped", "recorded")))
        .group_by(work.c.connection, work.c.state)
    )
    found: dict[str, dict[str, int]] = {}
    for alias, state, number in rows:
        found.setdefault(alias, {})[state] = number
    return found


def _counts(c: Connection, settled: ByAlias | None) -> dict[str, dict[str, int]]:
    """Alias -> field of `Counts` -> number. What waits is read from its partial indexes."""
    found = {alias: dict(counts) for alias, counts in (settled if settled is not None else count_settled(c)).items()}
    for field_, words in (("due", IS_DUE), ("held", IS_HELD), ("parked", IS_PARKED)):
        for alias, number in c.execute(
            select(work.c.connection, func.count()).where(words).group_by(work.c.connection)
        ):
            found.setdefault(alias, {})[field_] = number
    doubted = select(writes.c.connection, func.count()).where(IS_OPEN).group_by(writes.c.connection)
    for alias, number in c.execute(doubted):
        found.setdefault(alias, {})["in_doubt"] = number
    return found


def _unread(c: Connection) -> dict[str | None, int]:
    """Grouped by an expression, so that SQLite finds the few rows by their partial index and not all by source."""
    by_source = func.coalesce(deliveries.c.source, "")
    rows = c.execute(select(by_source, func.count()).where(IS_UNREADABLE).group_by(by_source))
    return {source or None: number for source, number in rows}


def _sources(c: Connection, since: datetime, unread: Mapping[str | None, int]) -> tuple[SourceSeen, ...]:
    recent = _recent(c, since)
    last = select(func.max(deliveries.c.received_at)).where(deliveries.c.source == sources.c.name).scalar_subquery()
    rows = c.execute(select(sources, last.label("last_delivery_at")).order_by(sources.c.connection, sources.c.name))
    seen = [
        SourceSeen(
            name=row.name,
            kind=row.kind,
            connection=row.connection,
            namespace=row.namespace,
            tells=tuple(sorted(orjson.loads(row.tells))),
            last_delivery_at=row.last_delivery_at,
            unread=unread.get(row.name, 0),
            **recent.get(row.name, {}),
        )
        for row in rows
    ]
    upstream = c.execute(select(func.max(deliveries.c.received_at)).where(deliveries.c.source.is_(None))).scalar()
    if upstream is not None:
        seen.append(
            SourceSeen(
                name=None,
                kind="cloudevents",
                connection="",
                namespace="",
                tells=(),
                last_delivery_at=upstream,
                unread=unread.get(None, 0),
                **recent.get(None, {}),
            )
        )
    return tuple(seen)


def _recent(c: Connection, since: datetime) -> dict[str | None, dict[str, Any]]:
    """Source -> status -> deliveries since then."""
    names = select(sources.c.name)
    rows = c.execute(
        select(deliveries.c.source, deliveries.c.status, func.count())
        .where(
            and_(deliveries.c.received_at >= since, or_(deliveries.c.source.in_(names), deliveries.c.source.is_(None)))
        )
        .group_by(deliveries.c.source, deliveries.c.status)
    )
    found: dict[str | None, dict[str, Any]] = {}
    for source, status, number in rows:
        found.setdefault(source, {})[status] = number
    return found
