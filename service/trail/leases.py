"""Leases: at any moment one worker intends writes for a connection.

On the database's clock, so that no worker's own clock decides (SQLite: its one process's clock). The token grows with
every new owner; a row lock shared by all who check keeps a take-over from falling between the check and the change.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    update,
)

from consumers.ports import DueEvent, Fenced, Lease
from service.trail.bulk import SQLITE
from service.trail.due_marks import mark_due
from service.trail.fact_tables import events, work
from service.trail.instants import Instant, micros
from service.trail.tables import connections


@dataclass(frozen=True, slots=True)
class Standing:
    """The connection, for whoever holds its lease."""

    rutter_id: str
    tax_proven: bool


def database_now(c: Connection, now: datetime) -> ColumnElement[Any]:
    """The time as microseconds, as the database has it."""
    return _now(c.dialect.name, literal(micros(now), BigInteger()))


def _now(dialect: str, ours: ColumnElement[Any]) -> ColumnElement[Any]:
    if dialect == SQLITE:
        return ours
    return cast(func.extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger())


def take(c: Connection, alias: str, owner: str, seconds: float, now: datetime) -> Lease | None:
    """Take or renew; None while another owner's lease is running, or there is no such connection."""
    at = database_now(c, now)
    mine = connections.c.lease_owner == owner
    until = cast(at + literal(timedelta(seconds=seconds) // timedelta(microseconds=1), BigInteger()), Instant())
    row = c.execute(
        update(connections)
        .where(connections.c.alias == alias)
        .where(or_(mine, connections.c.lease_owner.is_(None), connections.c.lease_until <= at))
        .values(
            lease_owner=owner,
            lease_until=until,
            lease_token=case((mine, connections.c.lease_token), else_=connections.c.lease_token + 1),
        )
        .returning(connections.c.lease_token, connections.c.lease_until)
    ).one_or_none()
    return None if row is None else Lease(connection=alias, owner=owner, token=row.lease_token, until=row.lease_until)


def give_up(c: Connection, lease: Lease) -> None:
    """End the lease now, if it is still ours."""
    ended = c.execute(
        update(connections)
        .where(connections.c.alias == lease.connection)
        .where(connections.c.lease_owner == lease.owner, connections.c.lease_token == lease.token)
        .values(lease_owner=None, lease_until=None)
    )
    if ended.rowcount:
        mark_due(c, {lease.connection})


def lost(c: Connection, lease: Lease, now: datetime) -> Fenced | None:
    """Why this lease gives no right any more; None while it does, and then until the transaction ends."""
    held = c.execute(_held(c.dialect.name), _bound(lease, now)).first()
    return None if held else _ended(lease)


def overtaken(c: Connection, lease: Lease, due: DueEvent, now: datetime) -> Fenced | None:
    """Why this planning no longer stands: the lease, or the event, moved on."""
    found = standing(c, lease, due, now)
    return found if isinstance(found, Fenced) else None


def standing(c: Connection, lease: Lease, due: DueEvent, now: datetime, *, waiting: bool = True) -> Standing | Fenced:
    """What this planning stands on, and then until the transaction ends; or why it does so no longer.

    Without `waiting`, what another transaction is just changing counts as lost: for whoever holds locks already that
    come after these.
    """
    bound = {**_bound(lease, now), "seq": due.seq}
    row = c.execute(_stands(c.dialect.name, waiting), bound).one_or_none()
    if row is None:
        return _ended(lease)
    if row.version != due.version:
        return Fenced(f"{due.event.key} was told again meanwhile")
    if row.state != "due":
        return Fenced(f"{due.event.key} is no longer due but {row.state}")
    return Standing(row.rutter_id, row.tax_proven)


def _bound(lease: Lease, now: datetime) -> dict[str, Any]:
    return {"alias": lease.connection, "owner": lease.owner, "token": lease.token, "now": micros(now)}


def _ended(lease: Lease) -> Fenced:
    return Fenced(f"the lease of {lease.connection} has ended or was taken over")


# Written once: every step of every write asks these, and putting a statement together costs more than running it.


@cache
def _held(dialect: str) -> Select[Any]:
    return select(literal(1)).select_from(connections).where(*_holds(dialect)).with_for_update(read=True)


@cache
def _stands(dialect: str, waiting: bool) -> Select[Any]:
    return (
        select(connections.c.rutter_id, connections.c.tax_proven, events.c.version, work.c.state)
        .select_from(connections)
        .join(events, events.c.connection == connections.c.alias)
        .join(work, work.c.event_seq == events.c.seq)
        .where(*_holds(dialect), events.c.seq == bindparam("seq", type_=BigInteger()))
        .with_for_update(read=True, skip_locked=not waiting, of=[connections, events, work])
    )


def _holds(dialect: str) -> tuple[ColumnElement[bool], ...]:
    return (
        connections.c.alias == bindparam("alias"),
        connections.c.lease_owner == bindparam("owner"),
        connections.c.lease_token == bindparam("token"),
        connections.c.lease_until > _now(dialect, bindparam("now", type_=BigInteger())),
    )
