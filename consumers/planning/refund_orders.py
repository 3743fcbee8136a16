"""Which order a refund gives back: the one it names, or the one its payment paid."""

from collections.abc import Mapping

from consumers.planning import wording
from consumers.planning.keys import payment_key
from consumers.planning.payments import paid_orders
from schemas.books import Books
from schemas.events import Event, PaymentReceived, RefundIssued
from schemas.facts import Payment, Refund
from schemas.plans import Cause, Hold, Park


def named_payments(refund: Refund) -> frozenset[str]:
    """The payments its money went back through, as far as that is told."""
    return frozenset(money.payment_id for money in refund.money if money.payment_id is not None)


def told_payment(payment_id: str, known: Mapping[str, Event]) -> Payment | None:
    """That payment, if anybody told it."""
    fact = known.get(payment_key(payment_id))
    return fact.data.payment if isinstance(fact, PaymentReceived) else None


def named_orders(refund: Refund, known: Mapping[str, Event]) -> frozenset[str]:
    """The order it names; else those its payments paid, as far as they are known."""
    if refund.order_id is not None:
        return frozenset({refund.order_id})
    payments = (told_payment(payment_id, known) for payment_id in named_payments(refund))
    return frozenset().union(*(paid_orders(payment) for payment in payments if payment is not None))


def refunded_order(refund: Refund, books: Books) -> str | Hold | Park:
    """The one order; or what must be told before it is known."""
    if refund.order_id is not None:
        return refund.order_id
    for payment_id in sorted(named_payments(refund)):
        payment = told_payment(payment_id, books.facts)
        if payment is None or payment.applies_to is None:
            return Hold(payment_key(payment_id), f"it names no order, and payment {payment_id} has not told one yet")
    orders = sorted(named_orders(refund, books.facts))
    if len(orders) == 1:
        return orders[0]
    named = (
        f"its payments paid {len(orders)}: {wording.listed(orders)}" if orders else "neither it nor its payment does"
    )
    return Park(
        cause=Cause.AMBIGUOUS,
        subject=f"refund {refund.id}",
        detail=f"which order is refunded is not told; {named}",
        cure="have the source tell the refund's order; or book it by hand in the books",
    )


def other_refunds(refund: Refund | None, order_id: str, books: Books) -> tuple[Refund, ...]:
    """The other refunds told for the order, each once, in the same currency; all of them, beside none."""
    events = (event for event in books.refunds.get(order_id, ()) if isinstance(event, RefundIssued))
    told = {event.data.refund.id: event.data.refund for event in events}
    return tuple(
        one for one in told.values() if refund is None or (one.id != refund.id and one.currency == refund.currency)
    )
