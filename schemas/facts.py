"""What canonical events carry: an order, a payment, a refund.

Amounts are integers in minor units of the fact's currency; `quantity`, `unit_price` (major units) and rates are decimal
strings, informative or null; times are RFC 3339 with a zone. Line and shipping totals are after their own discounts,
before tax. Every object is frozen and checked when built: a wrong value cannot exist.
"""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from schemas.money import EXPONENTS, MAX_MINOR

MAX_ID_BYTES = 255


class Frozen(BaseModel):
    """An immutable value; unknown fields are refused, because a misspelt field is a fact that would be lost."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


def _identifier(text: str) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_ID_BYTES:
        raise ValueError(f"longer than {MAX_ID_BYTES} bytes")
    if not text.isprintable():
        raise ValueError("has characters that cannot be printed")
    return text


def _text(text: str) -> str:
    if "\x00" in text:
        raise ValueError("has a NUL character")
    return text


def _decimal(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ValueError("not a decimal number")
    return text


def _currency(code: str) -> str:
    if code not in EXPONENTS:
        raise ValueError("unknown currency; use an active ISO 4217 code, upper case")
    return code


Id = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_BYTES), AfterValidator(_identifier)]
Text = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_text)]
DecimalText = Annotated[str, StringConstraints(max_length=40), AfterValidator(_decimal)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), AfterValidator(_currency)]
Minor = Annotated[int, Field(ge=-MAX_MINOR, le=MAX_MINOR)]
NotNegative = Annotated[int, Field(ge=0, le=MAX_MINOR)]
Positive = Annotated[int, Field(gt=0, le=MAX_MINOR)]


class Tax(Frozen):
    """One tax on a line or on shipping. `remitted_by` says whose liability it is."""

    code: Text | None
    rate: DecimalText | None
    amount: Minor
    remitted_by: Literal["seller", "marketplace"] = "seller"


class Address(Frozen):
    """A postal address, as far as it was told."""

    address1: Text | None = None
    address2: Text | None = None
    city: Text | None = None
    region: Text | None = None
    postal_code: Text | None = None
    country: Text | None = None


class Customer(Frozen):
    """Who bought. A guest has `id` null and is keyed by normalised e-mail."""

    id: Id | None
    name: Text | None
    email: Text | None
    phone: Text | None = None
    billing_address: Address | None = None


class OrderLine(Frozen):
    """One line of an order; `total` after its own discounts, before tax; may be negative."""

    id: Id
    kind: Literal["goods", "gift_card", "fee"] = "goods"
    sku: Id | None
    description: Text
    quantity: DecimalText | None
    unit_price: DecimalText | None
    total: Minor
    taxes: tuple[Tax, ...] = ()


class Shipping(Frozen):
    """Shipping, after its own discounts, before tax."""

    total: Minor
    taxes: tuple[Tax, ...] = ()


class Attachment(Frozen):
    """A file to keep with the invoice."""

    file_name: Text
    url: Text


class Order(Frozen):
    """A completed order. Ties when total = lines + taxes + shipping + tip + rounding - discount."""

    id: Id
    number: Text
    completed_at: AwareDatetime
    due_at: AwareDatetime | None = None
    currency: Currency
    customer: Customer
    shipping_address: Address | None = None
    lines: tuple[OrderLine, ...]
    shipping: Shipping
    tip: Minor = 0
    discount: Minor = 0
    rounding: Minor = 0
    total: NotNegative
    prices_include_tax: bool = False
    memo: Text | None = None
    tags: dict[Text, Text] = Field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


class Application(Frozen):
    """How much of a payment pays which order."""

    order_id: Id
    amount: Positive


class Fee(Frozen):
    """What the gateway kept; its currency may differ from the payment's."""

    currency: Currency
    amount: NotNegative


class Settlement(Frozen):
    """What reached the merchant, in the currency it was paid out in."""

    currency: Currency
    amount: Minor
    rate: DecimalText | None = None


REINSTATED: Final = "/reinstated"
"""How the id of a payment ends that restores another: what took the money back is named before it."""


class Payment(Frozen):
    """Money received. `applies_to` empty = unapplied; null = the source did not tell, so the payment holds."""

    id: Id
    received_at: AwareDatetime
    currency: Currency
    amount: Positive
    gateway: Text | None
    method: Text | None
    reference: Text | None
    customer: Customer | None = None
    applies_to: tuple[Application, ...] | None
    fee: Fee | None = None
    settlement: Settlement | None = None

    @property
    def restores(self) -> bool:
        """Whether it is money that had been taken back and came home: `reference` is the payment that it restores."""
        return self.id.endswith(REINSTATED)


class RefundLine(Frozen):
    """One refunded line; `total` before tax, positive when given back."""

    order_line_id: Id | None
    sku: Id | None
    description: Text
    quantity: DecimalText | None
    total: Minor
    taxes: tuple[Tax, ...] = ()


class RefundMoney(Frozen):
    """Money that went back, and through which payment (null when the source did not tell)."""

    payment_id: Id | None
    gateway: Text | None
    method: Text | None
    amount: Positive


class Refund(Frozen):
    """A refund issued. `money` empty = a credit without money; `lines` null = amount only."""

    id: Id
    issued_at: AwareDatetime
    currency: Currency
    amount: Positive
    reason: Text | None
    order_id: Id | None
    customer: Customer | None = None
    lines: tuple[RefundLine, ...] | None
    shipping: Shipping
    tip: Minor = 0
    adjustment: Minor = 0
    money: tuple[RefundMoney, ...]
