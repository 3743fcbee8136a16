"""Shopify's edits, cancellations and disputes. An edit and a refund never tell the same money twice."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.corrections import Amendment, Cancellation
from schemas.deliveries import Ignored, Translation, Unreadable
from schemas.facts import Order
from tests.handlers.bodies import Body, events, order_sum, the_order, translated
from tests.handlers.shopify_bodies import money_back, refunded_line, shop_item, shop_order, shop_refund

ADDED = shop_item(
    id=12,
    admin_graphql_api_id="gid://shopify/LineItem/12",
    discount_allocations=[],
    name="A cap",
    price="10.00",
    quantity=1,
    sku="CAP",
    tax_lines=[],
)
TAKEN_OFF = shop_refund()
"""What an edit leaves when it takes one shirt off: 11.84 and 0.95 tax, and no money."""
ONLY_MONEY = shop_refund(money_back(), refund_line_items=[])
"""12.79 given back for no goods."""


def told(topic: str, *items: Body, **changes: Any) -> Translation:
    """An order over 34.03 USD under that topic, changed two days later."""
    body = shop_order(*items, updated_at="2025-10-11T04:53:20-04:00", **changes)
    return translated("shopify", body, {"x-shopify-topic": topic})


def amendment(found: Translation) -> Amendment:
    """The one amendment told."""
    (event,) = events(found)
    assert event.type == "order.amended"
    assert (event.id, event.subject) == ("amendment:1001:1760172800000", "1001")
    assert event.time == datetime(2025, 10, 11, 8, 53, 20, tzinfo=UTC)
    return event.data.amendment


def amended(*items: Body, **changes: Any) -> Order:
    """The order after its edits, which ties."""
    found = amendment(told("orders/updated", *items, **changes))
    assert found.revision == 1_760_172_800_000
    assert order_sum(found.order) == found.order.total
    return found.order


@pytest.mark.parametrize("status", ["paid", "partially_paid", "partially_refunded"])
def test_goods_that_were_added(status: str) -> None:
    """The whole order, 10.00 more."""
    order = amended(shop_item(), ADDED, current_total_price="44.03", financial_status=status)
    assert order.total == 4403
    assert [(line.id, line.quantity, line.total) for line in order.lines] == [("11", "2", 2368), ("12", "1", 1000)]


def test_goods_that_were_taken_off() -> None:
    """One shirt of 11.84 and its tax of 0.95 less, to the cent that Shopify says went."""
    order = amended(current_total_price="21.24", refunds=[TAKEN_OFF])
    assert order.total == 2124
    (line,) = order.lines
    assert (line.quantity, line.total) == ("1", 1184)
    assert [(tax.code, tax.rate, tax.amount) for tax in line.taxes] == [("NY", "0.08", 94)]


def test_goods_that_were_taken_off_a_shop_whose_prices_include_tax() -> None:
    """31.68 in all; one shirt of 11.84 with 0.95 in it goes."""
    order = amended(taxes_included=True, total_price="31.68", current_total_price="19.84", refunds=[TAKEN_OFF])
    (line,) = order.lines
    assert (order.total, line.total, line.taxes[0].amount) == (1984, 2368 - 189 - (1184 - 95), 94)


def test_a_line_that_was_taken_off_whole() -> None:
    """Is gone, with all its taxes."""
    gone = refunded_line(
        quantity=2,
        subtotal_set={"shop_money": {"amount": "23.68", "currency_code": "USD"}},
        total_tax_set={"shop_money": {"amount": "1.89", "currency_code": "USD"}},
    )
    order = amended(shop_item(), ADDED, current_total_price="18.46", refunds=[shop_refund(refund_line_items=[gone])])
    assert [line.id for line in order.lines] == ["12"]


def test_several_taxes_of_which_a_part_went() -> None:
    """What is left of them is told in one sum, because what went is."""
    taxes = [{"price": "1.00", "title": "State"}, {"price": "0.89", "title": "City"}]
    order = amended(shop_item(tax_lines=taxes), current_total_price="21.24", refunds=[TAKEN_OFF])
    assert [(tax.code, tax.amount) for tax in order.lines[0].taxes] == [(None, 94)]


def test_money_that_went_back_since_is_the_refunds_to_tell() -> None:
    """12.79 for what was taken off: the order stands as before, or the credit would be told twice."""
    order = amended(current_total_price="21.24", refunds=[TAKEN_OFF, ONLY_MONEY], financial_status="partially_refunded")
    assert (order.total, order.lines[0].quantity) == (3403, "2")


def test_an_edited_order_with_a_refund() -> None:
    """10.00 added, then a shirt given back: the amendment is 10.00 more, and the refund tells the shirt."""
    order = amended(
        shop_item(),
        ADDED,
        current_total_price="31.24",
        refunds=[shop_refund(money_back())],
        financial_status="partially_refunded",
    )
    assert order.total == 4403


@pytest.mark.parametrize("status", ["success", "pending"])
def test_a_refund_alone_amends_nothing(status: str) -> None:
    """It explains all of the difference, also while its money is on its way."""
    refunds = [shop_refund(money_back(status=status))]
    found = told("orders/updated", current_total_price="21.24", refunds=refunds, financial_status="partially_refunded")
    assert found == Ignored("partially refunded, not paid")
    assert the_order(told("orders/updated", current_total_price="21.24", refunds=refunds)).total == 3403


def test_an_order_that_nobody_edited_is_told_as_ever() -> None:
    """By every topic."""
    for topic in ("orders/paid", "orders/updated", "orders/fulfilled"):
        assert the_order(told(topic, current_total_price="34.03")).total == 3403


def test_an_order_edited_before_it_was_paid() -> None:
    """Is completed as it stands."""
    order = the_order(told("orders/paid", shop_item(), ADDED, current_total_price="44.03"))
    assert (order.total, order_sum(order)) == (4403, 4403)


def test_figures_that_do_not_come_to_the_total() -> None:
    """Stay as told: planning parks them, difference named."""
    order = amendment(told("orders/updated", shop_item(), ADDED, current_total_price="40.00")).order
    assert (order.total, order_sum(order)) == (4000, 4403)
    less = amendment(told("orders/updated", current_total_price="20.00", refunds=[TAKEN_OFF])).order
    assert (less.total, order_sum(less)) == (2000, 2124)


def test_totals_alone_are_no_edit() -> None:
    """The lines come to the total that was told, and nothing was taken off."""
    assert the_order(told("orders/updated", current_total_price="31.03")).total == 3403
    assert the_order(told("orders/paid", current_total_price="31.03")).total == 3403


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"test": True}, "a test order"),
        ({"cancelled_at": "2025-10-09T04:53:20-04:00"}, "cancelled"),
        ({"financial_status": "pending"}, "pending, not paid"),
        ({"financial_status": "voided"}, "voided, not paid"),
    ],
)
def test_an_edit_of_an_order_that_was_never_told(changes: Body, reason: str) -> None:
    """Amends nothing."""
    assert told("orders/updated", current_total_price="44.03", **changes) == Ignored(reason)


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        ({"updated_at": None, "refunds": [TAKEN_OFF]}, "updated_at", "missing"),
        ({"current_total_price": "-1.00", "refunds": [TAKEN_OFF]}, "current_total_price", "less than nothing"),
        (
            {"refunds": [shop_refund(refund_line_items=[refunded_line(line_item=None, line_item_id=99)])]},
            "refunds",
            "names a line that the order does not have",
        ),
        ({"refunds": [shop_refund(money_back(status="odd"))]}, "refunds[0].transactions[0].status", "not a status"),
    ],
)
def test_an_edit_that_cannot_be_read(changes: Body, path: str, reason: str) -> None:
    """By its field."""
    body = shop_order(updated_at="2025-10-11T04:53:20-04:00", current_total_price="21.24") | changes
    found = translated("shopify", body, {"x-shopify-topic": "orders/updated"})
    assert isinstance(found, Unreadable)
    assert found.path == f"$.{path}"
    assert found.reason.startswith(reason)


@pytest.mark.parametrize("status", ["paid", "partially_refunded", "refunded"])
def test_a_cancelled_order(status: str) -> None:
    """Of one that was paid, and so told."""
    found = told(
        "orders/cancelled",
        financial_status=status,
        cancelled_at="2025-10-10T04:53:20-04:00",
        cancel_reason="customer",
        refunds=[shop_refund(money_back())],
    )
    (event,) = events(found)
    assert event.type == "order.cancelled"
    assert (event.id, event.subject) == ("cancellation:1001", "1001")
    at = datetime(2025, 10, 10, 8, 53, 20, tzinfo=UTC)
    assert event.data.cancellation == Cancellation(order_id="1001", cancelled_at=at, reason="customer")


@pytest.mark.parametrize("status", ["pending", "authorized", "voided", "expired", "partially_paid", None])
def test_an_order_cancelled_before_it_was_paid(status: str | None) -> None:
    """Was never told."""
    found = told("orders/cancelled", financial_status=status, cancelled_at="2025-10-10T04:53:20-04:00")
    assert found == Ignored("cancelled before it was paid, and an order is told once it is paid")


def test_a_cancellation_without_its_time() -> None:
    """Is none that can be dated."""
    assert told("orders/cancelled") == Unreadable("$.cancelled_at", "missing")
    assert told("orders/cancelled", test=True) == Ignored("a test order")


DISPUTES: list[tuple[Body, Translation]] = [
    ({"type": "inquiry", "status": "needs_response"}, Ignored("an inquiry: no money moved")),
    ({"type": "chargeback", "status": "needs_response"}, Ignored("needs response: not decided yet")),
    ({"type": "chargeback", "status": "won"}, Ignored("won: the money stays")),
    (
        {"type": "chargeback", "status": "charge_refunded"},
        Ignored("charge refunded: refunds/create tells what went back"),
    ),
    (
        {"type": "chargeback", "status": "lost"},
        Unreadable(
            "$.payment_id",
            "a chargeback that is lost, and Shopify does not say which payment of the order it took back: "
            "publish it as payment.reversed, or book it by hand",
        ),
    ),
    ({"type": "chargeback", "status": "odd"}, Unreadable("$.status", "not a status of a dispute")),
    ({"type": "odd", "status": "lost"}, Unreadable("$.type", "not a type of dispute")),
]


@pytest.mark.parametrize("topic", ["disputes/create", "disputes/update"])
@pytest.mark.parametrize(("body", "expected"), DISPUTES)
def test_a_dispute(topic: str, body: Body, expected: Translation) -> None:
    """Names no payment: one that is lost goes to a person, and none is guessed."""
    told = {"id": 7, "order_id": 1001, "amount": "34.03", "currency": "USD", "reason": "fraudulent"} | body
    assert translated("shopify", told, {"x-shopify-topic": topic}) == expected


def test_an_edited_topic_tells_no_amounts() -> None:
    """The order as it stands comes by another."""
    found = translated("shopify", {"order_edit": {"id": 1}}, {"x-shopify-topic": "orders/edited"})
    assert found == Ignored("orders/edited: it tells no amounts: orders/updated tells the order as it stands")
