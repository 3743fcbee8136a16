"""When we last looked at what of a connection, and how far: marks of whatever is asked now and then."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from service.trail.bulk import upsert
from service.trail.noticing_tables import looks


@dataclass(frozen=True, slots=True)
class Look:
    """`high_water`: up to which of Rutter's times it was read."""

    at: datetime
    high_water: datetime | None


def last(c: Connection, alias: str, what: str) -> Look | None:
    """The last look; None before the first."""
    row = c.execute(
        select(looks.c.at, looks.c.high_water).where(looks.c.connection == alias, looks.c.what == what)
    ).one_or_none()
    return None if row is None else Look(row.at, row.high_water)


def looked(
    c: Connection, aliases: Collection[str], what: str, at: datetime, high_water: datetime | None = None
) -> None:
    """Note a look; the high water stays where none is given."""
    for alias in sorted(aliases):
        values = {"at": at} if high_water is None else {"at": at, "high_water": high_water}
        c.execute(
            upsert(c.dialect.name, looks)
            .values(connection=alias, what=what, **values)
            .on_conflict_do_update(index_elements=["connection", "what"], set_=values)
        )
