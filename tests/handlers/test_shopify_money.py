"""Shopify's transactions and refunds: what moved, and the lines when they come to it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.deliveries import Told, Translation, Unreadable
from tests.handlers.bodies import Body, applied, events, the_payment, the_refund, translated
from tests.handlers.shopify_bodies import money_back, refunded_line, shop_item, shop_refund, transaction


def paid(body: Body) -> Translation:
    """A transaction, translated."""
    return translated("shopify", body, {"x-shopify-topic": "order_transactions/create"})


def refunded(body: Body) -> Translation:
    """A refund, translated."""
    return translated("shopify", body, {"x-shopify-topic": "refunds/create"})


def notes(found: Translation) -> tuple[str, ...]:
    """What was said beside the events."""
    assert isinstance(found, Told)
    return found.notes


def test_a_sale() -> None:
    """The payment of its order, in full."""
    found = paid(transaction())
    payment = the_payment(found)
    assert (payment.id, payment.currency, payment.amount, payment.gateway) == ("501", "USD", 3403, "shopify_payments")
    assert (payment.method, payment.reference) == ("visa", "#A1001.1")
    assert payment.received_at == datetime(2025, 10, 9, 8, 53, 19, tzinfo=UTC)
    assert applied(payment) == [("1001", 3403)]
    assert events(found)[0].subject == "1001"


def test_a_capture_paid_by_gift_card() -> None:
    """A gateway like any other; without `processed_at` the time of its making counts."""
    payment = the_payment(
        paid(transaction(kind="capture", gateway="gift_card", processed_at=None, payment_details=None))
    )
    assert (payment.gateway, payment.method) == ("gift_card", None)
    assert payment.received_at == datetime(2025, 10, 9, 8, 53, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"order_id": None}, ()),
        (
            {
                "id": 120560818172775260,
                "admin_graphql_api_id": "gid://shopify/OrderTransaction/120560818172775265",
                "order_id": 820982911946154500,
            },
            ("order_id: an id lost its last digits on the way and counts as not told",),
        ),
    ],
)
def test_a_payment_that_cannot_name_its_order_holds(changes: Body, expected: tuple[str, ...]) -> None:
    """Null, not nothing; and it is said when digits were lost."""
    found = paid(transaction(**changes))
    assert applied(the_payment(found)) is None
    assert notes(found) == expected


def test_a_missing_currency() -> None:
    """The body's other word on the shop's currency counts; a placeholder does not."""
    shown = {"shop_money": {"amount": "0.0", "currency": "CAD"}}
    assert the_payment(paid(transaction(currency=None, total_unsettled_set=shown))).currency == "CAD"
    for other in (None, {"shop_money": {"amount": "0.0", "currency": "XXX"}}):
        assert paid(transaction(currency=None, total_unsettled_set=other)) == Unreadable(
            "$.currency", "missing, and nothing else in the body says the shop's currency"
        )


def test_a_refund_with_its_lines() -> None:
    """11.84 + 0.95 = 12.79."""
    found = refunded(shop_refund(money_back()))
    refund = the_refund(found)
    assert (refund.id, refund.currency, refund.amount, refund.order_id) == ("301", "USD", 1279, "1001")
    assert (refund.reason, refund.issued_at) == ("too small", datetime(2025, 10, 10, 8, 53, 20, tzinfo=UTC))
    assert refund.lines is not None
    (line,) = refund.lines
    assert (line.order_line_id, line.sku, line.description, line.quantity, line.total) == (
        "11",
        "SHIRT-M",
        "A shirt - M",
        "1",
        1184,
    )
    assert [(tax.code, tax.rate, tax.amount) for tax in line.taxes] == [("NY", "0.08", 95)]
    assert [(part.payment_id, part.gateway, part.method, part.amount) for part in refund.money] == [
        ("501", "shopify_payments", "visa", 1279)
    ]
    assert notes(found) == ()
    assert events(found)[0].subject == "1001"


def test_lines_whose_figures_include_tax() -> None:
    """The money is the subtotal: the tax is in it."""
    refund = the_refund(refunded(shop_refund(money_back() | {"amount": "11.84"})))
    assert refund.lines is not None
    assert [(line.total, [tax.amount for tax in line.taxes]) for line in refund.lines] == [(1089, [95])]


SHIPPING = {"kind": "shipping_refund", "amount": "-5.00", "tax_amount": "-0.46"}
KEPT = {"kind": "refund_discrepancy", "amount": "2.00", "tax_amount": "0.00"}


@pytest.mark.parametrize(
    ("changes", "amount", "shipping", "adjustment"),
    [
        ({"order_adjustments": [SHIPPING]}, "18.25", (500, [46]), 0),
        ({"order_adjustments": [SHIPPING, KEPT]}, "16.25", (500, [46]), -200),
        ({"order_adjustments": [SHIPPING]}, "16.84", (454, [46]), 0),
        (
            {"order_adjustments": [SHIPPING], "refund_shipping_lines": [{"subtotal_amount": "5.00"}]},
            "18.25",
            (500, [46]),
            0,
        ),
        ({"refund_shipping_lines": [{"subtotal_amount": "5.00"}]}, "17.79", (500, []), 0),
        ({"refund_line_items": [], "order_adjustments": [SHIPPING]}, "5.46", (500, [46]), 0),
    ],
)
def test_shipping_and_adjustments(changes: Body, amount: str, shipping: Any, adjustment: int) -> None:
    """Turned round, and counted once, with the tax on top or inside."""
    refund = the_refund(refunded(shop_refund(money_back() | {"amount": amount}, **changes)))
    assert refund.lines is not None
    assert (refund.shipping.total, [tax.amount for tax in refund.shipping.taxes]) == shipping
    assert refund.adjustment == adjustment


def test_lines_that_do_not_come_to_the_money_are_left_out() -> None:
    """The amount stands alone, with the difference said."""
    found = refunded(shop_refund(money_back() | {"amount": "5.00"}, order_adjustments=[SHIPPING]))
    refund = the_refund(found)
    assert (refund.amount, refund.lines, refund.shipping.total, refund.adjustment) == (500, None, 0, 0)
    assert notes(found) == ("its lines come to 18.25 USD and its money to 5.00: told as an amount only",)


def test_a_split_tender() -> None:
    """Each transaction gives its part back; what is still on its way is said."""
    more = money_back() | {"amount": "2.79", "gateway": "gift_card", "parent_id": 502}
    late = money_back(status="pending")
    refund = the_refund(refunded(shop_refund(money_back() | {"amount": "10.00"}, more)))
    assert [(part.payment_id, part.gateway, part.amount) for part in refund.money] == [
        ("501", "shopify_payments", 1000),
        ("502", "gift_card", 279),
    ]
    assert (refund.amount, refund.lines is None) == (1279, False)
    found = refunded(shop_refund(money_back(), late))
    assert the_refund(found).amount == 1279
    assert notes(found) == ("further money is still on its way, and Shopify tells it no second time",)


def test_lines_without_names_and_with_several_taxes() -> None:
    """What is not told is not made up."""
    bare = refunded_line(line_item=None, total_tax_set=None)
    refund = the_refund(refunded(shop_refund(money_back(), refund_line_items=[bare])))
    assert refund.lines is not None
    assert (refund.lines[0].order_line_id, refund.lines[0].sku, refund.lines[0].description) == (
        "11",
        None,
        "Refunded line",
    )
    two = shop_item(tax_lines=[{"price": "1.00", "title": "A"}, {"price": "0.89", "title": "B"}])
    refund = the_refund(refunded(shop_refund(money_back(), refund_line_items=[refunded_line(line_item=two)])))
    assert refund.lines is not None
    assert [tax.code for tax in refund.lines[0].taxes] == [None]
    untaxed = refunded_line(total_tax=0, total_tax_set=None)
    refund = the_refund(refunded(shop_refund(money_back() | {"amount": "11.84"}, refund_line_items=[untaxed])))
    assert refund.lines is not None
    assert refund.lines[0].taxes == ()


def test_a_currency_that_only_the_lines_tell() -> None:
    """The shop's, and it is said."""
    found = refunded(shop_refund(money_back(currency=None)))
    assert the_refund(found).currency == "USD"
    assert notes(found) == ("its transactions name no currency: the shop's, USD, as its lines tell it",)


