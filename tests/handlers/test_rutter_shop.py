"""A shop that Rutter reads: its orders and transactions become events for the books that it is mapped to."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.corrections import Cancellation
from schemas.deliveries import BooksChanged, Ignored, Told, Translation, Unreadable
from schemas.facts import Fee
from tests.handlers.bodies import (
    NOW,
    Body,
    applied,
    events,
    order_sum,
    the_order,
    the_payment,
    the_refund,
    translated,
)
from tests.handlers.rutter_bodies import SHOP, TOKEN, callback, rutter_line, rutter_order, rutter_sale


def told(code: str, **things: Any) -> Translation:
    """What a webhook of the shop tells the source that it feeds."""
    return translated("rutter", callback(code, **things), commerce_connection=SHOP)


@pytest.mark.parametrize("code", ["ORDER_CREATED", "ORDER_UPDATED"])
def test_an_order(code: str) -> None:
    """24.68 - 1.00 + 1.90 + 5.00 = 30.58; the tax, told in one sum, is carried by the first line."""
    found = told(code, order=rutter_order(rutter_line(price=12.34, quantity=1), rutter_line(id="l-2", price=12.34)))
    (event,) = events(found)
    order = the_order(found)
    assert (event.id, event.source, event.connection, event.time) == ("order:o-1", "acme-web", "acme", NOW)
    assert (order.number, order.currency, order.total, order_sum(order)) == ("1001", "USD", 3058, 3058)
    assert [(line.id, line.total, [tax.amount for tax in line.taxes]) for line in order.lines] == [
        ("l-1", 1234, [190]),
        ("l-2", 1234, []),
    ]
    assert (order.lines[0].sku, order.lines[0].description) == ("SHIRT-M", "A shirt")
    assert (order.lines[0].quantity, order.lines[0].unit_price) == ("1", "12.34")
    assert (order.lines[0].taxes[0].code, order.lines[0].taxes[0].rate) == (None, None)
    assert (order.shipping.total, order.shipping.taxes, order.discount) == (500, (), 100)
    assert (order.customer.id, order.customer.name, order.customer.email) == ("c-9", "Ada Byron", "ada@example.com")
    assert order.customer.billing_address is not None
    assert order.customer.billing_address.country == "GB"


def test_prices_after_discount() -> None:
    """As WooCommerce has them: the total says that the discount is in them."""
    order = the_order(told("ORDER_CREATED", order=rutter_order(rutter_line(price=23.68))))
    assert (order.discount, order.total, order_sum(order)) == (0, 3058, 3058)


def test_shipping_before_its_discount() -> None:
    """The total says that it is."""
    order = the_order(told("ORDER_CREATED", order=rutter_order(total_shipping=6.5, total_shipping_discount=1.5)))
    assert (order.shipping.total, order.discount, order_sum(order)) == (500, 100, 3058)


def test_figures_that_do_not_come_to_the_total() -> None:
    """Stay as told: a tip, perhaps, which Rutter does not tell."""
    order = the_order(told("ORDER_CREATED", order=rutter_order(total_price=33.58)))
    assert (order.total, order_sum(order), order.discount, order.shipping.total) == (3358, 3058, 100, 500)


def test_an_order_of_a_guest_and_without_lines() -> None:
    """The name on the bill; a tax has a line to stand on."""
    body = rutter_order(customer=None, line_items=[], total_discount=None, total_shipping=None, total_price=1.9)
    order = the_order(told("ORDER_CREATED", order=body))
    assert (order.customer.id, order.customer.name) == (None, "Ada Byron")
    assert [(line.id, line.total, line.taxes[0].amount) for line in order.lines] == [("tax", 0, 190)]
    untaxed = the_order(told("ORDER_CREATED", order=rutter_order(total_tax=0, total_price=28.68)))
    assert untaxed.lines[0].taxes == ()


def test_currencies_without_decimals() -> None:
    """JSON numbers of major units, whatever their decimals."""
    yen = rutter_line(price=500.0, iso_currency_code="JPY")
    body = rutter_order(yen, iso_currency_code="JPY", total_discount=0, total_tax=0, total_shipping=0, total_price=500)
    assert the_order(told("ORDER_CREATED", order=body)).total == 500


def test_an_order_refunded_since_was_paid() -> None:
    """Its refund is told by a transaction."""
    assert the_order(told("ORDER_UPDATED", order=rutter_order(payment_status="refunded"))).total == 3058


def test_a_cancelled_order() -> None:
    """Of one that was paid; at the time it tells, else when it changed."""
    for at, expected in (("2025-10-09T10:00:00Z", datetime(2025, 10, 9, 10, tzinfo=UTC)), (None, None)):
        body = rutter_order(status="cancelled", payment_status="refunded", cancelled_at=at)
        (event,) = events(told("ORDER_UPDATED", order=body))
        assert event.type == "order.cancelled"
        assert event.id == "cancellation:o-1"
        when = expected or datetime(2025, 10, 10, 8, 53, 20, tzinfo=UTC)
        assert event.data.cancellation == Cancellation(order_id="o-1", cancelled_at=when)


def test_an_order_with_its_transactions() -> None:
    """All of them are told, each once however it comes; one of another kind is left out."""
    body = rutter_order(transactions=[rutter_sale(order_id=None), rutter_sale(id="t-2", type="fee")])
    found = told("ORDER_CREATED", order=body)
    assert [event.id for event in events(found)] == ["order:o-1", "payment:t-1"]
    assert applied(the_payment(found)) == [("o-1", 3058)]
    unpaid = told("ORDER_CREATED", order=body | {"payment_status": "pending"})
    assert isinstance(unpaid, Told)
    assert [event.id for event in unpaid.events] == ["payment:t-1"]
    assert unpaid.notes == ("the order: pending, not paid",)


@pytest.mark.parametrize("code", ["TRANSACTION_CREATED", "TRANSACTION_UPDATED"])
def test_a_sale(code: str) -> None:
    """A payment of the order it names, with the gateway's fee."""
    found = told(code, transaction=rutter_sale())
    payment = the_payment(found)
    assert (payment.id, payment.amount, payment.currency) == ("t-1", 3058, "USD")
    assert (payment.gateway, payment.method, payment.reference) == ("stripe", "card", "501")
    assert payment.fee == Fee(currency="USD", amount=119)
    assert applied(payment) == [("o-1", 3058)]
    assert events(found)[0].source == "acme-web"
    assert the_payment(told(code, transaction=rutter_sale(order_id=None, fee=None))).applies_to is None


