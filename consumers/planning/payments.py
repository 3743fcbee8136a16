"""`payment.received` becomes one invoice payment on the invoices of its orders, into the gateway's clearing account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consumers.customer_identity import customer_key
from consumers.planning import wording
from consumers.planning.clearing import Account, Paid, ask_clearing, clearing_account
from consumers.planning.customers import Chosen, ask_customer, choose_customer
from consumers.planning.dates import local_date
from consumers.planning.invoiced import ask_orders, customer_keys, customer_of, invoiced
from consumers.planning.keys import invoice_key, order_key
from consumers.planning.numbering import payment_reference
from consumers.planning.questions import Question
from schemas.books import Books, References
from schemas.connections import Connection
from schemas.documents import Applies, DocumentKind, Look, Ref, Write
from schemas.events import Event, PaymentReceived
from schemas.facts import Payment
from schemas.money import Money, major_units
from schemas.plans import Cause, Hold, Park, Plan, Post
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """How much of the payment pays which invoice."""

    order_id: str
    invoice: Ref
    minor: int


def paid_orders(payment: Payment) -> frozenset[str]:
    """The orders it pays, as far as that is told."""
    return frozenset(part.order_id for part in payment.applies_to or ())


def payment_references(event: PaymentReceived, known: Mapping[str, Event]) -> References:
    """What is read of our own: its orders' facts, invoices, open balances and customers."""
    payment = event.data.payment
    orders = paid_orders(payment)
    own = (
        frozenset({customer_key(payment.customer, payment.currency)}) if payment.applies_to == () else frozenset[str]()
    )
    return References(
        links=frozenset({event.key, *map(invoice_key, orders)}) | customer_keys(orders, known) | own,
        facts=frozenset(map(order_key, orders)),
        orders=orders,
    )


def payment_questions(
    event: PaymentReceived, known: Mapping[str, Event], connection: Connection
) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    payment = event.data.payment
    own = ask_customer(payment.customer, payment.currency, connection) if payment.applies_to == () else ()
    return (
        *ask_clearing(_paid(payment), connection.mapping),
        *ask_orders(paid_orders(payment), known, connection),
        *own,
    )


def plan_payment(event: PaymentReceived, books: Books) -> Plan:
    """The invoice payment; or what it waits for."""
    payment = event.data.payment
    if payment.applies_to is None:
        return Hold(event.key, "the source did not tell which orders it pays")
    misfit = _more_applied_than_paid(payment)
    if misfit is not None:
        return misfit
    shares = _shares(event, books)
    if isinstance(shares, Hold | Park):
        return shares
    customer = _customer(payment, shares, books)
    if isinstance(customer, Hold | Park):
        return customer
    account = clearing_account(_paid(payment), books)
    if isinstance(account, Park):
        return account
    write = _write(event, books.connection, shares, customer, account)
    made = () if customer.made_by is None else (customer.made_by,)
    return Post(writes=(*made, write), found=customer.found)


def _paid(payment: Payment) -> Paid:
    return Paid(payment.gateway, payment.method, payment.currency)


def _more_applied_than_paid(payment: Payment) -> Park | None:
    applied = sum(part.amount for part in payment.applies_to or ())
    if applied <= payment.amount:
        return None
    return Park(
        cause=Cause.DOES_NOT_TIE,
        subject=f"payment {payment.id}",
        detail=f"it pays {wording.money(applied, payment.currency)} of orders with "
        f"{wording.money(payment.amount, payment.currency)}: "
        f"{wording.money(applied - payment.amount, payment.currency)} over",
        cure="have the source send it again with numbers that add up; it is read anew by itself",
    )


