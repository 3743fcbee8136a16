"""How a merchant's sales are told in their own books: accounts, items, tax, tracking, numbers and policies.

Where several rules could choose, they are tried in the order given and the first that fits wins. What nothing chooses
is not guessed: needing it parks.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something in the books, named by Rutter's id or by its exact name or code there (one of them)."""

    id: str | None = None
    name: str | None = None
    code: str | None = None

    def __post_init__(self) -> None:
        """Exactly one way to name it."""
        if sum(part is not None for part in (self.id, self.name, self.code)) != 1:
            raise ValueError("name it by exactly one of id, name, code")

    def __str__(self) -> str:
        """For people: `"Sales"`, `code 4000` or the id."""
        return f'"{self.name}"' if self.name else f"code {self.code}" if self.code else str(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """What a rule is for. None fits everything; texts are compared regardless of letter case.

    `country` is that of the shipping address, else of the billing address (as the source tells it). `tag` is one
    (name, value) of the order's tags.
    """

    source: str | None = None
    """The namespace of the event."""
    currency: str | None = None
    country: str | None = None
    sku: str | None = None
    tag: tuple[str, str] | None = None
    gateway: str | None = None
    method: str | None = None


EVERYTHING = When()

Role = Literal["fallback", "shipping", "tip", "discount", "rounding", "tax", "gift_card", "fee", "payment_reversal"]
"""The parts of an order that have an item of their own, and `fallback` for lines that match none.

`payment_reversal` is what chargebacks and failed payments are booked under.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRule:
    """Under which item a line (`role` None) or another part is sold, where the rule fits."""

    item: Named
    when: When
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Which item in the books each part of an order is sold under. None = not mapped: needing it parks."""

    rules: tuple[ItemRule, ...] = ()
    """Before everything else."""
    fallback: Named | None = None
    by_sku: tuple[tuple[str, Named], ...] = ()
    match_sku: bool = True
    """Whether an item whose code or name equals the sku is taken without a mapping."""
    require_mapping: bool = False
    """Park an unknown sku rather than sell it under the fallback item."""
    create: bool = False
    """Make an item for an unknown sku rather than sell it under the fallback item."""
    shipping: Named | None = None
    tip: Named | None = None
    discount: Named | None = None
    rounding: Named | None = None
    tax: Named | None = None
    gift_card: Named | None = None
    fee: Named | None = None
    payment_reversal: Named | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """The account that a gateway's money is posted to, gross, never the bank. The first that fits wins."""

    account: Named
    when: When = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRule:
    """The tax rate in the books for a tax of the source. `code` and `rate` (decimal text) None fit every one."""

    use: Named
    code: str | None = None
    rate: str | None = None
    when: When = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """A tracking category and where its value comes from: a tag of the order, or always the same.

    `dimension`: `class`, `department`, `location`, or the key of a custom field (Xero, NetSuite).
    """

    dimension: str
    tag: str | None = None
    """The tag whose value picks the entry: by `values`, else the entry of that name."""
    values: tuple[tuple[str, Named], ...] = ()
    otherwise: Named | None = None
    """Where the tag is absent or its value unknown; None leaves it out, or parks where it is `required`."""
    required: bool = False
    when: When = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Document numbers: a prefix (by namespace, else for all) before the source's number."""

    prefix: str = ""
    by_source: tuple[tuple[str, str], ...] = ()
    """(namespace, prefix): two shops of one merchant may count alike."""

    def prefix_of(self, namespace: str) -> str:
        """The prefix of that namespace."""
        return dict(self.by_source).get(namespace, self.prefix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """What a person decides once for a connection. None = not decided: needing it parks."""

    refund: Literal["credit_memo", "customer_refund"] | None = None
    """What a refund of money becomes."""
    overpayment: Literal["open_credit", "park"] = "park"
    """More money than its orders take: the excess is left as the customer's credit, where the platform can."""
    prepayment: Literal["hold", "post"] = "hold"
    """A payment before its order: held until then, or posted without an invoice, where the platform can."""
    fees: Literal["ignore", "book"] = "ignore"
    """What the gateway kept. `book` is refused where the platform has no document for it."""
    chargeback: Literal["loss", "reopen"] | None = None
    """Money taken back by the payer's bank: a loss, or owed again."""
    closed_books: Literal["hold", "first_open_day", "ask"] = "ask"
    """A document dated in a closed period: waits until it is opened, is dated on the first open day with its true date
    in the memo, or is asked about."""
    closed_through: date | None = None
    """The last closed day, where a person says so; the later of this, what Rutter reads and what refusals taught."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Everything a plan needs to know about one merchant's books."""

    items: Items = field(default_factory=Items)
    clearing: tuple[Clearing, ...] = ()
    receivable: Named | None = None
    income: Named | None = None
    """The account of lines, and of items that are made, on platforms where they name one."""
    tax_liability: Named | None = None
    """The account of the tax line, on platforms where a line names one."""
    cash_customer: Named | None = None
    """Who nameless guests are booked under."""
    tax: Literal["rates", "header", "line"] | None = None
    """Where seller-remitted tax goes; None = rates where they reproduce it exactly, else the header where the platform
    has one, else a line."""
    tax_rates: tuple[TaxRule, ...] = ()
    tracking: tuple[Tracking, ...] = ()
    payment_methods: tuple[tuple[str, Named], ...] = ()
    """(method, else gateway, as the source tells it -> payment method in the books)."""
    terms: Named | None = None
    """Payment terms of invoices."""
    due_days: int | None = None
    """Days to pay, where an order tells no due date."""
    numbers: Numbers = field(default_factory=Numbers)
    policies: Policies = field(default_factory=Policies)
