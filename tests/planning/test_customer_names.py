"""Customers are found whatever characters their names have, and made with names that the platform takes."""

from typing import Any

import pytest

from consumers.planning import plan, references
from schemas.books import Entry
from schemas.facts import Address, Customer
from tests.planning.shop import LISTS, books, connection, line, order, posted

LONG = "Société Générale des Établissements " + "Très " * 20 + "Longs"


def sold_to(name: str | None, *, email: str | None = None, currency: str = "USD", **more: Any) -> Any:
    customer = Customer(id="c-1", name=name, email=email, **more)
    return order(line(100), total=100, customer=customer, currency=currency)


def made_name(event: Any, platform: str = "QUICKBOOKS") -> str:
    write = posted(plan(event, books(of=connection(platform)))).writes[0]
    assert write.body["customer_name"] == write.body["contact_name"] == write.look.name
    return str(write.body["customer_name"])


def names_asked(event: Any, platform: str = "QUICKBOOKS") -> set[str]:
    asked = references(event, {}, connection(platform)).look_ups
    return {one.value for one in asked if (one.object, one.field) == ("customer", "name")}


@pytest.mark.parametrize(
    "name",
    ["O'Brien & Sons, Ltd.", "Dr. Ana-María Ñandú", '"Quoted" Inc.', "株式会社サンプル", "a@b.example", "Müller (EUR)"],
)
def test_any_characters_are_kept_and_looked_for(name: str) -> None:
    assert made_name(sold_to(name)) == name
    assert names_asked(sold_to(name)) == {name}
    found = books(lists=[*LISTS, ("customer", Entry(id="x", name=name, currency="USD"))])
    assert [entry.id for _, entry in posted(plan(sold_to(name), found)).found] == ["x"]


def test_spaces_are_closed_up_but_looked_for_as_they_were_told() -> None:
    assert made_name(sold_to(" Ada \t Byron ")) == "Ada Byron"
    assert names_asked(sold_to("Ada  Byron")) == {"Ada Byron", "Ada  Byron"}


@pytest.mark.parametrize(
    ("platform", "name"), [("QUICKBOOKS", "Acme - East"), ("QUICKBOOKS_DESKTOP", "Acme - East"), ("XERO", "Acme:East")]
)
def test_a_colon_makes_no_sub_customer(platform: str, name: str) -> None:
    assert made_name(sold_to("Acme:East"), platform) == name
    assert names_asked(sold_to("Acme:East"), platform) == {name, "Acme:East"}


def test_a_name_of_nothing_that_can_be_printed() -> None:
    assert made_name(sold_to("\u200b\u200e")) == "Customer"
    assert made_name(sold_to(None)) == "Customer c-1"


@pytest.mark.parametrize(
    ("platform", "length"), [("QUICKBOOKS", 100), ("QUICKBOOKS_DESKTOP", 41), ("FRESHBOOKS", 41), ("XERO", 140)]
)
def test_long_names_are_cut_within_the_platform_s_bound(platform: str, length: int) -> None:
    one, other = made_name(sold_to(LONG), platform), made_name(sold_to(LONG + "!"), platform)
    assert one != other, "two customers whose names begin alike"
    assert max(len(one), len(other)) <= max(length, len(LONG) + 1 if platform == "XERO" else 0)
    assert one == made_name(sold_to(LONG), platform)
    assert LONG in names_asked(sold_to(LONG), platform)
    abroad = made_name(sold_to(LONG, currency="EUR"), platform)
    assert abroad.endswith(" (EUR)")
    assert len(abroad) <= max(length, len(LONG) + 6 if platform == "XERO" else 0)


TAKE_ADDRESSES = {"QUICKBOOKS", "QUICKBOOKS_DESKTOP", "XERO", "SAGE_INTACCT_V2", "ZOHOBOOKS"}


@pytest.mark.parametrize(
    "platform", [*sorted(TAKE_ADDRESSES), "NETSUITE", "SAGE_INTACCT", "DYNAMICS365", "FRESHBOOKS", "ODOO"]
)
def test_the_address_is_told_where_customers_have_one(platform: str) -> None:
    event = sold_to("Ada", billing_address=Address(address1="1 Main St", city="Troy", country="US"))
    body = posted(plan(event, books(of=connection(platform)))).writes[0].body
    told = [{"type": "billing", "address1": "1 Main St", "city": "Troy", "country": "US"}]
    assert body.get("addresses") == (told if platform in TAKE_ADDRESSES else None)


def test_freshbooks_wants_a_language() -> None:
    body = posted(plan(sold_to("Ada"), books(of=connection("FRESHBOOKS")))).writes[0].body
    assert body["additional_fields"] == {"currency_code": "USD", "language": "en"}
