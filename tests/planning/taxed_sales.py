"""Sales with tax, and the rates that the books have, for the tests of where tax goes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from schemas.books import Books, Entry
from schemas.events import OrderCompleted
from schemas.facts import Tax
from schemas.mapping import Named, TaxRule
from tests.planning.shop import (
    ITEMS,
    LISTS,
    MAPPING,
    ada_linked,
    books,
    connection,
    line,
    order,
)

NY = TaxRule(code="NY", use=Named(name="New York"))
VAT = TaxRule(code="VAT", use=Named(name="VAT 20"))
NOTHING = TaxRule(rate="0", use=Named(name="No tax"))
RATES: tuple[tuple[str, Entry], ...] = (
    ("tax_rate", Entry(id="t-ny", name="New York", rate="8")),
    ("tax_rate", Entry(id="t-vat", name="VAT 20", rate="20.0")),
    ("tax_rate", Entry(id="t-none", name="No tax", rate="0")),
)
NO_TAX_ITEM = replace(ITEMS, tax=None)


def shelf(
    platform: str, *rules: TaxRule, lists: Sequence[tuple[str, Entry]] = RATES, currency: str = "USD", **mapping: Any
) -> Books:
    of = connection(platform, replace(MAPPING, tax_rates=rules, **mapping))
    return books(of=of, links=[ada_linked(currency)], lists=[*LISTS, *lists])


def taxed(code: str, rate: str | None, amount: int, **more: Any) -> tuple[Tax, ...]:
    return (Tax(code=code, rate=rate, amount=amount, **more),)


def sale(*taxes: tuple[Tax, ...], totals: Sequence[int] = (1000, 500), **more: Any) -> OrderCompleted:
    lines = [line(total, number=at, taxes=tax) for at, (total, tax) in enumerate(zip(totals, taxes, strict=True), 1)]
    whole = sum(totals) + sum(tax.amount for one in taxes for tax in one) + more.pop("besides", 0)
    return order(*lines, total=whole, **more)
