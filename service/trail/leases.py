"""Leases: at any moment one worker intends writes for a connection.

On the database's clock, so that no worker's own clock decides (SQLite: its one process's clock). The token grows with
every new owner; a row lock shared by all who check keeps a take-over from falling between the check and the change.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, case, cast, func, literal, or_, select, update

from consumers.ports import DueEvent, Fenced, Lease
from service.trail.bulk import SQLITE
from service.trail.due_marks import mark_due
from service.trail.fact_tables import events, work
from service.trail.instants import Instant, micros
from service.trail.tables import connections


def database_now(c: Connection, now: datetime) -> ColumnElement[Any]:
    """The time as microseconds, as the database has it."""
    if c.dialect.name == SQLITE:
        return literal(micros(now), BigInteger())
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
    held = c.execute(
        select(literal(1))
        .select_from(connections)
        .where(connections.c.alias == lease.connection)
        .where(connections.c.lease_owner == lease.owner, connections.c.lease_token == lease.token)
        .where(connections.c.lease_until > database_now(c, now))
        .with_for_update(read=True)
    ).first()
    return None if held else Fenced(f"the lease of {lease.connection} has ended or was taken over")


def overtaken(c: Connection, lease: Lease, due: DueEvent, now: datetime) -> Fenced | None:
    """Why this planning no longer stands: the lease, or the event, moved on."""
    fenced = lost(c, lease, now)
    if fenced is not None:
        return fenced
    version = c.execute(
        select(events.c.version).where(events.c.seq == due.seq).with_for_update(read=True)
    ).scalar_one_or_none()
    if version != due.version:
        return Fenced(f"{due.event.key} was told again meanwhile")
    state = c.execute(select(work.c.state).where(work.c.event_seq == due.seq)).scalar_one_or_none()
    return None if state == "due" else Fenced(f"{due.event.key} is no longer due but {state}")
