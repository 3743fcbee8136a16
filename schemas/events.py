"""Canonical events: CloudEvents 1.0 whose `data` is a fact in the past tense.

Identity within a connection is CloudEvents' own pair (`source`, `id`): `source` carries the namespace, and `id` is the
natural key of the fact, never made from the delivery. https://cloudevents.io (Attributes, 1.0.2).
"""

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Discriminator, TypeAdapter, ValidationError

from schemas import exact_json
from schemas.addition_events import AccountRequested, Addition, AttachmentAdded, ItemRequested
from schemas.correction_events import Correction, OrderAmended, OrderCancelled, PaymentReversed, RefundReversed
from schemas.envelope import Envelope, natural_key
from schemas.facts import Frozen, Order, Payment, Refund

__all__ = [
    "CONTENT_TYPE",
    "AccountRequested",
    "Addition",
    "AttachmentAdded",
    "Correction",
    "Envelope",
    "Event",
    "EventType",
    "ItemRequested",
    "NotAnEvent",
    "OrderAmended",
    "OrderCancelled",
    "OrderCompleted",
    "OrderData",
    "PaymentData",
    "PaymentReceived",
    "PaymentReversed",
    "RefundData",
    "RefundIssued",
    "RefundReversed",
    "Sale",
    "event_bytes",
    "event_schema",
    "first_problem",
    "natural_key",
    "parse_event",
    "parse_own_event",
]

CONTENT_TYPE: Final = "application/cloudevents+json"


class OrderData(Frozen):
    """The body of `order.completed`."""

    order: Order


class PaymentData(Frozen):
    """The body of `payment.received`."""

    payment: Payment


class RefundData(Frozen):
    """The body of `refund.issued`."""

    refund: Refund


class OrderCompleted(Envelope):
    """An order was completed: it becomes an invoice."""

    type: Literal["order.completed"] = "order.completed"
    data: OrderData

    @property
    def key(self) -> str:
        """The natural key of the fact."""
        return natural_key("order", self.data.order.id)


class PaymentReceived(Envelope):
    """Money came in: it becomes an invoice payment."""

    type: Literal["payment.received"] = "payment.received"
    data: PaymentData

    @property
    def key(self) -> str:
        """The natural key of the fact."""
        return natural_key("payment", self.data.payment.id)


class RefundIssued(Envelope):
    """Money or credit went back: it becomes a credit memo or a customer refund."""

    type: Literal["refund.issued"] = "refund.issued"
    data: RefundData

    @property
    def key(self) -> str:
        """The natural key of the fact."""
        return natural_key("refund", self.data.refund.id)


Sale = OrderCompleted | PaymentReceived | RefundIssued
"""What a merchant's day is made of."""
Event = Sale | Correction | Addition
EventType = Literal[
    "order.completed",
    "payment.received",
    "refund.issued",
    "order.amended",
    "order.cancelled",
    "payment.reversed",
    "refund.reversed",
    "attachment.added",
    "account.requested",
    "item.requested",
]

_TYPES: Final = frozenset(get_args(EventType))
_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Annotated[Event, Discriminator("type")])


class NotAnEvent(Frozen):
    """What stands instead of an event that cannot be read: where (`$` is the whole), and why."""

    path: str
    reason: str


def parse_event(body: bytes) -> Event | NotAnEvent:
    """The bytes of one structured-mode CloudEvent as an event, or where and why it is none. Never raises."""
    value = exact_json.loads(body)
    if isinstance(value, exact_json.BadJson):
        return NotAnEvent(path="$", reason=value.reason)
    return parse_own_event(body)


def parse_own_event(body: bytes) -> Event | NotAnEvent:
    """As `parse_event`, for bytes that `event_bytes` wrote: no look for duplicate keys or deep nesting."""
    try:
        event = _EVENT.validate_json(body)
    except ValidationError as error:
        return first_problem(error)
    if event.id not in (event.key, event.key.replace("%25", "%")):
        return NotAnEvent(path="$.id", reason=f"must be the natural key of the fact, {event.key[:120]!r}")
    return event


def first_problem(error: ValidationError) -> NotAnEvent:
    """The first thing wrong, as a path and a reason; never the input itself, which may hold personal data."""
    detail = error.errors(include_url=False, include_input=False, include_context=False)[0]
    names = [part for part in detail["loc"] if not (isinstance(part, str) and part in _TYPES)]
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:60]}" for part in names)
    return NotAnEvent(path="$" + path, reason=detail["msg"].removeprefix("Value error, ")[:300])


def event_bytes(event: Event) -> bytes:
    """The event in structured mode: what travels on Kafka and rests in the trail."""
    return event.model_dump_json().encode()


def event_schema() -> dict[str, Any]:
    """JSON Schema of all canonical events, for publishers in any language."""
    return _EVENT.json_schema()
