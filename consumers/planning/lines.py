"""The lines of invoices, credit memos and customer refunds, from parts that sum to the document's total before tax."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Final, Literal

from consumers.planning.exact import EXACT, sensible
from consumers.planning.items import Picked
from schemas.documents import BodyValue
from schemas.money import EXPONENTS, major_units

MAX_DESCRIPTION: Final = 4000
_NOTHING: Final[Mapping[str, BodyValue]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTax:
    """A tax rate of the books, by Rutter's id, and what it makes of the line, in minor units.

    `stated`: where the platform takes it, the amount is told beside the rate, and overrides it.
    """

    rate: str
    minor: int = 0
    stated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line to be: what, how much (minor units), under which item. Quantity and unit price are the source's."""

    description: str
    minor: int
    item: Picked
    quantity: str | None = None
    unit_price: str | None = None
    tax: LineTax | None = None
    account: str | None = None
    """The account that the line names, by Rutter's id, where the platform's lines do."""


def sum_of(parts: Iterable[Part]) -> int:
    """What the parts come to before tax, in minor units."""
    return sum(part.minor for part in parts)


def rated_tax(parts: Iterable[Part]) -> int:
    """What the platform adds to the parts, by the rates on them."""
    return sum(part.tax.minor for part in parts if part.tax is not None)


def body_lines(
    parts: Iterable[Part],
    currency: str,
    *,
    amounts: Literal["number", "text"],
    suffix: str = "",
    every: Mapping[str, BodyValue] = _NOTHING,
) -> list[dict[str, Any]]:
    """The parts as Rutter takes them; `every` is on each of them.

    Credit memos want amounts as text, and tax rates in another place (Rutter: Create an invoice credit memo).
    """
    return [{**_line(part, currency, as_text=amounts == "text", suffix=suffix), **every} for part in parts]


def told_otherwise(part: Part, currency: str) -> str | None:
    """How a line is booked whose quantity and unit price, as the source told them, do not multiply to its total."""
    told, price = sensible(part.quantity), sensible(part.unit_price)
    if part.quantity is None or part.unit_price is None or told == 1:
        return None
    quantity, unit = _factors(part, currency)
    if (quantity, unit) == (told, price):
        return None
    told_as = f"{part.description[:60]}: {part.quantity} x {part.unit_price} is not its total"
    return f"{told_as}, so it is one of the whole" if quantity == 1 else f"{told_as}, so it is {quantity} x {unit}"


def _line(part: Part, currency: str, *, as_text: bool, suffix: str) -> dict[str, Any]:
    total = major_units(part.minor, currency)
    quantity, unit = _factors(part, currency)
    line: dict[str, Any] = {
        "description": part.description[: MAX_DESCRIPTION - len(suffix)] + suffix,
        "total_amount": _amount(total, as_text=as_text),
        "item": {"id": part.item.id, "quantity": quantity, "unit_amount": _amount(unit, as_text=as_text)},
    }
    if part.account is not None:
        line["account_id"] = part.account
    if part.tax is not None:
        line |= _taxed(part.tax, currency, as_text=as_text)
    return line


def _taxed(tax: LineTax, currency: str, *, as_text: bool) -> dict[str, Any]:
    if as_text:
        return {"additional_fields": {"tax_rate_id": tax.rate}}
    stated = {"additional_fields": {"tax_amount": major_units(tax.minor, currency)}} if tax.stated else {}
    return {"tax_rate_id": tax.rate, **stated}


def _amount(amount: Decimal, *, as_text: bool) -> Decimal | str:
    return format(amount, "f") if as_text else amount


def _factors(part: Part, currency: str) -> tuple[Decimal | int, Decimal]:
    """Quantity and unit amount that multiply to the total exactly: the source's; else its quantity at what each came to
    after the line's discounts, if that is a whole number of minor units; else one of the whole.

    Platforms refuse or recompute a line whose product is not its total.
    """
    total = major_units(part.minor, currency)
    quantity, unit = sensible(part.quantity), sensible(part.unit_price)
    if quantity is None or quantity <= 0:
        return 1, total
    with localcontext(EXACT):
        if unit is not None and quantity * unit == total:
            return quantity, unit
        each = (total / quantity).quantize(Decimal(1).scaleb(-EXPONENTS[currency]))
        if unit is not None and quantity * each == total:
            return quantity, each
    return 1, total
