"""Our copy of the merchant's own lists: customers, items, accounts, tax rates …, found by id, name, code or e-mail.

Letter case, outer spaces and Unicode's compatible forms do not tell two names apart.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Text, and_, bindparam, delete, literal_column, select, union_all

from schemas.books import Entry, LookUp
from service.trail.bulk import Rows, Upsert, insert_rows, types_of, upsert
from service.trail.tables import entries, entry_marks

_ENTRIES: Final = Rows(types_of(entries))
_ASKED_COLUMNS: Final = ("object", "field", "value")
_ASKED: Final = Rows({name: Text() for name in _ASKED_COLUMNS}, "asked")
_COLUMN: Final = {"id": "id", "name": "name_folded", "code": "code_folded", "email": "email_folded"}


@dataclass(frozen=True, slots=True)
class Mark:
    """How fresh a list is. `high_water`: up to which Rutter-side time it was read, as Rutter writes it."""

    refreshed_at: datetime
    high_water: str | None


def folded(text: str | None) -> str | None:
    """What is compared."""
    return None if text is None else unicodedata.normalize("NFKC", text).casefold().strip()


def put(c: Connection, connection: str, object_: str, found: Sequence[Entry]) -> None:
    """Add or replace entries of a list (`object_`: Rutter's singular name, as in `LookUp`)."""
    rows = {
        entry.id: {
            "connection": connection,
            "object": object_,
            "id": entry.id,
            "name": entry.name,
            "name_folded": folded(entry.name),
            "code": entry.code,
            "code_folded": folded(entry.code),
            "email": entry.email,
            "email_folded": folded(entry.email),
            "currency": entry.currency,
            "active": entry.active,
            "type": entry.type,
            "rate": entry.rate,
            "days": entry.days,
        }
        for entry in found
    }
    if rows:
        c.execute(_put(c.dialect.name), _ENTRIES.parameters(rows[id_] for id_ in sorted(rows)))


@cache
def _put(dialect: str) -> Upsert:
    insert = insert_rows(dialect, entries, _ENTRIES)
    changed = {made.name: insert.excluded[made.name] for made in entries.columns if not made.primary_key}
    return insert.on_conflict_do_update(index_elements=["connection", "object", "id"], set_=changed)


def keep_only(c: Connection, connection: str, object_: str, ids: Collection[str]) -> None:
    """After a complete reading: forget entries that are no longer in the books."""
    there = select(entries.c.id).where(entries.c.connection == connection, entries.c.object == object_)
    gone = set(c.execute(there).scalars()) - set(ids)
    for id_ in sorted(gone):
        c.execute(
            delete(entries).where(entries.c.connection == connection, entries.c.object == object_, entries.c.id == id_)
        )


def mark(c: Connection, connection: str, object_: str, made: Mark) -> None:
    """Note how fresh a list is now."""
    values = {"refreshed_at": made.refreshed_at, "high_water": made.high_water}
    c.execute(
        upsert(c.dialect.name, entry_marks)
        .values(connection=connection, object=object_, **values)
        .on_conflict_do_update(index_elements=["connection", "object"], set_=values)
    )


def marks(c: Connection, connection: str) -> Mapping[str, Mark]:
    """Object -> how fresh; a list never read is not there."""
    rows = c.execute(select(entry_marks).where(entry_marks.c.connection == connection))
    return {row.object: Mark(row.refreshed_at, row.high_water) for row in rows}


def find(c: Connection, connection: str, look_ups: Collection[LookUp]) -> dict[LookUp, tuple[Entry, ...]]:
    """What fits each look-up, by id. A list that changed since it was read answers nothing before it is read again."""
    if not look_ups:
        return {}
    asked: defaultdict[tuple[str, str, str], list[LookUp]] = defaultdict(list)
    for look_up in look_ups:
        value = look_up.value if look_up.field == "id" else folded(look_up.value)
        asked[look_up.object, look_up.field, value or ""].append(look_up)
    wanted = [dict(zip(_ASKED_COLUMNS, one, strict=True)) for one in sorted(asked)]
    found: dict[LookUp, tuple[Entry, ...]] = {}
    rows = c.execute(_find(c.dialect.name), {"of": connection, **_ASKED.parameters(wanted)})
    for row in sorted(rows, key=lambda row: row.id):
        for look_up in asked[row.object, row.field, row.value]:
            found[look_up] = (*found.get(look_up, ()), _entry(row))
    return found


@cache
def _find(dialect: str) -> Any:  # noqa: ANN401 (a SELECT: one for all questions, put together once)
    asked = _ASKED.source(dialect)
    here = entries.c.connection == bindparam("of"), entries.c.object == asked["object"]
    is_old = (
        select(entry_marks.c.object)
        .where(entry_marks.c.connection == bindparam("of"), entry_marks.c.object == asked["object"])
        .where(entry_marks.c.refreshed_at <= literal_column("0"))
        .exists()
    )
    each = (
        select(asked["field"].label("field"), asked["value"].label("value"), entries)
        .select_from(asked.of)
        .join(entries, and_(*here, entries.c[column] == asked["value"]))
        .where(asked["field"] == literal_column(f"'{field}'"), ~is_old)
        for field, column in _COLUMN.items()
    )
    return union_all(*each)


def _entry(row: Any) -> Entry:  # noqa: ANN401 (a row of any shape with these columns)
    return Entry(
        id=row.id,
        name=row.name,
        code=row.code,
        email=row.email,
        currency=row.currency,
        active=row.active,
        type=row.type,
        rate=row.rate,
        days=row.days,
    )
