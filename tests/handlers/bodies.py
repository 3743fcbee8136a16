"""What the tests of this room share: a source, a delivery, the fact told; senders' bodies stand in files beside it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handlers.registry import explain_translate
from schemas.deliveries import Delivery, Told, Translation
from schemas.events import Event
from schemas.facts import Order, Payment, Refund
from schemas.sources import Kind, Source

Body = dict[str, Any]

NOW = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
CREATED = 1_760_000_000
"""`NOW` in Unix seconds."""


def source(kind: Kind, **changes: Any) -> Source:
    """A source of that kind for the connection `acme`, its namespace `acme-web`."""
    told: dict[str, Any] = {"name": "acme-web", "kind": kind, "connection": "acme", "namespace": "acme-web"}
    return Source(**(told | changes))


def delivery(body: bytes, headers: Mapping[str, str] | None = None) -> Delivery:
    """A delivery of those bytes."""
    return Delivery(id="d-1", source="acme-web", received_at=NOW, headers=headers or {}, body=body)


def translated(kind: Kind, value: Any, headers: Mapping[str, str] | None = None, **changes: Any) -> Translation:
    """What a body tells when its sender is proved."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return explain_translate(delivery(body, headers), source(kind, **changes))


def events(told: Translation) -> tuple[Event, ...]:
    """The events told; fails the test when nothing is."""
    assert isinstance(told, Told), told
    return told.events


def the_order(told: Translation) -> Order:
    """The one order told."""
    (found,) = [event.data.order for event in events(told) if event.type == "order.completed"]
    return found


def the_payment(told: Translation) -> Payment:
    """The one payment told."""
    (found,) = [event.data.payment for event in events(told) if event.type == "payment.received"]
    return found


def the_refund(told: Translation) -> Refund:
    """The one refund told."""
    (found,) = [event.data.refund for event in events(told) if event.type == "refund.issued"]
    return found


def applied(payment: Payment) -> list[tuple[str, int]] | None:
    """Which orders the payment pays, with how much."""
    return None if payment.applies_to is None else [(part.order_id, part.amount) for part in payment.applies_to]


def order_sum(order: Order) -> int:
    """What the order's parts come to: it ties when this is its total."""
    lines = sum(line.total + sum(tax.amount for tax in line.taxes) for line in order.lines)
    shipping = order.shipping.total + sum(tax.amount for tax in order.shipping.taxes)
    return lines + shipping + order.tip + order.rounding - order.discount


def payment_event(**changes: Any) -> Body:
    """A canonical payment as an upstream system publishes it."""
    told: Body = {
        "specversion": "1.0",
        "id": "payment:ch_1",
        "source": "acme-web",
        "type": "payment.received",
        "connection": "acme",
        "subject": "1001",
        "time": "2025-10-09T08:53:20Z",
        "datacontenttype": "application/json",
        "data": {
            "payment": {
                "id": "ch_1",
                "received_at": "2025-10-09T08:53:20Z",
                "currency": "USD",
                "amount": 3058,
                "gateway": "stripe",
                "method": "card",
                "reference": None,
                "applies_to": [{"order_id": "1001", "amount": 3058}],
            }
        },
    }
    return told | changes
