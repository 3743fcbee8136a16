"""Every name in a mapping, with the list it is from and the types that will do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemas.books import LookUp
from schemas.mapping import Items, Mapping, Named
from service.configuration.unfit import DIMENSIONS

RECEIVABLE: Final = frozenset({"accounts_receivable"})
INCOME: Final = frozenset({"income", "other_income"})
LIABILITY: Final = frozenset({"other_current_liability", "liability", "long_term_liability"})
CLEARING: Final = frozenset({"bank", "other_current_asset", "other_current_liability", "liability"})
"""Money on its way is an asset, or a bank account kept for it; what gift cards pay for is owed."""

_ITEMS: Final = (
    "fallback", "shipping", "tip", "discount", "rounding", "tax", "gift_card", "fee", "payment_reversal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name. `where` as the file writes it; `object` as `LookUp` has it; `types` empty: any will do."""

    where: str
    object: str
    named: Named
    types: frozenset[str] = frozenset()

    @property
    def look_up(self) -> LookUp:
        """The question to our copy of the list."""
        if self.named.id is not None:
            return LookUp(self.object, "id", self.named.id)
        if self.named.code is not None:
            return LookUp(self.object, "code", self.named.code)
        return LookUp(self.object, "name", self.named.name or "")


def named_things(mapping: Mapping) -> tuple[Wanted, ...]:
    """All of them, in the order of the file."""
    return (*_items(mapping.items), *_accounts(mapping), *_others(mapping))


def _items(items: Items) -> Iterator[Wanted]:
    for role in _ITEMS:
        named: Named | None = getattr(items, role)
        if named is not None:
            yield Wanted(f"items.{role}", "item", named)
    for sku, named in items.by_sku:
        yield Wanted(f'items.by_sku."{sku}"', "item", named)
    for index, rule in enumerate(items.rules):
        yield Wanted(f"items.rules[{index}].item", "item", rule.item)


def _accounts(mapping: Mapping) -> Iterator[Wanted]:
    for index, row in enumerate(mapping.clearing):
        yield Wanted(f"clearing[{index}].account", "account", row.account, CLEARING)
    for name, named, types in (
        ("receivable", mapping.receivable, RECEIVABLE),
        ("income", mapping.income, INCOME),
        ("tax_liability", mapping.tax_liability, LIABILITY),
    ):
        if named is not None:
            yield Wanted(name, "account", named, types)


def _others(mapping: Mapping) -> Iterator[Wanted]:
    if mapping.cash_customer is not None:
        yield Wanted("cash_customer", "customer", mapping.cash_customer)
    if mapping.terms is not None:
        yield Wanted("terms", "payment_term", mapping.terms)
    for method, named in mapping.payment_methods:
        yield Wanted(f'payment_methods."{method}"', "payment_method", named)
    for index, rate in enumerate(mapping.tax_rates):
        yield Wanted(f"tax_rates[{index}].use", "tax_rate", rate.use)
    for index, tracking in enumerate(mapping.tracking):
        where = f"tracking[{index}]"
        if tracking.dimension not in DIMENSIONS:  # what a custom field may hold is not listed
            yield Wanted(f"{where}.dimension", "custom_field", Named(code=tracking.dimension))
            continue
        for value, named in tracking.values:
            yield Wanted(f'{where}.values."{value}"', tracking.dimension, named)
        if tracking.otherwise is not None:
            yield Wanted(f"{where}.otherwise", tracking.dimension, tracking.otherwise)
