"""What of the books is to be looked at by itself: connections to search, and lists that are not to be believed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from schemas.connections import ConnectionState
from service.trail.changes_told import NEVER
from service.trail.noticing_tables import looks
from service.trail.tables import connections, entry_marks


def due(c: Connection, what: str, before: datetime) -> Sequence[str]:
    """Ready connections that were not looked at since."""
    mark = and_(looks.c.connection == connections.c.alias, looks.c.what == what)
    old = or_(looks.c.at.is_(None), looks.c.at <= before)
    chosen = (
        select(connections.c.alias)
        .select_from(connections.outerjoin(looks, mark))
        .where(connections.c.state == ConnectionState.READY.value, old)
        .order_by(connections.c.alias)
    )
    return list(c.execute(chosen).scalars())


def old_lists(c: Connection) -> Mapping[str, Sequence[str]]:
    """Alias -> lists of ready connections that changed since they were read."""
    ready = and_(connections.c.alias == entry_marks.c.connection, connections.c.state == ConnectionState.READY.value)
    rows = c.execute(
        select(entry_marks.c.connection, entry_marks.c.object)
        .join(connections, ready)
        .where(entry_marks.c.refreshed_at <= NEVER)
        .order_by(entry_marks.c.connection, entry_marks.c.object)
    )
    found: dict[str, list[str]] = {}
    for alias, object_ in rows:
        found.setdefault(alias, []).append(object_)
    return found
