"""What waits for each connection, at what pace it goes, and when the last will be in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Text, and_, case, exists, func, literal, select

from consumers.forecasting import Bounds, Day, Forecast, Measured, Waiting, forecast
from schemas.connections import Connection as Books
from schemas.connections import ConnectionState
from schemas.platforms.allowance import allowance
from service.trail import connections, quotas
from service.trail.fact_tables import IS_DUE, IS_HELD, events, links, work
from service.trail.lanes import BACKFILL, LANES, LIVE

DAY: Final = timedelta(days=1)
OF_LATE: Final = timedelta(minutes=10)
"""The pace is measured over at most this long, and only since what waits began to."""
_INVOICE: Final = "invoice:"
_LISTS: Final = ("customer", "item", "account")
"""Made on the way: calls, and no documents that an event waits for."""


def forecasts(c: Connection, now: datetime, day: timedelta = DAY) -> Mapping[str, Forecast]:
    """Alias -> forecast, of connections for which something waits that goes by itself."""
    waiting = _waiting(c)
    return {
        one.alias: forecast(
            waiting[one.alias], _measured(c, one.alias, now), _bounds(c, one, now, day), now
        )
        for one in (standing.connection for standing in connections.standings(c))
        if one.alias in waiting
    }  # fmt: skip


def _waiting(c: Connection) -> dict[str, Waiting]:
    """What is due, and what is held only until an order's invoice that is due itself."""
    counted: dict[str, dict[int, int]] = {}
    of_order = work.alias("of_order")
    behind = exists().where(
        events.c.connection == work.c.connection,
        events.c.namespace == work.c.namespace,
        events.c.key == literal("order:", Text()) + func.substr(work.c.awaits, len(_INVOICE) + 1),
        of_order.c.event_seq == events.c.seq,
        of_order.c.state == "due",
    )
    held = and_(IS_HELD, work.c.awaits.startswith(_INVOICE), behind)
    for which in (IS_DUE, held):
        rows = c.execute(
            select(work.c.connection, work.c.lane, func.count()).where(which).group_by(work.c.connection, work.c.lane)
        )
        for alias, lane, number in rows:
            of = counted.setdefault(alias, {})
            of[lane] = of.get(lane, 0) + number
    return {
        alias: Waiting(live=lanes.get(LIVE, 0), backfill=lanes.get(BACKFILL, 0)) for alias, lanes in counted.items()
    }


def _measured(c: Connection, alias: str, now: datetime) -> Measured:
    """What was proven since the oldest of what is due became so."""
    first = select(func.min(work.c.due_at)).where(IS_DUE, work.c.connection == alias)
    begun = [at for lane in LANES if (at := c.execute(first.where(work.c.lane == lane)).scalar()) is not None]
    since = max(now - OF_LATE, min(begun, default=now))
    fact = links.c.kind.not_in(_LISTS)
    row = c.execute(
        select(
            func.count().label("calls"),
            func.sum(case((fact, 1), else_=0)).label("documents"),
            func.min(links.c.at).label("first"),
            func.max(links.c.at).label("last"),
        ).where(links.c.connection == alias, links.c.at > since, links.c.how == "written")
    ).one()
    if not row.calls:
        return Measured()
    return Measured(documents=int(row.documents), calls=row.calls, seconds=(row.last - row.first).total_seconds())


def _bounds(c: Connection, one: Books, now: datetime, day: timedelta) -> Bounds:
    allowed = allowance(one)
    stopped = None if one.state is ConnectionState.READY else f"the connection is {one.state.value.replace('_', ' ')}"
    if allowed.per_day is None:
        return Bounds(per_minute=allowed.per_minute, stopped=stopped)
    used = tuple((slot.begins, slot.calls) for slot in quotas.used(c, one.alias, now, day))
    return Bounds(
        per_minute=allowed.per_minute, day=Day(per_day=allowed.per_day, length=day, used=used), stopped=stopped
    )
