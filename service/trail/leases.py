"""Leases: at any moment one worker intends writes for a connection.

On the database's clock, so that no worker's own clock decides (SQLite: its one process's clock). The token grows with
every new owner; a row lock shared by all who check keeps a take-over from falling between the check and the change.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

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
    bound = {"alias": lease.connection, "owner": lease.owner, "token": lease.token, "now": micros(now)}
    held = c.execute(_held(c.dialect.name), bound).first()
    return None if held else Fenced(f"the lease of {lease.connection} has ended or was taken over")


def overtaken(c: Connection, lease: Lease, due: DueEvent, now: datetime) -> Fenced | None:
    """Why this planning no longer stands: the lease, or the event, moved on."""
    fenced = lost(c, lease, now)
    if fenced is not None:
        return fenced
    version = c.execute(_VERSION, {"seq": due.seq}).scalar_one_or_none()
    if version != due.version:
        return Fenced(f"{due.event.key} was told again meanwhile")
    state = c.execute(_STATE, {"seq": due.seq}).scalar_one_or_none()
    return None if state == "due" else Fenced(f"{due.event.key} is no longer due but {state}")


# Written once: every step of every write asks these, and putting a statement together costs more than running it.
_SEQ: Final = bindparam("seq", type_=BigInteger())
_VERSION: Final = select(events.c.version).where(events.c.seq == _SEQ).with_for_update(read=True)
_STATE: Final = select(work.c.state).where(work.c.event_seq == _SEQ)


@cache
def _held(dialect: str) -> Select[Any]:
    return (
        select(literal(1))
        .select_from(connections)
        .where(connections.c.alias == bindparam("alias"))
        .where(connections.c.lease_owner == bindparam("owner"), connections.c.lease_token == bindparam("token"))
        .where(connections.c.lease_until > _now(dialect, bindparam("now", type_=BigInteger())))
        .with_for_update(read=True)
    )
