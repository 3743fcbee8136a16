"""Single values out of Rutter's JSON, where everything may be null and amounts are numbers here and strings there.

Rutter (2024-08-31): invoices and customer refunds answer with numbers, payments and credit memos with strings; a number
may already carry binary rounding.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from schemas.money import EXPONENTS, MAX_MINOR, Money, minor_units
from service.rutter.secrecy import clean

_ID: Final = re.compile(r"[!-~]{1,100}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
_NOISE: Final = Decimal("0.0001")
"""Of a minor unit: what binary rounding on the way can have added."""
_LONGEST: Final = 1000


def identifier(value: object) -> str | None:
    """Rutter's id of something: a short printable word without spaces (UUIDs in practice), or None."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def text(value: object) -> str | None:
    """A text that says something, cleaned and bounded; blank counts as absent."""
    return clean(value[:_LONGEST]).strip() or None if isinstance(value, str) else None


def decimal(value: object) -> Decimal | None:
    """An exact decimal from a number or a numeric string."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip())
    return None


def whole(value: object) -> int | None:
    """A count that fits a day book: 0 to 99,999."""
    exact = decimal(value)
    return int(exact) if exact is not None and exact == exact.to_integral_value() and 0 <= exact < 100_000 else None


def moment(value: object) -> datetime | None:
    """An ISO 8601 time, in UTC; without a zone it is taken as UTC."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        read = datetime.fromisoformat(value)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def total_of(document: Mapping[str, Any], expected: Money | None) -> Money | None:
    """What a document says it comes to, in its own currency, else (it names none) in the expected one.

    An amount between two minor units is never what we asked for: it is told as the neighbour that is not ours, so that
    the difference shows.
    """
    amount = decimal(document.get("total_amount"))
    named = document.get("currency_code")
    currency = named.strip().upper() if isinstance(named, str) and named.strip() else None
    if currency is None and expected is not None:
        currency = expected.currency
    if amount is None or currency is None or currency not in EXPONENTS:
        return None
    minor = _minor(amount, currency, expected.minor if expected else None)
    return None if minor is None or abs(minor) > MAX_MINOR else Money(minor, currency)


def _minor(amount: Decimal, currency: str, ours: int | None) -> int | None:
    exact = minor_units(amount, currency)
    if exact is not None:
        return exact
    if not amount.is_finite() or amount.adjusted() > 17:
        return None
    scaled = amount.scaleb(EXPONENTS[currency])
    nearest = scaled.to_integral_value()
    if abs(scaled - nearest) <= _NOISE:
        return int(nearest)
    below = int(scaled.to_integral_value(ROUND_FLOOR))
    return below + 1 if below == ours else below
