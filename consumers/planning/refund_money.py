"""The money of a refund: whether the payments it came from are in the books, and which account it leaves."""

from collections.abc import Mapping

from consumers.planning import wording
from consumers.planning.clearing import Account, Paid, clearing_account
from consumers.planning.invoiced import Invoiced
from consumers.planning.keys import payment_key, payments_key
from consumers.planning.refund_orders import named_payments, other_refunds, told_payment
from schemas.books import Books
from schemas.events import Event
from schemas.facts import Refund
from schemas.plans import Cause, Hold, Park


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
    paid = sum(one.minor for one in books.applied.get(order.id, ()) if one.proven and one.by.startswith("payment:"))
    back = sum(money.amount for one in (refund, *other_refunds(refund, order.id, books)) for money in one.money)
    if paid >= back:
        return None
    return Hold(
        payments_key(order.id),
        f"{wording.money(back, refund.currency)} is refunded on order {order.number} and "
        f"{wording.money(paid, refund.currency)} of payments is in the books",
    )


def refunded_through(refund: Refund, known: Mapping[str, Event]) -> tuple[Paid, ...]:
    """The gateways that gave money back, each once; what the refund does not say, its payment does."""
    ways: list[Paid] = []
    for money in refund.money:
        payment = None if money.payment_id is None else told_payment(money.payment_id, known)
        gateway = money.gateway if money.gateway is not None or payment is None else payment.gateway
        method = money.method if money.method is not None or payment is None else payment.method
        ways.append(Paid(gateway, method, refund.currency))
    return tuple(dict.fromkeys(ways))


def through_account(refund: Refund, books: Books) -> Account | Park:
    """The one clearing account the money leaves."""
    accounts: list[Account] = []
    for paid in refunded_through(refund, books.facts):
        account = clearing_account(paid, books)
        if isinstance(account, Park):
            return account
        accounts.append(account)
    if len({account.id for account in accounts}) == 1:
        return accounts[0]
    return Park(
        cause=Cause.AMBIGUOUS,
        subject=f"refund {refund.id}",
        detail=f"its money leaves {len({account.id for account in accounts})} accounts, and a customer refund has one: "
        + wording.listed(account.why for account in accounts),
        cure="book it by hand in the books, one customer refund an account",
    )
