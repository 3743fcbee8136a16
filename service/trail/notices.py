"""What was noticed of documents in the books, for people and programs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, and_, select

from service.trail.fact_tables import events, links, writes
from service.trail.noticing_tables import notices

PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """One notice. `differences`: (what, ours, the books') each. `status`: how the document is known to stand now, None
    where it stands as we wrote it; `order_id`, `event_key`: its story."""

    seq: int
    connection: str
    namespace: str
    key: str
    kind: str
    rutter_id: str | None
    what: str
    differences: tuple[tuple[str, str, str], ...]
    at: datetime
    status: str | None
    number: str | None
    order_id: str | None
    event_key: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """`before`: what the next page begins below; None on the last."""

    notices: tuple[Noticed, ...]
    before: int | None


def noticed(c: Connection, alias: str | None = None, *, before: int | None = None, limit: int = PAGE) -> Page:
    """Newest first."""
    chosen = (
        select(
            notices,
            links.c.seen_status,
            links.c.number.label("our_number"),
            events.c.order_id,
            events.c.key.label("event_key"),
        )
        .select_from(
            notices.outerjoin(links, _same(links))
            .outerjoin(writes, _same(writes))
            .outerjoin(events, events.c.seq == writes.c.event_seq)
        )
        .order_by(notices.c.seq.desc())
        .limit(limit + 1)
    )
    if alias is not None:
        chosen = chosen.where(notices.c.connection == alias)
    if before is not None:
        chosen = chosen.where(notices.c.seq < before)
    rows = c.execute(chosen).all()
    shown = tuple(_noticed(row) for row in rows[:limit])
    return Page(shown, shown[-1].seq if len(rows) > limit else None)


def _same(table: Any) -> Any:  # noqa: ANN401 (a table with a natural key; a condition)
    return and_(
        table.c.connection == notices.c.connection,
        table.c.namespace == notices.c.namespace,
        table.c.key == notices.c.key,
    )


def _noticed(row: Any) -> Noticed:  # noqa: ANN401 (a row of the statement above)
    return Noticed(
        seq=row.seq,
        connection=row.connection,
        namespace=row.namespace,
        key=row.key,
        kind=row.kind,
        rutter_id=row.rutter_id,
        what=row.what,
        differences=tuple((str(field), str(ours), str(books)) for field, ours, books in orjson.loads(row.differences)),
        at=row.at,
        status=row.seen_status,
        number=row.our_number,
        order_id=row.order_id,
        event_key=row.event_key,
    )
