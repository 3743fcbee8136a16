"""What an event is about: the one place that knows where each fact keeps its order, its amount and its people."""

from dataclasses import dataclass
from typing import Final, assert_never

from schemas.events import (
    AccountRequested,
    AttachmentAdded,
    Event,
    ItemRequested,
    OrderAmended,
    OrderCancelled,
    OrderCompleted,
    PaymentReceived,
    PaymentReversed,
    RefundIssued,
    RefundReversed,
    natural_key,
)
from schemas.facts import Customer
from schemas.sources import Noun

NO_CURRENCY: Final = "XXX"
"""ISO 4217's code for "no currency": what a fact without an amount is kept under, with an amount of 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """`orders`: every order the fact names. `facts`: natural keys of other facts it corrects or refers to."""

    noun: Noun
    orders: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    minor: int = 0
    currency: str = NO_CURRENCY
    number: str | None = None
    customer: Customer | None = None

    @property
    def order_id(self) -> str | None:
        """The one order it names; None when it names none, or several."""
        return self.orders[0] if len(self.orders) == 1 else None


def about(event: Event) -> About:
    """Read out of the fact."""
    match event:
        case OrderCompleted():
            order = event.data.order
            return About(
                noun="orders",
                orders=(order.id,),
                minor=order.total,
                currency=order.currency,
                number=order.number,
                customer=order.customer,
            )
        case PaymentReceived():
            payment = event.data.payment
            return About(
                noun="payments",
                orders=tuple(dict.fromkeys(part.order_id for part in payment.applies_to or ())),
                minor=payment.amount,
                currency=payment.currency,
                customer=payment.customer,
            )
        case RefundIssued():
            refund = event.data.refund
            return About(
                noun="refunds",
                orders=() if refund.order_id is None else (refund.order_id,),
                facts=tuple(natural_key("payment", one.payment_id) for one in refund.money if one.payment_id),
                minor=refund.amount,
                currency=refund.currency,
                customer=refund.customer,
            )
        case OrderAmended() | OrderCancelled() | PaymentReversed() | RefundReversed():
            return _correction(event)
        case AttachmentAdded():
            return About(noun="orders", orders=(event.data.attachment.order_id,))
        case AccountRequested() | ItemRequested():
            return About(noun="orders")
        case _:
            assert_never(event)


def _correction(event: OrderAmended | OrderCancelled | PaymentReversed | RefundReversed) -> About:
    match event:
        case OrderAmended():
            order = event.data.amendment.order
            return About(
                noun="orders",
                orders=(order.id,),
                facts=(natural_key("order", order.id),),
                minor=order.total,
                currency=order.currency,
                customer=order.customer,
            )
        case OrderCancelled():
            order_id = event.data.cancellation.order_id
            return About(noun="orders", orders=(order_id,), facts=(natural_key("order", order_id),))
        case PaymentReversed():
            taken = event.data.reversal
            fact = natural_key("payment", taken.payment_id)
            return About(noun="payments", facts=(fact,), minor=taken.amount, currency=taken.currency)
        case RefundReversed():
            back = event.data.reversal
            fact = natural_key("refund", back.refund_id)
            return About(noun="refunds", facts=(fact,), minor=back.amount, currency=back.currency)
        case _:
            assert_never(event)
