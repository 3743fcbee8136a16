"""The three questions about correction events, each answered by the file of its noun."""

from collections.abc import Mapping
from typing import assert_never

from consumers.planning.corrections.amended import plan_amended
from consumers.planning.corrections.cancelled import plan_cancelled
from consumers.planning.corrections.order_reading import ask_order, order_references_of
from consumers.planning.corrections.payment_reversed import (
    payment_reversal_questions,
    payment_reversal_references,
    plan_payment_reversed,
)
from consumers.planning.corrections.refund_reversed import (
    plan_refund_reversed,
    refund_reversal_questions,
    refund_reversal_references,
)
from consumers.planning.questions import Question
from schemas.books import Applied, Books, References
from schemas.connections import Connection
from schemas.events import Correction, Event, OrderAmended, OrderCancelled, PaymentReversed, RefundReversed
from schemas.plans import Plan


def correction_references(
    event: Correction,
    known: Mapping[str, Event],
    connection: Connection,
    applied: Mapping[str, tuple[Applied, ...]],
) -> References:
    """What is read of our own."""
    match event:
        case OrderAmended():
            order_id = event.data.amendment.order.id
            return order_references_of(order_id, event, known, connection, applied=applied)
        case OrderCancelled():
            order_id = event.data.cancellation.order_id
            return order_references_of(order_id, event, known, connection, applied=applied)
        case PaymentReversed():
            return payment_reversal_references(event, known)
        case RefundReversed():
            return refund_reversal_references(event, known, applied)
        case _:
            assert_never(event)


def correction_questions(event: Correction, known: Mapping[str, Event], connection: Connection) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    match event:
        case OrderAmended():
            return tuple(ask_order(event.data.amendment.order.id, event, known, connection))
        case OrderCancelled():
            return tuple(ask_order(event.data.cancellation.order_id, event, known, connection))
        case PaymentReversed():
            return payment_reversal_questions(event, known, connection)
        case RefundReversed():
            return refund_reversal_questions(event, known, connection)
        case _:
            assert_never(event)


def plan_correction(event: Correction, books: Books) -> Plan:
    """Its documents; or what stands in their way."""
    match event:
        case OrderAmended():
            return plan_amended(event, books)
        case OrderCancelled():
            return plan_cancelled(event, books)
        case PaymentReversed():
            return plan_payment_reversed(event, books)
        case RefundReversed():
            return plan_refund_reversed(event, books)
        case _:
            assert_never(event)
