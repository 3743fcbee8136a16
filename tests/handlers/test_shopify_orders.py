"""Shopify's topics and orders: what is told, what is left out, and that the lines tie with the total."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.deliveries import Ignored, NoMessage, Told, Translation, Unreadable
from tests.handlers.bodies import Body, events, order_sum, the_order, translated
from tests.handlers.shopify_bodies import money_back, shop_item, shop_order, shop_refund, transaction

PAID = {"x-shopify-topic": "orders/paid"}


def told(body: Any, topic: str = "orders/paid") -> Translation:
    """That body under that topic."""
    return translated("shopify", body, {"x-shopify-topic": topic})


def set_of(amount: str, currency: str = "USD") -> Body:
    """An amount as a set, with a presentment money that nobody may read."""
    return {
        "shop_money": {"amount": amount, "currency_code": currency},
        "presentment_money": {"amount": "999999", "currency_code": "JPY"},
    }


@pytest.mark.parametrize("topic", ["orders/paid", "orders/create", "orders/updated", "Orders/Fulfilled"])
def test_an_order(topic: str) -> None:
    """24.68 - 1.00 + 1.89 + 5.00 + 0.46 + 3.00 = 34.03."""
    found = told(shop_order(), topic)
    (event,) = events(found)
    order = the_order(found)
    assert (event.id, event.subject, event.time) == ("order:1001", "1001", datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC))
    assert (order.id, order.number, order.currency, order.total) == ("1001", "A1001", "USD", 3403)
    (line,) = order.lines
    assert (line.id, line.kind, line.sku, line.description) == ("11", "goods", "SHIRT-M", "A shirt - M")
    assert (line.quantity, line.unit_price, line.total) == ("2", "12.34", 2368)
    assert [(tax.code, tax.rate, tax.amount, tax.remitted_by) for tax in line.taxes] == [("NY", "0.08", 189, "seller")]
    assert (order.shipping.total, [tax.amount for tax in order.shipping.taxes]) == (500, [46])
    assert (order.tip, order.discount, order.rounding) == (300, 0, 0)
    assert order_sum(order) == 3403
    assert (order.customer.id, order.customer.name, order.customer.email) == ("9", "Ada Byron", "ada@example.com")


def test_the_unprefixed_headers() -> None:
    """Newer deliveries leave the `X-` out."""
    assert the_order(translated("shopify", shop_order(), {"shopify-topic": "orders/paid"})).id == "1001"


def test_prices_that_include_tax() -> None:
    """Line and shipping without the tax that is in them: 23.68 and 5.00 in all, and 3.00 of tip."""
    order = the_order(told(shop_order(taxes_included=True, total_price="31.68")))
    assert (order.lines[0].total, order.shipping.total) == (2368 - 189, 500 - 46)
    assert order.prices_include_tax
    assert order_sum(order) == 3168


def test_a_shop_in_another_currency_than_its_buyer() -> None:
    """Only shop money is read; sets stand in where the plain text is missing."""
    item = shop_item(price=None, price_set=set_of("12.34"), discount_allocations=[{"amount_set": set_of("1.00")}])
    order = the_order(told(shop_order(item, total_price=None, total_price_set=set_of("34.03"))))
    assert (order.total, order_sum(order)) == (3403, 3403)
    assert order.lines[0].unit_price is None


def test_currencies_without_and_with_three_decimals() -> None:
    """Decimal texts scale by the currency."""
    item = shop_item(price="500", quantity=1, discount_allocations=[], tax_lines=[])
    plain = {"shipping_lines": [], "total_tip_received": "0.00"}
    assert the_order(told(shop_order(item, currency="JPY", total_price="500.00", **plain))).total == 500
    assert the_order(told(shop_order(item, currency="KWD", total_price="500", **plain))).total == 500_000


def test_duties_and_fees_are_lines() -> None:
    """A duty with its tax; fees on top of the order."""
    duty = {"id": 77, "shop_money": {"amount": "4.00", "currency_code": "USD"}, "tax_lines": [{"price": "0.32"}]}
    body = shop_order(shop_item(duties=[duty]), original_total_additional_fees_set=set_of("2.00"), total_price="40.35")
    order = the_order(told(body))
    assert [(line.id, line.kind, line.description, line.total) for line in order.lines] == [
        ("11", "goods", "A shirt - M", 2368),
        ("11-duty-77", "fee", "Duties", 400),
        ("fees", "fee", "Additional fees", 200),
    ]
    assert order_sum(order) == order.total == 4035
    included = shop_order(shop_item(duties=[duty]), duties_included=True)
    assert [line.id for line in the_order(told(included)).lines] == ["11"]


def test_gift_cards_and_marketplace_taxes_are_told_apart() -> None:
    """A gift card is a liability; what the channel is liable for, the marketplace remits."""
    tax = {"price": "1.89", "rate": "0.08", "title": "NY", "channel_liable": True}
    order = the_order(told(shop_order(shop_item(gift_card=True, sku="", tax_lines=[tax, {"price": "0.00"}]))))
    (line,) = order.lines
    assert (line.kind, line.sku) == ("gift_card", None)
    assert [tax.remitted_by for tax in line.taxes] == ["marketplace"]


def test_guests() -> None:
    """No customer: e-mail and the name on the bill, as far as they are told."""
    billing = {"name": "Ada Byron", "address1": "1 Pier", "province": "Hamburg", "zip": "1", "country_code": "DE"}
    order = the_order(told(shop_order(customer=None, email="", contact_email="c@example.com", billing_address=billing)))
    assert (order.customer.id, order.customer.name, order.customer.email) == (None, "Ada Byron", "c@example.com")
    assert order.customer.billing_address is not None
    assert (order.customer.billing_address.region, order.customer.billing_address.country) == ("Hamburg", "DE")
    nobody = the_order(told(shop_order(customer=None, email=None)))
    assert (nobody.customer.id, nobody.customer.name, nobody.customer.email) == (None, None, None)


def test_shipping_that_was_taken_off_again() -> None:
    """Does not count."""
    lines = [{"price": "5.00"}, {"price": "9.00", "is_removed": True}]
    assert the_order(told(shop_order(shipping_lines=lines))).shipping.total == 500


def test_cash_rounding_is_said() -> None:
    """It is on the payments; the total is told without it."""
    found = told(shop_order(total_cash_rounding_payment_adjustment_set=set_of("0.02")))
    assert isinstance(found, Told)
    assert found.notes == ("cash rounding was told, which is on its payments and not in its total",)
    assert the_order(found).rounding == 0


LONG = 820982911946154508


def test_an_id_that_lost_its_digits() -> None:
    """The text of the id counts, and that is said; a customer told once is not trusted."""
    body = shop_order(
        shop_item(id=487817672276298560, admin_graphql_api_id="gid://shopify/LineItem/487817672276298554"),
        id=820982911946154500,
        admin_graphql_api_id=f"gid://shopify/Order/{LONG}",
        customer={"id": 115310627314723950},
        processed_at=None,
        name=None,
    )
    found = told(body)
    order = the_order(found)
    assert isinstance(found, Told)
    assert (order.id, order.number, order.lines[0].id) == (str(LONG), str(LONG), "487817672276298554")
    assert order.customer.id is None
    assert found.notes == (f"the order's number lost its last digits; read from {LONG}",)
    named = body | {
        "customer": {"id": 115310627314723950, "admin_graphql_api_id": "gid://shopify/Customer/115310627314723954"}
    }
    assert the_order(told(named)).customer.id == "115310627314723954"
    exact = shop_order(id=str(LONG), admin_graphql_api_id=None)
    assert the_order(told(exact)).id == str(LONG)


IGNORED: list[tuple[str, Body, str]] = [
    ("orders/paid", shop_order(test=True), "a test order"),
    ("orders/paid", shop_order(cancelled_at="2025-10-09T04:53:20-04:00"), "cancelled"),
    ("orders/paid", shop_order(confirmed=False), "not confirmed"),
    ("orders/create", shop_order(financial_status="pending"), "pending, not paid"),
    ("orders/updated", shop_order(financial_status="partially_refunded"), "partially refunded, not paid"),
    ("orders/create", shop_order(financial_status=None), "not paid"),
    ("tender_transactions/create", {}, "tender_transactions/create: order_transactions/create tells it"),
    ("products/update", {}, "products/update: means nothing here"),
    ("x" * 200, {}, "a topic that is none of Shopify's: means nothing here"),
    ("order_transactions/create", transaction(test=True), "a test transaction"),
    (
        "order_transactions/create",
        transaction(kind="authorization"),
        "authorization: no money moved: a capture will tell",
    ),
    ("order_transactions/create", transaction(kind="void"), "void: no money moved"),
    ("order_transactions/create", transaction(kind="refund"), "refund: refunds/create tells it"),
    ("order_transactions/create", transaction(status="awaiting_response"), "sale, awaiting response: no money moved"),
    ("order_transactions/create", transaction(amount="0.00"), "sale of nothing: no money moved"),
    ("refunds/create", shop_refund(), "no money moved"),
    ("refunds/create", shop_refund(money_back(status="failure")), "no money moved"),
    ("refunds/create", shop_refund(money_back() | {"test": True}), "no money moved"),
    ("refunds/create", shop_refund(money_back() | {"kind": "void"}), "no money moved"),
    ("refunds/create", shop_refund(money_back() | {"amount": "0.00"}), "no money moved"),
]


@pytest.mark.parametrize(("topic", "body", "reason"), IGNORED)
def test_what_means_nothing(topic: str, body: Body, reason: str) -> None:
    """Recorded with its reason."""
    assert told(body, topic) == Ignored(reason)


def item_with(**changes: Any) -> Body:
    """An order with one changed line."""
    return shop_order(shop_item(**changes))


BAD: list[tuple[Body, str, str]] = [
    (shop_order(financial_status="example string"), "financial_status", "not a financial status"),
    (shop_order(financial_status=7), "financial_status", "not a text"),
    (shop_order(currency="example string"), "currency", "unknown currency"),
    (shop_order(currency="XXX"), "currency", "unknown currency"),
    (shop_order(currency=None), "currency", "missing"),
    (shop_order(id=None), "id", "missing"),
    (shop_order(id=0), "id", "not an id of 64 bits"),
    (shop_order(id=10**30), "id", "not an id of 64 bits"),
    (shop_order(id=1002), "id", "another id than the one in admin_graphql_api_id"),
    (
        shop_order(admin_graphql_api_id="gid://shopify/Refund/1001"),
        "admin_graphql_api_id",
        "does not name one of Shopify's type Order; the topic says it is one",
    ),
    (shop_order(total_price="34.035"), "total_price", "no sensible amount of USD, which has 2 decimals"),
    (shop_order(total_price="1e5"), "total_price", "not a decimal number"),
    (shop_order(total_price=True), "total_price", "not a decimal number"),
    (shop_order(total_price="9" * 25), "total_price", "absurdly large, small or long"),
    (shop_order(total_price="9" * 20), "total_price", "no sensible amount of USD, which has 2 decimals"),
    (shop_order(total_price="-1.00"), "total_price", "less than nothing"),
    (shop_order(total_price=None), "total_price", "missing"),
    (shop_order(processed_at="yesterday"), "processed_at", "not a time"),
    (shop_order(processed_at="2025-10-09T04:53:20"), "processed_at", "a time without its zone"),
    (
        shop_order(processed_at="2025-10-09T04:53:20+01:00.10"),
        "processed_at",
        "a time whose zone is not in whole minutes",
    ),
    (shop_order(processed_at="0001-01-01T00:00:00+14:00"), "processed_at", "not a time of this age"),
    (shop_order(processed_at="9999-12-31T23:59:59-14:00"), "processed_at", "not a time of this age"),
    (shop_order(line_items=None), "line_items", "missing"),
    (shop_order(line_items={}), "line_items", "not a list"),
    (shop_order(customer=7), "customer", "not an object"),
    (item_with(quantity=1.5), "line_items[0].quantity", "not a whole number"),
    (item_with(quantity=10**13), "line_items[0].quantity", "absurdly large"),
    (item_with(sku="x" * 300), "line_items[0].sku", "an id longer than 255 bytes"),
    (item_with(name="a\x00"), "line_items[0].name", "has a NUL character"),
    (
        item_with(price=None, price_set=set_of("1.00", "EUR")),
        "line_items[0].price_set.shop_money.currency_code",
        "another currency than the USD around it",
    ),
]


@pytest.mark.parametrize(("body", "path", "reason"), BAD)
def test_a_field_that_cannot_be_read(body: Body, path: str, reason: str) -> None:
    """By Shopify's own name of it."""
    assert told(body) == Unreadable(f"$.{path}", reason)


def test_without_a_topic() -> None:
    """The body does not say what it is."""
    found = translated("shopify", shop_order())
    assert found == Unreadable("X-Shopify-Topic", "missing: without it nobody knows what the body is")
    assert translated("shopify", b"id=1") == NoMessage("not JSON")
