"""From what happened to what must be in the books: by the rules as they are written for people, by nobody's code."""

from collections.abc import Iterable
from dataclasses import replace

from sandbox.month import reference_corrections as corrections
from sandbox.month import reference_money as money
from sandbox.month.contents import digest_of
from sandbox.month.facts import (
    Amendment,
    Cancellation,
    Chargeback,
    Edit,
    Fact,
    FailedRefund,
    Happened,
    Order,
    Payment,
    Refund,
    name_of,
    source_of,
)
from sandbox.month.generate import Month
from sandbox.month.merchant import TWINS
from sandbox.month.reckoning import RECEIVABLE, Document, Owed, Reckoning, item_of, negated, parts_of

_TURNS: tuple[type[Fact], ...] = (Order, Payment, Amendment, Refund, Cancellation, Chargeback, FailedRefund)
"""Within a week everything is booked in this order, however it arrives: what waits for something is booked after it."""


def reckon(month: Month, *, closing: bool = True) -> Reckoning:
    """The whole month."""
    books = Reckoning(merchant=month.merchant, begins=month.begins, closing=closing)
    waiting: list[Happened] = []
    for week in (1, 2, 3, 4):
        waiting = _week(books, week, [*waiting, *(one for one in month.happened if one.week == week)])
        if week == 2:
            for edit in month.edits:
                _by_hand(books, edit)
    books.held |= {(source_of(one.fact), name_of(one.fact)) for one in waiting}
    for order in _orders(month.happened):
        for file in order.files:
            _file(books, order, file.content)
    return books


def _orders(happened: Iterable[Happened]) -> list[Order]:
    return [one.fact for one in happened if isinstance(one.fact, Order)]


def _week(books: Reckoning, week: int, told: list[Happened]) -> list[Happened]:
    """What still waits afterwards."""
    left = sorted(told, key=lambda one: (_TURNS.index(type(one.fact)), one.week, getattr(one.fact, "revision", 0)))
    while True:
        waiting = [one for one in left if _waits(books, one.fact, week)]
        if len(waiting) == len(left):
            return waiting
        left = waiting


def _waits(books: Reckoning, fact: Fact, week: int) -> bool:
    """Books the fact, or parks it; true where it waits for another."""
    match fact:
        case Order():
            return _order(books, fact, week)
        case Payment():
            return money.payment(books, fact, week)
        case Refund():
            return money.refund(books, fact, week)
        case Amendment():
            return corrections.amendment(books, fact)
        case Cancellation():
            return corrections.cancellation(books, fact, week)
        case Chargeback():
            return corrections.chargeback(books, fact)
        case FailedRefund():
            return corrections.failed_refund(books, fact)


def _order(books: Reckoning, order: Order, week: int) -> bool:
    name = (order.source, name_of(order))
    cause = _stands_in_the_way(books, order)
    dated = books.dated(order.at, week)
    if cause is None and isinstance(dated, str):
        if dated == "held":
            return True
        cause = dated
    if cause is not None or isinstance(dated, str):
        books.parked[name] = cause or str(dated)
        return False
    customer, total = books.called(order.buyer, order.currency), order.total - order.remitted
    made = Document("invoice", customer, order.currency, total, dated)
    parts = parts_of(order)
    books.file(made, negated(parts), RECEIVABLE)
    books.orders[order.source, order.key] = Owed(
        order=order, customer=customer, invoice=made, first_total=total, open=total, parts=parts
    )
    return False


def _stands_in_the_way(books: Reckoning, order: Order) -> str | None:
    if order.misfit:
        return "does not tie"
    if order.buyer.email == TWINS[2]:
        return "ambiguous"
    if any(item_of(line) is None for line in order.lines):
        return "unmapped item"
    if order.currency not in books.merchant.currencies:
        return "currency not kept"
    return None


def _by_hand(books: Reckoning, edit: Edit) -> None:
    """What a person did to the invoice."""
    owed = books.orders[edit.order.source, edit.order.key]
    owed.hand = edit.hand
    made = owed.invoice
    match edit.hand:
        case "paid":
            paid = replace(made, kind="invoice_payment", total=owed.open)
            books.file(paid, {"Checking": owed.open}, RECEIVABLE)
            owed.open = 0
        case "voided" | "deleted":
            books.file(made, owed.parts, RECEIVABLE)
            books.documents[made] -= 2
            if edit.hand == "voided" and books.ways.void_leaves == "zero":
                books.documents[replace(made, total=0)] += 1
            owed.open = 0
        case "changed":
            (account,) = owed.parts
            books.file(made, {account: -edit.amount}, RECEIVABLE)
            books.documents[made] -= 2
            owed.invoice = replace(made, total=made.total + edit.amount)
            books.documents[owed.invoice] += 1
            owed.open += edit.amount
        case "merged":
            _hand_over(books, owed, edit.into or edit.order)


def _hand_over(books: Reckoning, owed: Owed, to: Order) -> None:
    """The invoice is the other customer's from now on."""
    made, into = owed.invoice, books.orders[to.source, to.key].customer
    books.owing[made.customer, made.currency] -= made.total
    books.owing[into, made.currency] += made.total
    books.documents[made] -= 1
    owed.customer, owed.invoice = into, replace(made, customer=into)
    books.documents[owed.invoice] += 1


def _file(books: Reckoning, order: Order, content: str) -> None:
    """A file waits for its invoice; what it is not is refused."""
    name = (order.source, f"attachment:{order.key}")
    if (order.source, order.key) not in books.orders:
        books.held.add(name)
    elif content == "exe" and books.ways.attachments != "none":
        books.parked[name] = "attachment refused"
    elif books.ways.attachments != "none":
        owed = books.orders[order.source, order.key]
        books.files[owed.customer, digest_of(order.key, content)] += 1
