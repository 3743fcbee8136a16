"""What Rutter tells of the books: a changed document of ours is to be read again, a changed list makes its copy old.

Only what may concern us is kept, one row an object however often it is told, so that a busy company costs little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, or_, select, text, update

from schemas.connections import ConnectionState
from schemas.deliveries import BooksChanged, ListChanged
from schemas.documents import DocumentKind
from service.trail import connections as configured
from service.trail.bulk import upsert
from service.trail.fact_tables import links
from service.trail.noticing_tables import changes
from service.trail.tables import connections, entries, entry_marks

SETTLE: Final = timedelta(seconds=5)
"""A change is looked at so much later, with whatever else is told of the object by then."""
EVERYTHING: Final = ""
"""In place of an id: whatever changed of that kind."""
NEVER: Final = datetime.fromtimestamp(0, UTC)
"""When a list was refreshed that is not to be believed before it is read again."""
LONGEST_WAIT: Final = timedelta(hours=1)
_WRITTEN: Final = text("links.how = 'written' AND links.rutter_id IS NOT NULL")
_FOUND: Final = text("links.how = 'found'")
_KINDS: Final = {
    "invoice": DocumentKind.INVOICE,
    "invoice_payment": DocumentKind.INVOICE_PAYMENT,
    "invoice_credit_memo": DocumentKind.CREDIT_MEMO,
    "invoice_credit_application": DocumentKind.CREDIT_MEMO,
    "customer": DocumentKind.CUSTOMER,
    "customer_refund": DocumentKind.CUSTOMER_REFUND,
}
"""An application leaves nothing that could be read: its credit memos tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One object to read again. `first_at`: when it was first told; `deleted`: told to be gone."""

    connection: str
    kind: DocumentKind
    object_id: str
    first_at: datetime
    due_at: datetime
    tries: int
    deleted: bool


def books_changed(c: Connection, told: BooksChanged, now: datetime) -> None:
    """A document, or a customer, changed. Of unknown connections nothing is ours."""
    alias = configured.by_rutter_id(c, told.rutter_connection_id)
    if alias is None:
        return
    kind = _KINDS[told.object]
    of_ours = told.object_id if told.object != "invoice_credit_application" else None
    if kind is DocumentKind.CUSTOMER and not (told.what == "created" and _is_known(c, alias, told.object_id)):
        list_is_old(c, alias, kind.value)
    if of_ours is None:
        read_again(c, alias, kind, EVERYTHING, now, deleted=False)
    elif is_ours(c, alias, kind, of_ours) or (told.what == "created" and _something_is_missing(c, alias, kind)):
        read_again(c, alias, kind, of_ours, now, deleted=told.what == "deleted")


def list_changed(c: Connection, told: ListChanged) -> None:
    """The copy of that list is not believed before it is read again."""
    alias = configured.by_rutter_id(c, told.rutter_connection_id)
    if alias is not None:
        list_is_old(c, alias, told.object)


def list_is_old(c: Connection, alias: str, object_: str) -> None:
    """A list that was never read stays so."""
    ours = and_(entry_marks.c.connection == alias, entry_marks.c.object == object_)
    c.execute(update(entry_marks).where(ours).values(refreshed_at=NEVER))


def read_again(c: Connection, alias: str, kind: DocumentKind, object_id: str, now: datetime, *, deleted: bool) -> None:
    """Due soon; told again meanwhile, it is due later, but not for ever."""
    insert_ = upsert(c.dialect.name, changes).values(
        connection=alias,
        object=kind.value,
        object_id=object_id,
        due_at=now + SETTLE,
        first_at=now,
        tries=0,
        deleted=deleted,
    )
    told = {"due_at": now + SETTLE, "tries": 0, **({"deleted": True} if deleted else {})}
    c.execute(insert_.on_conflict_do_update(index_elements=["connection", "object", "object_id"], set_=told))


def is_ours(c: Connection, alias: str, kind: DocumentKind, rutter_id: str) -> bool:
    """Whether a natural key of ours is linked to it."""
    same = and_(links.c.connection == alias, links.c.kind == kind.value, links.c.rutter_id == rutter_id)
    return any(c.execute(select(links.c.key).where(how, same).limit(1)).first() for how in (_WRITTEN, _FOUND))


def due(c: Connection, now: datetime, limit: int) -> Sequence[Due]:
    """What is to be read now, of connections that can be read, the longest told first."""
    ready = and_(connections.c.alias == changes.c.connection, connections.c.state == ConnectionState.READY.value)
    rows = c.execute(
        select(changes)
        .join(connections, ready)
        .where(changes.c.due_at <= now)
        .order_by(changes.c.first_at)
        .limit(limit)
    )
    return [
        Due(
            connection=row.connection,
            kind=DocumentKind(row.object),
            object_id=row.object_id,
            first_at=row.first_at,
            due_at=row.due_at,
            tries=row.tries,
            deleted=row.deleted,
        )
        for row in rows
    ]


def settle(c: Connection, done: Sequence[Due], again: Sequence[Due], now: datetime) -> None:
    """`done` were looked at; one that was told again meanwhile stays. `again` could not be, or not be understood yet:
    once more after a growing wait."""
    for one in done:
        c.execute(delete(changes).where(_as_read(one)))
    for one in again:
        wait = min(SETTLE * 2 ** min(one.tries + 1, 12), LONGEST_WAIT)
        c.execute(update(changes).where(_as_read(one)).values(due_at=now + wait, tries=one.tries + 1))


def _as_read(one: Due) -> ColumnElement[bool]:
    return and_(
        changes.c.connection == one.connection,
        changes.c.object == one.kind.value,
        changes.c.object_id == one.object_id,
        changes.c.due_at == one.due_at,
    )


def _something_is_missing(c: Connection, alias: str, kind: DocumentKind) -> bool:
    """Whether a document of ours is gone, or told to be: then a new one may be what it became."""
    gone = and_(links.c.connection == alias, links.c.kind == kind.value, links.c.seen_status == "deleted")
    told = and_(changes.c.connection == alias, changes.c.object == kind.value, changes.c.deleted)
    return bool(c.execute(select(or_(exists().where(gone), exists().where(told)))).scalar())


def _is_known(c: Connection, alias: str, rutter_id: str | None) -> bool:
    ours = and_(entries.c.connection == alias, entries.c.object == "customer", entries.c.id == rutter_id)
    return c.execute(select(entries.c.id).where(ours)).first() is not None