def _shares(event: PaymentReceived, books: Books) -> tuple[_Share, ...] | Hold | Park:
    """Each order's share, once every order's invoice is there and open enough."""
    payment = event.data.payment
    by_order: dict[str, int] = {}
    for part in payment.applies_to or ():
        by_order[part.order_id] = by_order.get(part.order_id, 0) + part.amount
    shares: list[_Share] = []
    for order_id, minor in by_order.items():
        invoice = invoiced(order_id, payment.currency, books)
        if isinstance(invoice, Hold | Park):
            return invoice
        applied = books.applied.get(order_id, ())
        contested = invoice.contested(minor, applied, but=event.key)
        if contested is not None:
            return contested
        left = invoice.open(applied, but=event.key)
        if minor > left:
            return _overpaid(
                payment,
                f"it pays {wording.money(minor, payment.currency)} on order {invoice.order.number}, "
                f"of which {wording.money(left, payment.currency)} is open "
                f"(invoice {wording.money(invoice.total, payment.currency)}): "
                f"{wording.money(minor - left, payment.currency)} over",
            )
        shares.append(_Share(order_id=order_id, invoice=invoice.ref, minor=minor))
    excess = payment.amount - sum(by_order.values())
    if shares and excess:
        return _overpaid(
            payment, f"{wording.money(excess, payment.currency)} of it pays no order; this version does not book a part"
        )
    return tuple(shares)


def _overpaid(payment: Payment, detail: str) -> Park:
    return Park(
        cause=Cause.OVERPAYMENT,
        subject=f"payment {payment.id}",
        detail=detail,
        cure="book the excess by hand, or correct what was applied to the invoice before; then release",
    )


def _customer(payment: Payment, shares: tuple[_Share, ...], books: Books) -> Chosen | Hold | Park:
    """The invoices' customer; of a payment that pays no order, the payment's own."""
    if not shares:
        return _prepaying(payment, books)
    chosen: Chosen | None = None
    for share in shares:
        invoice = invoiced(share.order_id, payment.currency, books)
        if isinstance(invoice, Hold | Park):
            return invoice
        customer = customer_of(invoice.order, books)
        if isinstance(customer, Hold | Park):
            return customer
        if chosen is not None and customer.id != chosen.id:
            return Park(
                cause=Cause.AMBIGUOUS,
                subject=f"payment {payment.id}",
                detail="it pays orders of different customers, and an invoice payment has one",
                cure="book it by hand, one payment a customer",
            )
        chosen = chosen or customer
    if chosen is None:
        return _prepaying(payment, books)
    return chosen


def _prepaying(payment: Payment, books: Books) -> Chosen | Park:
    if platform(books.connection.platform).has(Feature.PREPAYMENTS):
        return choose_customer(payment.customer, payment.currency, books)
    return Park(
        cause=Cause.NOT_SUPPORTED,
        subject=f"payments without an order on {books.connection.platform}",
        detail=f"{wording.money(payment.amount, payment.currency)} pays no order, and {books.connection.platform} "
        "takes payments on invoices only",
        cure="have the source tell the order it pays, or book it by hand",
    )


def _write(
    event: PaymentReceived, connection: Connection, shares: tuple[_Share, ...], customer: Chosen, account: Account
) -> Write:
    payment = event.data.payment
    date = local_date(payment.received_at, connection.time_zone)
    memo = f"Payment {payment.id}"
    software = platform(connection.platform)
    referenced = software.has(Feature.PAYMENT_REFERENCE)
    reference = payment_reference(payment.reference or payment.id, software.reference_length)
    total = Money(payment.amount, payment.currency)
    body: dict[str, Any] = {
        "account_id": account.id,
        "customer_id": customer.id,
        "txn_date": date,
        "currency_code": payment.currency,
        "total_amount": total.major,
        "memo": memo,
        **({"reference": reference} if referenced else {}),
    }
    if shares:
        body["linked_invoices"] = [
            {"id": share.invoice, "amount": major_units(share.minor, payment.currency)} for share in shares
        ]
    return Write(
        key=event.key,
        kind=DocumentKind.INVOICE_PAYMENT,
        body=body,
        total=total,
        look=Look(
            customer=customer.id,  # and no total: known by its memo, it is found with another total too: different
            date=date,
            memo=memo,
            reference=reference if referenced else None,
        ),
        applies=tuple(Applies(share.order_id, share.invoice.key, share.minor) for share in shares),
        why=(customer.why, account.why),
    )
