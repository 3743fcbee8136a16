"""Rotating the keys: everything sealed under an older key is sealed again under the one that seals now, bit by bit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Connection, Table, select, update

from service.sealing import KeyRing, delivery_bound
from service.trail import connections as connection_rows
from service.trail import sources as source_rows
from service.trail.tables import connections, deliveries, sources

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class _Sealed:
    table: Table
    id: Column[Any]
    column: Column[Any]
    bound: Callable[[str], str]


_PLACES: Final = (
    _Sealed(connections, connections.c.alias, connections.c.access_token_sealed, connection_rows.bound),
    _Sealed(sources, sources.c.name, sources.c.secrets_sealed, source_rows.bound),
    _Sealed(deliveries, deliveries.c.id, deliveries.c.sealed, delivery_bound),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a rotation stands: the next table, and the id after which it goes on there; how many were sealed again."""

    place: int = 0
    after: str = ""
    resealed: int = 0


def step(c: Connection, keys: KeyRing, at: Step, batch: int = BATCH) -> Step | None:
    """Look at the next rows; None when all tables are done. One transaction each, so that nothing waits for long.

    Raises:
        SealError: a value does not open with any of the keys.
    """
    if at.place == len(_PLACES):
        return None
    place = _PLACES[at.place]
    rows = c.execute(
        select(place.id, place.column)
        .where(place.id > at.after, place.column.is_not(None))
        .order_by(place.id)
        .limit(batch)
        .with_for_update()
    ).all()
    resealed = 0
    for id_, sealed in rows:
        again = keys.reseal(bytes(sealed), place.bound(id_))
        if again is not None:
            c.execute(update(place.table).where(place.id == id_).values({place.column.name: again}))
            resealed += 1
    if len(rows) < batch:
        return Step(at.place + 1, "", at.resealed + resealed)
    return Step(at.place, rows[-1][0], at.resealed + resealed)
