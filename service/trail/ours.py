"""Documents of ours as we know them, by what the books call them: the one side of every comparison with the books."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, and_, func, or_, select

from consumers.noticing import Ours, What
from schemas.books import Seen
from schemas.documents import DocumentKind, Look
from service.trail import write_rows
from service.trail.fact_tables import IS_UNPROVEN, applied, events, links, writes
from service.trail.noticing_tables import notices


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A link of ours, with what the comparison asks. `look`: how it was to be recognised; None where it was found."""

    connection: str
    namespace: str
    key: str
    rutter_id: str
    currency: str | None
    look: Look | None
    ours: Ours


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was taken off an invoice, known and not; when the last of it was sent."""

    proven: int = 0
    pending: int = 0
    sent_at: datetime | None = None


def known(c: Connection, alias: str, kind: DocumentKind, rutter_ids: Collection[str]) -> Sequence[Known]:
    """Those of these ids that are ours. One customer may be linked under several keys."""
    if not rutter_ids:
        return []
    these = and_(links.c.connection == alias, links.c.kind == kind.value, links.c.rutter_id.in_(sorted(rutter_ids)))
    return _read(c, alias, kind, these)


def missing(c: Connection, alias: str, kind: DocumentKind) -> Sequence[Known]:
    """Those that were seen to be deleted."""
    gone = and_(links.c.connection == alias, links.c.kind == kind.value, links.c.seen_status == "deleted")
    return _read(c, alias, kind, gone)


def of_customer(c: Connection, alias: str, rutter_id: str, limit: int) -> Sequence[str]:
    """Rutter's ids of the latest invoices that we wrote for this customer."""
    body = writes.c.body
    rows = c.execute(
        select(links.c.rutter_id, body)
        .join(writes, _same(writes, links))
        .where(links.c.connection == alias, links.c.kind == DocumentKind.INVOICE.value, links.c.how == "written")
        .where(links.c.rutter_id.is_not(None), writes.c.look.contains(rutter_id, autoescape=True))
        .order_by(writes.c.seq.desc())
        .limit(limit)
    )
    return [row.rutter_id for row in rows if _customer(row.body) == rutter_id]


def merged(c: Connection, alias: str) -> Mapping[str, str]:
    """Customer -> the one that it was merged into, as noticed."""
    rows = c.execute(
        select(notices.c.rutter_id, notices.c.differences)
        .where(notices.c.connection == alias, notices.c.kind == DocumentKind.CUSTOMER.value)
        .where(notices.c.what == What.MERGED.value)
        .order_by(notices.c.seq)
    )
    return {row.rutter_id: str(orjson.loads(row.differences)[0][2]) for row in rows}


