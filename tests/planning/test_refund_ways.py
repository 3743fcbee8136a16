"""Refunds of money and credit at once, over several accounts, by tax rates, of orders that were changed."""

from dataclasses import replace
from typing import Any

import pytest

from consumers.planning import plan
from schemas.books import Books, Entry, Link, Seen
from schemas.connections import Connection
from schemas.documents import Applies, DocumentKind
from schemas.facts import Tax
from schemas.mapping import Mapping, Named, Policies, TaxRule
from schemas.money import Money
from schemas.plans import Cause, Skip
from tests.planning.changes import LATER, amended, knowing, took, written
from tests.planning.shop import (
    LISTS,
    MAPPING,
    ada_linked,
    books,
    connection,
    last_write,
    line,
    order,
    parked,
    payment,
    posted,
    refund,
    returned,
    shown,
    through,
)

ORDER = order(line(2368, 190), line(1000, number=2), total=4058, shipping=500)
PAID = payment(3458, ("1001", 3458))
OTHER = payment(600, ("1001", 600), payment_id="pi_2", gateway="paypal")
LINKS = [
    ada_linked(),
    written("invoice:1001", 4058),
    written("payment:pi_1", 3458, kind="invoice_payment"),
    written("payment:pi_2", 600, kind="invoice_payment"),
]


def paid_books(
    *links: Link, platform: str = "QUICKBOOKS", policy: Any = "customer_refund", mapping: Mapping = MAPPING, **more: Any
) -> Books:
    of: Connection = connection(platform, replace(mapping, policies=Policies(refund=policy)))
    applied = {"1001": (took("payment:pi_1", 3058),)}
    return books([ORDER, PAID, OTHER], of=of, links=[*LINKS, *links], applied=applied, **more)


# ── money and credit ────────────────────────────────────────────────────────────────────────────────────────────────

BOTH = refund(1279, returned(1184, 95), money=[through(400)])


def test_of_a_credit_memo_only_what_was_not_paid_out_is_applied() -> None:
    planned = plan(BOTH, paid_books(policy="credit_memo"))
    assert shown(planned) == (
        "credit_memo:re_1                      12.79\n"
        "  line 1 (refund re_1)    i-mug        1 x 11.84    11.84\n"
        "  Tax (refund re_1)       i-tax         1 x 0.95     0.95\n"
        "credit_application:re_1:1001           8.79\n"
        "  on invoice:1001                                    8.79\n"
    )
    said = "8.79 USD of it is a credit, the rest left open: the money went back"
    assert said in posted(planned).writes[0].why


def test_the_money_is_a_customer_refund_and_the_rest_a_credit_memo() -> None:
    assert shown(plan(BOTH, paid_books())) == (
        "customer_refund:re_1                   4.00\n"
        "  line 1 (refund re_1)    i-mug         1 x 4.00     4.00\n"
        "credit_memo:re_1                       8.79\n"
        "  line 1 (refund re_1)    i-mug         1 x 7.84     7.84\n"
        "  Tax (refund re_1)       i-tax         1 x 0.95     0.95\n"
        "credit_application:re_1:1001           8.79\n"
        "  on invoice:1001                                    8.79\n"
    )


def test_a_policy_that_changed_makes_nothing_otherwise() -> None:
    half = paid_books(written("customer_refund:re_1", 400, kind="customer_refund"), policy="credit_memo")
    keys = [write.key for write in posted(plan(BOTH, half)).writes]
    assert keys == ["customer_refund:re_1", "credit_memo:re_1", "credit_application:re_1:1001"]
    memo = paid_books(written("credit_memo:re_1", 1279, kind="invoice_credit_memo"))
    assert [write.key for write in posted(plan(BOTH, memo)).writes] == [
        "credit_memo:re_1",
        "credit_application:re_1:1001",
    ]


def test_a_customer_refund_for_each_account_that_money_left() -> None:
    event = refund(
        1500, returned(1000, of="2"), returned(500, of=None), money=[through(900), through(600, "pi_2", None)]
    )
    planned = plan(event, paid_books())
    assert shown(planned) == (
        "customer_refund:re_1                   9.00\n"
        "  line 2 (refund re_1)    i-mug         1 x 9.00     9.00\n"
        "customer_refund:re_1:2                 6.00\n"
        "  line 2 (refund re_1, 2) i-mug         1 x 1.00     1.00\n"
        "  line None (refund re_1, 2)i-sales       1 x 5.00     5.00\n"
    )
    first, second = posted(planned).writes
    assert (first.body["account_id"], second.body["account_id"]) == ("a-stripe", "a-paypal")
    assert first.look.description not in second.body["line_items"][0]["description"]


def test_what_is_below_zero_goes_with_the_first() -> None:
    event = refund(1000, returned(1400), returned(-400, of="2"), money=[through(600), through(400, "pi_2", None)])
    assert shown(plan(event, paid_books())) == (
        "customer_refund:re_1                   6.00\n"
        "  line 2 (refund re_1)    i-mug        1 x -4.00    -4.00\n"
        "  line 1 (refund re_1)    i-mug        1 x 10.00    10.00\n"
        "customer_refund:re_1:2                 4.00\n"
        "  line 1 (refund re_1, 2) i-mug         1 x 4.00     4.00\n"
    )


# ── tax ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

