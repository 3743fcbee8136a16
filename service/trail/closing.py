"""How far a merchant's books are closed: what a person declared, what Rutter tells, and what refusals taught.

The latest of the three holds. Who waits for it to move says how often it had moved before; each move wakes them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select, update

from consumers.planning.dates import BOOKS_OPEN
from schemas.connections import Connection as MerchantConnection
from service.trail.fact_tables import IS_WAITING, work
from service.trail.tables import connections
from service.trail.waking import make_due


@dataclass(frozen=True, slots=True)
class Closed:
    """The last closed day, None where none is known, and how often it has moved."""

    through: date | None
    moves: int


_STANDS: Final = select(connections.c.closed_read, connections.c.closed_learned, connections.c.closed_moves).where(
    connections.c.alias == bindparam("of")
)


def stands(c: Connection, connection: MerchantConnection) -> Closed:
    """As it is known now."""
    row = c.execute(_STANDS, {"of": connection.alias}).one_or_none()
    declared = connection.mapping.policies.closed_through
    if row is None:
        return Closed(declared, 0)
    known = [day for day in (declared, _day(row.closed_read), _day(row.closed_learned)) if day is not None]
    return Closed(max(known, default=None), row.closed_moves)


def told(c: Connection, alias: str, through: date | None, now: datetime) -> bool:
    """Rutter tells the closing date; answer whether it moved. What refusals taught before a move is forgotten."""
    row = _locked(c, alias)
    if row is None or _day(row.closed_read) == through:
        return False
    read = None if through is None else through.isoformat()
    moved(c, alias, now, closed_read=read, closed_learned=None)
    return True


def learned(c: Connection, alias: str, through: date) -> None:
    """A refusal taught that the books are closed through that day at least. Nobody waits for them to close further."""
    row = _locked(c, alias)
    if row is None:
        return
    known = _day(row.closed_learned)
    if known is None or through > known:
        _set(c, alias, closed_learned=through.isoformat())


def forget(c: Connection, alias: str, now: datetime) -> None:
    """A person says that the books are open again: what refusals taught no longer counts."""
    row = _locked(c, alias)
    if row is not None and row.closed_learned is not None:
        moved(c, alias, now, closed_learned=None)


def moved(c: Connection, alias: str, now: datetime, **values: str | None) -> None:
    """The closing date is another one: everything that waited for it is planned anew."""
    _set(c, alias, **values, closed_moves=connections.c.closed_moves + 1)
    waiting = select(work.c.event_seq).where(IS_WAITING, work.c.connection == alias, work.c.awaits == BOOKS_OPEN)
    make_due(c, c.execute(waiting).scalars().all(), now)


def _locked(c: Connection, alias: str) -> Row[*tuple[Any, ...]] | None:
    return c.execute(select(connections).where(connections.c.alias == alias).with_for_update()).one_or_none()


def _set(c: Connection, alias: str, **values: Any) -> None:  # noqa: ANN401 (columns of a row)
    c.execute(update(connections).where(connections.c.alias == alias).values(**values))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
