"""Money: integer minor units with their currency, and the one table of how many decimals a currency has.

No binary float ever holds an amount. Exponents are ISO 4217's; a sender that counts otherwise converts in its handler.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Final

MAX_MINOR: Final = 10**15
"""The absurdity bound: ten trillion dollars. A larger amount is refused, not booked."""

_CODES: Final = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE
CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW
KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ANG
""".split()

EXPONENTS: Final[dict[str, int]] = (
    dict.fromkeys(_CODES, 2)
    | dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0)
    | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
    | dict.fromkeys("CLF UYW".split(), 4)
)
"""ISO 4217: active currency code -> digits after the decimal point."""

_EXACT: Final = Context(prec=64)
"""More digits than `minor_units` lets in: the ambient 28 would round a trace of a cent away, and call it fitting."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: `minor` in the currency's smallest unit (may be negative), `currency` an ISO 4217 code."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        """Refuse what cannot be money: an unknown currency or an absurd amount."""
        if self.currency not in EXPONENTS:
            raise ValueError(f"unknown currency {self.currency[:8]!r}")
        if abs(self.minor) > MAX_MINOR:
            raise ValueError("amount beyond any sensible document")

    def __str__(self) -> str:
        """Read as people write it: `12.34 USD`."""
        return f"{self.major} {self.currency}"

    @property
    def major(self) -> Decimal:
        """The amount in major units, with exactly the currency's decimals."""
        return major_units(self.minor, self.currency)


def major_units(minor: int, currency: str) -> Decimal:
    """Minor units as a decimal of major units: (1234, USD) is 12.34, (5000, JPY) is 5000."""
    return Decimal(minor).scaleb(-EXPONENTS[currency])


def minor_units(major: Decimal, currency: str) -> int | None:
    """Major units as minor units, or None when the amount does not fit the currency exactly or is absurd."""
    if not major.is_finite() or major.adjusted() > 20 or -major.as_tuple().exponent > 30:  # type: ignore[operator]  # finite, so an int
        return None
    scaled = major.scaleb(EXPONENTS[currency], _EXACT)
    minor = int(scaled)
    return minor if scaled == minor and abs(minor) <= MAX_MINOR else None


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` minor units in proportion to `weights` (>= 0); the parts sum to `total` to the unit.

    Largest remainder, earlier parts first on a tie. All weights zero gives everything to the first part.
    """
    if not weights:
        raise ValueError("nothing to allocate to")
    whole = sum(weights)
    if whole == 0:
        return [total, *([0] * (len(weights) - 1))]
    sign = -1 if total < 0 else 1
    shares = [divmod(abs(total) * weight, whole) for weight in weights]
    parts = [quotient for quotient, _ in shares]
    left = abs(total) - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-shares[i][1], i))[:left]:
        parts[index] += 1
    return [sign * part for part in parts]
