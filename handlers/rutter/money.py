"""Amounts in Rutter's commerce objects: JSON numbers of major units (Rutter: Orders, Transactions)."""

from dataclasses import dataclass

from handlers.fields import Field
from schemas.money import EXPONENTS, minor_units


@dataclass(frozen=True, slots=True)
class MajorUnits:
    """Reads amounts of one currency into its minor units, exactly or not at all."""

    currency: str

    def minor(self, field: Field) -> int:
        """A required amount."""
        minor = minor_units(field.decimal(), self.currency)
        if minor is None:
            raise field.bad(f"no sensible amount of {self.currency}, which has {EXPONENTS[self.currency]} decimals")
        return minor

    def minor_or_zero(self, field: Field) -> int:
        """As `minor`; null is nothing."""
        return self.minor(field) if field.told else 0
