"""Source totals against the books, per connection and currency, without looking at single documents."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final, Literal

from sandbox.day.documents import CreditMemo, CustomerRefund, Documents
from sandbox.day.facts import Facts
from sandbox.day.shops import CONNECTION_OF

What = Literal["orders", "payments", "refunds"]

WHATS: Final[tuple[What, ...]] = ("orders", "payments", "refunds")


@dataclass(frozen=True)
class Leg:
    """One kind of fact: what the sources say, what the books say, in minor units."""

    what: What
    source: int
    books: int

    @property
    def difference(self) -> int:
        """Books less source."""
        return self.books - self.source


@dataclass(frozen=True)
class TieOut:
    """One currency of one connection."""

    connection: str
    currency: str
    legs: tuple[Leg, ...]

    @property
    def source(self) -> int:
        """Orders less payments and refunds, as the sources tell them."""
        return sum(leg.source if leg.what == "orders" else -leg.source for leg in self.legs)

    @property
    def books(self) -> int:
        """Invoices less invoice payments, credit memos and customer refunds."""
        return sum(leg.books if leg.what == "orders" else -leg.books for leg in self.legs)

    @property
    def difference(self) -> int:
        """Books less source."""
        return self.books - self.source

    @property
    def ties(self) -> bool:
        """Whether every leg agrees; two errors that cancel do not count as agreement."""
        return all(leg.difference == 0 for leg in self.legs)


Key = tuple[str, str, What]


def tie_out(facts: Facts, books: Documents) -> tuple[TieOut, ...]:
    """Every (connection, currency) that occurs on either side, in order of name."""
    source, found = _told(facts), _booked(books)
    pairs = sorted({(connection, currency) for connection, currency, _ in (*source, *found)})
    return tuple(
        TieOut(
            connection,
            currency,
            tuple(Leg(what, source[connection, currency, what], found[connection, currency, what]) for what in WHATS),
        )
        for connection, currency in pairs
    )


def _told(facts: Facts) -> defaultdict[Key, int]:
    sums: defaultdict[Key, int] = defaultdict(int)
    for order in facts.orders:
        sums[CONNECTION_OF[order.source].alias, order.currency, "orders"] += order.total
    for payment in facts.payments:
        sums[CONNECTION_OF[payment.source].alias, payment.currency, "payments"] += payment.amount
    for refund in facts.refunds:
        sums[CONNECTION_OF[refund.source].alias, refund.currency, "refunds"] += refund.amount
    return sums


def _booked(books: Documents) -> defaultdict[Key, int]:
    sums: defaultdict[Key, int] = defaultdict(int)
    for invoice in books.invoices:
        sums[invoice.connection, invoice.currency, "orders"] += invoice.total
    for payment in books.invoice_payments:
        sums[payment.connection, payment.currency, "payments"] += payment.total
    refunds: tuple[CreditMemo | CustomerRefund, ...] = (*books.credit_memos, *books.customer_refunds)
    for given in refunds:
        sums[given.connection, given.currency, "refunds"] += given.total
    return sums
