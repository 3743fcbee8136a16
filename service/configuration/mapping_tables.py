"""The tables of a connection that map its sales to its books, as they are written in TOML."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, field_validator

from schemas.mapping import Role, When
from schemas.money import EXPONENTS
from service.configuration.named import Alias, InBooks, Strict

Filled = Annotated[str, StringConstraints(min_length=1)]


def _known_currency(value: object) -> object:
    if isinstance(value, str) and value not in EXPONENTS:
        raise ValueError("no ISO 4217 currency; write its code in capitals, like USD")
    return value


Currency = Annotated[str, BeforeValidator(_known_currency)]


def _one_tag(value: object) -> object:
    if not isinstance(value, dict) or len(value) != 1 or not all(isinstance(one, str) for one in value.values()):
        raise ValueError('name one tag and its value: { channel = "wholesale" }')
    ((name, told),) = value.items()
    return (name, told)


Tag = Annotated[tuple[str, str], BeforeValidator(_one_tag)]
"""`{ name = "value" }`."""


class Rule(Strict):
    """What a rule is for; what is left out fits everything. Letter case does not count."""

    source: Filled | None = None
    currency: Currency | None = None
    country: Filled | None = None
    sku: Filled | None = None
    gateway: Filled | None = None
    method: Filled | None = None

    def when(self, tag: tuple[str, str] | None) -> When:
        """As the mapping holds it."""
        return When(
            source=self.source,
            currency=self.currency,
            country=self.country,
            sku=self.sku,
            tag=tag,
            gateway=self.gateway,
            method=self.method,
        )


class ItemRuleTable(Rule):
    """`[[connections.X.items.rules]]`: before everything else, the first that fits wins."""

    item: InBooks
    role: Role | None = None
    tag: Tag | None = None


class ItemsTable(Strict):
    """`[connections.X.items]`: what each part of an order is sold under."""

    rules: tuple[ItemRuleTable, ...] = ()
    fallback: InBooks | None = None
    by_sku: dict[str, InBooks] = Field(default_factory=dict)
    match_sku: bool = True
    require_mapping: bool = False
    create: bool = False
    shipping: InBooks | None = None
    tip: InBooks | None = None
    discount: InBooks | None = None
    rounding: InBooks | None = None
    tax: InBooks | None = None
    gift_card: InBooks | None = None
    fee: InBooks | None = None
    payment_reversal: InBooks | None = None


class ClearingTable(Rule):
    """`[[connections.X.clearing]]`: the account of a gateway's money; the first that fits wins."""

    account: InBooks
    tag: Tag | None = None


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _is_rate(value: str) -> str:
    if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,12})?", value) is None:
        raise ValueError("must be the rate as the source tells it, like 0.0825")
    return value


Rate = Annotated[str, BeforeValidator(_as_text), AfterValidator(_is_rate)]


class TaxRateTable(Rule):
    """`[[connections.X.tax_rates]]`: the books' rate for a tax of the source; the first that fits wins."""

    use: InBooks
    code: Filled | None = None
    rate: Rate | None = None
    tag: Tag | None = None


class TrackingTable(Rule):
    """`[[connections.X.tracking]]`: a class, department, location or custom field. Here `tag` is where its value comes
    from; `when_tag` is the tag that the rule is for."""

    dimension: Filled
    tag: Filled | None = None
    values: dict[str, InBooks] = Field(default_factory=dict)
    otherwise: InBooks | None = None
    required: bool = False
    when_tag: Tag | None = None


class MappingTable(Strict):
    """The part of `[connections.X]` that maps."""

    receivable: InBooks | None = None
    income: InBooks | None = None
    tax_liability: InBooks | None = None
    cash_customer: InBooks | None = None
    tax: Literal["rates", "header", "line"] | None = None
    payment_methods: dict[str, InBooks] = Field(default_factory=dict)
    terms: InBooks | None = None
    due_days: int | None = Field(None, ge=0, le=3650)
    number_prefix: Annotated[str, StringConstraints(max_length=8)] = ""
    numbers: dict[Alias, Annotated[str, StringConstraints(max_length=8)]] = Field(default_factory=dict)
    refund_policy: Literal["credit_memo", "customer_refund"] | None = None
    overpayment: Literal["open_credit", "park"] = "park"
    prepayment: Literal["hold", "post"] = "hold"
    fees: Literal["ignore", "book"] = "ignore"
    chargeback: Literal["loss", "reopen"] | None = None
    closed_books: Literal["hold", "first_open_day", "ask"] = "ask"
    closed_through: date | None = None
    items: ItemsTable = ItemsTable()
    clearing: tuple[ClearingTable, ...] = ()
    tax_rates: tuple[TaxRateTable, ...] = ()
    tracking: tuple[TrackingTable, ...] = ()

    @field_validator("closed_through", mode="before")
    @classmethod
    def _a_day(cls, value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds there
        if value is None or type(value) is date:
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValueError("must be a day, like 2026-01-31") from None
