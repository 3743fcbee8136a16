"""What an event would put into the books, as far as a document that is there already can be recognised by it."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from consumers.adopting.sides import Claim
from consumers.planning.keys import credit_memo_key, customer_refund_key, invoice_key, payment_key
from consumers.planning.numbering import document_number, payment_reference
from schemas.connections import Connection
from schemas.documents import DocumentKind
from schemas.events import Event, OrderCompleted, PaymentReceived, RefundIssued
from schemas.facts import Customer, Order, OrderLine, Payment, Refund, RefundLine, Tax
from schemas.money import Money
from schemas.platforms.registry import platform

KINDS: Final = (
    DocumentKind.INVOICE,
    DocumentKind.INVOICE_PAYMENT,
    DocumentKind.CREDIT_MEMO,
    DocumentKind.CUSTOMER_REFUND,
)
"""What is adopted, in the order it is looked for: a payment is recognised by the invoice it pays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known beside the event, by (namespace, order id): its customer, and Rutter's id of its invoice."""

    buyers: Mapping[tuple[str, str], Customer] = field(default_factory=dict)
    invoices: Mapping[tuple[str, str], str] = field(default_factory=dict)


def claim_of(seq: int, event: Event, connection: Connection, known: Known) -> Claim | None:
    """The claim of a sale; None for what adopting leaves alone: corrections, files."""
    match event:
        case OrderCompleted():
            return _order(seq, event, event.data.order, connection)
        case PaymentReceived():
            return _payment(seq, event, event.data.payment, connection, known)
        case RefundIssued():
            return _refund(seq, event, event.data.refund, connection, known)
        case _:
            return None


def folded(text: str) -> str:
    """As names are compared: letter case, outer spaces and compatible forms aside."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def people_of(*told: str | None) -> frozenset[str]:
    """Names and e-mail addresses, as they are compared; blank ones say nothing."""
    return frozenset(folded(one) for one in told if one and one.strip())


def local_date(at: datetime, time_zone: str) -> date:
    """The merchant's day."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def _order(seq: int, event: OrderCompleted, order: Order, connection: Connection) -> Claim:
    key = invoice_key(order.id)
    numbers = connection.mapping.numbers
    software = platform(connection.platform)
    ours = document_number(order.number, event.namespace, key, numbers, software)
    prefixed = numbers.prefix_of(event.namespace) + order.number
    return Claim(
        event_seq=seq,
        namespace=event.namespace,
        key=key,
        event_key=event.key,
        kind=DocumentKind.INVOICE,
        numbers=_told(order.number, order.number.removeprefix("#"), prefixed, ours),
        people=_people(order.customer),
        total=Money(order.total - _marketplace(order.lines) - _of(order.shipping.taxes), order.currency),
        date=local_date(order.completed_at, connection.time_zone),
        orders=(order.id,),
        customer=order.customer.name or order.customer.email,
    )


def _payment(seq: int, event: PaymentReceived, payment: Payment, connection: Connection, known: Known) -> Claim:
    orders = tuple(dict.fromkeys(part.order_id for part in payment.applies_to or ()))
    buyer = payment.customer or _buyer(event.namespace, orders, known)
    told = payment.reference or payment.id
    return Claim(
        event_seq=seq,
        namespace=event.namespace,
        key=payment_key(payment.id),
        event_key=event.key,
        kind=DocumentKind.INVOICE_PAYMENT,
        numbers=_told(
            payment.id, payment.reference, payment_reference(told, platform(connection.platform).reference_length)
        ),
        people=_people(buyer),
        total=Money(payment.amount, payment.currency),
        date=local_date(payment.received_at, connection.time_zone),
        orders=orders,
        invoices=_invoices(event.namespace, orders, known),
        customer=None if buyer is None else buyer.name or buyer.email,
    )


def _refund(seq: int, event: RefundIssued, refund: Refund, connection: Connection, known: Known) -> Claim:
    orders = () if refund.order_id is None else (refund.order_id,)
    buyer = refund.customer or _buyer(event.namespace, orders, known)
    money_back = bool(refund.money) and connection.mapping.policies.refund == "customer_refund"
    theirs = _marketplace(refund.lines or ()) + _of(refund.shipping.taxes)
    return Claim(
        event_seq=seq,
        namespace=event.namespace,
        key=customer_refund_key(refund.id) if money_back else credit_memo_key(refund.id),
        event_key=event.key,
        kind=DocumentKind.CUSTOMER_REFUND if money_back else DocumentKind.CREDIT_MEMO,
        numbers=_told(refund.id),
        people=_people(buyer),
        total=Money(refund.amount - theirs, refund.currency),
        date=local_date(refund.issued_at, connection.time_zone),
        orders=orders,
        invoices=_invoices(event.namespace, orders, known),
        customer=None if buyer is None else buyer.name or buyer.email,
    )


def _told(*numbers: str | None) -> frozenset[str]:
    return frozenset(one.strip() for one in numbers if one and one.strip())


def _people(customer: Customer | None) -> frozenset[str]:
    return frozenset() if customer is None else people_of(customer.name, customer.email)


def _buyer(namespace: str, orders: Iterable[str], known: Known) -> Customer | None:
    return next((known.buyers[namespace, one] for one in orders if (namespace, one) in known.buyers), None)


def _invoices(namespace: str, orders: Iterable[str], known: Known) -> frozenset[str]:
    return frozenset(known.invoices[namespace, one] for one in orders if (namespace, one) in known.invoices)


def _marketplace(lines: Iterable[OrderLine | RefundLine]) -> int:
    """Tax on lines that a marketplace remits: it is not in the seller's documents."""
    return sum(_of(line.taxes) for line in lines)


def _of(taxes: Iterable[Tax]) -> int:
    return sum(tax.amount for tax in taxes if tax.remitted_by == "marketplace")
