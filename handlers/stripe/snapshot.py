"""One Stripe event: the state of an object when something happened to it, and amounts in that object's units."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from handlers.exponents import iso_minor, stripe_decimals
from handlers.fields import Field, UnreadableError
from schemas.money import EXPONENTS
from schemas.sources import Source


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`at` is when the event was made, `thing` is `$.data.object`."""

    type: str
    at: datetime
    thing: Field
    source: Source

    def units(self, currency: Field | None = None) -> "Units":
        """The units that the object's amounts are counted in, or those of another `currency` below it."""
        field = self.thing.get("currency") if currency is None else currency
        code = field.word()
        iso = Field(field.path, code.upper() if code.islower() else code).currency()
        decimals = stripe_decimals(iso, self.source)
        if decimals is None:
            raise field.bad(
                f"nobody can tell how many decimals Stripe counts {iso} with; set it in the source's exponents"
            )
        return Units(iso, decimals)


@dataclass(frozen=True, slots=True)
class Units:
    """A currency, and the decimals that Stripe counts it with."""

    currency: str
    decimals: int

    def minor(self, field: Field) -> int:
        """A required amount in ISO's minor units, exactly."""
        minor = iso_minor(field.integer(), self.decimals, self.currency)
        if minor is None:
            raise field.bad(f"no sensible amount of {self.currency}, which has {EXPONENTS[self.currency]} decimals")
        return minor

    def minor_or_zero(self, field: Field) -> int:
        """As `minor`; null is nothing."""
        return self.minor(field) if field.told else 0

    def not_negative(self, field: Field) -> int:
        """As `minor`, and at least zero."""
        minor = self.minor(field)
        if minor < 0:
            raise field.bad("less than nothing")
        return minor

    def positive(self, field: Field) -> int:
        """As `minor`, and more than zero."""
        minor = self.minor(field)
        if minor <= 0:
            raise field.bad("not more than nothing")
        return minor

    def major_text(self, field: Field) -> str | None:
        """An informative price in minor units, which may have a fraction, as a decimal text of major units."""
        if not field.told:
            return None
        price: Decimal = field.decimal()
        return Field(field.path, price.scaleb(-self.decimals)).decimal_text()


def same_currency(field: Field, units: Units) -> None:
    """Refuse an inner object that is told in another currency than its outer one."""
    if field.told and field.word().upper() != units.currency:
        raise UnreadableError(field.path, f"another currency than the {units.currency} around it")
