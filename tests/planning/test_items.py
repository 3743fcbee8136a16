"""Which item a line is sold under, and the items that are made."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from consumers.freezing import Frozen, MissingLink, freeze
from consumers.planning import plan, references, unanswered
from schemas.books import Books, Entry, Link, LookUp
from schemas.documents import DocumentKind
from schemas.mapping import ItemRule, Named, Role, When
from schemas.plans import Cause
from tests.planning.shop import (
    ITEMS,
    LISTS,
    MAPPING,
    ada_linked,
    books,
    connection,
    last_write,
    line,
    order,
    parked,
    posted,
    shown,
)

LAMP = order(line(100, sku="LAMP"), total=100)


def stocked(platform: str = "QUICKBOOKS", *, links: tuple[Link, ...] = (), extra: Any = (), **items: Any) -> Books:
    of = connection(platform, replace(MAPPING, items=replace(ITEMS, **items), income=None))
    return books(of=of, links=[ada_linked(), *links], lists=[*LISTS, *extra])


def item_of(event: Any, snapshot: Books) -> Any:
    return last_write(plan(event, snapshot)).body["line_items"][0]["item"]["id"]


# ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TEE, SALES = Named(name="Tee shirt"), Named(name="Sales")


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        (When(), True),
        (When(source="SHOP"), True),
        (When(source="other"), False),
        (When(currency="USD"), True),
        (When(currency="EUR"), False),
        (When(country="de"), True),
        (When(country="US"), False),
        (When(sku="mug"), True),
        (When(sku="TEE"), False),
        (When(tag=("Channel", "WHOLESALE")), True),
        (When(tag=("channel", "retail")), False),
        (When(tag=("other", "wholesale")), False),
        (When(gateway="stripe"), False),
        (When(sku="MUG", currency="EUR"), False),
    ],
)
def test_a_rule_fits_when_all_it_asks_for_is_so(when: When, fits: bool) -> None:
    event = order(
        line(100),
        total=100,
        tags={"channel": "wholesale"},
        shipping_address={"country": "DE"},
        customer={"id": "c-9", "name": "Ada", "email": None, "billing_address": {"country": "US"}},
    )
    snapshot = stocked(rules=(ItemRule(item=TEE, when=when),))
    assert item_of(event, snapshot) == ("i-tee" if fits else "i-mug")


def test_the_country_is_that_of_the_bill_where_nothing_is_shipped() -> None:
    customer = {"id": "c-9", "name": "Ada", "email": None, "billing_address": {"country": "US"}}
    event = order(line(100), total=100, customer=customer)
    assert item_of(event, stocked(rules=(ItemRule(item=TEE, when=When(country="US")),))) == "i-tee"


def test_the_first_rule_wins_and_says_so() -> None:
    rules = (ItemRule(item=TEE, when=When(sku="MUG")), ItemRule(item=SALES, when=When()))
    write = last_write(plan(order(line(100), line(200, sku=None, number=2), total=300), stocked(rules=rules)))
    assert [one["item"]["id"] for one in write.body["line_items"]] == ["i-tee", "i-sales"]
    assert write.why[1:] == (
        'sku MUG, by a rule: mapped to item "Tee shirt"',
        'line without a sku, by a rule: mapped to item "Sales"',
    )


def test_a_rule_for_a_role_is_for_that_part_only() -> None:
    rules = (
        ItemRule(item=TEE, when=When(currency="USD"), role="shipping"),
        ItemRule(item=TEE, when=When(currency="EUR"), role="tip"),
    )
    event = order(line(100), total=600, shipping=300, tip=200)
    assert shown(plan(event, stocked(rules=rules))).splitlines()[2:] == [
        "  Shipping                i-tee         1 x 3.00     3.00",
        "  Tip                     i-tip         1 x 2.00     2.00",
    ]


def test_what_rules_name_is_asked_for() -> None:
    rules = (ItemRule(item=TEE, when=When(sku="MUG")), ItemRule(item=SALES, when=When(), role="shipping"))
    event = order(line(100), total=600, shipping=500)
    asked = references(event, {}, stocked(rules=rules).connection).look_ups
    assert {one.value for one in asked if one.object == "item"} == {"Tee shirt", "Sales"}


# ── kinds of lines ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_fees_and_gift_cards_have_their_own_items() -> None:
    event = order(line(100, kind="fee", sku=None), line(2500, kind="gift_card", sku="MUG-CARD", number=2), total=2600)
    assert shown(plan(event, stocked(create=True))).splitlines()[1:] == [
        "  line 1                  i-fee         1 x 1.00     1.00",
        "  line 2                  i-gift       1 x 25.00    25.00",
    ]


@pytest.mark.parametrize("kind", ["fee", "gift_card"])
def test_neither_is_sold_as_goods(kind: str) -> None:
    snapshot = stocked(fee=None, gift_card=None)
    park = parked(order(line(100, kind=kind, sku="LAMP"), total=100), snapshot)
    assert park.fingerprint == f"unmapped item: {kind.replace('_', ' ')} item"


def test_only_goods_are_booked_on_the_income_account() -> None:
    mapping = replace(MAPPING, income=Named(id="a-income"))
    snapshot = books(of=connection("XERO", mapping), links=[ada_linked()])
    event = order(
        line(100),
        line(200, kind="gift_card", sku=None, number=2),
        line(50, kind="fee", sku=None, number=3),
        total=850,
        shipping=500,
    )
    lines = last_write(plan(event, snapshot)).body["line_items"]
    assert [one.get("account_id") for one in lines] == ["a-income", None, None, None]


# ── items made ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_sku_gets_an_item_of_its_own() -> None:
    event = order(line(100, sku="LAMP"), line(200, sku="LAMP", number=2), line(50, number=3), total=350)
    item, invoice = posted(plan(event, stocked(create=True))).writes
    assert (item.key, item.kind, item.total, item.look.name) == ("item:LAMP", DocumentKind.ITEM, None, "LAMP")
    assert item.body == {"name": "LAMP", "code": "LAMP", "type": "service"}
    assert item.why == (
        "item LAMP: not in the books, made",
        "QuickBooks Online: create items works (Rutter OpenAPI 2023-03-14, x-supported-platforms)",
    )
    assert "sku LAMP: not in the books, made" in invoice.why
    assert freeze(invoice, {ada_linked().key: ada_linked()}) == MissingLink("item:LAMP")
    frozen = freeze(invoice, {link.key: link for link in (ada_linked(), Link(key="item:LAMP", rutter_id="i-9"))})
    assert isinstance(frozen, Frozen)
    assert frozen.body.count(b'"item":{"id":"i-9"') == 2


def test_a_made_item_is_booked_on_the_income_account() -> None:
    accounts = [*LISTS, ("account", Entry(id="a-inc", name="Income"))]
    mapping = replace(MAPPING, items=replace(ITEMS, create=True), income=Named(name="Income"))
    of = connection(mapping=mapping)
    item = posted(plan(LAMP, books(of=of, links=[ada_linked()], lists=accounts))).writes[0]
    assert item.body["invoice_item"] == {"account_id": "a-inc"}
    park = parked(LAMP, books(of=of, links=[ada_linked()]))
    assert park.fingerprint == 'unmapped account: account "Income"'
    assert unanswered(LAMP, books(of=of, links=[ada_linked()])) == frozenset({"account", "item"})


def test_a_made_item_is_made_once() -> None:
    snapshot = stocked(create=True, links=(Link(key="item:LAMP", rutter_id="i-9"),))
    planned = posted(plan(LAMP, snapshot))
    assert [write.key for write in planned.writes] == ["invoice:1001"]
    assert "sku LAMP: the item made for it" in planned.writes[0].why
    assert unanswered(LAMP, snapshot) == frozenset()


def test_what_is_there_is_matched_before_one_is_made() -> None:
    assert (
        item_of(LAMP, stocked(create=True, extra=[("item", Entry(id="i-lamp", name="Lamp", code="LAMP"))])) == "i-lamp"
    )
    by_rule = (ItemRule(item=TEE, when=When(sku="LAMP")),)
    assert item_of(LAMP, stocked(create=True, rules=by_rule)) == "i-tee"


def test_no_item_is_made_beside_an_archived_one_of_that_name() -> None:
    park = parked(LAMP, stocked(create=True, extra=[("item", Entry(id="i-lamp", name="LAMP", active=False))]))
    assert park.fingerprint == "unmapped item: item LAMP"
    assert "an archived one" in park.detail
    assert park.cure.startswith('take it into use again in the books and release; or write "LAMP" =')


def test_two_of_that_name_are_asked_about() -> None:
    twice = [("item", Entry(id="i-1", name="Lamp", code="LAMP")), ("item", Entry(id="i-2", name="Light", code="LAMP"))]
    assert parked(LAMP, stocked(create=True, extra=twice)).cause is Cause.AMBIGUOUS


def test_a_mapped_item_that_is_archived_parks() -> None:
    extra = [("item", Entry(id="i-old", name="Old", active=False))]
    snapshot = stocked(by_sku=(("LAMP", Named(name="Old")),), extra=extra)
    assert parked(LAMP, snapshot).fingerprint == 'unmapped item: item "Old"'
    by_id = stocked(by_sku=(("LAMP", Named(id="i-old")),), extra=extra)
    assert parked(LAMP, by_id).fingerprint == "unmapped item: item i-old"


def test_a_sku_that_is_too_long_for_a_name_is_sold_under_the_fallback() -> None:
    event = order(line(100, sku="L" * 101), total=100)
    assert item_of(event, stocked(create=True)) == "i-sales"


def test_items_that_may_have_been_made_are_read() -> None:
    event = order(
        line(100, sku="LAMP"), line(1, sku=None, number=2), line(9, sku="C", kind="gift_card", number=3), total=110
    )
    made = references(event, {}, stocked(create=True).connection)
    assert made.links == frozenset({"invoice:1001", "customer:c-9:USD", "item:LAMP"})
    assert LookUp("item", "code", "LAMP") in made.look_ups
    assert references(event, {}, stocked().connection).links == frozenset({"invoice:1001", "customer:c-9:USD"})


def test_every_role_has_a_place_in_the_mapping() -> None:
    assert {role for role in get_args(Role) if getattr(ITEMS, role, "no such field") == "no such field"} == set()
