"""A trail filled through its own functions: connections, sources, deliveries, work, writes and what the books said."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection as DatabaseConnection

from consumers.intake import Accepted, DeliveryStatus, Verdict
from consumers.ports import DueEvent, Lease
from schemas.connections import Connection, ConnectionState
from schemas.documents import Applies, DocumentKind, Look, Write
from schemas.events import Event, NotAnEvent, parse_event
from schemas.exact_json import dumps
from schemas.mapping import Mapping
from schemas.money import Money
from schemas.outcomes import Outcome, Written
from schemas.plans import Cause, Park
from schemas.sources import Source
from schemas.writes import StoredWrite, WriteState
from service.sealing import KeyRing, seal_delivery
from service.trail import connections, due, evidence, holding, intending, leases, recording, sources
from service.trail.database import Trail

T = TypeVar("T")
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
TOKEN = "admin-token-of-the-tests"
XSS = "<script>alert('ada')</script>"
PLANTED = "planted-secret-8c1f"
UNMAPPED = Park(
    cause=Cause.UNMAPPED_ITEM,
    subject="item SHIRT-M",
    detail=f"order 1002 sells SHIRT-M, which no item in the books is mapped to {XSS}",
    cure='map it: [connections.items.by_sku] "SHIRT-M" = "Shirts", then apply and release',
)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Stage:
    """The trail as intake and posting would fill it."""

    trail: Trail
    keys: KeyRing
    clock: HandClock
    deliveries: int = field(default=0)

    def run(self, f: Callable[[DatabaseConnection], T]) -> T:
        return self.trail.submit(f).result(10)

    def read(self, f: Callable[[DatabaseConnection], T]) -> T:
        return self.trail.submit_read(f).result(10)

    def pass_(self, **parts: float) -> None:
        self.clock.at += timedelta(**parts)

    def connection(self, alias: str, **also: Any) -> None:
        given: dict[str, Any] = {
            "alias": alias,
            "rutter_id": f"rutter-{alias}",
            "platform": "QUICKBOOKS",
            "time_zone": "America/New_York",
            "home_currency": "USD",
            "mapping": Mapping(),
            "state": ConnectionState.READY,
            "access_token": f"{PLANTED}-token-of-{alias}",
        }
        self.run(lambda c: connections.declare(c, self.keys, Connection(**given | also), self.clock.at))

    def source(self, name: str, kind: Any, connection: str, **also: Any) -> None:
        given: dict[str, Any] = {"namespace": "store", "secrets": (f"{PLANTED}-secret-of-{name}",)}
        wanted = Source(name=name, kind=kind, connection=connection, **given | also)
        self.run(lambda c: sources.declare(c, self.keys, wanted, self.clock.at))

    def deliver(self, *events: Event, source: str | None = "shop", **also: Any) -> tuple[Verdict, ...]:
        """One authentic delivery, sealed with the key ring, with secrets in its headers and body."""
        self.deliveries += 1
        self.pass_(milliseconds=40)
        id_ = f"d-{self.deliveries:04}"
        body = dumps({"topic": "orders/paid", "access_token": f"{PLANTED}-body", "events": len(events)})
        headers = {"authorization": f"Bearer {PLANTED}-header", "x-topic": "orders/paid"}
        given: dict[str, Any] = {
            "status": DeliveryStatus.TOLD if events else DeliveryStatus.IGNORED,
            "connection": events[0].connection if events else "acme",
            "sealed": seal_delivery(self.keys, id_, headers, body),
        }
        accepted = Accepted(id=id_, source=source, received_at=self.clock.at, events=events, **given | also)
        return self.run(lambda c: recording.record(c, [accepted], (), self.clock.at))[0]

    def work(self, alias: str, key: str) -> "EventInHand":
        """Take a due event in hand, under a lease."""
        self.pass_(milliseconds=15)
        lease = self.run(lambda c: leases.take(c, alias, "worker-1", 30, self.clock.at))
        assert lease is not None
        found = self.read(lambda c: due.due(c, alias, 1000, self.clock.at))
        [one] = [one for one in found if one.event.key == key]
        return EventInHand(self, lease, one)


def paying(id_: str, minor: int, orders: dict[str, int]) -> Write:
    """An invoice payment over several orders."""
    planned = document(DocumentKind.INVOICE_PAYMENT, f"payment:{id_}", minor)
    return replace(planned, applies=tuple(Applies(order, f"invoice:{order}", minor) for order, minor in orders.items()))


@dataclass
class EventInHand:
    """One event, as the posting loop holds it."""

    stage: Stage
    lease: Lease
    due: DueEvent

    def send(self, write: Write) -> StoredWrite:
        """Intend the write and note that it leaves."""
        at = self.stage.clock.at
        stored = self.stage.run(
            lambda c: intending.intend(
                c, self.lease, self.due, write, b'{"sent":"as it is"}', answer_by=at + timedelta(seconds=45), now=at
            )
        )
        assert isinstance(stored, StoredWrite), stored
        return stored

    def answered(self, write: StoredWrite, outcome: Outcome, state: WriteState) -> StoredWrite:
        self.stage.pass_(milliseconds=230)
        at = self.stage.clock.at
        next_at = at + timedelta(seconds=30) if state in (WriteState.SENT, WriteState.IN_DOUBT) else None
        return self.stage.run(lambda c: evidence.record(c, write, outcome, state=state, next_at=next_at, now=at))

    def post(self, *writes: Write) -> None:
        """Each is sent and written as planned; then the event is done."""
        for number, write in enumerate(writes):
            stored = self.send(write)
            answer = Written(rutter_id=f"R-{stored.seq}-{number}", total=write.total, job_id=f"job-{stored.seq}")
            self.answered(stored, answer, WriteState.WRITTEN)
        self.stage.run(lambda c: holding.done(c, self.lease, self.due, self.stage.clock.at))

    def park(self, why: Park) -> None:
        self.stage.run(lambda c: holding.park(c, self.lease, self.due, why, None, now=self.stage.clock.at))

    def hold(self, awaits: str, reason: str) -> None:
        now = self.stage.clock.at
        deadline = now + timedelta(hours=72)
        self.stage.run(
            lambda c: holding.hold(
                c, self.lease, self.due, awaits=awaits, seen=0, reason=reason, deadline=deadline, now=now
            )
        )

    def later(self, reason: str) -> None:
        at = self.stage.clock.at
        self.stage.run(lambda c: holding.later(c, self.lease, self.due, at + timedelta(seconds=30), reason, now=at))


def document(
    kind: DocumentKind, key: str, minor: int | None, currency: str = "USD", number: str | None = None
) -> Write:
    """A planned write."""
    total = None if minor is None else Money(minor, currency)
    why = ("item SHIRT-M: code equals the sku",) if kind is DocumentKind.INVOICE else ()
    return Write(key=key, kind=kind, body={}, total=total, look=Look(document_number=number, total=total), why=why)


def invoice(order: str, minor: int, currency: str = "USD") -> Write:
    return document(DocumentKind.INVOICE, f"invoice:{order}", minor, currency, f"LH-{order}")


def order(id_: str, total: int, currency: str = "USD", customer: str = "Ada Byron", **also: Any) -> Event:
    """An order of one line."""
    line = {"id": "1", "sku": "SHIRT-M", "description": "A shirt", "quantity": "1", "unit_price": None, "total": total}
    data = {
        "id": id_,
        "number": f"#{id_}",
        "completed_at": "2026-11-02T12:00:00Z",
        "currency": currency,
        "customer": {"id": "c-9", "name": customer, "email": None},
        "lines": [line],
        "shipping": {"total": 0},
        "total": total,
    }
    return _event("order.completed", "order", id_, data, **also)


def payment(
    id_: str, minor: int, order_id: str, currency: str = "USD", *, applies_to: list[Any] | None = None, **also: Any
) -> Event:
    data = {
        "id": id_,
        "received_at": "2026-11-02T12:00:03Z",
        "currency": currency,
        "amount": minor,
        "gateway": "stripe",
        "method": None,
        "reference": None,
        "applies_to": applies_to or [{"order_id": order_id, "amount": minor}],
    }
    return _event("payment.received", "payment", id_, data, **also)


def refund(id_: str, minor: int, order_id: str, payment_id: str, **also: Any) -> Event:
    data = {
        "id": id_,
        "issued_at": "2026-11-03T09:00:00Z",
        "currency": "USD",
        "amount": minor,
        "reason": None,
        "order_id": order_id,
        "lines": None,
        "shipping": {"total": 0},
        "money": [{"payment_id": payment_id, "gateway": None, "method": None, "amount": minor}],
    }
    return _event("refund.issued", "refund", id_, data, **also)


def _event(
    type_: str, noun: str, id_: str, data: dict[str, Any], *, connection: str = "acme", namespace: str = "store"
) -> Event:
    told = {
        "specversion": "1.0",
        "id": f"{noun}:{id_}",
        "source": namespace,
        "type": type_,
        "connection": connection,
        "time": "2026-11-02T12:00:00Z",
        "datacontenttype": "application/json",
        "data": {noun: data},
    }
    event = parse_event(dumps(told))
    assert not isinstance(event, NotAnEvent), event
    return event
