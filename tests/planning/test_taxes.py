"""Tax goes by the platform's own way, and only by one that comes to the very amounts the source told."""

from dataclasses import replace

import pytest

from consumers.planning import plan
from schemas.books import Entry
from schemas.mapping import Named, TaxRule, When
from tests.planning.shop import (
    ITEMS,
    last_write,
    line,
    order,
    shown,
)
from tests.planning.taxed_sales import (
    BY_LINE,
    EXACT,
    NOTHING,
    NY,
    OFF_BY_ONE,
    STATED,
    VAT,
    WAYS,
    sale,
    shelf,
    taxed,
)


@pytest.mark.parametrize("name", WAYS)
def test_the_way_of_each_platform(name: str) -> None:
    plain, with_rates = WAYS[name]
    assert shown(plan(EXACT, shelf(name))) == plain
    assert shown(plan(EXACT, shelf(name, NY))) == with_rates
    assert shown(plan(EXACT, shelf(name, NY, tax="rates"))) == with_rates
    assert shown(plan(EXACT, shelf(name, NY, tax="header"))) == plain
    assert shown(plan(EXACT, shelf(name, NY, tax="line"))) == BY_LINE


OFF = {
    "QUICKBOOKS": "  tax in the header                                  1.21\n",
    "NETSUITE": "  Tax NY                  i-tax         1 x 1.21     1.21\n",
    "XERO": "  line 1                  i-mug        1 x 10.00    10.00 + t-ny = 0.81\n",
    "ZOHOBOOKS": (
        "  line 1                  i-mug        1 x 10.00    10.00 + t-ny\n"
        "  line 2                  i-mug         1 x 5.00     5.00 + t-ny\n"
        "  tax in the header                                  1.21\n"
    ),
}
"""A cent that no rate comes to: in the header, a line, stated on the line, or in the header over the lines' rates."""


@pytest.mark.parametrize("name", OFF)
def test_a_cent_that_the_rate_does_not_come_to(name: str) -> None:
    snapshot = shelf(name, NY)
    write = last_write(plan(OFF_BY_ONE, snapshot))
    assert OFF[name] in shown(plan(OFF_BY_ONE, snapshot))
    assert str(write.total) == "16.21 USD"
    if name != "XERO":
        assert any("8 % of 10.00 (line 1) is 0.80, not 0.81" in why for why in write.why)


def test_the_decision_is_told_with_its_source() -> None:
    page = "Rutter API 2024-08-31: Create an invoice"
    assert last_write(plan(EXACT, shelf("NETSUITE", NY))).why[-3:] == (
        "tax 1.20 USD: by the lines' rates",
        'tax NY at 0.08: mapped to tax rate "New York"',
        f"NetSuite: tax rate of a line works ({page}, line_items.tax_rate_id)",
    )
    assert last_write(plan(EXACT, shelf("QUICKBOOKS_DESKTOP", NY))).why[-3:] == (
        f"no tax rates: QuickBooks Desktop: tax rate of a line does not exist ({page}, line_items.tax_rate_id)",
        "tax 1.20 USD: a line",
        f"QuickBooks Desktop: tax amount of an invoice does not exist ({page}, additional_fields.tax_amount)",
    )


@pytest.mark.parametrize(
    ("currency", "total", "tax"),
    [
        ("JPY", 1234, 99),
        ("USD", 1234, 99),
        ("KWD", 1234, 99),
        ("CLF", 1234, 99),
        ("USD", 1231, 98),
        ("USD", -1234, -99),
    ],
)
def test_halves_are_rounded_up_in_every_currency(currency: str, total: int, tax: int) -> None:
    """8 % of 1234 is 98.72, of 1231 is 98.48; whatever the decimals."""
    event = sale(taxed("NY", "0.08", tax), (), totals=(total, 5000), currency=currency)
    rates = [
        one.get("tax_rate_id")
        for one in last_write(plan(event, shelf("NETSUITE", NY, currency=currency))).body["line_items"]
    ]
    assert rates == ["t-ny", None]


def test_half_a_cent_goes_up() -> None:
    event = sale(taxed("VAT", "0.2", 1), (), totals=(3, 5000))  # 20 % of 0.03 is 0.006
    rates = [one.get("tax_rate_id") for one in last_write(plan(event, shelf("NETSUITE", VAT))).body["line_items"]]
    assert rates == ["t-vat", None]
    half = replace_rate("t-half", "50")
    event = sale(taxed("NY", "0.5", 3), (), totals=(5, 5000))  # 50 % of 0.05 is 0.025
    snapshot = shelf("NETSUITE", TaxRule(use=Named(id="t-half")), lists=[half])
    assert last_write(plan(event, snapshot)).body["line_items"][0]["tax_rate_id"] == "t-half"


def replace_rate(id_: str, rate: str) -> tuple[str, Entry]:
    return "tax_rate", Entry(id=id_, name=id_, rate=rate)


