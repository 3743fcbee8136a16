"""Canonical events: CloudEvents 1.0 whose `data` is a fact in the past tense.

Identity within a connection is CloudEvents' own pair (`source`, `id`): `source` carries the namespace, and `id` is the
natural key of the fact, never made from the delivery. https://cloudevents.io (Attributes, 1.0.2).
"""

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AwareDatetime, ConfigDict, Discriminator, StringConstraints, TypeAdapter, ValidationError

from schemas import exact_json
from schemas.facts import Frozen, Id, Order, Payment, Refund

CONTENT_TYPE: Final = "application/cloudevents+json"


def natural_key(noun: str, identifier: str) -> str:
    """`order:1001`; a colon (so a percent sign, too) inside the id is percent-encoded, so keys never collide."""
    return f"{noun}:{identifier.replace('%', '%25').replace(':', '%3A')}"


class Envelope(Frozen):
    """CloudEvents' attributes. Extension attributes are allowed and kept out of the way."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, StringConstraints(min_length=1, max_length=800)]
    source: Id
    connection: Id
    subject: Id | None = None
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"

    @property
    def namespace(self) -> str:
        """References (`order_id`, `payment_id`) stay inside it."""
        return self.source


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


Event = OrderCompleted | PaymentReceived | RefundIssued
EventType = Literal["order.completed", "payment.received", "refund.issued"]

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
