"""Three canonical events of one order, to send in a rehearsal: what any upstream system could publish."""

from datetime import datetime, timedelta
from typing import Any, Final

from schemas.events import Event, NotAnEvent, event_bytes, parse_event
from schemas.exact_json import dumps

_NEW_YORK: Final = {"code": "NY", "rate": "0.08", "remitted_by": "seller"}


def sample_events(connection: str, namespace: str, order: str, at: datetime) -> dict[str, bytes]:
    """`order`, `payment` and `refund` of one order, as CloudEvents; ids are made from `order`."""
    data = {
        "order": ("order.completed", f"order:{order}", _order(order, at)),
        "payment": ("payment.received", f"payment:pay-{order}", _payment(order, at)),
        "refund": ("refund.issued", f"refund:ref-{order}", _refund(order, at + timedelta(minutes=1))),
    }
    return {
        noun: event_bytes(
            _event(
                {
                    "specversion": "1.0",
                    "id": id_,
                    "source": namespace,
                    "type": type_,
                    "connection": connection,
                    "subject": order,
                    "time": at.isoformat(),
                    "datacontenttype": "application/json",
                    "data": {noun: fact},
                }
            )
        )
        for noun, (type_, id_, fact) in data.items()
    }


def _event(told: dict[str, Any]) -> Event:
    event = parse_event(dumps(told))
    if isinstance(event, NotAnEvent):
        raise TypeError(f"a sample is no event at {event.path}: {event.reason}")
    return event


def _order(order: str, at: datetime) -> dict[str, Any]:
    shirt = {
        "id": "1",
        "sku": "SHIRT-M",
        "description": "A shirt",
        "quantity": "2",
        "unit_price": "12.34",
        "total": 2468,
        "taxes": [_NEW_YORK | {"amount": 197}],
    }
    return {
        "id": order,
        "number": order,
        "completed_at": at.isoformat(),
        "currency": "USD",
        "customer": {"id": "c-9", "name": "Ada Byron", "email": "ada@example.com"},
        "lines": [shirt],
        "shipping": {"total": 500},
        "total": 3165,
    }


def _payment(order: str, at: datetime) -> dict[str, Any]:
    return {
        "id": f"pay-{order}",
        "received_at": at.isoformat(),
        "currency": "USD",
        "amount": 3165,
        "gateway": "stripe",
        "method": "card",
        "reference": f"pay-{order}",
        "applies_to": [{"order_id": order, "amount": 3165}],
        "fee": {"currency": "USD", "amount": 122},
    }


def _refund(order: str, at: datetime) -> dict[str, Any]:
    one_shirt = {
        "order_line_id": "1",
        "sku": "SHIRT-M",
        "description": "A shirt",
        "quantity": "1",
        "total": 1234,
        "taxes": [_NEW_YORK | {"amount": 98}],
    }
    return {
        "id": f"ref-{order}",
        "issued_at": at.isoformat(),
        "currency": "USD",
        "amount": 1332,
        "reason": "returned",
        "order_id": order,
        "lines": [one_shirt],
        "shipping": {"total": 0},
        "money": [{"payment_id": f"pay-{order}", "gateway": "stripe", "method": "card", "amount": 1332}],
    }
