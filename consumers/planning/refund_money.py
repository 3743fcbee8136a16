"""The money of a refund: whether the payments it came from are in the books, and which accounts it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass

from consumers.planning import wording
from consumers.planning.clearing import Account, Paid, clearing_account, paid
from consumers.planning.invoiced import Invoiced, known_orders
from consumers.planning.keys import payment_key, payments_key
from consumers.planning.refund_orders import named_orders, named_payments, other_refunds, told_payment
from schemas.books import Books
from schemas.events import Event, RefundIssued
from schemas.facts import Refund, RefundMoney
from schemas.plans import Hold, Park


def payments_missing(refund: Refund, invoice: Invoiced, books: Books) -> Hold | None:
    """What a refund of money waits for: its payments' documents; where nobody told them, enough paid on the order."""
    for payment_id in sorted(named_payments(refund)):
        if told_payment(payment_id, books.facts) is None:
            continue
        key = payment_key(payment_id)
        link = books.links.get(key)
        if key in books.conflicted:
            return Hold(key, f"the tellings of payment {payment_id} conflict")
        if link is None or link.different:
            return Hold(key, f"payment {payment_id} is {'written different' if link else 'not in the books yet'}")
    untold = [
        money
        for money in refund.money
        if money.payment_id is None or told_payment(money.payment_id, books.facts) is None
    ]
    return _not_covered(refund, invoice, books) if untold else None


def _not_covered(refund: Refund, invoice: Invoiced, books: Books) -> Hold | None:
    order = invoice.order
    received = sum(one.minor for one in invoice.applied if one.proven and one.by.startswith("payment:"))
    back = sum(money.amount for one in (refund, *other_refunds(refund, order.id, books)) for money in one.money)
    if received >= back:
        return None
    return Hold(
        payments_key(order.id),
        f"{wording.money(back, refund.currency)} is refunded on order {order.number} and "
        f"{wording.money(received, refund.currency)} of payments is in the books",
    )


def refunded_through(event: RefundIssued, known: Mapping[str, Event]) -> tuple[tuple[Paid, int], ...]:
    """The ways by which money went back, and how much; what the refund does not say, its payment does."""
    refund = event.data.refund
    orders = known_orders(named_orders(refund, known), known)
    return tuple(
        (paid(*_way(money, known), refund.currency, event.namespace, orders), money.amount) for money in refund.money
    )


def _way(money: RefundMoney, known: Mapping[str, Event]) -> tuple[str | None, str | None]:
    payment = None if money.payment_id is None else told_payment(money.payment_id, known)
    gateway = money.gateway if money.gateway is not None or payment is None else payment.gateway
    method = money.method if money.method is not None or payment is None else payment.method
    return gateway, method


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """So much (minor units) leaves that account."""

    account: Account
    minor: int


def leaving(event: RefundIssued, most: int, books: Books) -> tuple[Leaving, ...] | Park:
    """The clearing accounts that the money leaves, each once, `most` in sum: what is beyond it was never in the books.

    In the order in which the refund names them.
    """
    amounts: dict[str, Leaving] = {}
    left = most
    for way, amount in refunded_through(event, books.facts):
        account = clearing_account(way, books)
        if isinstance(account, Park):
            return account
        part = min(left, amount)
        left -= part
        so_far = amounts.get(account.id, Leaving(account=account, minor=0))
        amounts[account.id] = Leaving(account=so_far.account, minor=so_far.minor + part)
    return tuple(one for one in amounts.values() if one.minor)
