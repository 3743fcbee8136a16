"""Every situation that the day is there to show does occur, whatever the seed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.day.day import Day
from sandbox.day.facts import Order, Payment, Refund
from sandbox.day.generate import generate
from sandbox.day.tellings import Telling

NOW = datetime(2026, 11, 2, 18, 30, tzinfo=UTC)


@pytest.fixture(scope="module", params=[1, 7, 2026])
def day(request: pytest.FixtureRequest) -> Day:
    return generate(int(request.param), NOW)


def orders(day: Day, source: str = "") -> list[Order]:
    return [order for order in day.facts.orders if order.source.startswith(source)]


def paid_by(day: Day, order: Order) -> list[Payment]:
    return [
        payment
        for payment in day.facts.payments
        if payment.source == order.source and order.key in {share.order for share in payment.shares}
    ]


def place(day: Day, source: str, fact: str) -> int:
    """Where in the day's deliveries a fact is told first."""
    return next(i for i, one in enumerate(day.deliveries) if one.source == source and fact in one.facts)


def stripe_events(day: Day) -> Iterator[tuple[Telling, dict[str, Any]]]:
    for one in day.deliveries:
        if one.kind == "stripe":
            yield one, json.loads(one.body)


def test_all_kinds_of_telling(day: Day) -> None:
    assert {one.kind for one in day.deliveries} == {"stripe", "shopify", "cloudevents", "kafka"}
    assert {one.source for one in day.deliveries} == {source.name for source in day.sources}


def test_currencies_with_0_2_and_3_decimals(day: Day) -> None:
    assert {order.currency for order in orders(day)} == {"USD", "EUR", "JPY", "KWD"}
    assert {order.currency for order in orders(day, "acme-stripe")} == {"USD", "EUR", "JPY"}


def test_several_tax_rates_and_two_taxes_on_one_line(day: Day) -> None:
    rates = {tax.rate for order in orders(day) for line in order.lines for tax in line.taxes if tax.rate}
    assert len(rates) >= 5
    assert any(len(line.taxes) == 2 for order in orders(day) for line in order.lines)


@pytest.mark.parametrize("source", ["acme-stripe", "acme-shop", "acme-erp", "borea-shop", "borea-erp"])
def test_shipping_with_tax(day: Day, source: str) -> None:
    assert any(order.shipping and order.shipping_taxes for order in orders(day, source)) or source == "borea-erp"


def test_discounts_on_lines_and_on_orders(day: Day) -> None:
    assert any(line.discount for order in orders(day, "acme-shop") for line in order.lines)
    assert any(line.discount for order in orders(day, "acme-stripe") for line in order.lines)
    assert any(order.discount for order in orders(day, "acme-erp"))


def test_tips_and_rounding(day: Day) -> None:
    assert any(order.tip for order in orders(day, "acme-shop"))
    assert any(order.tip for order in orders(day, "acme-erp"))
    assert any(order.rounding for order in orders(day, "acme-erp"))


def test_prices_that_include_tax(day: Day) -> None:
    assert {order.source for order in orders(day) if order.prices_include_tax} == {"borea-shop"}


def test_unpaid_and_partly_paid_orders(day: Day) -> None:
    owed = [order.total - sum(payment.amount for payment in paid_by(day, order)) for order in orders(day, "acme-erp")]
    whole = [order.total for order in orders(day, "acme-erp")]
    assert any(left == total for left, total in zip(owed, whole, strict=True))
    assert any(0 < left < total for left, total in zip(owed, whole, strict=True))


@pytest.mark.parametrize("source", ["acme-shop", "acme-erp", "borea-shop"])
def test_split_tender_over_two_gateways(day: Day, source: str) -> None:
    assert any(len({payment.gateway for payment in paid_by(day, order)}) == 2 for order in orders(day, source))


def test_one_payment_over_two_orders(day: Day) -> None:
    sources = {payment.source for payment in day.facts.payments if len(payment.shares) == 2}
    assert sources == {"acme-erp", "borea-erp"}


