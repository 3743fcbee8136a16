"""How senders count minor units, where ISO 4217 does not say it, and the exact way from theirs to ISO's.

Stripe (Currencies: Zero-decimal currencies, Special cases): ISK is written with two decimals that are always 00, MGA
with none although ISO gives it two, BHD, JOD, KWD, OMR and TND with three as ISO does. UGX stands in both of Stripe's
lists, and the other ambiguous codes in neither, so they are read once the source says how (`exponents`). Shopify writes
decimals of major units and needs no table.
"""

from typing import Final

from schemas.money import EXPONENTS, MAX_MINOR
from schemas.sources import Source

STRIPE: Final[dict[str, int]] = {"ISK": 2, "MGA": 0}
"""Currencies that Stripe counts otherwise than ISO."""

STRIPE_AMBIGUOUS: Final = frozenset({"CLF", "IQD", "LYD", "UGX", "UYI", "UYW"})


def stripe_decimals(currency: str, source: Source) -> int | None:
    """Decimals of Stripe's minor unit of an ISO currency; None = ambiguous, ask the source's owner."""
    told = dict(source.exponents).get(currency)
    if told is not None:
        return told
    return None if currency in STRIPE_AMBIGUOUS else STRIPE.get(currency, EXPONENTS[currency])


def iso_minor(amount: int, decimals: int, currency: str) -> int | None:
    """An amount counted with `decimals` in ISO's minor units; None when it does not fit exactly, or is absurd."""
    shift = EXPONENTS[currency] - decimals
    minor, rest = (amount * 10**shift, 0) if shift >= 0 else divmod(amount, 10**-shift)
    return minor if rest == 0 and abs(minor) <= MAX_MINOR else None
