"""Orders become invoices: what is on them, under which items, and what parks instead."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from consumers.freezing import Frozen, freeze
from consumers.planning import plan
from schemas.books import Entry
from schemas.mapping import Items, Mapping, Named, Numbers
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
    shown,
    taxes,
)

PAGE = "Rutter API 2024-08-31: Create an invoice, additional_fields"
EVERYTHING = order(
    line(2468, 197, quantity="2", unit_price="12.34"),
    line(1999, 160, sku="TEE", number=2, quantity="3", unit_price="6.67"),
    line(500, sku="UNKNOWN", number=3),
    line(2500, sku=None, number=4, kind="gift_card"),
    total=8019,
    shipping=500,
    tip=200,
    discount=508,
    rounding=3,
)


def test_everything_on_an_invoice_with_tax_in_the_header() -> None:
    assert shown(plan(EVERYTHING, books(links=[ada_linked()]))) == (
        "invoice:1001                          80.19\n"
        "  line 1                  i-mug        2 x 12.34    24.68\n"
        "  line 2                  i-tee        1 x 19.99    19.99\n"
        "  line 3                  i-sales       1 x 5.00     5.00\n"
        "  line 4                  i-gift       1 x 25.00    25.00\n"
        "  Shipping                i-ship        1 x 5.00     5.00\n"
        "  Tip                     i-tip         1 x 2.00     2.00\n"
        "  Discount                i-disc       1 x -5.08    -5.08\n"
        "  Rounding                i-round       1 x 0.03     0.03\n"
        "  tax in the header                                  3.57\n"
    )


def test_tax_is_a_line_where_the_platform_takes_none_in_the_header() -> None:
    snapshot = books(of=connection("XERO"), links=[ada_linked()])
    event = order(line(1000, 80), line(500, 40, number=2), total=1660, shipping=37, rounding=3)
    assert shown(plan(event, snapshot)) == (
        "invoice:1001                          16.60\n"
        "  line 1                  i-mug        1 x 10.00    10.00\n"
        "  line 2                  i-mug         1 x 5.00     5.00\n"
        "  Shipping                i-ship        1 x 0.37     0.37\n"
        "  Rounding                i-round       1 x 0.03     0.03\n"
        "  Tax NY                  i-tax         1 x 1.20     1.20\n"
    )


def test_tax_below_zero_is_a_line_everywhere() -> None:
    event = order(line(1000, -80), total=920)
    assert "Tax NY                  i-tax        1 x -0.80    -0.80\n" in shown(
        plan(event, books(links=[ada_linked()]))
    )


@pytest.mark.parametrize(
    ("currency", "total"), [("JPY", "1234"), ("USD", "12.34"), ("KWD", "1.234"), ("CLF", "0.1234")]
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, total: str) -> None:
    event = order(line(1234), total=1234, currency=currency)
    write = last_write(plan(event, books(links=[ada_linked(currency)])))
    assert write.body["line_items"][0]["total_amount"] == Decimal(total)
    assert str(write.body["line_items"][0]["total_amount"]) == total


def test_an_order_of_nothing_is_an_invoice_of_nothing() -> None:
    assert shown(plan(order(total=0), books(links=[ada_linked()]))) == (
        "invoice:1001                           0.00\n  Order 1001              i-sales       1 x 0.00     0.00\n"
    )


def test_the_bytes_of_an_invoice() -> None:
    event = order(line(2468, 197, quantity="2", unit_price="12.34"), total=2665, memo="leave at the door")
    write = last_write(plan(event, books(links=[ada_linked()])))
    frozen = freeze(write, {ada_linked().key: ada_linked()})
    assert isinstance(frozen, Frozen)
    assert frozen.body == (
        b'{"invoice":{"customer_id":"cu-ada","issue_date":"2026-11-02","currency_code":"USD",'
        b'"memo":"Order 1001: leave at the door","line_items":[{"description":"line 1","total_amount":24.68,'
        b'"item":{"id":"i-mug","quantity":2,"unit_amount":12.34}}],"document_number":"1001",'
        b'"additional_fields":{"tax_amount":1.97}}}'
    )
    assert frozen.look.customer == "cu-ada"
    assert (frozen.look.document_number, frozen.look.date) == ("1001", "2026-11-02")
    assert frozen.look.memo == "Order 1001: leave at the door"
    assert frozen.look.total is None
    assert write.taxed


def test_an_invoice_without_number_or_memo_is_known_by_its_total() -> None:
    snapshot = books(of=connection("SAGE_INTACCT"), links=[ada_linked()])
    look = last_write(plan(order(line(2468), total=2468), snapshot)).look
    assert (look.document_number, look.memo, str(look.total)) == (None, None, "24.68 USD")


def test_documents_are_dated_where_the_merchant_is() -> None:
    event = order(line(100), total=100, completed_at=datetime(2026, 11, 3, 3, 30, tzinfo=UTC))
    assert last_write(plan(event, books(links=[ada_linked()]))).body["issue_date"] == "2026-11-02"


def test_a_number_too_long_for_the_books_becomes_a_hash_that_stays_the_same() -> None:
    event = order(line(100), total=100, order_id="order-with-a-very-long-number")
    snapshot = books(of=connection(mapping=replace(MAPPING, numbers=Numbers(prefix="A-"))), links=[ada_linked()])
    numbers = {last_write(plan(event, snapshot)).body["document_number"] for _ in range(2)}
    assert numbers == {"A-F6FC05CCAE481E07"}


def test_the_decisions_are_told() -> None:
    assert last_write(plan(EVERYTHING, books(links=[ada_linked()]))).why == (
        "customer customer:c-9:USD: linked",
        'sku MUG: mapped to item "Blue mug"',
        "sku TEE: the item whose code it is",
        'sku UNKNOWN is not in the books: fallback: mapped to item "Sales"',
        'gift card: mapped to item "Gift cards"',
        'shipping: mapped to item "Shipping"',
        'tip: mapped to item "Tips"',
        'discount: mapped to item "Discounts"',
        'rounding: mapped to item "Rounding"',
        "line 2: 3 x 6.67 is not its total, so it is one of the whole",
        "tax 3.57 USD: in the header",
        f"QuickBooks Online: tax amount of an invoice works ({PAGE}.tax_amount)",
    )


# ── what parks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_numbers_that_do_not_tie_are_added_up_for_people() -> None:
    event = order(line(2368, 190), total=3057, shipping=500)
    park = parked(event, books())
    assert park.cause is Cause.DOES_NOT_TIE
    assert park.detail == "lines 23.68 + tax 1.90 + shipping 5.00 = 30.58, total says 30.57: 0.01 USD over"


def test_a_short_total_with_discount_and_no_decimals() -> None:
    event = order(line(5000), total=4600, discount=500, rounding=-1, currency="JPY")
    assert parked(event, books()).detail == (
        "lines 5000 - rounding 1 - discount 500 = 4499, total says 4600: 101 JPY short"
    )


def test_an_unmapped_sku_says_the_line_to_write() -> None:
    mapping = replace(MAPPING, items=replace(ITEMS, require_mapping=True))
    park = parked(order(line(100, sku="LAMP"), total=100), books(of=connection(mapping=mapping), links=[ada_linked()]))
    assert park.fingerprint == "unmapped item: item LAMP"
    assert park.cure == (
        'write "LAMP" = "the item\'s name in the books" under [connections.acme.items.by_sku], '
        "then: ledgerhook apply FILE, ledgerhook release"
    )


@pytest.mark.parametrize(
    ("what", "subject"),
    [
        ({"shipping": 100}, "shipping item"),
        ({"tip": 100}, "tip item"),
        ({"rounding": 100}, "rounding item"),
        ({"discount": -100}, "discount item"),
    ],
)
def test_each_part_needs_its_item(what: dict[str, int], subject: str) -> None:
    bare = Mapping(items=Items(fallback=Named(name="Sales")))
    snapshot = books(of=connection("XERO", mapping=bare), links=[ada_linked()])
    assert parked(order(total=100, **what), snapshot).subject == subject  # type: ignore[arg-type]  # ints all


def test_a_gift_card_is_never_sold_as_goods() -> None:
    bare = Mapping(items=Items(fallback=Named(name="Sales")))
    snapshot = books(of=connection(mapping=bare), links=[ada_linked()])
    park = parked(order(line(100, sku=None, kind="gift_card"), total=100), snapshot)
    assert park.fingerprint == "unmapped item: gift card item"


def test_an_item_named_in_the_mapping_that_the_books_do_not_have() -> None:
    lists = [(kind, entry) for kind, entry in LISTS if entry.name != "Shipping"]
    park = parked(order(line(100), total=200, shipping=100), books(links=[ada_linked()], lists=lists))
    assert (park.cause, park.subject) == (Cause.UNMAPPED_ITEM, 'item "Shipping"')


def test_an_archived_item_is_not_used() -> None:
    lists = [*LISTS, ("item", Entry(id="i-lamp", name="LAMP", active=False))]
    write = last_write(plan(order(line(100, sku="LAMP"), total=100), books(links=[ada_linked()], lists=lists)))
    assert write.body["line_items"][0]["item"]["id"] == "i-sales"


def test_two_items_of_one_name_are_asked_about() -> None:
    lists = [*LISTS, ("item", Entry(id="i-tee2", name="Other", code="TEE"))]
    park = parked(order(line(100, sku="TEE"), total=100), books(links=[ada_linked()], lists=lists))
    assert (park.cause, park.subject) == (Cause.AMBIGUOUS, "item TEE")


def test_tax_on_shipping_counts() -> None:
    event = order(line(1000), total=1580, shipping_taxes=taxes(80), shipping=500)
    write = last_write(plan(event, books(links=[ada_linked()])))
    assert write.body["additional_fields"] == {"tax_amount": Decimal("0.80")}