def test_money_in_another_currency_than_the_lines() -> None:
    """The lines are the shop's; the money is what moved."""
    found = refunded(shop_refund(money_back(currency="EUR")))
    assert (the_refund(found).currency, the_refund(found).lines) == ("EUR", None)
    assert notes(found) == ("its lines are told in another currency than its money: told as an amount only",)


BAD: list[tuple[Translation, str, str]] = [
    (paid(transaction(kind="example string")), "kind", "not a kind of transaction"),
    (paid(transaction(status="example string")), "status", "not a status of a transaction"),
    (paid(transaction(amount="-1.00")), "amount", "less than nothing"),
    (paid(transaction(amount=None)), "amount", "missing"),
    (paid(transaction(currency="usd")), "currency", "unknown currency"),
    (paid(transaction(order_id="x")), "order_id", "not a whole number"),
    (paid(transaction(processed_at=None, created_at=None)), "created_at", "missing"),
    (refunded(shop_refund(money_back(status="lost"))), "transactions[0].status", "not a status of a transaction"),
    (
        refunded(shop_refund(money_back(status="pending"))),
        "transactions[0].status",
        "the money is still on its way, and Shopify tells it no second time",
    ),
    (refunded(shop_refund(money_back() | {"amount": "-1.00"})), "transactions[0].amount", "less than nothing"),
    (
        refunded(shop_refund(money_back(), money_back(currency="EUR"))),
        "transactions[1].currency",
        "another currency than the refund's other transactions",
    ),
    (
        refunded(shop_refund(money_back(currency=None), refund_line_items=[])),
        "transactions[0].currency",
        "missing, and nothing else in the body says the shop's currency",
    ),
    (
        refunded(shop_refund(money_back(), refund_line_items=[refunded_line(subtotal_set=None, subtotal="x")])),
        "refund_line_items[0].subtotal",
        "not a decimal number",
    ),
    (refunded(shop_refund(money_back(), transactions=7)), "transactions", "not a list"),
    (
        refunded(shop_refund(money_back(currency=None), total_duties_set={"shop_money": {"currency_code": []}})),
        "total_duties_set.shop_money.currency_code",
        "not a text",
    ),
]


@pytest.mark.parametrize(("found", "path", "reason"), BAD)
def test_a_field_that_cannot_be_read(found: Translation, path: str, reason: str) -> None:
    """By Shopify's own name of it."""
    assert found == Unreadable(f"$.{path}", reason)
