"""Deliveries and events as intake would hand them in, and writes as planning would."""

from datetime import datetime
from typing import Any

from consumers.intake import Accepted, DeliveryStatus
from schemas.documents import DocumentKind, Look, Write
from schemas.events import Event, NotAnEvent, parse_event
from schemas.exact_json import dumps
from schemas.money import Money

NAMESPACE = "store"


def order(id_: str = "1001", total: int = 2500, **also: Any) -> Event:
    """An order of one line, told at noon."""
    line = {
        "id": "1",
        "sku": None,
        "description": "A shirt",
        "quantity": None,
        "unit_price": None,
        "total": total,
    }
    data = {
        "id": id_,
        "number": f"#{id_}",
        "completed_at": "2026-11-02T12:00:00Z",
        "currency": "USD",
        "customer": {"id": "c-9", "name": "Ada Byron", "email": None},
        "lines": [line],
        "shipping": {"total": 0},
        "total": total,
    }
    return _event("order.completed", "order", f"order:{id_}", data | also)


def payment(id_: str = "p1", amount: int = 2500, order_id: str | None = "1001", **also: Any) -> Event:
    """A payment of one order, or of one not told."""
    data = {
        "id": id_,
        "received_at": "2026-11-02T12:00:03Z",
        "currency": "USD",
        "amount": amount,
        "gateway": "stripe",
        "method": None,
        "reference": None,
        "applies_to": None if order_id is None else [{"order_id": order_id, "amount": amount}],
    }
    return _event("payment.received", "payment", f"payment:{id_}", data | also)


def refund(id_: str, order_id: str | None, payment_id: str | None, amount: int = 500) -> Event:
    """A refund of money."""
    data = {
        "id": id_,
        "issued_at": "2026-11-03T09:00:00Z",
        "currency": "USD",
        "amount": amount,
        "reason": None,
        "order_id": order_id,
        "lines": None,
        "shipping": {"total": 0},
        "money": [{"payment_id": payment_id, "gateway": None, "method": None, "amount": amount}],
    }
    return _event("refund.issued", "refund", f"refund:{id_}", data)


def amended(order_id: str, revision: int, total: int) -> Event:
    """An order that comes to another total."""
    whole = order(order_id, total).model_dump(mode="json")["data"]["order"]
    data = {"order": whole, "revision": revision, "amended_at": "2026-11-04T09:00:00Z"}
    return _event("order.amended", "amendment", f"amendment:{order_id}:{revision}", data)


def cancelled(order_id: str) -> Event:
    """An order that is off."""
    data = {"order_id": order_id, "cancelled_at": "2026-11-05T09:00:00Z"}
    return _event("order.cancelled", "cancellation", f"cancellation:{order_id}", data)


def payment_reversed(id_: str, payment_id: str, amount: int = 2500) -> Event:
    """A chargeback."""
    data = {"id": id_, "payment_id": payment_id, "kind": "chargeback", "amount": amount, "currency": "USD"}
    also = {"reversed_at": "2026-11-06T09:00:00Z"}
    return _event("payment.reversed", "reversal", f"payment_reversal:{id_}", data | also)


def refund_reversed(id_: str, refund_id: str, amount: int = 500) -> Event:
    """A refund that failed after all."""
    data = {"id": id_, "refund_id": refund_id, "amount": amount, "currency": "USD"}
    also = {"reversed_at": "2026-11-06T09:00:00Z"}
    return _event("refund.reversed", "reversal", f"refund_reversal:{id_}", data | also)


def delivery(id_: str, *events: Event, at: datetime, source: str | None = "shop", **also: Any) -> Accepted:
    """An authentic delivery."""
    status = DeliveryStatus.TOLD if events else DeliveryStatus.IGNORED
    given = {"status": status, "sealed": b"sealed " + id_.encode()} | also
    return Accepted(id=id_, source=source, connection="acme", received_at=at, events=events, **given)


def invoice(order_id: str = "1001", total: int = 2500, *, taxed: bool = False) -> Write:
    """A planned invoice."""
    return Write(
        key=f"invoice:{order_id}",
        kind=DocumentKind.INVOICE,
        body={},
        total=Money(total, "USD"),
        look=Look(document_number=order_id, total=Money(total, "USD")),
        taxed=taxed,
        why=("the fallback item",),
    )


def _event(type_: str, noun: str, id_: str, data: dict[str, Any]) -> Event:
    told = {
        "specversion": "1.0",
        "id": id_,
        "source": NAMESPACE,
        "type": type_,
        "connection": "acme",
        "time": "2026-11-02T12:00:00Z",
        "datacontenttype": "application/json",
        "data": {noun: data},
    }
    event = parse_event(dumps(told))
    assert not isinstance(event, NotAnEvent), event
    return event
