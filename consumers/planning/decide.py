"""The three questions about an event, each answered by the file of its noun."""

from collections.abc import Mapping
from typing import Final, assert_never

from consumers.planning.additions.decide import addition_questions, addition_references, plan_addition
from consumers.planning.corrections.decide import correction_questions, correction_references, plan_correction
from consumers.planning.orders import order_questions, order_references, plan_order
from consumers.planning.payments import payment_questions, payment_references, plan_payment
from consumers.planning.questions import Question
from consumers.planning.refunds import plan_refund, refund_questions, refund_references
from consumers.planning.told import told
from schemas.books import Applied, Books, References
from schemas.connections import Connection
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
)
from schemas.plans import Plan

_NONE: Final[Mapping[str, tuple[Applied, ...]]] = {}


def references(
    event: Event, known: Mapping[str, Event], connection: Connection, applied: Mapping[str, tuple[Applied, ...]] = _NONE
) -> References:
    """What must be read before the event can be planned, given what was told, and applied, as far as it was read.

    Ask again with what it named until it asks nothing new: a reversal names its refund, which names its payment, which
    names its order, whose customer is wanted; no chain is longer.
    """
    look_ups = (question.any_of | question.also for question in _questions(event, known, connection))
    return _own(event, known, connection, applied) | References(look_ups=frozenset().union(*look_ups))


def unanswered(event: Event, books: Books) -> frozenset[str]:
    """The objects (customer, item, account) whose lists should be read anew before the plan believes a miss."""
    asked = _questions(event, told(books), books.connection)
    return frozenset().union(*(question.unanswered(books) for question in asked))


def plan(event: Event, books: Books) -> Plan:
    """What should be in the books because of this event. Pure: the same event and snapshot give the same plan."""
    match event:
        case OrderCompleted():
            return plan_order(event, books)
        case PaymentReceived():
            return plan_payment(event, books)
        case RefundIssued():
            return plan_refund(event, books)
        case OrderAmended() | OrderCancelled() | PaymentReversed() | RefundReversed():
            return plan_correction(event, books)
        case AttachmentAdded() | AccountRequested() | ItemRequested():
            return plan_addition(event, books)
        case _:
            assert_never(event)


def _own(
    event: Event, known: Mapping[str, Event], connection: Connection, applied: Mapping[str, tuple[Applied, ...]]
) -> References:
    match event:
        case OrderCompleted():
            return order_references(event, connection)
        case PaymentReceived():
            return payment_references(event, known, applied)
        case RefundIssued():
            return refund_references(event, known, applied)
        case OrderAmended() | OrderCancelled() | PaymentReversed() | RefundReversed():
            return correction_references(event, known, connection, applied)
        case AttachmentAdded() | AccountRequested() | ItemRequested():
            return addition_references(event, known)
        case _:
            assert_never(event)


def _questions(event: Event, known: Mapping[str, Event], connection: Connection) -> tuple[Question, ...]:
    match event:
        case OrderCompleted():
            return order_questions(event, connection)
        case PaymentReceived():
            return payment_questions(event, known, connection)
        case RefundIssued():
            return refund_questions(event, known, connection)
        case OrderAmended() | OrderCancelled() | PaymentReversed() | RefundReversed():
            return correction_questions(event, known, connection)
        case AttachmentAdded() | AccountRequested() | ItemRequested():
            return addition_questions(event, known, connection)
        case _:
            assert_never(event)