def test_an_invoice_paid_in_two_parts_through_stripe(day: Day) -> None:
    assert any(len(paid_by(day, order)) == 2 for order in orders(day, "acme-stripe"))


def refunds(day: Day, source: str = "") -> list[tuple[Refund, Order]]:
    found = {(order.source, order.key): order for order in day.facts.orders}
    return [(one, found[one.source, one.order]) for one in day.facts.refunds if one.source.startswith(source)]


@pytest.mark.parametrize("source", ["acme-stripe", "acme-shop", "acme-erp", "borea-shop"])
def test_partial_and_full_refunds_of_money(day: Day, source: str) -> None:
    assert any(one.money and one.amount < order.total for one, order in refunds(day, source)) or source == "borea-shop"
    assert any(one.money and one.amount == order.total for one, order in refunds(day, source))


@pytest.mark.parametrize("source", ["acme-erp", "borea-erp"])
def test_credits_without_money_on_invoices_that_are_open(day: Day, source: str) -> None:
    assert any(not one.money for one, _ in refunds(day, source))
    applied = [one for one in day.expected.credit_applications if one.connection == source.partition("-")[0]]
    assert applied
    assert all(one.total > 0 for one in applied)


def test_refunds_of_which_only_the_amount_is_told(day: Day) -> None:
    assert any(one.lines is None for one, _ in refunds(day, "acme-shop"))
    assert any(one.lines is None for one, _ in refunds(day, "acme-erp"))
    assert all(one.lines is not None for one, _ in refunds(day, "borea"))


def test_refunds_through_two_payments_and_less_a_fee(day: Day) -> None:
    assert any(len(one.money) == 2 for one, _ in refunds(day, "acme-shop"))
    assert any(one.adjustment < 0 for one, _ in refunds(day, "acme-erp"))


def test_goods_that_come_back_without_money_are_ignored(day: Day) -> None:
    bare = [
        one
        for one in day.deliveries
        if one.headers.get("X-Shopify-Topic") == "refunds/create" and not json.loads(one.body)["transactions"]
    ]
    assert bare
    assert {one.expect for one in bare} == {"ignored"}


def test_the_same_delivery_twice(day: Day) -> None:
    again = [(i, one) for i, one in enumerate(day.deliveries) if one.expect == "duplicate"]
    assert len(again) >= 8
    for i, one in again:
        assert any(
            before.body == one.body and before.headers == one.headers and before.expect == "accepted"
            for before in day.deliveries[:i]
        )


def test_a_stripe_sale_told_by_six_webhooks(day: Day) -> None:
    order = next(order for order in orders(day, "acme-stripe") if "invoice with a session" in said(day, order))
    assert len(paid_by(day, order)) == 1
    types = {event["type"] for _, event in stripe_events(day) if about(event, order, paid_by(day, order)[0])}
    assert types == {
        "checkout.session.completed",
        "invoice.paid",
        "invoice.payment_succeeded",
        "charge.succeeded",
        "payment_intent.succeeded",
    }


def said(day: Day, order: Order) -> str:
    return " ".join(one.note for one in day.deliveries if f"order:{order.key}" in one.facts)


def about(event: dict[str, Any], order: Order, payment: Payment) -> bool:
    thing = event["data"]["object"]
    return order.key in (thing.get("id"), thing.get("invoice")) or payment.key in (
        thing.get("id"),
        thing.get("payment_intent"),
    )


def test_stripe_before_and_after_basil(day: Day) -> None:
    invoices = [event for _, event in stripe_events(day) if event["type"] == "invoice.paid"]
    assert any(event["data"]["object"].get("charge") for event in invoices)
    basil = [event for event in invoices if event["api_version"] == "2025-03-31.basil"]
    assert basil
    assert not any({"charge", "payment_intent"} & set(event["data"]["object"]) for event in basil)
    assert any(event["type"] == "invoice_payment.paid" for _, event in stripe_events(day))