def test_several_taxes_of_a_line_may_be_one_rate_of_the_books() -> None:
    both = (*taxed("NY", "0.05", 50), *taxed("NYC", "0.03", 30))
    event = sale(both, (), totals=(1000, 500))
    one = shelf("NETSUITE", NY, TaxRule(code="NYC", use=Named(name="New York")))
    assert last_write(plan(event, one)).body["line_items"][0]["tax_rate_id"] == "t-ny"
    two = shelf("NETSUITE", NY, TaxRule(code="NYC", use=Named(name="VAT 20")))
    assert 'no tax rates: line 1 has "New York", "VAT 20" at once' in last_write(plan(event, two)).why


def test_rules_choose_the_rate_and_the_first_that_fits_wins() -> None:
    abroad = TaxRule(use=Named(name="VAT 20"), when=When(country="gb"))
    event = sale(taxed("X", "0.2", 200), (), totals=(1000, 500), shipping_address={"country": "GB"})
    assert last_write(plan(event, shelf("NETSUITE", NY, abroad))).body["line_items"][0]["tax_rate_id"] == "t-vat"
    at_home = sale(taxed("X", "0.2", 200), (), totals=(1000, 500), shipping_address={"country": "US"})
    why = last_write(plan(at_home, shelf("NETSUITE", NY, abroad))).why
    assert "no tax rates: none is mapped for tax X at 0.2" in why


def test_rates_are_told_apart_as_numbers() -> None:
    event = sale(taxed("X", "0.080", 80), (), totals=(1000, 500))
    rule = TaxRule(rate="0.08", use=Named(name="New York"))
    assert last_write(plan(event, shelf("NETSUITE", rule))).body["line_items"][0]["tax_rate_id"] == "t-ny"


def test_what_has_no_tax_gets_the_rate_that_is_mapped_for_that() -> None:
    """Zoho Books chooses a tax by itself where a line has none."""
    event = sale(taxed("NY", "0.08", 80), (), totals=(1000, 500), shipping=300, tip=100, besides=400)
    assert shown(plan(event, shelf("ZOHOBOOKS", NY, NOTHING))) == (
        "invoice:1001                          19.80\n"
        "  line 1                  i-mug        1 x 10.00    10.00 + t-ny\n"
        "  line 2                  i-mug         1 x 5.00     5.00 + t-none\n"
        "  Shipping                i-ship        1 x 3.00     3.00 + t-none\n"
        "  Tip                     i-tip         1 x 1.00     1.00 + t-none\n"
    )


def test_shipping_has_its_own_tax() -> None:
    event = order(line(1000), total=1540, shipping=500, shipping_taxes=taxed("NY", "0.08", 40))
    assert "  Shipping                i-ship        1 x 5.00     5.00 + t-ny\n" in shown(
        plan(event, shelf("NETSUITE", NY))
    )


def test_shipping_in_the_header_has_no_rate() -> None:
    event = order(line(1000), total=1540, shipping=500, shipping_taxes=taxed("NY", "0.08", 40))
    assert shown(plan(event, shelf("QUICKBOOKS", NY, items=replace(ITEMS, shipping=None)))) == (
        "invoice:1001                          15.40\n"
        "  line 1                  i-mug        1 x 10.00    10.00\n"
        "  shipping in the header                             5.00\n"
        "  tax in the header                                  0.40\n"
    )


def test_a_discount_in_the_header_leaves_no_rate_its_amount() -> None:
    event = sale(taxed("NY", "0.08", 80), (), totals=(1000, 500), discount=100, besides=-100)
    assert shown(plan(event, shelf("ZOHOBOOKS", NY, items=replace(ITEMS, discount=None)))) == (
        "invoice:1001                          14.80\n"
        "  line 1                  i-mug        1 x 10.00    10.00 + t-ny\n"
        "  line 2                  i-mug         1 x 5.00     5.00\n"
        "  discount in the header                             1.00\n"
        "  tax in the header                                  0.80\n"
    )
    assert shown(plan(event, shelf("NETSUITE", NY))).endswith(
        "  line 2                  i-mug         1 x 5.00     5.00\n"
        "  Discount                i-disc       1 x -1.00    -1.00\n"
    )


def test_a_stated_amount_must_be_of_its_rate() -> None:
    """Xero takes any amount beside a rate; one of 5 % is not put under 20 %, for its tax return would be wrong."""
    event = sale(taxed("VAT", "0.05", 50), (), totals=(1000, 500))
    assert "  Tax VAT                 i-tax         1 x 0.50     0.50\n" in shown(plan(event, shelf("XERO", VAT)))
    of_less = sale(taxed("VAT", "0.2", 150), (), totals=(1000, 500))
    assert "10.00 + t-vat = 1.50\n" in shown(plan(of_less, shelf("XERO", VAT)))


def test_a_rate_of_unknown_height_cannot_be_reckoned_with() -> None:
    lists = [("tax_rate", Entry(id="t-ny", name="New York"))]
    assert shown(plan(EXACT, shelf("NETSUITE", NY, lists=lists))) == BY_LINE
    assert shown(plan(EXACT, shelf("XERO", NY, lists=lists))) == STATED
