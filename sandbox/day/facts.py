"""The facts of the day, as the shops would swear to them. All amounts are integers in minor units."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Buyer:
    """Who bought. A guest has no `id`; a guest at a till has neither e-mail nor name."""

    id: str | None
    name: str | None
    email: str | None


@dataclass(frozen=True)
class Tax:
    """One tax on one line. `rate` is a decimal string such as "0.08875"."""

    code: str
    rate: str
    amount: int


@dataclass(frozen=True)
class Line:
    """One line of an order.

    `unit` is the price the buyer saw for one (with tax where the order's prices include it), `discount`
    the line's own discount, `total` what is left of `unit * quantity` after discount and without tax.
    """

    id: str
    sku: str | None
    description: str
    quantity: int
    unit: int
    discount: int
    total: int
    taxes: tuple[Tax, ...]

    @property
    def tax(self) -> int:
        """The sum of the line's taxes."""
        return sum(tax.amount for tax in self.taxes)


@dataclass(frozen=True)
class Order:
    """A completed sale. `key` names it inside its source; `number` is what people call it."""

    source: str
    key: str
    number: str
    completed_at: datetime
    currency: str
    buyer: Buyer
    lines: tuple[Line, ...]
    shipping: int
    shipping_taxes: tuple[Tax, ...]
    tip: int
    discount: int
    rounding: int
    prices_include_tax: bool
    total: int

    @property
    def tax(self) -> int:
        """All the order's taxes: its lines' and its shipping's."""
        return sum(line.tax for line in self.lines) + sum(tax.amount for tax in self.shipping_taxes)


@dataclass(frozen=True)
class Share:
    """How much of a payment is meant for which order."""

    order: str
    amount: int


@dataclass(frozen=True)
class Payment:
    """Money that came in."""

    source: str
    key: str
    received_at: datetime
    currency: str
    amount: int
    gateway: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class MoneyBack:
    """Money that went out again, through the payment it had come in by."""

    payment: str
    gateway: str
    amount: int


@dataclass(frozen=True)
class Refund:
    """A refund, or, without `money`, a credit. `lines` None: the source told the amount only."""

    source: str
    key: str
    issued_at: datetime
    currency: str
    amount: int
    reason: str
    order: str
    lines: tuple[Line, ...] | None
    shipping: int
    shipping_taxes: tuple[Tax, ...]
    tip: int
    adjustment: int
    money: tuple[MoneyBack, ...]

    @property
    def tax(self) -> int:
        """All the refund's taxes: its lines' and its shipping's."""
        lines = sum(line.tax for line in self.lines or ())
        return lines + sum(tax.amount for tax in self.shipping_taxes)


@dataclass(frozen=True)
class Facts:
    """Everything that really happened and must be in the books."""

    orders: tuple[Order, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
