"""The documents that we intended, newest first: what is in the books, and what is on its way there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from service.trail.fact_tables import events, links, writes

PAGE: Final = 50
SEARCHED: Final = 100_000
"""A text is looked for inside this many of the newest documents; a story finds any by its exact id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSeen:
    """One intended document. `total_minor` is ours; `books_minor` what the books answered, once they did."""

    seq: int
    connection: str
    namespace: str
    key: str
    kind: str
    state: str
    total_minor: int | None
    currency: str | None
    books_minor: int | None
    different: bool
    number: str | None
    rutter_id: str | None
    order_id: str | None
    event_key: str
    at: datetime
    seen: str | None = None
    """How it stands since somebody changed it in the books: open, paid, void, deleted, changed."""
    seen_minor: int | None = None
    seen_open_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsPage:
    """`before`: what to ask for the next page, None at the end."""

    documents: tuple[DocumentSeen, ...]
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsAsk:
    """What narrows the list down; None does not. `text`: part of a natural key or document number, or Rutter's id."""

    kind: str | None = None
    connection: str | None = None
    state: str | None = None
    text: str | None = None


def documents(
    c: Connection, ask: DocumentsAsk | None = None, *, before: int | None = None, limit: int = PAGE
) -> DocumentsPage:
    """One page, newest first; `before` is what the page before it said."""
    ask = ask or DocumentsAsk()
    chosen = _joined().order_by(writes.c.seq.desc()).limit(limit + 1)
    for column, wanted in (
        (writes.c.kind, ask.kind),
        (writes.c.connection, ask.connection),
        (writes.c.state, ask.state),
    ):
        if wanted is not None:
            chosen = chosen.where(column == wanted)
    if before is not None:
        chosen = chosen.where(writes.c.seq < before)
    if ask.text:
        newest = c.execute(select(func.max(writes.c.seq))).scalar() or 0
        chosen = chosen.where(writes.c.seq > newest - SEARCHED, _contains(ask.text))
    rows = c.execute(chosen).all()
    shown = tuple(_seen(row) for row in rows[:limit])
    return DocumentsPage(documents=shown, before=shown[-1].seq if len(rows) > limit else None)


def _joined() -> Select[Any]:
    columns = ("seq", "connection", "namespace", "key", "kind", "state", "total_minor", "currency", "look", "rutter_id")
    return (
        select(
            *(writes.c[name] for name in columns),
            func.coalesce(writes.c.proven_at, writes.c.intended_at, type_=writes.c.intended_at.type).label("at"),
            links.c.total_minor.label("books_minor"),
            links.c.number,
            links.c.seen_status,
            links.c.seen_total_minor,
            links.c.seen_open_minor,
            func.coalesce(links.c.rutter_id, writes.c.rutter_id).label("there_as"),
            events.c.order_id,
            events.c.key.label("event_key"),
        )
        .join(events, events.c.seq == writes.c.event_seq)
        .outerjoin(
            links,
            and_(
                links.c.connection == writes.c.connection,
                links.c.namespace == writes.c.namespace,
                links.c.key == writes.c.key,
            ),
        )
    )


def _contains(text: str) -> ColumnElement[bool]:
    wanted = text.strip().lower()
    return or_(
        func.lower(writes.c.key).contains(wanted, autoescape=True),
        func.lower(writes.c.look).contains(wanted, autoescape=True),
        writes.c.rutter_id == text.strip(),
    )


def _seen(row: Any) -> DocumentSeen:  # noqa: ANN401 (a row of `_joined`)
    look: dict[str, Any] = orjson.loads(row.look)
    return DocumentSeen(
        seq=row.seq,
        connection=row.connection,
        namespace=row.namespace,
        key=row.key,
        kind=row.kind,
        state=row.state,
        total_minor=row.total_minor,
        currency=row.currency,
        books_minor=row.books_minor,
        different=row.state == "different",
        number=row.number or look.get("document_number"),
        rutter_id=row.there_as,
        order_id=row.order_id,
        event_key=row.event_key,
        at=row.at,
        seen=row.seen_status,
        seen_minor=row.seen_total_minor,
        seen_open_minor=row.seen_open_minor,
    )
