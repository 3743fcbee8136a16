"""Connections as configured, and how they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import select, update

from schemas.connections import Connection, ConnectionState
from service.sealing import KeyRing
from service.trail import closing
from service.trail.bulk import upsert
from service.trail.changes import Change, Declared, Mismatch, changes
from service.trail.due_marks import mark_due
from service.trail.fact_tables import IS_DUE, work, writes
from service.trail.mapping_json import mapping_json, mapping_of
from service.trail.tables import connections

_SEALED: Final = "access_token_sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStanding:
    """A connection with what is known of it beside its configuration.

    `told_state`: while a person has paused it, what others tell of it; that holds again once a person resumes it.
    """

    connection: Connection
    state_reason: str | None
    told_state: str | None
    told_reason: str | None
    link_url: str | None
    tax_proven: bool
    lease_owner: str | None
    lease_until: datetime | None
    created_at: datetime
    updated_at: datetime


def bound(alias: str) -> str:
    """What a connection's token is sealed for."""
    return f"connections/{alias}/access_token"


def connection(c: DatabaseConnection, keys: KeyRing, alias: str) -> Connection | None:
    """The connection, its token opened."""
    row = c.execute(select(connections).where(connections.c.alias == alias)).one_or_none()
    return None if row is None else _connection(row, keys)


def standings(c: DatabaseConnection) -> Sequence[ConnectionStanding]:
    """All connections, by alias, without their tokens."""
    rows = c.execute(select(connections).order_by(connections.c.alias))
    return [
        ConnectionStanding(
            connection=_connection(row, None),
            state_reason=row.state_reason,
            told_state=row.told_state,
            told_reason=row.told_reason,
            link_url=row.link_url,
            tax_proven=row.tax_proven,
            lease_owner=row.lease_owner,
            lease_until=row.lease_until,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def by_rutter_id(c: DatabaseConnection, rutter_id: str) -> str | None:
    """The alias of the connection with that Rutter id."""
    return c.execute(select(connections.c.alias).where(connections.c.rutter_id == rutter_id)).scalar_one_or_none()


def declare(c: DatabaseConnection, keys: KeyRing, wanted: Connection, now: datetime) -> Declared | Mismatch:
    """Add the connection, or change what differs; its state is kept. An alias is never pointed elsewhere.

    An empty `access_token` keeps the one there is.
    """
    values = _columns(wanted)
    fresh = {
        **values,
        _SEALED: keys.seal(wanted.access_token.encode(), bound(wanted.alias)) if wanted.access_token else None,
        "state": wanted.state.value,
        "tax_proven": False,
        "lease_token": 0,
        "created_at": now,
        "updated_at": now,
    }
    added = c.execute(
        upsert(c.dialect.name, connections).values(fresh).on_conflict_do_nothing().returning(connections.c.alias)
    ).first()
    if added is not None:
        mark_due(c, {wanted.alias})
        return Declared("connection", wanted.alias, created=True)
    return _change(c, keys, wanted, values, now)


def _change(
    c: DatabaseConnection, keys: KeyRing, wanted: Connection, values: dict[str, Any], now: datetime
) -> Declared | Mismatch:
    row = c.execute(select(connections).where(connections.c.alias == wanted.alias).with_for_update()).one_or_none()
    if row is None:
        other = by_rutter_id(c, wanted.rutter_id)
        return Mismatch(f"connection {wanted.alias}: its Rutter connection is already known as {other}")
    if row.rutter_id != wanted.rutter_id:
        return Mismatch(
            f"connection {wanted.alias}: belongs to Rutter's connection {row.rutter_id} for good; "
            f"give {wanted.rutter_id} another alias"
        )
    changed = changes(row, values)
    token = _opened(row, keys)
    if wanted.access_token and wanted.access_token != token:
        values[_SEALED] = keys.seal(wanted.access_token.encode(), bound(wanted.alias))
        changed = (*changed, Change("access_token", None, None))
    if changed:
        c.execute(update(connections).where(connections.c.alias == wanted.alias).values(**values, updated_at=now))
        if mapping_of(row.mapping).policies.closed_through != wanted.mapping.policies.closed_through:
            closing.moved(c, wanted.alias, now)
        mark_due(c, {wanted.alias})
    return Declared("connection", wanted.alias, created=False, changes=changed)


def job_completed(c: DatabaseConnection, job_id: str, now: datetime) -> None:
    """The write that waits for this job is looked after now, and its event goes on now."""
    found = c.execute(
        update(writes)
        .where(writes.c.job_id == job_id, writes.c.state.in_(("sent", "in_doubt")))
        .values(next_at=now)
        .returning(writes.c.connection, writes.c.event_seq)
    ).all()
    for row in found:
        # Also where it is due already: it may be in hand, about to wait for hours (see `holding.later`).
        c.execute(update(work).where(IS_DUE, work.c.event_seq == row.event_seq).values(due_at=now))
    mark_due(c, {row.connection for row in found})


def _columns(wanted: Connection) -> dict[str, Any]:
    return {
        "alias": wanted.alias,
        "rutter_id": wanted.rutter_id,
        "platform": wanted.platform,
        "time_zone": wanted.time_zone,
        "home_currency": wanted.home_currency,
        "mapping": mapping_json(wanted.mapping),
        "calls_per_minute": wanted.calls_per_minute,
        "calls_per_day": wanted.calls_per_day,
        "in_flight": wanted.in_flight,
        "hold_hours": wanted.hold_hours,
    }


def _opened(row: Any, keys: KeyRing | None) -> str:  # noqa: ANN401 (a row of `connections`)
    sealed: bytes | None = row.access_token_sealed
    return "" if sealed is None or keys is None else keys.open(bytes(sealed), bound(row.alias)).decode()


def _connection(row: Any, keys: KeyRing | None) -> Connection:  # noqa: ANN401 (as in _opened)
    return Connection(
        alias=row.alias,
        rutter_id=row.rutter_id,
        platform=row.platform,
        time_zone=row.time_zone,
        home_currency=row.home_currency,
        mapping=mapping_of(row.mapping),
        state=ConnectionState(row.state),
        access_token=_opened(row, keys),
        calls_per_minute=row.calls_per_minute,
        calls_per_day=row.calls_per_day,
        in_flight=row.in_flight,
        hold_hours=row.hold_hours,
    )
