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


EXACT = sale(taxed("NY", "0.08", 80), taxed("NY", "0.08", 40))
OFF_BY_ONE = sale(taxed("NY", "0.08", 81), taxed("NY", "0.08", 40))

BY_RATES = (
    "invoice:1001                          16.20\n"
    "  line 1                  i-mug        1 x 10.00    10.00 + t-ny\n"
    "  line 2                  i-mug         1 x 5.00     5.00 + t-ny\n"
)
BY_HEADER = (
    "invoice:1001                          16.20\n"
    "  line 1                  i-mug        1 x 10.00    10.00\n"
    "  line 2                  i-mug         1 x 5.00     5.00\n"
    "  tax in the header                                  1.20\n"
)
BY_LINE = (
    "invoice:1001                          16.20\n"
    "  line 1                  i-mug        1 x 10.00    10.00\n"
    "  line 2                  i-mug         1 x 5.00     5.00\n"
    "  Tax NY                  i-tax         1 x 1.20     1.20\n"
)
STATED = BY_RATES.replace("10.00 + t-ny", "10.00 + t-ny = 0.80").replace("5.00 + t-ny", "5.00 + t-ny = 0.40")

WAYS = {
    "QUICKBOOKS": (BY_HEADER, BY_RATES),
    "QUICKBOOKS_DESKTOP": (BY_LINE, BY_LINE),
    "XERO": (BY_LINE, STATED),
    "NETSUITE": (BY_LINE, BY_RATES),
    "SAGE_INTACCT": (BY_LINE, BY_LINE),
    "SAGE_INTACCT_V2": (BY_LINE, BY_LINE),
    "DYNAMICS365": (BY_LINE, BY_LINE),
    "ZOHOBOOKS": (BY_LINE, BY_RATES),
    "FRESHBOOKS": (BY_LINE, BY_LINE),
    "ODOO": (BY_LINE, BY_LINE),
}
"""By platform: the invoice where no tax rates are mapped, and where they are."""
