"""The month: the same from the same seed, all features there, every order's sums its sender's own."""

import json

import pytest

from sandbox.month.facts import Order
from sandbox.month.generate import FEATURES, generate
from sandbox.month.merchant import PLATFORMS, merchant
from sandbox.month.reference import reckon


def test_the_same_seed_is_the_same_month_and_another_is_another() -> None:
    one, same, other = (generate(seed, merchant("XERO"), 400) for seed in (7, 7, 8))
    assert one == same
    assert one.weeks != other.weeks


def test_every_feature_is_there_and_can_be_left_out() -> None:
    month = generate(7, merchant("QUICKBOOKS"), 600)
    assert {one.feature for one in month.happened} == set(FEATURES)
    assert 600 <= month.count <= 620
    assert {one.fact.source for one in month.happened if isinstance(one.fact, Order)} == {
        "month-erp",
        "acme-stripe",
        "acme-shop",
    }
    less = generate(7, merchant("QUICKBOOKS"), 300, without=("taxed", "webhooks"))
    assert {one.feature for one in less.happened} == set(FEATURES) - {"taxed", "webhooks"}
    with pytest.raises(ValueError, match="no feature nonsense"):
        generate(7, merchant("QUICKBOOKS"), 300, only=("nonsense",))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_reckoning_balances_on_every_platform(platform: str) -> None:
    books = reckon(generate(3, merchant(platform), 500))
    for currency in ("USD", "EUR", "JPY", "KWD"):
        assert sum(minor for (_, code), minor in books.balances.items() if code == currency) == 0
        owed = sum(minor for (_, code), minor in books.owing.items() if code == currency)
        assert owed == books.balances["Accounts Receivable", currency]
    assert all(times >= 0 for times in books.documents.values())
    assert set(books.parked.values()) >= {"does not tie", "ambiguous", "unmapped item", "exceeds order"}
    assert books.held


def test_tellings_are_events_of_their_month() -> None:
    month = generate(7, merchant("XERO"), 300, only=("sale", "taxed"))
    told = [json.loads(telling.body) for week in month.weeks for telling in week if telling.kind == "cloudevents"]
    assert {one["type"] for one in told} == {"order.completed", "payment.received"}
    for one in told:
        if one["type"] == "order.completed":
            order = one["data"]["order"]
            taxes = [tax for line in order["lines"] for tax in line["taxes"]] + order["shipping"]["taxes"]
            lines = sum(line["total"] for line in order["lines"]) + sum(tax["amount"] for tax in taxes)
            rest = order["shipping"]["total"] + order["tip"] + order["rounding"] - order["discount"]
            assert order["total"] == lines + rest
