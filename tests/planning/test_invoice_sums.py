"""Whatever is sold, taxed, discounted and shipped, on every platform and by every mapping: the books come to the order.

The platform's adding-up is written here anew, from Rutter's words, and shares nothing with planning.
"""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.planning import plan
from schemas.books import Entry, LookUp
from schemas.documents import Write
from schemas.events import OrderCompleted
from schemas.facts import OrderLine, Shipping, Tax
from schemas.mapping import Mapping, Named, TaxRule
from schemas.plans import Cause, Park, Post
from schemas.platforms.registry import PLATFORMS
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
)

DECIMALS = {"JPY": 0, "USD": 2, "KWD": 3, "CLF": 4}
RATES = {"none": "0", "low": "5", "new-york": "8.875", "vat": "20"}
NAMES = [*PLATFORMS, "ODOO"]
HEADER_ALONE, SPREADS = {"QUICKBOOKS"}, {"ZOHOBOOKS"}


class Generous(dict[LookUp, tuple[Entry, ...]]):
    """Lists in which every name means exactly one thing; of tax rates, those above."""

    def get(self, key: LookUp, default: Any = None) -> tuple[Entry, ...]:  # noqa: ARG002 - dict's shape
        rate = RATES.get(key.value) if key.object == "tax_rate" else None
        return (Entry(id=f"{key.object}:{key.value}", name=key.value, rate=rate),)


