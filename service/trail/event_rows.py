"""Events as rows: which columns are read out of a fact so that the database can find it."""

from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, assert_never

from schemas.events import (
    Event,
    NotAnEvent,
    OrderCompleted,
    PaymentReceived,
    RefundIssued,
    event_bytes,
    natural_key,
    parse_own_event,
)
from schemas.sources import Noun


def identity(event: Event) -> tuple[str, str, str]:
    """(connection, namespace, natural key): one fact."""
    return event.connection, event.namespace, event.key


def noun(event: Event) -> Noun:
    """What a source must be declared to tell, to be this event's authority."""
    match event:
        case OrderCompleted():
            return "orders"
        case PaymentReceived():
            return "payments"
        case RefundIssued():
            return "refunds"
        case _:
            assert_never(event)


def digest(body: bytes) -> bytes:
    """Of an event's bytes: two tellings with the same one are the same telling."""
    return blake2b(body, digest_size=16).digest()


def body_columns(event: Event, body: bytes) -> dict[str, Any]:
    """The columns that follow from what is told."""
    return {"body": body, "type": event.type, "occurred_at": event.time, **_found_by(event)}


def row(event: Event, *, delivery_id: str, source: str | None, received_at: datetime) -> dict[str, Any]:
    """A new row of `events`."""
    body = event_bytes(event)
    connection, namespace, key = identity(event)
    return {
        "connection": connection,
        "namespace": namespace,
        "key": key,
        "digest": digest(body),
        "version": 1,
        "delivery_id": delivery_id,
        "source": source,
        "received_at": received_at,
        "conflict": None,
        **body_columns(event, body),
    }


@lru_cache(maxsize=1024)
def event_of(body: bytes) -> Event:
    """The event that a row holds. Due work is looked at again each time a slot is free: most of it was just read.

    Raises:
        ValueError: the row holds none: written by another version, or damaged.
    """
    event = parse_own_event(body)
    if isinstance(event, NotAnEvent):
        raise ValueError(f"the trail holds no event at {event.path}: {event.reason}")  # noqa: TRY004 (a damaged row)
    return event


def _found_by(event: Event) -> dict[str, Any]:
    match event:
        case OrderCompleted():
            order = event.data.order
            return _columns(order.total, order.currency, order.id, number=order.number)
        case PaymentReceived():
            payment = event.data.payment
            orders = {applied.order_id for applied in payment.applies_to or ()}
            return _columns(payment.amount, payment.currency, next(iter(orders)) if len(orders) == 1 else None)
        case RefundIssued():
            refund = event.data.refund
            payments = [natural_key("payment", money.payment_id) for money in refund.money if money.payment_id]
            return _columns(refund.amount, refund.currency, refund.order_id, payment=payments[0] if payments else None)
        case _:
            assert_never(event)


def _columns(
    minor: int, currency: str, order_id: str | None, *, number: str | None = None, payment: str | None = None
) -> dict[str, Any]:
    return {"minor": minor, "currency": currency, "order_id": order_id, "number": number, "payment_key": payment}
