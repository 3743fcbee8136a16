"""What a payment pays of which invoice, what of it is nobody's yet, and what is not booked at all."""

from dataclasses import dataclass, field

from consumers.planning import wording
from consumers.planning.amounts import marketplace_tax
from consumers.planning.invoiced import Invoiced, edited_in_books, invoiced
from consumers.planning.keys import order_key
from schemas.books import Books
from schemas.documents import Applies
from schemas.events import PaymentReceived
from schemas.facts import Order, Payment
from schemas.plans import Cause, Hold, Park
from schemas.platforms.capability import Feature, Platform
from schemas.platforms.registry import platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """In minor units. `unapplied` stays the customer's credit; `left_out` is not booked: it never was owed."""

    applies: tuple[Applies, ...] = ()
    orders: tuple[Order, ...] = ()
    unapplied: int = 0
    left_out: int = 0
    why: tuple[str, ...] = field(default_factory=tuple)


def shares(event: PaymentReceived, books: Books) -> Shares | Hold | Park:
    """Each order's share on its invoices, oldest first, once they are there."""
    payment = event.data.payment
    software = platform(books.connection.platform)
    by_order: dict[str, int] = {}
    for part in payment.applies_to or ():
        by_order[part.order_id] = by_order.get(part.order_id, 0) + part.amount
    taken = Shares(unapplied=payment.amount - sum(by_order.values()))
    if by_order and taken.unapplied:
        spare = f"{wording.money(taken.unapplied, payment.currency)} of it pays no order"
        stopped = _unapplied(payment, spare, books)
        if isinstance(stopped, Park):
            return stopped
        taken = Shares(unapplied=taken.unapplied, why=stopped)
    for order_id, minor in by_order.items():
        if _is_ahead(order_id, payment, books):
            ahead = f"order {order_id} is not told yet: its {wording.money(minor, payment.currency)} is left unapplied"
            why = (f"{ahead}, by policy (prepayment)", software.why(Feature.PREPAYMENTS))
            taken = _with(taken, Shares(unapplied=minor, why=why))
            continue
        invoice = invoiced(order_id, payment.currency, books)
        if isinstance(invoice, Hold | Park):
            return invoice
        share = _share(event, minor, invoice, books)
        if isinstance(share, Hold | Park):
            return share
        taken = _with(taken, share)
    return taken


def _with(one: Shares, other: Shares) -> Shares:
    return Shares(
        applies=(*one.applies, *other.applies),
        orders=(*one.orders, *other.orders),
        unapplied=one.unapplied + other.unapplied,
        left_out=one.left_out + other.left_out,
        why=(*one.why, *other.why),
    )


def _share(event: PaymentReceived, minor: int, invoice: Invoiced, books: Books) -> Shares | Hold | Park:
    """On one order; what is more than is open goes where the policy says, if nothing explains it."""
    payment = event.data.payment
    applies = invoice.spread(minor, event.key)
    over = minor - sum(one.minor for one in applies)
    if not over:
        return Shares(applies=applies, orders=(invoice.order,))
    contested = invoice.contested(minor, event.key)
    if contested is not None:
        return contested
    if invoice.coming is not None:
        return Hold(
            invoice.coming, f"more is paid than is open on order {invoice.order.number} before {invoice.coming}"
        )
    foreign = marketplace_tax(invoice.now)
    if applies and over <= foreign:
        said = f"{wording.money(over, payment.currency)} of it is tax that the marketplace remits: not booked"
        return Shares(applies=applies, orders=(invoice.order,), left_out=over, why=(said,))
    what = (
        f"it pays {wording.money(minor, payment.currency)} on order {invoice.order.number}, "
        f"of which {wording.money(invoice.open(event.key), payment.currency)} is open "
        f"(invoice {wording.money(invoice.total, payment.currency)}): {wording.money(over, payment.currency)} over"
    )
    seen = invoice.edited(event.key)
    if seen is not None:
        return _edited(payment, invoice.order, seen, what)
    stopped = _unapplied(payment, what, books)
    if isinstance(stopped, Park):
        return stopped
    return Shares(applies=applies, orders=(invoice.order,), unapplied=over, why=stopped)


def _is_ahead(order_id: str, payment: Payment, books: Books) -> bool:
    """Whether it comes before its order is told, and is not to wait for that."""
    return (
        books.connection.mapping.policies.prepayment == "post"
        and order_key(order_id) not in books.facts
        and payment.customer is not None
        and platform(books.connection.platform).has(Feature.PREPAYMENTS)
    )


def _unapplied(payment: Payment, what: str, books: Books) -> tuple[str, ...] | Park:
    """Why the excess is left as the customer's credit; or a park."""
    software = platform(books.connection.platform)
    policy = books.connection.mapping.policies.overpayment
    if policy == "open_credit" and software.has(Feature.PREPAYMENTS):
        return (f"{what}; the excess is left as open credit, by policy", software.why(Feature.PREPAYMENTS))
    by_policy = _policy_cure(software, books) if policy == "park" else f" ({software.why(Feature.PREPAYMENTS)})"
    return Park(
        cause=Cause.OVERPAYMENT,
        subject=f"payment {payment.id}",
        detail=what,
        cure="book the excess by hand, or correct what was applied to the invoice before; then release" + by_policy,
    )


def _policy_cure(software: Platform, books: Books) -> str:
    if not software.has(Feature.PREPAYMENTS):
        return ""
    return "; or " + wording.apply(books.connection, (), 'overpayment = "open_credit"')


def _edited(payment: Payment, order: Order, seen: str, what: str) -> Park:
    return edited_in_books(
        f"payment {payment.id}",
        what,
        seen,
        f"if that was this money, leave it parked; else take back in the books what was done to the invoice of order "
        f"{order.number}, then: ledgerhook release",
    )