RATED = replace(MAPPING, tax_rates=(TaxRule(use=Named(name="NY"), code="NY"),))
RATES = [*LISTS, ("tax_rate", Entry(id="t-ny", name="NY", rate="8"))]
CREDIT = refund(1279, returned(1184, 95), money=[through(1279)])


@pytest.mark.parametrize("platform", ["QUICKBOOKS", "XERO", "NETSUITE"])
def test_rates_on_a_credit_memo_where_they_come_to_the_tax(platform: str) -> None:
    known = paid_books(platform=platform, policy="credit_memo", mapping=RATED, lists=RATES)
    memo = last_write(plan(CREDIT, known))
    (only,) = memo.body["line_items"]
    assert (only["additional_fields"], only["total_amount"]) == ({"tax_rate_id": "t-ny"}, "11.84")
    assert (memo.total, memo.taxed) == (Money(1279, "USD"), True)
    assert any("tax rate of a credit memo line works" in why for why in memo.why)


@pytest.mark.parametrize(("platform", "tax"), [("QUICKBOOKS", 94), ("ZOHOBOOKS", 95)])
def test_else_a_line(platform: str, tax: int) -> None:
    event = refund(1184 + tax, returned(1184, tax), money=[through(1184 + tax)])
    known = paid_books(platform=platform, policy="credit_memo", mapping=RATED, lists=RATES)
    lines = last_write(plan(event, known)).body["line_items"]
    assert [one["item"]["id"] for one in lines] == ["i-mug", "i-tax"]
    assert "additional_fields" not in lines[0]


def marketed(amount: int) -> tuple[Tax, ...]:
    return (Tax(code="CA", rate=None, amount=amount, remitted_by="marketplace"),)


def test_tax_that_a_marketplace_remits_is_not_given_back_by_the_seller() -> None:
    sold = order(line(3000, taxes=marketed(240)), total=3240)
    paid = payment(3240, ("1001", 3240))
    links = [ada_linked(), written("invoice:1001", 3000), written("payment:pi_1", 3000, kind="invoice_payment")]
    known = replace(books([sold, paid], links=links), connection=paid_books().connection)
    event = refund(1080, returned(1000, taxes=marketed(80)), money=[through(1080)])
    write = last_write(plan(event, known))
    assert (write.total, write.left_out) == (Money(1000, "USD"), Money(80, "USD"))
    whole = last_write(plan(refund(3240, money=[through(3240)]), known))
    assert (whole.total, whole.left_out) == (Money(3000, "USD"), Money(240, "USD"))
    nothing = refund(80, returned(0, taxes=marketed(80)), money=[through(80)])
    assert isinstance(plan(nothing, known), Skip)


# ── orders that were changed ────────────────────────────────────────────────────────────────────────────────────────


def test_no_more_is_given_back_than_the_order_is_worth_now() -> None:
    less = amended(2, order(line(2368, 190), total=2558))
    known = knowing(paid_books(policy="credit_memo"), told=[less])
    park = parked(refund(2559, money=[through(2559)]), known)
    assert (park.cause, park.detail) == (
        Cause.EXCEEDS_ORDER,
        "25.59 USD is 0.01 USD more than what the order comes to as it was changed, 25.58 USD",
    )
    assert last_write(plan(refund(2558, money=[through(2558)]), known)).total == Money(2558, "USD")


def test_nor_than_a_cancellation_left_of_it() -> None:
    credited = knowing(
        paid_books(policy="credit_memo"), links=[written("reversal:invoice:1001", 1000, kind="invoice_credit_memo")]
    )
    assert parked(refund(3059, money=[through(3059)]), credited).cause is Cause.EXCEEDS_ORDER
    assert last_write(plan(refund(3058, money=[through(3058)]), credited)).total == Money(3058, "USD")
    void = replace(paid_books(policy="credit_memo"), applied={"1001": (took("void:invoice:1001", 4058),)})
    assert parked(refund(1), void).cause is Cause.EXCEEDS_ORDER


def test_lines_that_a_revision_added_are_sold_as_it_says() -> None:
    more = amended(
        2, order(line(2368, 190), line(1000, number=2), line(700, number=3, sku="TEE"), total=4758, shipping=500)
    )
    known = knowing(paid_books(policy="credit_memo"), told=[more])
    (only,) = last_write(plan(refund(700, returned(700, of="3"), money=[through(700)]), known)).body["line_items"]
    assert only["item"]["id"] == "i-tee"


def test_a_credit_goes_on_supplementary_invoices_too() -> None:
    more = amended(2, order(line(2368, 190), line(2000, number=2), total=5058, shipping=500))
    known = knowing(paid_books(policy=None), told=[more], links=[written("amendment:1001:2", 1000)])
    application = last_write(plan(refund(1500), known))
    assert application.kind is DocumentKind.CREDIT_APPLICATION
    assert application.applies == (Applies("1001", "invoice:1001", 1000), Applies("1001", "amendment:1001:2", 500))


def test_a_credit_on_an_invoice_that_somebody_deleted_is_left_open() -> None:
    gone = replace(written("invoice:1001", 4058), seen=Seen(status="deleted", at=LATER))
    planned = posted(plan(refund(1500), paid_books(gone)))
    assert [write.key for write in planned.writes] == ["credit_memo:re_1"]
