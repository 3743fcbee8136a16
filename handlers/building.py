"""Facts made into canonical events: identity and subject come from the fact, the namespace from the source."""

from schemas.correction_events import AmendmentData, CancellationData, PaymentReversalData, RefundReversalData
from schemas.corrections import Amendment, Cancellation, PaymentReversal, RefundReversal
from schemas.events import (
    OrderAmended,
    OrderCancelled,
    OrderCompleted,
    OrderData,
    PaymentData,
    PaymentReceived,
    PaymentReversed,
    RefundData,
    RefundIssued,
    RefundReversed,
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


def order_amended(source: Source, amendment: Amendment) -> OrderAmended:
    """At the time the order was changed."""
    return OrderAmended(
        id=f"{natural_key('amendment', amendment.order.id)}:{amendment.revision}",
        source=source.namespace,
        connection=source.connection,
        subject=amendment.order.id,
        time=amendment.amended_at,
        data=AmendmentData(amendment=amendment),
    )


def order_cancelled(source: Source, cancellation: Cancellation) -> OrderCancelled:
    """At the time the order was cancelled."""
    return OrderCancelled(
        id=natural_key("cancellation", cancellation.order_id),
        source=source.namespace,
        connection=source.connection,
        subject=cancellation.order_id,
        time=cancellation.cancelled_at,
        data=CancellationData(cancellation=cancellation),
    )


def payment_reversed(source: Source, reversal: PaymentReversal) -> PaymentReversed:
    """At the time the money went; its order is known by its payment alone."""
    return PaymentReversed(
        id=natural_key("payment_reversal", reversal.id),
        source=source.namespace,
        connection=source.connection,
        time=reversal.reversed_at,
        data=PaymentReversalData(reversal=reversal),
    )


def refund_reversed(source: Source, reversal: RefundReversal) -> RefundReversed:
    """At the time the money came back; its order is known by its refund alone."""
    return RefundReversed(
        id=natural_key("refund_reversal", reversal.id),
        source=source.namespace,
        connection=source.connection,
        time=reversal.reversed_at,
        data=RefundReversalData(reversal=reversal),
    )
