"""The lines of invoices, credit memos and customer refunds, from parts that sum to the document's total."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation, localcontext
from typing import Any, Final, Literal

from consumers.planning.items import Picked
from schemas.money import major_units

MAX_DESCRIPTION: Final = 4000
_EXACT: Final = Context(prec=60)
_SENSIBLE: Final = 12
"""Digits before the decimal point of a quantity or unit price that is passed on; after it, half as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line to be: what, how much (minor units), under which item. Quantity and unit price are the source's."""

    description: str
    minor: int
    item: Picked
    quantity: str | None = None
    unit_price: str | None = None


def sum_of(parts: Iterable[Part]) -> int:
    """What the parts come to, in minor units."""
    return sum(part.minor for part in parts)


def body_lines(
    parts: Iterable[Part], currency: str, *, amounts: Literal["number", "text"], suffix: str = ""
) -> list[dict[str, Any]]:
    """The parts as Rutter takes them. Credit memos want amounts as text (Rutter: Create an invoice credit memo)."""
    return [_line(part, currency, as_text=amounts == "text", suffix=suffix) for part in parts]


def is_one_of_the_whole(part: Part, currency: str) -> bool:
    """Whether the source told a quantity and a unit price, and they do not multiply to the line's total."""
    if part.quantity is None or part.unit_price is None:
        return False
    return _factors(part, major_units(part.minor, currency))[0] == 1 != _sensible(part.quantity)


def _line(part: Part, currency: str, *, as_text: bool, suffix: str) -> dict[str, Any]:
    total = major_units(part.minor, currency)
    quantity, unit = _factors(part, total)
    return {
        "description": part.description[: MAX_DESCRIPTION - len(suffix)] + suffix,
        "total_amount": _amount(total, as_text=as_text),
        "item": {"id": part.item.id, "quantity": quantity, "unit_amount": _amount(unit, as_text=as_text)},
    }


def _amount(amount: Decimal, *, as_text: bool) -> Decimal | str:
    return format(amount, "f") if as_text else amount


def _factors(part: Part, total: Decimal) -> tuple[Decimal | int, Decimal]:
    """Quantity and unit amount: the source's where they multiply to the total exactly, else one of the whole.

    Platforms refuse or recompute a line whose product is not its total.
    """
    quantity, unit = _sensible(part.quantity), _sensible(part.unit_price)
    if quantity is not None and unit is not None and quantity > 0:
        with localcontext(_EXACT):
            if quantity * unit == total:
                return quantity, unit
    return 1, total


def _sensible(text: str | None) -> Decimal | None:
    """The number, unless it is absent or of a size that no platform takes."""
    if text is None:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or value.adjusted() > _SENSIBLE or not -_SENSIBLE // 2 <= exponent <= _SENSIBLE:
        return None
    return value
