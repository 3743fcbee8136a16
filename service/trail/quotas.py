"""How many calls a connection has made of its platform's day: counted in slots of an hour, reserved in blocks ahead.

A block counts as used when it is reserved, so that a crash counts too many calls and never too few. The day is rolling:
a slot counts until it lies a whole day back, which is right wherever a platform's own day begins.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, Column, Connection, PrimaryKeyConstraint, Table, Text, case, delete, select

from service.trail.bulk import upsert
from service.trail.instants import Instant, instant, micros
from service.trail.key_locks import lock_keys
from service.trail.tables import METADATA

SLOTS: Final = 24
"""Parts of a day."""

quotas: Final = Table(
    "quotas",
    METADATA,
    Column("connection", Text, nullable=False),
    Column("begins", Instant, nullable=False),
    Column("used", BigInteger, nullable=False),
    PrimaryKeyConstraint("connection", "begins"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Calls of the slot that begins then."""

    begins: datetime
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """`calls` may be made until the slot that begins at `begins` is over. None left: not before `again_at`."""

    calls: int
    begins: datetime
    again_at: datetime | None


def slot_of(at: datetime, day: timedelta) -> datetime:
    """When the slot of this time began."""
    length = micros_of(day) // SLOTS
    return instant(micros(at) // length * length)


def micros_of(span: timedelta) -> int:
    """A span in microseconds."""
    return span // timedelta(microseconds=1)


def used(c: Connection, alias: str, now: datetime, day: timedelta) -> tuple[Used, ...]:
    """What still counts, the oldest first."""
    oldest = slot_of(now, day) - day
    rows = c.execute(
        select(quotas.c.begins, quotas.c.used)
        .where(quotas.c.connection == alias, quotas.c.begins >= oldest, quotas.c.used > 0)
        .order_by(quotas.c.begins)
    )
    return tuple(Used(begins=row.begins, calls=row.used) for row in rows)


def reserve(
    c: Connection, alias: str, per_day: int, want: int, now: datetime, *, day: timedelta, back: Used | None = None
) -> Reserved:
    """Reserve up to `want` calls of the slot that is now. `back`: calls reserved before and not made."""
    lock_keys(c, alias, "", ["quota"])
    if back is not None and back.calls:
        _add(c, alias, back.begins, -back.calls)
    begins = slot_of(now, day)
    counted = used(c, alias, now, day)
    calls = max(0, min(want, per_day - sum(one.calls for one in counted)))
    if not calls:
        return Reserved(calls=0, begins=begins, again_at=again_at(counted, per_day, now, day))
    c.execute(delete(quotas).where(quotas.c.connection == alias, quotas.c.begins < begins - 2 * day))
    _add(c, alias, begins, calls)
    return Reserved(calls=calls, begins=begins, again_at=None)


def again_at(counted: tuple[Used, ...], per_day: int, now: datetime, day: timedelta) -> datetime:
    """When enough of what is counted lies a day back for one more call."""
    left = sum(one.calls for one in counted)
    for one in counted:
        left -= one.calls
        if left < per_day:
            return one.begins + day + day / SLOTS
    return now + day / SLOTS


def _add(c: Connection, alias: str, begins: datetime, calls: int) -> None:
    """A slot that was forgotten meanwhile takes nothing back."""
    insert = upsert(c.dialect.name, quotas).values(connection=alias, begins=begins, used=max(0, calls))
    more = quotas.c.used + calls
    c.execute(
        insert.on_conflict_do_update(
            index_elements=["connection", "begins"], set_={"used": case((more > 0, more), else_=0)}
        )
    )
