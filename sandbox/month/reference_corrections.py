"""Amendments, cancellations, chargebacks and failed refunds, as the rules for people say."""

from dataclasses import replace

from sandbox.month.facts import Amendment, Cancellation, Chargeback, FailedRefund, Payment, Refund, name_of
from sandbox.month.merchant import ACCOUNT_OF, CLEARING, FALLBACK
from sandbox.month.reckoning import RECEIVABLE, Document, Legs, Owed, Reckoning, item_of, less, negated, parts_of
from sandbox.month.reference_money import refund_legs

TAKEN_BACK = ACCOUNT_OF["Money taken back"]


def amendment(books: Reckoning, told: Amendment) -> bool:
    """The difference becomes a supplementary invoice or a credit; an older revision counts no more."""
    owed = books.orders.get((told.order.source, told.order.key))
    if owed is None:
        return True
    if told.revision < owed.revision:
        return False
    parts = parts_of(told.order)
    more = less(parts, owed.parts)
    total = sum(more.values())
    owed.order, owed.parts, owed.revision = told.order, parts, told.revision
    if not more:
        return False
    kind = "invoice" if total >= 0 else "invoice_credit_memo"
    made = Document(kind, owed.customer, told.order.currency, abs(total), books.day(told.at))
    books.file(made, negated(more), RECEIVABLE)
    owed.supplemented = True
    if total >= 0:
        owed.open += total
    else:
        taken = min(-total, owed.open)
        owed.open, owed.taken = owed.open - taken, owed.taken + taken
    return False


def cancellation(books: Reckoning, told: Cancellation, week: int) -> bool:
    """Void where nothing was paid and the platform can; else what is open is credited."""
    owed = books.orders.get((told.source, told.order))
    if owed is None:
        return True
    untouched = not owed.taken and not owed.supplemented
    if untouched and books.ways.voids == "works" and not books.closed(owed.invoice.dated, week):
        books.file(owed.invoice, owed.parts, RECEIVABLE)
        books.documents[owed.invoice] -= 2
        if books.ways.void_leaves == "zero":
            books.documents[replace(owed.invoice, total=0)] += 1
    elif owed.open:
        made = Document("invoice_credit_memo", owed.customer, owed.order.currency, owed.open, books.day(told.at))
        books.file(made, _share_of(owed), RECEIVABLE)
    owed.open = 0
    return False


def _share_of(owed: Owed) -> Legs:
    """What is open by account: what was paid took the order's parts as they were told, and the rest is open."""
    legs: Legs = {}
    paid = sum(owed.parts.values()) - owed.open
    told = [(ACCOUNT_OF[item_of(line) or FALLBACK], line.total) for line in owed.order.lines]
    told += [(account, minor) for account, minor in owed.parts.items() if account not in dict(told)]
    for account, minor in told:
        covered = min(paid, minor)
        paid -= covered
        if minor > covered:
            legs[account] = legs.get(account, 0) + minor - covered
    return legs


def chargeback(books: Reckoning, told: Chargeback) -> bool:
    """Money leaves the account it came into; it is a loss, or owed again."""
    paid = books.booked.get((told.source, f"payment:{told.payment}"))
    if not isinstance(paid, Payment):
        return True
    if books.ways.customer_refunds != "works":
        books.parked[told.source, name_of(told)] = "not supported"
        return False
    owed = books.orders[told.source, (paid.shares or (("", 0),))[0][0]]
    made = Document("customer_refund", owed.customer, told.currency, told.amount, books.day(told.at))
    books.file(made, {TAKEN_BACK: told.amount}, CLEARING[paid.gateway])
    if told.kind == "failed" or books.merchant.chargeback == "reopen":
        again = replace(made, kind="invoice")
        books.file(again, {TAKEN_BACK: -told.amount}, RECEIVABLE)
        owed.open += told.amount
    return False


def failed_refund(books: Reckoning, told: FailedRefund) -> bool:
    """What was given back is owed again; the credit or the money goes against it."""
    back = books.booked.get((told.source, f"refund:{told.refund}"))
    if not isinstance(back, Refund):
        return True
    owed = books.orders[told.source, back.order]
    again = Document("invoice", owed.customer, told.currency, told.amount, books.day(told.at))
    books.file(again, negated(refund_legs(back)), RECEIVABLE)
    if books.merchant.refund == "customer_refund":
        paid = replace(again, kind="invoice_payment")
        books.file(paid, {CLEARING[back.money[0].gateway]: told.amount}, RECEIVABLE)
    owed.refunded -= back.amount
    return False
