"""Payments and refunds, as the rules for people say."""

from dataclasses import replace

from sandbox.month.facts import Payment, Refund, name_of
from sandbox.month.merchant import ACCOUNT_OF, CLEARING, FALLBACK, TAX_ACCOUNT
from sandbox.month.reckoning import RECEIVABLE, Document, Legs, Named, Owed, Reckoning, item_of

PAID: str = "payment:"


def payment(books: Reckoning, paid: Payment, week: int) -> bool:
    """Gross into the gateway's account; true where it waits for an order."""
    name = (paid.source, name_of(paid))
    if paid.shares is None:
        return True
    orders = [books.orders.get((paid.source, key)) for key, _ in paid.shares]
    owing = [owed for owed in orders if owed is not None]
    if len(owing) < len(orders):
        return True
    cause, dated = _stands_in_the_way(books, paid, owing), books.dated(paid.at, week)
    if cause is not None or isinstance(dated, str):
        return _waits(books, name, cause or str(dated))
    total = _settle(paid, owing)
    customer = owing[0].customer if owing else books.called(paid.buyer, paid.currency)
    made = Document("invoice_payment", customer, paid.currency, total, dated)
    books.file(made, {CLEARING[paid.gateway]: total}, RECEIVABLE)
    books.booked[name] = paid
    return False


def _waits(books: Reckoning, name: Named, cause: str) -> bool:
    """Whether it waits by itself; what does not is parked."""
    if cause != "held":
        books.parked[name] = cause
    return cause == "held"


def _stands_in_the_way(books: Reckoning, paid: Payment, owing: list[Owed]) -> str | None:
    if any(owed.hand in ("paid", "voided", "deleted") for owed in owing):
        return "edited in the books"
    if paid.gateway not in CLEARING:
        return "unmapped account"
    if not owing:
        return None if books.ways.unlinked_payments == "works" else "not supported"
    beyond = _excess(paid, owing)
    may = books.merchant.overpayment == "open_credit" and books.ways.unlinked_payments == "works"
    return None if beyond <= 0 or may else "overpayment"


def _excess(paid: Payment, owing: list[Owed]) -> int:
    """What its orders cannot take; what only a marketplace's tax takes is none of the seller's."""
    shares = paid.shares or ()
    excess = paid.amount - sum(minor for _, minor in shares)
    for (_, minor), owed in zip(shares, owing, strict=True):
        over = max(0, minor - owed.open)
        excess += 0 if over <= owed.order.remitted else over
    return excess


def _settle(paid: Payment, owing: list[Owed]) -> int:
    """Takes it off what is open; the total of its document."""
    total = paid.amount
    for (_, minor), owed in zip(paid.shares or (), owing, strict=True):
        taken = min(minor, owed.open)
        if minor - taken <= owed.order.remitted:
            total -= minor - taken
        owed.open -= taken
        owed.taken += taken
    return total


def refund(books: Reckoning, back: Refund, week: int) -> bool:
    """A credit memo or money out of the gateway's account, by policy; true where it waits."""
    owed = books.orders.get((back.source, back.order))
    if owed is None or any((back.source, PAID + one.payment) not in books.booked for one in back.money):
        return True
    name = (back.source, name_of(back))
    dated = books.dated(back.at, week)
    if owed.refunded + back.amount > owed.order.total:
        dated = "exceeds order"
    if isinstance(dated, str):
        return _waits(books, name, dated)
    owed.refunded += back.amount
    moved, legs = sum(one.amount for one in back.money), refund_legs(back)
    total = sum(legs.values())
    made = Document("invoice_credit_memo", owed.customer, back.currency, total, dated)
    books.booked[name] = back
    if moved and books.merchant.refund == "customer_refund":
        _hand_back(books, back, made, legs)
        return False
    books.file(made, legs, RECEIVABLE)
    unmoved = min(total - moved, owed.open)
    owed.open -= unmoved
    owed.taken += unmoved
    return False


def _hand_back(books: Reckoning, back: Refund, made: Document, legs: Legs) -> None:
    """One customer refund an account; what is not money is a credit memo."""
    ways: Legs = {}
    for one in back.money:
        ways[CLEARING[one.gateway]] = ways.get(CLEARING[one.gateway], 0) + one.amount
    for account, minor in legs.items():
        books.balances[account, back.currency] += minor
    for account, minor in ways.items():
        books.balances[account, back.currency] -= minor
        books.documents[replace(made, kind="customer_refund", total=minor)] += 1
    rest = made.total - sum(ways.values())
    if rest:
        owed = books.orders[back.source, back.order]
        books.balances[RECEIVABLE, back.currency] -= rest
        books.owing[made.customer, back.currency] -= rest
        books.documents[replace(made, total=rest)] += 1
        owed.open -= min(rest, owed.open)


def refund_legs(back: Refund) -> Legs:
    """What is given back by account, as debits; the amount alone is a return of sales."""
    if back.lines is None:
        return {ACCOUNT_OF[FALLBACK]: back.amount}
    legs: Legs = {}
    parts = [(ACCOUNT_OF[item_of(line) or FALLBACK], line.total) for line in back.lines]
    parts += [(ACCOUNT_OF["Shipping"], back.shipping), (ACCOUNT_OF["Tip"], back.tip)]
    parts += [(ACCOUNT_OF[FALLBACK], back.adjustment)]
    parts += [(TAX_ACCOUNT, sum(tax.amount for tax in back.taxes if tax.by == "seller"))]
    for account, minor in parts:
        legs[account] = legs.get(account, 0) + minor
    return {account: minor for account, minor in legs.items() if minor}
