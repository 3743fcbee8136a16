"""Integer minor units and their decimal writing, by ISO 4217 exponents."""

from decimal import Decimal
from typing import Final

EXPONENTS: Final = {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0, "KWD": 3}


class NotExactError(ValueError):
    """An amount that is no whole number of its currency's minor units."""


def major(minor_units: int, currency: str) -> str:
    """Minor units as a decimal string in major units: (1234, "USD") gives "12.34", (500, "JPY") "500"."""
    exponent = EXPONENTS[currency]
    return f"{Decimal(minor_units).scaleb(-exponent):.{exponent}f}"


def minor(amount: Decimal, currency: str) -> int:
    """Major units as minor units.

    Raises:
        NotExactError: when the amount has more decimals than the currency.
    """
    scaled = amount.scaleb(EXPONENTS[currency])
    if scaled != scaled.to_integral_value():
        raise NotExactError(f"{amount} {currency} is not a whole number of minor units")
    return int(scaled)


def share(amount: int, numerator: int, denominator: int) -> int:
    """`amount * numerator / denominator`, rounded half away from zero, in integers."""
    product = abs(amount) * numerator
    rounded = (2 * product + denominator) // (2 * denominator)
    return rounded if amount >= 0 else -rounded
