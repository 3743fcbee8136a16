"""The snapshot that a plan is decided from: links, facts, what was told about them since, amounts and entries."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from schemas.books import Applied, Books, Link, References, Seen
from schemas.connections import Connection as MerchantConnection
from schemas.events import Event
from service.trail import closing, entries, event_rows, files
from service.trail.fact_tables import IS_UNPROVEN, applied, events, links, work, writes
from service.trail.write_rows import money

_REVERSALS: Final = ("payment.reversed", "refund.reversed")


def read(c: Connection, connection: MerchantConnection, namespace: str, references: References) -> Books:
    """Everything referred to, as it stands in this transaction."""
    alias = connection.alias
    closed = closing.stands(c, connection)
    facts = _facts(c, alias, namespace, references.facts)
    return Books(
        connection=connection,
        links=_links(c, alias, namespace, references.links),
        facts={row.key: event_rows.event_of(bytes(row.body)) for row in facts},
        conflicted=frozenset(row.key for row in facts if row.conflict is not None),
        applied=_applied(c, alias, namespace, references.orders),
        refunds=_refunds(c, alias, namespace, references.orders),
        amendments=_amendments(c, alias, namespace, references.orders),
        reversals=_reversals(c, alias, namespace, references.corrected),
        closed_through=closed.through,
        closed_moves=closed.moves,
        found=entries.find(c, alias, references.look_ups),
        files=files.kept(c, alias, namespace, references.files),
    )


def _links(c: Connection, alias: str, namespace: str, keys: Collection[str]) -> dict[str, Link]:
    if not keys:
        return {}
    rows = c.execute(
        select(links).where(links.c.connection == alias, links.c.namespace == namespace, links.c.key.in_(sorted(keys)))
    )
    return {
        row.key: Link(
            key=row.key,
            rutter_id=row.rutter_id,
            kind=row.kind,
            total=money(row.total_minor, row.currency),
            different=row.different,
            number=row.number,
            seen=_seen(row),
        )
        for row in rows
    }


def _seen(row: Row[*tuple[Any, ...]]) -> Seen | None:
    """Its amounts are in the currency that the document was written in."""
    if row.seen_status is None:
        return None
    return Seen(
        status=row.seen_status,
        at=row.seen_at,
        total=money(row.seen_total_minor, row.currency),
        open_minor=row.seen_open_minor,
    )


def _facts(c: Connection, alias: str, namespace: str, keys: Collection[str]) -> list[Row[*tuple[Any, ...]]]:
    """Events that their authority told; what is only kept counts for nothing."""
    if not keys:
        return []
    return list(
        c.execute(
            select(events.c.key, events.c.body, events.c.conflict)
            .join(work, work.c.event_seq == events.c.seq)
            .where(events.c.connection == alias, events.c.namespace == namespace, events.c.key.in_(sorted(keys)))
            .where(work.c.state != "recorded")
        )
    )


def _applied(c: Connection, alias: str, namespace: str, orders: Collection[str]) -> dict[str, tuple[Applied, ...]]:
    if not orders:
        return {}
    found: defaultdict[str, list[Applied]] = defaultdict(list)
    rows = c.execute(
        select(applied.c.order_id, applied.c.by_key, applied.c.minor, applied.c.document)
        .where(applied.c.connection == alias, applied.c.namespace == namespace)
        .where(applied.c.order_id.in_(sorted(orders)))
        .order_by(applied.c.by_key, applied.c.document)
    )
    for order_id, by_key, minor, document in rows:
        found[order_id].append(Applied(by=by_key, minor=minor, document=document))
    for order_id, amount in _spoken_for(c, alias, namespace, orders):
        found[order_id].append(amount)
    return {order_id: tuple(amounts) for order_id, amounts in found.items()}


def _spoken_for(c: Connection, alias: str, namespace: str, orders: Collection[str]) -> list[tuple[str, Applied]]:
    """What stored writes take off these orders' open balances that are neither proven nor refused."""
    names_one = or_(*(writes.c.applies.contains(orjson.dumps(order).decode(), autoescape=True) for order in orders))
    rows = c.execute(
        select(writes.c.key, writes.c.applies)
        .where(IS_UNPROVEN, writes.c.connection == alias, writes.c.namespace == namespace, names_one)
        .order_by(writes.c.seq)
    )
    return [
        (order, Applied(by=row.key, minor=minor, document=document, proven=False))
        for row in rows
        for order, document, minor in orjson.loads(row.applies)
        if order in orders
    ]


def _refunds(c: Connection, alias: str, namespace: str, orders: Collection[str]) -> dict[str, tuple[Event, ...]]:
    """Refunds that name the order, or name none but a payment that pays only this order."""
    if not orders:
        return {}
    paid = events.alias("paid")
    order = paid.c.order_id
    wanted = sorted(orders)
    told = (
        select(events.c.seq, events.c.order_id, events.c.body)
        .join(work, work.c.event_seq == events.c.seq)
        .where(events.c.connection == alias, events.c.namespace == namespace, events.c.order_id.in_(wanted))
        .where(events.c.type == "refund.issued", work.c.state != "recorded")
    )
    through = (
        select(events.c.seq, order, events.c.body)
        .select_from(paid)
        .join(
            events,
            and_(
                events.c.connection == paid.c.connection,
                events.c.namespace == paid.c.namespace,
                events.c.payment_key == paid.c.key,
            ),
        )
        .join(work, work.c.event_seq == events.c.seq)
        .where(paid.c.connection == alias, paid.c.namespace == namespace, order.in_(wanted))
        .where(paid.c.type == "payment.received", events.c.type == "refund.issued")
        .where(events.c.order_id.is_(None), work.c.state != "recorded")
    )
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for _, order_id, body in c.execute(told.union_all(through).order_by("seq")):
        found[order_id].append(event_rows.event_of(bytes(body)))
    return {order_id: tuple(refunds) for order_id, refunds in found.items()}


def _amendments(c: Connection, alias: str, namespace: str, orders: Collection[str]) -> dict[str, tuple[Event, ...]]:
    """By order, in the order they were told."""
    if not orders:
        return {}
    told = _told(events.c.order_id, alias, namespace)
    return _by_name(c, told.where(events.c.order_id.in_(sorted(orders)), events.c.type == "order.amended"))


def _reversals(c: Connection, alias: str, namespace: str, keys: Collection[str]) -> dict[str, tuple[Event, ...]]:
    """By the natural key of what they take back."""
    if not keys:
        return {}
    told = _told(events.c.payment_key, alias, namespace)
    return _by_name(c, told.where(events.c.payment_key.in_(sorted(keys)), events.c.type.in_(_REVERSALS)))


def _told(name: ColumnElement[str | None], alias: str, namespace: str) -> Select[str | None, bytes]:
    """Events that their authority told, in the order they were told."""
    return (
        select(name, events.c.body)
        .join(work, work.c.event_seq == events.c.seq)
        .where(events.c.connection == alias, events.c.namespace == namespace, work.c.state != "recorded")
        .order_by(events.c.seq)
    )


def _by_name(c: Connection, told: Select[str | None, bytes]) -> dict[str, tuple[Event, ...]]:
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for name, body in c.execute(told):
        found[str(name)].append(event_rows.event_of(bytes(body)))
    return {name: tuple(told_of) for name, told_of in found.items()}