def _read(c: Connection, alias: str, kind: DocumentKind, which: Any) -> list[Known]:  # noqa: ANN401 (a condition)
    chosen = (
        select(links, writes.c.body, writes.c.look, writes.c.sent_at, writes.c.applies, events.c.order_id)
        .select_from(
            links.outerjoin(writes, _same(writes, links)).outerjoin(events, events.c.seq == writes.c.event_seq)
        )
        .where(which, links.c.rutter_id.is_not(None))
        .order_by(links.c.namespace, links.c.key)
    )
    rows = c.execute(chosen).all()
    if not rows:
        return []
    is_invoice = kind is DocumentKind.INVOICE
    taken = _taken(c, alias, rows) if is_invoice else {}
    voided = _voided(c, alias, {f"void:{row.key}" for row in rows}) if is_invoice else frozenset()
    invoices = _invoices(c, alias, rows) if kind is DocumentKind.INVOICE_PAYMENT else {}
    into, before = merged(c, alias), _noticed(c, alias, {row.key for row in rows})
    return [
        _known(row, kind, _Sides(
            taken=taken.get((row.namespace, row.key), _Taken()),
            settles=_settles(row, invoices),
            voided=(row.namespace, f"void:{row.key}") in voided,
            into=into,
            before=before.get((row.namespace, row.key), (0, None)),
        ))
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    taken: _Taken
    settles: Mapping[str, int]
    voided: bool
    into: Mapping[str, str]
    before: tuple[int, str | None]


def _known(row: Any, kind: DocumentKind, sides: _Sides) -> Known:  # noqa: ANN401 (a row of links and writes)
    customers = _customers(None if row.body is None else _customer(row.body), sides.into)
    touched = [at for at in (row.sent_at, sides.taken.sent_at) if at is not None]
    seen = None
    if row.seen_status is not None:
        total = write_rows.money(row.seen_total_minor, row.currency)
        seen = Seen(status=row.seen_status, at=row.seen_at, total=total, open_minor=row.seen_open_minor)
    return Known(
        connection=row.connection,
        namespace=row.namespace,
        key=row.key,
        rutter_id=row.rutter_id,
        currency=row.currency,
        look=None if row.look is None else write_rows.look_of(row.look),
        ours=Ours(
            kind=kind,
            total=write_rows.money(row.total_minor, row.currency),
            customers=customers,
            number=row.number,
            taken=sides.taken.proven,
            pending=sides.taken.pending,
            settles=sides.settles,
            voided=sides.voided,
            by_hand=sides.before[0],
            touched_at=max(touched, default=None),
            seen=seen,
            number_seen=sides.before[1],
        ),
    )


def _customers(written: str | None, into: Mapping[str, str]) -> frozenset[str]:
    """The customer that it was written for, and those that one was merged into."""
    found: set[str] = set()
    one = written
    while one is not None and one not in found:
        found.add(one)
        one = into.get(one)
    return frozenset(found)


def _taken(c: Connection, alias: str, rows: Sequence[Any]) -> dict[tuple[str, str], _Taken]:
    """By (namespace, key) of the invoice. Read by the order, which the primary key of `applied` begins with."""
    found: defaultdict[tuple[str, str], _Taken] = defaultdict(_Taken)
    namespaces = sorted({row.namespace for row in rows})
    orders = sorted({row.order_id for row in rows if row.order_id is not None})
    others = sorted({row.key for row in rows if row.order_id is None})
    named = (
        or_(applied.c.order_id.in_(orders), applied.c.document.in_(others))
        if others
        else applied.c.order_id.in_(orders)
    )
    proven = c.execute(
        select(applied.c.namespace, applied.c.document, applied.c.minor, writes.c.sent_at)
        .select_from(applied.outerjoin(writes, and_(_of(writes, applied), writes.c.key == applied.c.by_key)))
        .where(applied.c.connection == alias, applied.c.namespace.in_(namespaces), named)
    )
    for row in proven:
        was = found[row.namespace, row.document]
        sent = [at for at in (was.sent_at, row.sent_at) if at is not None]
        found[row.namespace, row.document] = _Taken(was.proven + row.minor, 0, max(sent, default=None))
    under_way = select(writes.c.namespace, writes.c.applies).where(
        IS_UNPROVEN, writes.c.connection == alias, writes.c.namespace.in_(namespaces)
    )
    for namespace, stated in c.execute(under_way):
        for _, document, minor in orjson.loads(stated):
            was = found[namespace, document]
            found[namespace, document] = _Taken(was.proven, was.pending + minor, was.sent_at)
    return found


def _invoices(c: Connection, alias: str, rows: Sequence[Any]) -> dict[tuple[str, str], str]:
    """(namespace, key) -> Rutter's id of the invoices that these payments were put on."""
    keys = {document for row in rows for _, document, _ in orjson.loads(row.applies or "[]")}
    found = c.execute(
        select(links.c.namespace, links.c.key, links.c.rutter_id)
        .where(links.c.connection == alias, links.c.namespace.in_(sorted({row.namespace for row in rows})))
        .where(links.c.key.in_(sorted(keys)), links.c.rutter_id.is_not(None))
    )
    return {(row.namespace, row.key): row.rutter_id for row in found}


def _settles(row: Any, invoices: Mapping[tuple[str, str], str]) -> dict[str, int]:  # noqa: ANN401 (as `_known`)
    """Of a payment: invoice id -> minor units."""
    found: dict[str, int] = {}
    for _, document, minor in orjson.loads(row.applies or "[]"):
        invoice = invoices.get((row.namespace, document))
        if invoice is not None:
            found[invoice] = found.get(invoice, 0) + minor
    return found


def _voided(c: Connection, alias: str, keys: Collection[str]) -> frozenset[tuple[str, str]]:
    rows = c.execute(
        select(writes.c.namespace, writes.c.key).where(writes.c.connection == alias, writes.c.key.in_(sorted(keys)))
    )
    return frozenset((row.namespace, row.key) for row in rows)


def _noticed(c: Connection, alias: str, keys: Collection[str]) -> dict[tuple[str, str], tuple[int, str | None]]:
    """By (namespace, key): what people had paid off it, and the other number, when it was last noticed."""
    rows = c.execute(
        select(notices.c.namespace, notices.c.key, notices.c.by_hand_minor, notices.c.number)
        .where(notices.c.connection == alias, notices.c.key.in_(sorted(keys)))
        .order_by(notices.c.seq)
    )
    return {(row.namespace, row.key): (row.by_hand_minor or 0, row.number) for row in rows}


def _customer(body: bytes) -> str | None:
    """Rutter's id of the customer in a body that was sent."""
    for value in orjson.loads(bytes(body)).values():
        if isinstance(value, dict) and isinstance(value.get("customer_id"), str):
            return str(value["customer_id"])
    return None


def _same(one: Any, other: Any) -> Any:  # noqa: ANN401 (two tables with natural keys; a condition)
    return and_(_of(one, other), one.c.key == other.c.key)


def _of(one: Any, other: Any) -> Any:  # noqa: ANN401 (as `_same`)
    return and_(one.c.connection == other.c.connection, one.c.namespace == other.c.namespace)


def first_linked_at(c: Connection, alias: str) -> datetime | None:
    """When the first document of the connection was known to be in the books; None while there is none."""
    return c.execute(select(func.min(links.c.at)).where(links.c.connection == alias)).scalar()
