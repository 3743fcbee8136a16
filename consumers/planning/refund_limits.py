"""How much may be given back of an order: no more than it came to, as it was amended and cancelled."""

from consumers.planning import wording
from consumers.planning.amounts import marketplace_tax, refund_taxes, tax_total
from consumers.planning.invoiced import Invoiced
from consumers.planning.keys import cancellation_key, credit_memo_key, customer_refund_key, refund_key
from consumers.planning.refund_orders import other_refunds
from schemas.books import Books
from schemas.events import RefundReversed
from schemas.facts import Refund
from schemas.plans import Cause, Park


def exceeds(refund: Refund, invoice: Invoiced, books: Books) -> Park | None:
    """All refunds told for an order together give back no more than it came to; a refund that failed gave nothing."""
    if {credit_memo_key(refund.id), customer_refund_key(refund.id)} & books.links.keys():
        return None  # what is in the books already is carried on with
    order = invoice.now
    others = given_back(refund, order.id, books)
    limit = max(0, order.total - taken_off(invoice, books))
    whole = others + refund.amount
    if whole <= limit:
        return None
    before = f" with {wording.money(others, refund.currency)} refunded besides" if others else ""
    what = "the order's"
    if limit != invoice.order.total:
        what = "what the order comes to as it was changed,"
    return Park(
        cause=Cause.EXCEEDS_ORDER,
        subject=f"order {order.number}",
        detail=f"{wording.money(refund.amount, refund.currency)}{before} is "
        f"{wording.money(whole - limit, refund.currency)} more than {what} {wording.money(limit, refund.currency)}",
        cure="book what is beyond the order by hand in the books",
    )


def given_back(refund: Refund | None, order_id: str, books: Books) -> int:
    """What all refunds of the order (but that one) gave back, in minor units, less those that failed."""
    others = other_refunds(refund, order_id, books)
    return sum(one.amount - _failed(one, books) for one in others)


def taken_off(invoice: Invoiced, books: Books) -> int:
    """What a cancellation took off the order: all of a void invoice, what was open on another."""
    if any(one.by.startswith("void:") for one in invoice.applied):
        return invoice.now.total
    link = books.links.get(cancellation_key(invoice.order.id))
    return 0 if link is None or link.total is None else link.total.minor


def left_out(refund: Refund, invoice: Invoiced, books: Books) -> int:
    """What of the refund was never on the seller's invoice: tax that a marketplace remits.

    Where only an amount is told, it is what goes beyond the seller's part of the order.
    """
    if refund.lines is not None:
        return tax_total(tax for tax in refund_taxes(refund) if tax.remitted_by == "marketplace")
    foreign = marketplace_tax(invoice.now)
    beyond = given_back(refund, invoice.order.id, books) + refund.amount - (invoice.now.total - foreign)
    return max(0, min(beyond, foreign, refund.amount))


def _failed(refund: Refund, books: Books) -> int:
    told = books.reversals.get(refund_key(refund.id), ())
    return sum(event.data.reversal.amount for event in told if isinstance(event, RefundReversed))
