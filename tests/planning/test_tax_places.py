"""Tax that has no place, that a marketplace remits, or whose rates are looked up."""

from typing import Any

import pytest

from consumers.planning import plan, references, unanswered
from schemas.books import Entry, LookUp
from schemas.mapping import Mapping, Named
from schemas.money import Money
from schemas.plans import Cause
from tests.planning.shop import (
    last_write,
    line,
    order,
    parked,
    shown,
)
from tests.planning.taxed_sales import BY_HEADER, BY_LINE, EXACT, NO_TAX_ITEM, NY, RATES, WAYS, sale, shelf, taxed


def test_tax_lines_have_the_liability_account_where_lines_name_accounts() -> None:
    accounts = [("account", Entry(id="a-tax", name="Tax payable")), ("account", Entry(id="a-inc", name="Income"))]
    named: dict[str, Any] = {"tax_liability": Named(name="Tax payable"), "income": Named(name="Income")}
    lines = last_write(plan(EXACT, shelf("SAGE_INTACCT_V2", lists=accounts, **named))).body["line_items"]
    assert [one.get("account_id") for one in lines] == ["a-inc", "a-inc", "a-tax"]
    lines = last_write(plan(EXACT, shelf("SAGE_INTACCT", lists=accounts, **named))).body["line_items"]
    assert [one.get("account_id") for one in lines] == [None, None, None]
    park = parked(EXACT, shelf("XERO", lists=accounts[1:], **named))
    assert park.fingerprint == 'unmapped account: account "Tax payable"'


# ── what parks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_tax_without_a_place_says_what_would_do() -> None:
    park = parked(EXACT, shelf("XERO", items=NO_TAX_ITEM))
    assert (park.cause, park.subject) == (Cause.UNMAPPED_TAX, "tax NY")
    assert park.detail == "1.20 USD of tax (NY) has no place: no item is mapped for a tax line"
    assert park.cure == (
        'write tax = "the item of the tax line, by its name in the books" under [connections.acme.items], '
        "then: ledgerhook apply FILE, ledgerhook release; or a row "
        'code = "NY", rate = "0.08", use = "the tax rate\'s name in the books" under [[connections.acme.tax_rates]]'
    )


def test_without_rates_only_an_item_would_do() -> None:
    park = parked(EXACT, shelf("QUICKBOOKS_DESKTOP", items=NO_TAX_ITEM))
    assert park.fingerprint == "unmapped tax: tax item"
    assert "tax_rates" not in park.cure


@pytest.mark.parametrize(
    ("lists", "said"),
    [([], "no such tax rate in use"), ([RATES[0], ("tax_rate", Entry(id="t-2", name="New York"))], "2 of that name")],
)
def test_a_mapped_rate_must_be_one_in_the_books(lists: list[tuple[str, Entry]], said: str) -> None:
    park = parked(EXACT, shelf("NETSUITE", NY, lists=lists))
    assert (park.fingerprint, said in park.detail) == ('unmapped tax: tax rate "New York"', True)


# ── what a marketplace remits ───────────────────────────────────────────────────────────────────────────────────────


def test_what_a_marketplace_remits_is_not_on_the_invoice() -> None:
    event = sale(taxed("NY", "0.08", 80, remitted_by="marketplace"), taxed("NY", "0.08", 40), totals=(1000, 500))
    write = last_write(plan(event, shelf("QUICKBOOKS")))
    assert shown(plan(event, shelf("QUICKBOOKS"))) == BY_HEADER.replace("16.20", "15.40").replace("1.20", "0.40")
    assert write.body["memo"] == "Order 1001; 0.80 USD of tax is remitted by the marketplace"
    assert (write.total, write.left_out) == (Money(1540, "USD"), Money(80, "USD"))
    assert "tax 0.80 USD: remitted by the marketplace, so not on the invoice" in write.why
    first = last_write(plan(event, shelf("XERO"))).body["line_items"][0]
    assert first["description"] == "line 1 (0.80 USD of tax is remitted by the marketplace)"


def test_a_marketplace_that_remits_more_than_all_parks() -> None:
    event = order(line(-1000), line(20, number=2, taxes=taxed("NY", None, 990, remitted_by="marketplace")), total=10)
    assert parked(event, shelf("QUICKBOOKS")).cause is Cause.MARKETPLACE_TAX


# ── what is asked ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_rates_are_looked_up_where_lines_take_them() -> None:
    rate, item = LookUp("tax_rate", "name", "New York"), LookUp("item", "name", "Sales tax")
    asked = {name: references(EXACT, {}, shelf(name, NY).connection).look_ups & {rate, item} for name in WAYS}
    assert {name for name, look_ups in asked.items() if rate in look_ups} == {
        "QUICKBOOKS",
        "XERO",
        "NETSUITE",
        "ZOHOBOOKS",
    }
    assert {name for name, look_ups in asked.items() if item not in look_ups} == {"QUICKBOOKS"}
    assert unanswered(EXACT, shelf("NETSUITE", NY, lists=[])) == frozenset({"tax_rate"})


def test_mappings_of_rates_alone_change_nothing_for_other_ways() -> None:
    assert Mapping().tax_rates == ()
    assert shown(plan(EXACT, shelf("NETSUITE"))) == BY_LINE
