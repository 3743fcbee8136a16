"""Where events were told: connections and their namespaces, also those that nobody declared.

Read from the index of events by jumps from one name to the next, so that it costs as much as there are names.
"""

from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import CTE, Connection, Select, Table, Text, and_, func, select

from service.trail.bulk import Rows
from service.trail.fact_tables import events

T = TypeVar("T", bound=tuple[Any, ...])


def _connections() -> CTE:
    """Its last row is null."""
    named = select(func.min(events.c.connection).label("connection")).cte("told_connections", recursive=True)
    next_one = select(func.min(events.c.connection)).where(events.c.connection > named.c.connection).scalar_subquery()
    return named.union_all(select(next_one).where(named.c.connection.is_not(None)))


def _pairs() -> CTE:
    """The last row of each connection has no namespace."""
    named = _connections()
    here = events.c.connection == named.c.connection
    first = select(func.min(events.c.namespace)).where(here).scalar_subquery()
    pairs = (
        select(named.c.connection, first.label("namespace"))
        .where(named.c.connection.is_not(None))
        .cte("told_in", recursive=True)
    )
    next_one = (
        select(func.min(events.c.namespace))
        .where(events.c.connection == pairs.c.connection, events.c.namespace > pairs.c.namespace)
        .scalar_subquery()
    )
    return pairs.union_all(select(pairs.c.connection, next_one).where(pairs.c.namespace.is_not(None)))


_PAIRS: Final = _pairs()
_ROWS: Final = Rows({"connection": Text(), "namespace": Text()}, "told_in")


@dataclass(frozen=True, slots=True)
class ToldIn:
    """Each (connection, namespace) in which an event was told."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def connections(self) -> list[str]:
        """Each connection that an event names."""
        return sorted({connection for connection, _ in self.pairs})

    @property
    def parameters(self) -> dict[str, Any]:
        """What to bind where `joined` was used."""
        return _ROWS.parameters({"connection": one, "namespace": other} for one, other in self.pairs)


def told_in(c: Connection) -> ToldIn:
    """As it stands now."""
    rows = c.execute(select(_PAIRS).where(_PAIRS.c.namespace.is_not(None)))
    return ToldIn(tuple((row.connection, row.namespace) for row in rows))


def joined(chosen: Select[T], table: Table, dialect: str) -> Select[T]:
    """Only rows of `table` in these pairs. As bound rows, since no database guesses how few a recursion answers."""
    source = _ROWS.source(dialect)
    same = and_(table.c.connection == source["connection"], table.c.namespace == source["namespace"])
    return chosen.join(source.of, same)
