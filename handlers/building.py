"""Facts made into canonical events: identity and subject come from the fact, the namespace from the source."""

from schemas.events import (
    OrderCompleted,
    OrderData,
    PaymentData,
    PaymentReceived,
    RefundData,
    RefundIssued,
    natural_key,
)
from schemas.facts import Order, Payment, Refund
from schemas.sources import Source


def order_completed(source: Source, order: Order) -> OrderCompleted:
    """At the time the order was completed."""
    return OrderCompleted(
        id=natural_key("order", order.id),
        source=source.namespace,
        connection=source.connection,
        subject=order.id,
        time=order.completed_at,
        data=OrderData(order=order),
    )


def payment_received(source: Source, payment: Payment) -> PaymentReceived:
    """At the time the money came; its subject is the order it pays, when it pays one."""
    orders = [part.order_id for part in payment.applies_to or ()]
    return PaymentReceived(
        id=natural_key("payment", payment.id),
        source=source.namespace,
        connection=source.connection,
        subject=orders[0] if len(orders) == 1 else None,
        time=payment.received_at,
        data=PaymentData(payment=payment),
    )


def refund_issued(source: Source, refund: Refund) -> RefundIssued:
    """At the time the refund was made; its subject is its order, when told."""
    return RefundIssued(
        id=natural_key("refund", refund.id),
        source=source.namespace,
        connection=source.connection,
        subject=refund.order_id,
        time=refund.issued_at,
        data=RefundData(refund=refund),
    )