@st.composite
def taxes_of(draw: st.DrawFn, total: int) -> tuple[Tax, ...]:
    """Mostly what a rate comes to; sometimes a unit off, sometimes the marketplace's."""
    told = []
    for code in draw(st.lists(st.sampled_from(["low", "new-york", "vat", "unmapped"]), max_size=2, unique=True)):
        percent = Decimal(RATES.get(code, "7"))
        exact = int((total * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
        told.append(
            Tax(
                code=code,
                rate=str(percent / 100),
                amount=exact + draw(st.sampled_from([0, 0, 0, 1, -1])),
                remitted_by=draw(st.sampled_from(["seller", "seller", "marketplace"])),
            )
        )
    return tuple(told)


@st.composite
def lines(draw: st.DrawFn, number: int) -> OrderLine:
    total = draw(st.integers(-300, 50_000))
    return OrderLine(
        id=str(number),
        kind=draw(st.sampled_from(["goods", "goods", "goods", "gift_card", "fee"])),
        sku=draw(st.sampled_from(["MUG", "TEE", None])),
        description=f"line {number}",
        quantity=draw(st.sampled_from([None, "1", "2", "3", "0.5", "-1", "0"])),
        unit_price=draw(st.sampled_from([None, "1", "12.34", "0.001"])),
        total=total,
        taxes=draw(taxes_of(total)),
    )


@st.composite
def orders(draw: st.DrawFn) -> OrderCompleted:
    shipping_total = draw(st.sampled_from([0, 0, 499, 500, -20]))
    shipping = Shipping(total=shipping_total, taxes=draw(taxes_of(shipping_total)))
    sold = tuple(draw(lines(number)) for number in range(draw(st.integers(0, 4))))
    extras: dict[str, Any] = {
        name: draw(st.sampled_from([0, 0, 1, 250, -3])) for name in ("tip", "rounding", "discount")
    }
    whole = sum(one.total for one in sold) + sum(tax.amount for one in sold for tax in one.taxes)
    whole += shipping.total + sum(tax.amount for tax in shipping.taxes)
    whole += extras["tip"] + extras["rounding"] - extras["discount"]
    if whole < 0:
        extras["tip"] -= whole
    return order(
        *sold,
        total=max(whole, 0),
        currency=draw(st.sampled_from(sorted(DECIMALS))),
        shipping=shipping.total,
        shipping_taxes=shipping.taxes,
        **extras,
    )


RULES = st.lists(
    st.sampled_from(
        [
            *(TaxRule(code=code, use=Named(name=code)) for code in ("low", "new-york", "vat")),
            TaxRule(rate="0", use=Named(name="none")),
        ]
    ),
    unique=True,
).map(tuple)
MAPPINGS: st.SearchStrategy[Mapping] = st.builds(
    lambda tax, rules, without: replace(MAPPING, tax=tax, tax_rates=rules, items=replace(ITEMS, **without)),
    st.sampled_from([None, "rates", "header", "line"]),
    RULES,
    st.sampled_from([{}, {"shipping": None}, {"discount": None}, {"shipping": None, "discount": None}]),
)


def added_up(write: Write, name: str, currency: str) -> Decimal:
    """What the platform makes of an invoice: a stated amount beside a rate counts, else the rate, half up on each line;
    an amount in the header goes before them all, where the platform has one."""
    unit = Decimal(1).scaleb(-DECIMALS[currency])
    extra = write.body.get("additional_fields", {})
    net, tax, rated = Decimal(0), Decimal(0), False
    for one in write.body["line_items"]:
        item = one["item"]
        assert item["quantity"] * item["unit_amount"] == one["total_amount"]
        assert one["total_amount"] == one["total_amount"].quantize(unit)
        net += one["total_amount"]
        stated = one.get("additional_fields", {}).get("tax_amount")
        if "tax_rate_id" in one:
            assert name in {"QUICKBOOKS", "XERO", "NETSUITE", "ZOHOBOOKS"}
            rated = True
            rate = Decimal(RATES[one["tax_rate_id"].removeprefix("tax_rate:")])
            computed = (one["total_amount"] * rate / 100).quantize(unit, rounding=ROUND_HALF_UP)
            tax += computed if stated is None else stated
        assert stated is None or (stated >= 0 and name == "XERO")
    if "tax_amount" in extra:
        assert name in HEADER_ALONE or (name in SPREADS and rated)
        tax = extra["tax_amount"]
    assert "shipping_amount" not in extra or (name == "QUICKBOOKS" and extra["shipping_amount"] > 0)
    assert "discount_amount" not in extra or (name in {"QUICKBOOKS", "ZOHOBOOKS"} and extra["discount_amount"] > 0)
    if rated and "tax_amount" not in extra and tax:
        assert "discount_amount" not in extra, "nobody says whether it is off before the tax"
    whole: Decimal = net + tax + extra.get("shipping_amount", 0) - extra.get("discount_amount", 0)
    return whole


def sellers(event: OrderCompleted) -> Decimal:
    """The order's total, without what a marketplace remits."""
    sold = event.data.order
    taxes = [*(tax for one in sold.lines for tax in one.taxes), *sold.shipping.taxes]
    theirs = [tax for tax in taxes if tax.remitted_by == "marketplace"]
    return Decimal(sold.total - sum(tax.amount for tax in theirs)).scaleb(-DECIMALS[sold.currency])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(orders(), st.sampled_from(NAMES), MAPPINGS)
def test_an_invoice_comes_to_what_was_sold(event: OrderCompleted, name: str, mapping: Mapping) -> None:
    currency = event.data.order.currency
    snapshot = replace(books(of=connection(name, mapping), links=[ada_linked(currency)]), found=Generous())
    planned = plan(event, snapshot)
    if isinstance(planned, Park):
        without = {"shipping item": mapping.items.shipping, "discount item": mapping.items.discount}
        lacking = without.get(planned.subject, ITEMS.tip) is None
        assert lacking or (planned.cause is Cause.MARKETPLACE_TAX and sellers(event) < 0)
        return
    assert isinstance(planned, Post)
    write = planned.writes[-1]
    assert added_up(write, name, currency) == sellers(event)
    assert write.total is not None
    assert write.total.major == sellers(event)


@pytest.mark.parametrize(
    ("name", "bare"), [*((name, False) for name in NAMES), ("QUICKBOOKS", True), ("ZOHOBOOKS", True)]
)
def test_a_discount_a_tip_and_two_rates(name: str, bare: bool) -> None:
    event = order(
        line(3333, 296, taxes=(Tax(code="new-york", rate="0.08875", amount=296),)),
        line(1000, number=2, taxes=(Tax(code="vat", rate="0.2", amount=200),)),
        total=4629,
        tip=100,
        discount=300,
    )
    rules = tuple(TaxRule(code=code, use=Named(name=code)) for code in ("new-york", "vat"))
    mapping = replace(MAPPING, tax_rates=rules, items=replace(ITEMS, discount=None) if bare else ITEMS)
    snapshot = books(of=connection(name, mapping), links=[ada_linked()])
    write = last_write(plan(event, replace(snapshot, found=Generous())))
    assert added_up(write, name, "USD") == Decimal("46.29")


def test_five_hundred_lines_of_five_thousand_mapped_skus() -> None:
    by_sku = tuple((f"SKU-{at}", Named(id=f"i-{at}")) for at in range(5_000))
    rules = (TaxRule(code="NY", use=Named(name="New York")),)
    mapping = replace(MAPPING, items=replace(ITEMS, by_sku=by_sku), tax_rates=rules)
    lists = [*LISTS, ("tax_rate", Entry(id="t-ny", name="New York", rate="8"))]
    snapshot = books(of=connection("NETSUITE", mapping), links=[ada_linked()], lists=lists)
    many = order(*(line(100, 8, sku=f"SKU-{at}", number=at) for at in range(500)), total=54_000)
    write = last_write(plan(many, snapshot))
    assert len(write.body["line_items"]) == 500
    assert [one["item"]["id"] for one in write.body["line_items"][:2]] == ["i-0", "i-1"]
