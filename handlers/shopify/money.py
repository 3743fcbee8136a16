"""Amounts in Shopify's bodies: exact decimals of major units in the shop's currency, mostly texts.

Most stand twice, plain and in a `_set` by shop and presentment currency. The buyer's (presentment) money is never read:
an order and its totals are one currency, the shop's. Figures that Shopify writes as JSON numbers (a refunded line's)
are read from their set.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.fields import Field
from schemas.facts import Tax
from schemas.money import EXPONENTS, minor_units

_PLACEHOLDER = "XXX"


@dataclass(frozen=True, slots=True)
class ShopMoney:
    """Reads amounts of one currency into its minor units."""

    currency: str

    def minor(self, field: Field) -> int:
        """A required amount, exactly."""
        minor = minor_units(field.decimal(), self.currency)
        if minor is None:
            raise field.bad(f"no sensible amount of {self.currency}, which has {EXPONENTS[self.currency]} decimals")
        return minor

    def told(self, thing: Field, name: str) -> int:
        """The amount called `name`: the plain text, else the set's shop money, else the plain number."""
        plain, both = thing.get(name), thing.get(f"{name}_set", "shop_money")
        return self.minor(plain) if isinstance(plain.value, str) or not both.told else self.in_set(both)

    def told_or_zero(self, thing: Field, name: str) -> int:
        """As `told`; absent is nothing."""
        return self.told(thing, name) if thing.get(name).told or thing.get(f"{name}_set").told else 0

    def in_set(self, shop_money: Field) -> int:
        """The amount in a set's `shop_money`."""
        code = shop_money.get("currency_code")
        if code.word() != self.currency:
            raise code.bad(f"another currency than the {self.currency} around it")
        return self.minor(shop_money.get("amount"))

    def taxes(self, lines: Field) -> tuple[Tax, ...]:
        """`tax_lines`, those of nothing left out. What the channel is liable for, the marketplace remits."""
        read = (
            Tax(
                code=line.get("title").text(),
                rate=line.get("rate").decimal_text(),
                amount=self.told(line, "price"),
                remitted_by="marketplace" if line.get("channel_liable").flag() else "seller",
            )
            for line in lines.items()
        )
        return tuple(tax for tax in read if tax.amount)


def currency_of(transaction: Field, shop: Iterable[Field]) -> str:
    """A transaction's currency; where it is null, the one currency that the rest of the body gives the shop."""
    field = transaction.get("currency")
    if field.told:
        return field.currency()
    told = {code.word(): code for code in shop if code.told and code.word() != _PLACEHOLDER}
    if len(told) != 1:
        raise field.bad("missing, and nothing else in the body says the shop's currency")
    return next(iter(told.values())).currency()