def test_a_sale_given_back_since() -> None:
    """Was received; what went back is told by itself."""
    found = told("TRANSACTION_UPDATED", transaction=rutter_sale(status="refunded"))
    assert the_payment(found).amount == 3058
    assert isinstance(found, Told)
    assert found.notes == ("a sale given back since, which a transaction of type refund tells",)


@pytest.mark.parametrize("amount", [12.79, -12.79])
def test_a_refund(amount: float) -> None:
    """Of its order, through a payment it does not name; its sign is not documented."""
    found = told("TRANSACTION_CREATED", transaction=rutter_sale(id="t-3", type="refund", amount=amount))
    refund = the_refund(found)
    assert (refund.id, refund.amount, refund.order_id, refund.lines) == ("t-3", 1279, "o-1", None)
    assert [(part.payment_id, part.gateway, part.amount) for part in refund.money] == [(None, "stripe", 1279)]


IGNORED: list[tuple[str, Body, str]] = [
    ("ORDER_CREATED", {"order": rutter_order(payment_status="pending")}, "pending, not paid"),
    ("ORDER_UPDATED", {"order": rutter_order(payment_status="failed", status="cancelled")}, "failed, not paid"),
    ("ORDER_DELETED", {"order": {"id": "o-1"}}, "ORDER_DELETED"),
    ("TRANSACTION_CREATED", {"transaction": rutter_sale(status="pending")}, "sale, pending: no money moved"),
    ("TRANSACTION_CREATED", {"transaction": rutter_sale(status="failure")}, "sale, failure: no money moved"),
    ("TRANSACTION_CREATED", {"transaction": rutter_sale(amount=0)}, "sale of nothing: no money moved"),
    (
        "TRANSACTION_CREATED",
        {"transaction": rutter_sale(type="void")},
        "void: a pending transaction was cancelled: no money moved",
    ),
    ("TRANSACTION_CREATED", {"transaction": rutter_sale(type="payout")}, "payout: money on its way to the bank"),
    ("CUSTOMER_UPDATED", {"customer": {"id": "c-9"}}, "CUSTOMER_UPDATED: of a shop, which has no books"),
    ("PRODUCT_UPDATED", {}, "PRODUCT_UPDATED"),
]


@pytest.mark.parametrize(("code", "things", "reason"), IGNORED)
def test_what_means_nothing(code: str, things: Body, reason: str) -> None:
    """Recorded with its reason."""
    assert told(code, **things) == Ignored(reason)


def test_another_connection() -> None:
    """Of which a webhook address gets everything: another shop's orders are not this one's, and the books still are."""
    other = {"connection_id": "c-2"}
    assert told("ORDER_CREATED", order=rutter_order(), **other) == Ignored(
        "ORDER_CREATED: of another connection than this source's commerce_connection"
    )
    assert told("INVOICE_DELETED", **other) == BooksChanged("c-2", "invoice", None, "deleted")


BAD: list[tuple[Body, str, str]] = [
    (rutter_order(payment_status="odd"), "payment_status", "not a payment status"),
    (rutter_order(status="odd"), "status", "not a status of an order"),
    (rutter_order(iso_currency_code=None), "iso_currency_code", "missing"),
    (rutter_order(id=None), "id", "missing"),
    (rutter_order(line_items=None), "line_items", "missing"),
    (rutter_order(total_price=None), "total_price", "missing"),
    (rutter_order(total_price=-1), "total_price", "less than nothing"),
    (rutter_order(total_price=30.585), "total_price", "no sensible amount of USD, which has 2 decimals"),
    (rutter_order(rutter_line(price=None)), "line_items[0].price", "missing"),
    (
        rutter_order(rutter_line(iso_currency_code="EUR")),
        "line_items[0].iso_currency_code",
        "another currency than the USD around it",
    ),
    (rutter_order(created_at="2025-10-09"), "created_at", "a time without its zone"),
    (rutter_order(transactions=[rutter_sale(type="odd")]), "transactions[0].type", "not a type of transaction"),
    (rutter_order(transactions=[rutter_sale(status="odd")]), "transactions[0].status", "not a status of a transaction"),
    (rutter_order(transactions=[rutter_sale(amount=-1)]), "transactions[0].amount", "less than nothing"),
    (rutter_order(transactions=[rutter_sale(fee=-1)]), "transactions[0].fee", "less than nothing"),
]


@pytest.mark.parametrize(("order", "path", "reason"), BAD)
def test_a_field_that_cannot_be_read(order: Body, path: str, reason: str) -> None:
    """By Rutter's own name of it, and never with the token."""
    found = told("ORDER_CREATED", order=order)
    assert found == Unreadable(f"$.order.{path}", reason)
    assert TOKEN not in repr(found)


def test_a_body_without_its_object() -> None:
    """The form of these bodies is documented nowhere: what is not as expected goes to a person."""
    assert told("ORDER_CREATED") == Unreadable("$.order", "missing")
    assert told("TRANSACTION_CREATED", transaction=[]) == Unreadable("$.transaction", "not an object")
