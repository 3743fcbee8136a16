"""On every platform, whatever mixture of taxes and discounts: books balance and agree with what the invoices say."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.documents.catalogue import KINDS
from sandbox.founding import found, read_plan
from sandbox.platforms.foreign import without_foreign
from sandbox.refusals import Refusal
from sandbox.settings import Settings
from sandbox.world import World

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
ALL = (
    "QUICKBOOKS QUICKBOOKS_DESKTOP XERO NETSUITE SAGE_INTACCT SAGE_INTACCT_V2 DYNAMICS365 ZOHOBOOKS FRESHBOOKS"
).split()

cents = st.decimals(0, 5000, places=2)
lines = st.fixed_dictionaries(
    {"total_amount": st.decimals(-200, 5000, places=2)},
    optional={
        "tax_rate_id": st.sampled_from(["0", "7.25", "20"]),
        "discount_amount": st.decimals(0, 20, places=2),
        "sales_taxable": st.booleans(),
        "tax_amount": st.decimals(0, 50, places=2),
    },
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "tax_amount": st.decimals(0, 500, places=2),
        "tax_rate_id": st.sampled_from(["0", "7.25", "20"]),
        "discount_amount": st.decimals(0, 100, places=2),
        "discount_percentage": st.decimals(0, 100, places=1),
        "shipping_amount": st.decimals(0, 50, places=2),
    },
)
switches = st.fixed_dictionaries(
    {
        "tax_rounding": st.sampled_from(["line", "header"]),
        "header_discount": st.sampled_from(["before_tax", "after_tax"]),
        "line_discount": st.sampled_from(["off_total", "within_total"]),
    }
)


@pytest.mark.parametrize("platform", ALL)
@settings(max_examples=40, deadline=None)
@given(asked=st.lists(lines, min_size=1, max_size=5), extra=headers, switched=switches, vat=st.booleans())
def test_books_agree_with_invoices(
    platform: str, asked: list[dict[str, Any]], extra: dict[str, Any], switched: dict[str, object], *, vat: bool
) -> None:
    world = World(Settings(), lambda: NOW)
    changed = world.switches.changed(switched)
    assert not isinstance(changed, str)
    world.switches = changed
    plan = read_plan({"platform": platform, "currencies": ["USD"], "vat": vat, "default_tax": "7.25"})
    assert not isinstance(plan, str)
    company = found(world, plan)

    def make(plural: str, fields: dict[str, Any]) -> dict[str, Any] | Refusal:
        create = KINDS[plural].create
        assert create is not None
        return create(world.writing(company), without_foreign(platform, plural, fields)[0])

    rates = {}
    for percent in ("0", "7.25", "20"):
        rate = make("tax_rates", {"name": percent, "total_tax_rate": Decimal(percent)})
        assert not isinstance(rate, Refusal)
        rates[percent] = rate["id"]
    customer = make("customers", {"contact_name": "Ada"})
    assert not isinstance(customer, Refusal)
    named = {**extra, **({"tax_rate_id": rates[extra["tax_rate_id"]]} if "tax_rate_id" in extra else {})}
    made = make(
        "invoices",
        {
            "customer_id": customer["id"],
            "issue_date": "2026-01-15",
            "currency_code": "USD",
            "line_items": [_line(one, rates) for one in asked],
            "additional_fields": named,
        },
    )
    if isinstance(made, Refusal):
        assert made.reason in ("negative_total", "tax_without_line", "two_discounts")
        assert company.books.trial_balance() == {}
        return
    balances = company.books.trial_balance().get("USD", {})
    owed = company.books.receivables().get((customer["id"], "USD"), Decimal(0))
    assert sum(balances.values()) == 0
    assert owed == made["total_amount"] == made["sub_total"] + made["tax_amount"]
    assert -balances.get(company.roles["sales_tax_payable"], Decimal(0)) == made["tax_amount"]
    on_lines = sum(one["tax_amount"] for one in made["line_items"])
    assert on_lines == made["tax_amount"] or (platform == "QUICKBOOKS" and on_lines == 0)


def _line(asked: dict[str, Any], rates: dict[str, str]) -> dict[str, Any]:
    special = {name: asked[name] for name in ("sales_taxable", "tax_amount") if name in asked}
    plain = {name: value for name, value in asked.items() if name not in special}
    rate = {"tax_rate_id": rates[asked["tax_rate_id"]]} if "tax_rate_id" in asked else {}
    return {**plain, **rate, "additional_fields": special}