def test_stripe_authorises_first_and_is_paid_later_and_refunds_late(day: Day) -> None:
    told = [(one.expect, event["type"], event["data"]["object"]) for one, event in stripe_events(day)]
    assert any(
        kind == "charge.succeeded" and not thing["captured"] and expect == "ignored" for expect, kind, thing in told
    )
    assert any(
        kind == "checkout.session.completed" and thing["payment_status"] == "unpaid" and expect == "ignored"
        for expect, kind, thing in told
    )
    assert any(
        kind == "refund.created" and thing["status"] == "pending" and expect == "ignored"
        for expect, kind, thing in told
    )


def test_payments_that_arrive_before_their_order(day: Day) -> None:
    early = {
        payment.source
        for payment in day.facts.payments
        if place(day, payment.source, f"payment:{payment.key}")
        < place(day, payment.source, f"order:{payment.shares[0].order}")
    }
    assert early == {source.name for source in day.sources}


def test_refunds_that_arrive_before_their_payment(day: Day) -> None:
    early = {
        refund.source
        for refund in day.facts.refunds
        for back in refund.money
        if place(day, refund.source, f"refund:{refund.key}") < place(day, refund.source, f"payment:{back.payment}")
    }
    assert {"acme-stripe", "acme-shop", "acme-erp", "borea-shop"} <= early


def test_forged_unreadable_and_ignored(day: Day) -> None:
    assert {one.kind for one in day.deliveries if one.expect == "rejected"} == {"stripe", "shopify"}
    assert {one.forged for one in day.deliveries if one.expect == "rejected"} == {True}
    assert {one.kind for one in day.deliveries if one.expect == "unreadable"} == {"stripe", "shopify"}
    assert any(event["type"] == "customer.created" and one.expect == "ignored" for one, event in stripe_events(day))


def test_the_lamp_parks_and_what_depends_on_it_is_held(day: Day) -> None:
    lamps = [order for order in orders(day, "borea") if any(line.sku == "LAMPE-NORD" for line in order.lines)]
    assert {order.source for order in lamps} == {"borea-shop", "borea-erp"}
    parked = {(one.source, one.subject) for one in day.expected_parked if one.cause == "unmapped_item"}
    assert parked == {(order.source, f"order:{order.key}") for order in lamps}
    assert any(one.expect == "held" for one in day.deliveries)
    assert {f"Order {order.number}" for order in lamps} <= set(day.released)
    assert any(marker.startswith("Payment ") for marker in day.released)
    mapped = {sku for need in day.connections for sku, _ in need.items}
    assert [late.sku for late in day.late_mappings] == ["LAMPE-NORD"]
    assert "LAMPE-NORD" not in mapped


def test_guests_with_and_without_a_name_and_a_till(day: Day) -> None:
    buyers = [order.buyer for order in orders(day)]
    assert any(buyer.id is None and buyer.name for buyer in buyers)
    assert any(buyer.name is None and buyer.email for buyer in buyers)
    assert any(buyer.email is None for buyer in buyers)
    customers = {invoice.customer for invoice in day.expected.invoices}
    assert "Till sales New York" in customers
    assert any(customer.endswith(" (JPY)") for customer in customers)
    assert any("@" in customer for customer in customers)


def test_cloudevents_structured_binary_and_batched(day: Day) -> None:
    types = {one.headers["Content-Type"] for one in day.deliveries if one.source == "borea-erp"}
    assert types == {
        "application/cloudevents+json",
        "application/json",
        "application/cloudevents-batch+json",
    }


def test_shopify_writes_decimal_strings_and_ids_past_doubles(day: Day) -> None:
    paid = next(one for one in day.deliveries if one.headers.get("X-Shopify-Topic") == "orders/paid")
    order = json.loads(paid.body)
    assert order["id"] > 2**53
    assert isinstance(order["total_price"], str)
    assert b'"=' not in paid.body
