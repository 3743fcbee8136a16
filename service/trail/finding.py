"""Finding a story by whatever somebody has in hand: an order's id or number, a natural key, a document's number, an id
of Rutter's, an idempotency key, a delivery's id."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select, text

from schemas.documents import DocumentKind
from schemas.events import natural_key
from service.trail.fact_tables import events, links, tellings, writes
from service.trail.tables import connections
from service.trail.told_in import ToldIn, joined, told_in

FOUND: Final = 50
"""Stories that are offered."""
_LATEST: Final = 10_000
"""Events among which the latest orders are looked for."""
_NOUNS: Final = ("order", "payment", "refund")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A story: of an order, or (`order_id` None) of one fact."""

    connection: str
    namespace: str
    order_id: str | None
    key: str
    type: str
    occurred_at: datetime
    number: str | None
    minor: int
    currency: str


def find(c: Connection, words: str) -> tuple[Found, ...]:
    """The stories that these words name exactly (a leading `#` aside), one line a story."""
    wanted = words.strip()
    if not wanted:
        return ()
    seqs: set[int] = set()
    told = told_in(c)
    for question in _questions(wanted, told, c.dialect.name):
        seqs |= set(c.execute(question.limit(FOUND), told.parameters).scalars())
    if not seqs:
        seqs |= set(c.execute(_numbered(wanted).limit(FOUND)).scalars())
    rows = c.execute(select(events).where(events.c.seq.in_(sorted(seqs))).order_by(events.c.seq)).all()
    stories: dict[tuple[str, str, str], Found] = {}
    for row in rows:
        one = Found(**{name: getattr(row, name) for name in Found.__slots__})
        stories.setdefault((one.connection, one.namespace, one.order_id or one.key), one)
    return tuple(stories.values())[:FOUND]


def _questions(wanted: str, told: ToldIn, dialect: str) -> list[Select[Any]]:
    """Each is served by an index: every column before the last one of an index is named by what was told, not by what
    is declared (a publisher on the topic need not have declared its namespace, nor anybody its connection)."""
    bare = wanted.removeprefix("#")
    keys = [wanted, *(natural_key(noun, bare) for noun in _NOUNS)]
    here = joined(select(events.c.seq), events, dialect)
    return [
        here.where(events.c.key.in_(keys)),
        here.where(events.c.order_id == bare),
        select(events.c.seq).where(events.c.connection.in_(told.connections), events.c.number.in_([wanted, bare])),
        select(events.c.seq).where(events.c.delivery_id == wanted),
        select(tellings.c.event_seq).where(tellings.c.delivery_id == wanted),
        joined(select(writes.c.event_seq), writes, dialect).where(writes.c.key == wanted),
        select(writes.c.event_seq).where(writes.c.idempotency_key == wanted),
        _linked().where(
            links.c.kind.in_([kind.value for kind in DocumentKind]),
            links.c.rutter_id == wanted,
            text("links.how = 'written' AND links.rutter_id IS NOT NULL"),
        ),
    ]


def _numbered(wanted: str) -> Select[Any]:
    """By the document's number: asked last, since most numbers are an order's."""
    return _linked().where(links.c.number == wanted, links.c.number.is_not(None))


def _linked() -> Select[Any]:
    """The events that made links."""
    return (
        select(writes.c.event_seq)
        .join(
            links,
            (links.c.connection == writes.c.connection)
            & (links.c.namespace == writes.c.namespace)
            & (links.c.key == writes.c.key),
        )
        .where(links.c.connection.in_(select(connections.c.alias)))
    )


def latest(c: Connection, limit: int = 20) -> tuple[Found, ...]:
    """The orders told last."""
    newest = select(func.max(events.c.seq)).scalar_subquery()
    rows = c.execute(
        select(events)
        .where(events.c.type == "order.completed", events.c.seq > newest - _LATEST)
        .order_by(events.c.seq.desc())
        .limit(limit)
    )
    return tuple(Found(**{name: getattr(row, name) for name in Found.__slots__}) for row in rows)
