"""Rotating the keys: everything sealed under an older key is sealed again under the one that seals now, bit by bit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Connection, Table, select, update

from consumers.records import Head, read_head
from service.sealing import KeyRing, delivery_bound
from service.trail import connections as connection_rows
from service.trail import files as file_rows
from service.trail import sources as source_rows
from service.trail.file_tables import files
from service.trail.tables import connections, deliveries, outbox, sources

BATCH: Final = 500


Reseal = Callable[[KeyRing, Any, bytes], bytes | None]
"""(keys, the row's id, the value) -> the value sealed again, or None when nothing in it is sealed under another key."""


@dataclass(frozen=True, slots=True)
class _Sealed:
    table: Table
    id: Column[Any]
    column: Column[Any]
    reseal: Reseal
    most: int = BATCH
    """Rows in one step."""


def _bound_by(bound: Callable[[str], str]) -> Reseal:
    return lambda keys, id_, sealed: keys.reseal(sealed, bound(id_))


def _relayed(keys: KeyRing, _seq: int, header: bytes) -> bytes | None:
    """The body inside a header that waits for Kafka: after the delivery's facts, in the first of its records."""
    match read_head(header):
        case (Head(id=id_), bytes() as sealed):
            again = keys.reseal(sealed, delivery_bound(id_))
            return None if again is None else header.removesuffix(sealed) + again
        case _:
            return None


_PLACES: Final = (
    _Sealed(connections, connections.c.alias, connections.c.access_token_sealed, _bound_by(connection_rows.bound)),
    _Sealed(sources, sources.c.name, sources.c.secrets_sealed, _bound_by(source_rows.bound)),
    _Sealed(deliveries, deliveries.c.id, deliveries.c.sealed, _bound_by(delivery_bound)),
    _Sealed(files, files.c.id, files.c.sealed, _bound_by(file_rows.bound), most=4),
    _Sealed(outbox, outbox.c.seq, outbox.c.delivery, _relayed),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a rotation stands: the next table, and the id after which it goes on there; how many were sealed again."""

    place: int = 0
    after: str | int | None = None
    resealed: int = 0


def step(c: Connection, keys: KeyRing, at: Step, batch: int = BATCH) -> Step | None:
    """Look at the next rows; None when all tables are done. One transaction each, so that nothing waits for long.

    Raises:
        SealError: a value does not open with any of the keys.
    """
    if at.place == len(_PLACES):
        return None
    place = _PLACES[at.place]
    batch = min(batch, place.most)
    chosen = select(place.id, place.column).where(place.column.is_not(None))
    if at.after is not None:
        chosen = chosen.where(place.id > at.after)
    rows = c.execute(chosen.order_by(place.id).limit(batch).with_for_update()).all()
    resealed = 0
    for id_, sealed in rows:
        again = place.reseal(keys, id_, bytes(sealed))
        if again is not None:
            c.execute(update(place.table).where(place.id == id_).values({place.column.name: again}))
            resealed += 1
    if len(rows) < batch:
        return Step(at.place + 1, None, at.resealed + resealed)
    return Step(at.place, rows[-1][0], at.resealed + resealed)
