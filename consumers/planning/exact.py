"""Exact arithmetic on the decimal texts that sources and lists tell."""

from decimal import Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

EXACT: Final = Context(prec=60)
_SENSIBLE: Final = 12
"""Digits before the decimal point of a number that is passed on; after it, half as many."""


def sensible(text: str | None) -> Decimal | None:
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


def rate_of(text: str | None) -> Fraction | None:
    """A tax rate, unless it is absent or absurd: `8.875` per cent has few digits, not thousands."""
    value = None if text is None or len(text) > 2 * _SENSIBLE else _decimal(text)
    return None if value is None or abs(value.adjusted()) > _SENSIBLE else Fraction(value)


def half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes away from zero, as accountants round."""
    sign = -1 if value < 0 else 1
    return sign * int((abs(value) * 2 + 1) // 2)


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
