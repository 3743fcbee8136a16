"""Where events were told: connections and their namespaces, also those that nobody declared.

Read from the index of events by jumps from one name to the next, so that it costs as much as there are names.
"""

from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, FromClause, and_, func, select

from service.trail.fact_tables import events


def _connections() -> CTE:
    """Its last row is null."""
    named = select(func.min(events.c.connection).label("connection")).cte("told_connections", recursive=True)
    next_one = select(func.min(events.c.connection)).where(events.c.connection > named.c.connection).scalar_subquery()
    return named.union_all(select(next_one).where(named.c.connection.is_not(None)))


def _pairs() -> CTE:
    """The last row of each connection has no namespace."""
    here = events.c.connection == CONNECTIONS.c.connection
    first = select(func.min(events.c.namespace)).where(here).scalar_subquery()
    pairs = (
        select(CONNECTIONS.c.connection, first.label("namespace"))
        .where(CONNECTIONS.c.connection.is_not(None))
        .cte("told_in", recursive=True)
    )
    next_one = (
        select(func.min(events.c.namespace))
        .where(events.c.connection == pairs.c.connection, events.c.namespace > pairs.c.namespace)
        .scalar_subquery()
    )
    return pairs.union_all(select(pairs.c.connection, next_one).where(pairs.c.namespace.is_not(None)))


CONNECTIONS: Final = _connections()
"""`connection`: each that an event names."""
PAIRS: Final = _pairs()
"""`connection`, `namespace`: each pair in which an event was told."""


def in_pair(table: FromClause) -> ColumnElement[bool]:
    """What joins a table's rows to `PAIRS`."""
    columns: Any = table.c
    return and_(columns.connection == PAIRS.c.connection, columns.namespace == PAIRS.c.namespace)
