"""What happened in the month, as its senders would swear to it. Amounts are integers in minor units."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax; `by` says who owes it to the state."""

    code: str
    rate: str
    amount: int
    by: Literal["seller", "marketplace"] = "seller"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who bought. A guest has no id; a guest at a till has nothing."""

    id: str | None
    name: str | None
    email: str | None


NOBODY = Buyer(None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: `total` after its own discount and before tax, `unit` the listed price of one, in minor units."""

    id: str
    sku: str | None
    text: str
    total: int
    kind: Literal["goods", "gift_card", "fee"] = "goods"
    quantity: int = 1
    unit: int | None = None
    taxes: tuple[Tax, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file beside an order: its name, and which of the month's files it is."""

    name: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A sale."""

    source: str
    key: str
    number: str
    at: datetime
    currency: str
    buyer: Buyer
    lines: tuple[Line, ...]
    shipping: int = 0
    shipping_taxes: tuple[Tax, ...] = ()
    tip: int = 0
    discount: int = 0
    rounding: int = 0
    misfit: int = 0
    """By how much the total it states is beyond what it comes to: a sender's mistake."""
    included: bool = False
    tags: tuple[tuple[str, str], ...] = ()
    files: tuple[File, ...] = ()

    @property
    def taxes(self) -> tuple[Tax, ...]:
        """All its taxes, its lines' and its shipping's."""
        return (*(tax for line in self.lines for tax in line.taxes), *self.shipping_taxes)

    @property
    def total(self) -> int:
        """What it says it comes to."""
        goods = sum(line.total for line in self.lines) + self.shipping + self.tip + self.rounding - self.discount
        return goods + summed(self.taxes) + self.misfit

    @property
    def remitted(self) -> int:
        """The tax that a marketplace remits."""
        return summed(tax for tax in self.taxes if tax.by == "marketplace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came in, and the orders it pays; None: the sender did not tell which."""

    source: str
    key: str
    at: datetime
    currency: str
    amount: int
    gateway: str
    shares: tuple[tuple[str, int], ...] | None
    method: str | None = None
    buyer: Buyer | None = None
    fee: int = 0
    settled: tuple[str, int, str] | None = None
    """Currency, minor units and rate of what reached the merchant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Money that went out again, through that payment."""

    payment: str
    gateway: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A refund; without `money` a credit. `lines` None: the amount only."""

    source: str
    key: str
    at: datetime
    currency: str
    amount: int
    order: str
    lines: tuple[Line, ...] | None
    shipping: int = 0
    shipping_taxes: tuple[Tax, ...] = ()
    tip: int = 0
    adjustment: int = 0
    money: tuple[Back, ...] = ()

    @property
    def taxes(self) -> tuple[Tax, ...]:
        """All its taxes."""
        return (*(tax for line in self.lines or () for tax in line.taxes), *self.shipping_taxes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """An order as it stands after a change."""

    order: Order
    revision: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """An order is cancelled: what is open on it is not owed."""

    source: str
    order: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chargeback:
    """Money of a payment taken back."""

    source: str
    key: str
    payment: str
    at: datetime
    currency: str
    amount: int
    kind: Literal["chargeback", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRefund:
    """Money of a refund that came back to the merchant."""

    source: str
    key: str
    refund: str
    at: datetime
    currency: str
    amount: int


Fact = Order | Payment | Refund | Amendment | Cancellation | Chargeback | FailedRefund
Hand = Literal["paid", "voided", "changed", "merged", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a person does in the books, past everybody, to the invoice of that order."""

    hand: Hand
    order: Order
    amount: int = 0
    """Changed: how much more it comes to."""
    into: Order | None = None
    """Merged: into the customer of that order."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact, and the week of the month (1 to 4) in which it is told. `feature` names what it is there to show."""

    fact: Fact
    week: int
    feature: str = field(compare=False)


def name_of(fact: Fact) -> str:
    """What the fact is called among its source's: `order:1001`."""
    match fact:
        case Order():
            return f"order:{fact.key}"
        case Payment():
            return f"payment:{fact.key}"
        case Refund():
            return f"refund:{fact.key}"
        case Amendment():
            return f"amendment:{fact.order.key}:{fact.revision}"
        case Cancellation():
            return f"cancellation:{fact.order}"
        case Chargeback():
            return f"payment_reversal:{fact.key}"
        case FailedRefund():
            return f"refund_reversal:{fact.key}"


def source_of(fact: Fact) -> str:
    """Who tells it."""
    return fact.order.source if isinstance(fact, Amendment) else fact.source


def summed(taxes: Iterable[Tax]) -> int:
    """What they come to."""
    return sum(tax.amount for tax in taxes)
