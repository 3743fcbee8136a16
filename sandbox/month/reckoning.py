"""A bookkeeper's own reckoning: accounts, what customers owe, the documents, and what waits for a person."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sandbox.month.facts import Buyer, Fact, Line, Order
from sandbox.month.merchant import ACCOUNT_OF, BY_SKU, FALLBACK, TAX_ACCOUNT, Merchant
from sandbox.month.platform import WAYS, Ways
from sandbox.month.scribe import CLOSED_THROUGH_DAY

RECEIVABLE: Final = "Accounts Receivable"
Kind = Literal["invoice", "invoice_payment", "invoice_credit_memo", "customer_refund"]
Named = tuple[str, str]
"""A source, and what it calls something."""
Legs = dict[str, int]
"""Account -> minor units; here what is sold is above zero."""


@dataclass(frozen=True, slots=True, order=True)
class Document:
    """What an auditor sees of one document, however the platform marks it; `total` in minor units."""

    kind: str
    customer: str
    currency: str
    total: int
    dated: date


@dataclass(slots=True, kw_only=True)
class Owed:
    """What stands in the books for one order."""

    order: Order
    customer: str
    invoice: Document
    first_total: int
    open: int
    parts: Legs
    revision: int = 0
    taken: int = 0
    """Paid or credited so far."""
    refunded: int = 0
    supplemented: bool = False
    hand: str = ""
    """What a person did to the invoice."""


@dataclass(slots=True, kw_only=True)
class Reckoning:
    """Everything that must be in the books, and everything that must not."""

    merchant: Merchant
    begins: datetime
    closing: bool
    """Whether the books are closed in the middle of the month."""
    balances: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(account, currency) -> minor units, debit above zero."""
    owing: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(customer, currency) -> what they owe."""
    documents: Counter[Document] = field(default_factory=Counter)
    files: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(customer, SHA-256) of what is kept with invoices."""
    parked: dict[Named, str] = field(default_factory=dict)
    held: set[Named] = field(default_factory=set)
    orders: dict[Named, Owed] = field(default_factory=dict)
    booked: dict[Named, Fact] = field(default_factory=dict)
    """Payments and refunds that are in the books."""

    @property
    def ways(self) -> Ways:
        """The platform's."""
        return WAYS[self.merchant.platform]

    @property
    def closed_through(self) -> date:
        """The last closed day, from the third week on."""
        return (self.begins + timedelta(days=CLOSED_THROUGH_DAY - 1)).date()

    def day(self, at: datetime) -> date:
        """The date where the merchant is."""
        return at.astimezone(ZoneInfo(self.merchant.time_zone)).date()

    def closed(self, dated: date, week: int) -> bool:
        """Whether nothing may be dated so any more when that week is told."""
        return self.closing and week > 2 and dated <= self.closed_through

    def dated(self, at: datetime, week: int) -> date | str:
        """What a document of that moment is dated when that week is told; else `held`, or why it is parked."""
        day = self.day(at)
        if not self.closed(day, week):
            return day
        match self.merchant.closed:
            case "hold":
                return "held"
            case "ask":
                return "closed books"
            case "first_open_day":
                return self.closed_through + timedelta(days=1)

    def file(self, document: Document, legs: Mapping[str, int], against: str) -> Document:
        """A document: `legs` are debits, and `against` takes what balances them."""
        for account, minor in legs.items():
            self.balances[account, document.currency] += minor
        rest = -sum(legs.values())
        self.balances[against, document.currency] += rest
        if against == RECEIVABLE:
            self.owing[document.customer, document.currency] += rest
        self.documents[document] += 1
        return document

    def called(self, buyer: Buyer | None, currency: str) -> str:
        """The customer's name in the books: one a currency, a foreign one with its name behind."""
        known = buyer is not None and (buyer.id is not None or buyer.email is not None)
        plain = (buyer.name or buyer.email or "") if known and buyer else self.merchant.cash_customer
        plain = " ".join(plain.split())
        return plain if currency == self.merchant.home else f"{plain} ({currency})"


def item_of(line: Line) -> str | None:
    """What the line is sold under; None: nobody has said."""
    if line.kind != "goods":
        return {"gift_card": "Gift card", "fee": "Handling fee"}[line.kind]
    return FALLBACK if line.sku is None else BY_SKU.get(line.sku)


def parts_of(order: Order) -> Legs:
    """The order by account, as credits; without the tax that a marketplace remits."""
    legs: Counter[str] = Counter()
    for line in order.lines:
        legs[ACCOUNT_OF[item_of(line) or FALLBACK]] += line.total
    legs[ACCOUNT_OF["Shipping"]] += order.shipping
    legs[ACCOUNT_OF["Tip"]] += order.tip
    legs[ACCOUNT_OF["Rounding"]] += order.rounding
    legs[ACCOUNT_OF["Discount"]] -= order.discount
    legs[TAX_ACCOUNT] += sum(tax.amount for tax in order.taxes if tax.by == "seller")
    return {account: minor for account, minor in legs.items() if minor}


def negated(legs: Mapping[str, int]) -> Legs:
    """The other side."""
    return {account: -minor for account, minor in legs.items()}


def less(legs: Mapping[str, int], other: Mapping[str, int]) -> Legs:
    """What the one has beyond the other."""
    whole = Counter(legs)
    whole.subtract(other)
    return {account: minor for account, minor in whole.items() if minor}
