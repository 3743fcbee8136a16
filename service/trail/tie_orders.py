"""Orders that were amended or cancelled, each as a whole: what they come to now, and why the books say otherwise.

An amended order comes to what its highest revision says; a cancelled one to what was paid or credited on it, as the
rest is not owed.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from service.trail.fact_tables import applied, events, work, writes
from service.trail.tie_made import made

CORRECTIONS: Final = ("order.amended", "order.cancelled")
_STATES: Final = ("done", "skipped", "due", "held", "parked")
"""Of the facts of one order, the last of these tells where the order stands."""
_Order = tuple[str, str, str]


@dataclass(slots=True)
class CorrectedOrder:
    """One of them, in minor units. `booked`: what its documents come to; `state`: as the work of a fact, or why not."""

    connection: str
    currency: str = ""
    told: int = 0
    booked: int = 0
    left_out: int = 0
    conflicting: int = 0
    state: str = "done"
    cancelled: bool = False
    _latest: tuple[int, str] = field(default=(0, ""))

    def take(self, row: Any) -> None:  # noqa: ANN401 (a row of `_facts`)
        """One fact more."""
        self.booked += int(row.minor or 0)
        self.left_out += int(row.left_out or 0)
        self.conflicting += row.conflict is not None
        self.state = max(self.state, row.state, key=_STATES.index) if self.state in _STATES else self.state
        if row.edited or row.different:
            self.state = "edited" if row.edited else "different"
        if row.type == "order.cancelled":
            self.cancelled = True
        elif (len(row.key), row.key) > self._latest:  # of one order: the longer the key, the higher the revision
            self._latest, self.told, self.currency = (len(row.key), row.key), row.told, row.currency


def is_corrected() -> ColumnElement[bool]:
    """Whether an event of `events` is of an order that was amended or cancelled."""
    other = events.alias("correction")
    return exists().where(
        other.c.connection == events.c.connection,
        other.c.namespace == events.c.namespace,
        other.c.order_id == events.c.order_id,
        other.c.type.in_(CORRECTIONS),
    )


def corrected_orders(c: Connection, connection: str | None) -> list[CorrectedOrder]:
    """All of them, or those of one connection."""
    found: dict[_Order, CorrectedOrder] = {}
    for row in _facts(c, connection):
        key = row.connection, row.namespace, row.order_id
        found.setdefault(key, CorrectedOrder(row.connection)).take(row)
    kept = _kept(c, connection)
    for key, order in found.items():
        if order.cancelled:
            order.told = min(order.told, kept.get(key, 0))
    return [order for order in found.values() if order.currency]


def _facts(c: Connection, connection: str | None) -> Any:  # noqa: ANN401 (rows)
    of = made()
    names = ("connection", "namespace", "order_id", "key", "type", "currency", "conflict")
    chosen = (
        select(
            *(events.c[name] for name in names),
            events.c.minor.label("told"),
            work.c.state,
            of.c.minor,
            of.c.left_out,
            of.c.edited,
            of.c.different,
        )
        .join(work, work.c.event_seq == events.c.seq)
        .outerjoin(of, of.c.event_seq == events.c.seq)
        .where(events.c.type.in_(("order.completed", *CORRECTIONS)), work.c.state != "recorded", is_corrected())
    )
    return c.execute(chosen if connection is None else chosen.where(events.c.connection == connection))


def _kept(c: Connection, connection: str | None) -> Mapping[_Order, int]:
    """What payments and refunds took off the invoices of cancelled orders."""
    because = events.alias("because")
    order = events.alias("cancelled")
    chosen = (
        select(applied.c.connection, applied.c.namespace, applied.c.order_id, func.sum(applied.c.minor))
        .join(
            order,
            and_(
                order.c.connection == applied.c.connection,
                order.c.namespace == applied.c.namespace,
                order.c.order_id == applied.c.order_id,
                order.c.type == "order.cancelled",
            ),
        )
        .outerjoin(
            writes,
            and_(
                writes.c.connection == applied.c.connection,
                writes.c.namespace == applied.c.namespace,
                writes.c.key == applied.c.by_key,
            ),
        )
        .outerjoin(because, because.c.seq == writes.c.event_seq)
        .where(or_(because.c.seq.is_(None), because.c.type.in_(("payment.received", "refund.issued"))))
        .where(or_(applied.c.document.like("invoice:%"), applied.c.document.like("amendment:%")))
        .group_by(applied.c.connection, applied.c.namespace, applied.c.order_id)
    )
    if connection is not None:
        chosen = chosen.where(applied.c.connection == connection)
    kept: defaultdict[_Order, int] = defaultdict(int)
    for alias, namespace, order_id, minor in c.execute(chosen):
        kept[alias, namespace, order_id] = int(minor)
    return kept
