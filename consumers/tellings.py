"""Several tellings of one fact, made one.

Two tellings agree when currency, amounts and references that both state agree; null against stated never disagrees.
Where they agree, the result does not depend on the order they came in: every field is joined by a rule that is
commutative, associative and idempotent. What only makes sense together (an order's lines with its shipping, tip and
discounts) is taken together from the fuller telling, so that what tied still ties.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from consumers.about import About, about
from consumers.differences import Difference, order_difference, payment_difference, refund_difference
from schemas.events import (
    AccountRequested,
    Event,
    ItemRequested,
    OrderCompleted,
    OrderData,
    PaymentReceived,
    RefundIssued,
)
from schemas.facts import Customer, Frozen, Order, OrderLine, Payment, Refund, RefundLine, Shipping

F = TypeVar("F", bound=Frozen)


@dataclass(frozen=True, slots=True)
class Same:
    """Tells nothing that was not told."""


@dataclass(frozen=True, slots=True)
class Fuller:
    """Agrees and tells more: `event` is all that both tell."""

    event: Event


@dataclass(frozen=True, slots=True)
class Conflicting:
    """They do not agree; `detail` says in what, as people read it."""

    detail: str


def merge(stored: Event, told: Event) -> Same | Fuller | Conflicting:
    """What a further telling of the same fact (same connection, source and id) adds to what is stored."""
    if stored == told:
        return Same()
    joined = _join(stored, told)
    if isinstance(joined, str):
        return Conflicting(joined)
    return Same() if joined == stored else Fuller(joined)


def once_intended(stored: Event, fuller: Event) -> Event:
    """What a later telling may still add once a write of the event is intended: not whom it is invoiced to.

    Who the customer is stays as it was told until then, told or not: the invoice is theirs, and what is paid or given
    back on it is looked up under the same natural key.
    """
    if not isinstance(stored, OrderCompleted) or not isinstance(fuller, OrderCompleted):
        return fuller
    was, order = stored.data.order.customer, fuller.data.order
    if was.id is not None:
        return fuller
    customer = order.customer.model_copy(update={"id": None, "email": was.email})
    return fuller.model_copy(update={"data": OrderData(order=order.model_copy(update={"customer": customer}))})


def _join(one: Event, other: Event) -> Event | Difference:
    difference: Difference | None
    data: dict[str, Frozen]
    match one, other:
        case OrderCompleted(), OrderCompleted():
            difference = order_difference(one.data.order, other.data.order)
            data = {"order": _order(one.data.order, other.data.order)}
        case PaymentReceived(), PaymentReceived():
            difference = payment_difference(one.data.payment, other.data.payment)
            data = {"payment": _payment(one.data.payment, other.data.payment)}
        case RefundIssued(), RefundIssued():
            difference = refund_difference(one.data.refund, other.data.refund)
            data = {"refund": _refund(one.data.refund, other.data.refund)}
        case _ if one.type == other.type:
            return _fuller_correction(one, other)
        case _:
            return f"it is told as {one.type} and as {other.type}"
    if difference is not None:
        return difference
    return one.model_copy(
        update={
            "subject": _text(one.subject, other.subject),
            "time": _earlier(one.time, other.time),
            "data": one.data.model_copy(update=data),
        }
    )


def _fuller_correction(one: Event, other: Event) -> Event | Difference:
    """A correction or an addition is small: the whole of the fuller telling, where both are about the same; of what is
    asked for, the last."""
    if isinstance(one, AccountRequested | ItemRequested):
        return max(one, other, key=lambda event: (event.time, event.model_dump_json()))
    this, that = about(one), about(other)
    if (this.minor, this.currency, this.orders, this.facts) != (that.minor, that.currency, that.orders, that.facts):
        return f"it is told of {_spoken(this)} and of {_spoken(that)}"
    return max(one, other, key=lambda event: (_fullness(event.data), event.model_dump_json()))


def _spoken(what: About) -> str:
    named = ", ".join((*what.orders, *what.facts))
    return f"{what.minor} minor units {what.currency} of {named}" if what.minor else named


def _order(one: Order, other: Order) -> Order:
    base = max(one, other, key=_order_fullness)
    return base.model_copy(
        update={
            "number": max(one.number, other.number, key=lambda number: (number != one.id, len(number), number)),
            "completed_at": _earlier(one.completed_at, other.completed_at),
            "due_at": _either(_earlier, one.due_at, other.due_at),
            "customer": _customer(one.customer, other.customer),
            "shipping_address": _whole(one.shipping_address, other.shipping_address),
            "memo": _text(one.memo, other.memo),
            "tags": _tags(one.tags, other.tags),
            "attachments": max(one.attachments, other.attachments, key=_list_fullness),
        }
    )


def _payment(one: Payment, other: Payment) -> Payment:
    return one.model_copy(
        update={
            "received_at": _earlier(one.received_at, other.received_at),
            "gateway": _text(one.gateway, other.gateway),
            "method": _text(one.method, other.method),
            "reference": _text(one.reference, other.reference),
            "customer": _either(_customer, one.customer, other.customer),
            "applies_to": _either(lambda a, b: max(a, b, key=_list_fullness), one.applies_to, other.applies_to),
            "fee": _whole(one.fee, other.fee),
            "settlement": _whole(one.settlement, other.settlement),
        }
    )


def _refund(one: Refund, other: Refund) -> Refund:
    base = max(one, other, key=_refund_fullness)
    return base.model_copy(
        update={
            "issued_at": _earlier(one.issued_at, other.issued_at),
            "reason": _text(one.reason, other.reason),
            "order_id": _text(one.order_id, other.order_id),
            "customer": _either(_customer, one.customer, other.customer),
            "money": max(
                one.money,
                other.money,
                key=lambda money: (sum(m.payment_id is not None for m in money), _list_fullness(money)),
            ),
        }
    )


def _customer(one: Customer, other: Customer) -> Customer:
    return Customer(
        id=_text(one.id, other.id),
        name=_text(one.name, other.name),
        email=_text(one.email, other.email),
        phone=_text(one.phone, other.phone),
        billing_address=_whole(one.billing_address, other.billing_address),
    )


def _tags(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    return {name: str(_text(one.get(name), other.get(name))) for name in sorted({*one, *other})}


def _either(join: Callable[[Any, Any], Any], one: Any, other: Any) -> Any:  # noqa: ANN401 - of whatever type the join takes
    """Both joined; or the one that is told."""
    return join(one, other) if one is not None and other is not None else other if one is None else one


def _text(one: str | None, other: str | None) -> str | None:
    """The longer, then the later in the alphabet: which one does not matter, that all agree on it does."""
    return max((text for text in (one, other) if text is not None), key=lambda text: (len(text), text), default=None)


def _earlier(one: datetime, other: datetime) -> datetime:
    return min(one, other, key=lambda time: (time, time.isoformat()))


def _whole(one: F | None, other: F | None) -> F | None:
    """The fuller of two values, undivided."""
    return max((value for value in (one, other) if value is not None), key=_fullness, default=None)


def _fullness(value: Frozen) -> tuple[int, str]:
    """How many fields are told, then the value itself, so that no two different values are equally full."""
    told = sum(getattr(value, name) is not None for name in type(value).model_fields)
    return told, value.model_dump_json()


def _list_fullness(values: Sequence[Frozen]) -> tuple[int, int, str]:
    return (
        len(values),
        sum(_fullness(value)[0] for value in values),
        "\n".join(value.model_dump_json() for value in values),
    )


def _lines_fullness(lines: Sequence[OrderLine] | Sequence[RefundLine], shipping: Shipping) -> tuple[Any, ...]:
    """Real lines beat a single line without a sku, which is what a source says that does not know its lines."""
    return len(lines) > 1 or any(line.sku for line in lines), _list_fullness(lines), shipping.model_dump_json()


def _order_fullness(order: Order) -> tuple[Any, ...]:
    return (
        _lines_fullness(order.lines, order.shipping),
        order.tip,
        order.discount,
        order.rounding,
        order.prices_include_tax,
    )


def _refund_fullness(refund: Refund) -> tuple[Any, ...]:
    return (
        refund.lines is not None,
        _lines_fullness(refund.lines or (), refund.shipping),
        refund.tip,
        refund.adjustment,
    )
