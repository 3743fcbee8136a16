"""Refunds become credit memos or customer refunds, by policy; credits without money are set against what is open."""

from dataclasses import replace

import pytest

from consumers.freezing import Frozen, freeze
from consumers.planning import plan, references
from schemas.books import Applied, Link
from schemas.connections import Connection
from schemas.events import RefundIssued
from schemas.facts import Shipping
from schemas.mapping import Policies
from schemas.plans import Cause, Hold
from tests.planning.shop import (
    MAPPING,
    ada_linked,
    books,
    connection,
    invoiced,
    last_write,
    line,
    order,
    parked,
    payment,
    posted,
    refund,
    returned,
    shown,
    taxes,
    through,
)

ORDER = order(line(2368, 190), line(1000, sku=None, number=2, kind="gift_card"), total=4058, shipping=500)
PAID = payment(4058, ("1001", 4058))
LINKS = [ada_linked(), invoiced(), Link(key="payment:pi_1", rutter_id="pay-1")]
IN_FULL = {"1001": (Applied(by="payment:pi_1", minor=4058, document="invoice:1001"),)}


def with_policy(policy: str | None, platform: str = "QUICKBOOKS") -> Connection:
    return connection(platform, replace(MAPPING, policies=Policies(refund=policy)))  # type: ignore[arg-type]  # one of the two


def held(event: RefundIssued, **snapshot: object) -> tuple[str, str]:
    planned = plan(event, books(**snapshot))  # type: ignore[arg-type]  # what books takes
    assert isinstance(planned, Hold), planned
    return planned.awaits, planned.reason


# ── money back ──────────────────────────────────────────────────────────────────────────────────────────────────────

MONEY = refund(
    1879,
    returned(1184, 95),
    money=[through(1879)],
    shipping=Shipping(total=500, taxes=taxes(40)),
    tip=50,
    adjustment=10,
)


def test_money_back_as_a_credit_memo_left_open() -> None:
    planned = plan(MONEY, books([ORDER, PAID], links=LINKS, applied=IN_FULL))
    assert shown(planned) == (
        "credit_memo:re_1                      18.79\n"
        "  line 1 (refund re_1)    i-mug        1 x 11.84    11.84\n"
        "  Shipping (refund re_1)  i-ship        1 x 5.00     5.00\n"
        "  Tip (refund re_1)       i-tip         1 x 0.50     0.50\n"
        "  Adjustment (refund re_1)i-sales       1 x 0.10     0.10\n"
        "  Tax (refund re_1)       i-tax         1 x 1.35     1.35\n"
    )
    assert last_write(planned).applies == ()


def test_money_back_as_a_customer_refund_from_the_clearing_account() -> None:
    snapshot = books([ORDER, PAID], of=with_policy("customer_refund"), links=LINKS, applied=IN_FULL)
    event = refund(1000, returned(1000, of="2"), money=[through(1000, gateway=None)])
    planned = plan(event, snapshot)
    assert shown(planned) == (
        "customer_refund:re_1                  10.00\n  line 2 (refund re_1)    i-gift       1 x 10.00    10.00\n"
    )
    assert last_write(planned).body["account_id"] == "a-stripe"
    assert last_write(planned).look.description == "(refund re_1)"


def test_the_bytes_of_a_credit_memo_have_amounts_as_text() -> None:
    event = refund(1279, returned(1184, 95), money=[through(1279)])
    snapshot = books([ORDER, PAID], of=connection("XERO"), links=LINKS)
    frozen = freeze(last_write(plan(event, snapshot)), {link.key: link for link in LINKS})
    assert isinstance(frozen, Frozen)
    assert frozen.body == (
        b'{"invoice_credit_memo":{"customer_id":"cu-ada","issue_date":"2026-11-02","currency_code":"USD","line_items":['
        b'{"description":"line 1 (refund re_1)","total_amount":"11.84",'
        b'"item":{"id":"i-mug","quantity":1,"unit_amount":"11.84"}},'
        b'{"description":"Tax (refund re_1)","total_amount":"0.95",'
        b'"item":{"id":"i-tax","quantity":1,"unit_amount":"0.95"}}],"document_number":"CM-2B67E227DA1BECDE"}}'
    )


def test_an_amount_without_lines_is_one_line() -> None:
    event = refund(700, money=[through(700)], reason=None)
    assert shown(plan(event, books([ORDER, PAID], links=LINKS))) == (
        "credit_memo:re_1                       7.00\n  Refund (refund re_1)    i-sales       1 x 7.00     7.00\n"
    )


# ── a credit without money ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("applied", "links_and_amounts"),
    [
        (0, "credit_application:re_1:1001          12.79\n  on invoice:1001                                   12.79\n"),
        (
            3058,
            "credit_application:re_1:1001          10.00\n  on invoice:1001                                   10.00\n",
        ),
        (4058, ""),
    ],
)
def test_a_credit_is_applied_up_to_what_is_open(applied: int, links_and_amounts: str) -> None:
    event = refund(1279, returned(1184, 95))
    taken = {"1001": (Applied(by="payment:pi_1", minor=applied, document="invoice:1001"),)}
    planned = plan(event, books([ORDER], of=with_policy(None), links=LINKS, applied=taken))
    memo = (
        "credit_memo:re_1                      12.79\n"
        "  line 1 (refund re_1)    i-mug        1 x 11.84    11.84\n"
        "  Tax (refund re_1)       i-tax         1 x 0.95     0.95\n"
    )
    assert shown(planned) == memo + links_and_amounts


def test_what_the_credit_took_off_itself_does_not_count() -> None:
    taken = {"1001": (Applied(by="credit_application:re_1:1001", minor=4058, document="invoice:1001"),)}
    planned = posted(plan(refund(1279), books([ORDER], links=LINKS, applied=taken)))
    assert [write.key for write in planned.writes] == ["credit_memo:re_1", "credit_application:re_1:1001"]


# ── what it waits for ───────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_refund_waits_for() -> None:
    back = refund(1000, money=[through(1000)])
    no_payment = [ada_linked(), invoiced()]
    assert held(back) == ("invoice:1001", "the invoice of order 1001 is not in the books yet")
    assert held(back, facts=[ORDER, PAID], links=no_payment) == (
        "payment:pi_1",
        "payment pi_1 is not in the books yet",
    )
    assert held(back, facts=[ORDER, PAID], links=LINKS, conflicted=frozenset({"payment:pi_1"})) == (
        "payment:pi_1",
        "the tellings of payment pi_1 conflict",
    )
    assert held(refund(1000, money=[through(1000)], order_id=None)) == (
        "payment:pi_1",
        "it names no order, and payment pi_1 has not told one yet",
    )


def test_a_payment_nobody_told_waits_until_the_order_is_paid_enough() -> None:
    earlier = refund(2000, id="re_0", money=[through(2000, "pi_x")])
    back = refund(1000, money=[through(1000, "pi_x")])
    assert held(back, facts=[ORDER], links=LINKS, refunds=[earlier, back], applied={}) == (
        "payments:1001",
        "30.00 USD is refunded on order 1001 and 0.00 USD of payments is in the books",
    )
    credited = {"1001": (Applied(by="credit_application:re_2:1001", minor=3000, document="invoice:1001"),)}
    assert held(back, facts=[ORDER], links=LINKS, refunds=[earlier], applied=credited)[0] == "payments:1001"
    enough = books(
        [ORDER],
        links=LINKS,
        refunds=[earlier],
        applied={"1001": (Applied(by="payment:pi_9", minor=3000, document="invoice:1001"),)},
    )
    assert last_write(plan(back, enough)).key == "credit_memo:re_1"


# ── which order ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_order_is_found_through_the_payment() -> None:
    event = refund(1000, money=[through(1000)], order_id=None)
    assert last_write(plan(event, books([ORDER, PAID], links=LINKS))).key == "credit_memo:re_1"
    first = references(event, {}, connection())
    assert (first.facts, first.orders) == (frozenset({"payment:pi_1"}), frozenset())
    then = references(event, {PAID.key: PAID}, connection())
    assert (then.facts, then.orders) == (frozenset({"payment:pi_1", "order:1001"}), frozenset({"1001"}))
    at_last = references(event, {PAID.key: PAID, ORDER.key: ORDER}, connection())
    assert at_last.links - then.links == frozenset({"customer:c-9:USD"})
    assert at_last.facts == then.facts


def test_a_payment_of_two_orders_does_not_say_which() -> None:
    both = payment(4058, ("1001", 3058), ("1002", 1000))
    park = parked(refund(1000, money=[through(1000)], order_id=None), books([ORDER, both], links=LINKS))
    assert (park.cause, park.detail) == (
        Cause.AMBIGUOUS,
        "which order is refunded is not told; its payments paid 2: 1001, 1002",
    )


# ── what parks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_numbers_that_do_not_tie() -> None:
    park = parked(refund(1280, returned(1184, 95)), books())
    assert (park.cause, park.detail) == (
        Cause.DOES_NOT_TIE,
        "lines 11.84 + tax 0.95 = 12.79, amount says 12.80: 0.01 USD short",
    )


def test_more_money_than_the_refund() -> None:
    park = parked(refund(1000, money=[through(1001)]), books())
    assert park.detail == "money moved 10.01, amount says 10.00: 0.01 USD over"


def test_a_refund_of_money_needs_a_policy() -> None:
    park = parked(refund(1000, money=[through(1000)]), books(of=with_policy(None)))
    assert park.fingerprint == "no refund policy"
    assert 'refund_policy = "credit_memo" or "customer_refund" under [connections.acme]' in park.cure


def test_customer_refunds_where_the_platform_has_none() -> None:
    park = parked(refund(1000, money=[through(1000)]), books(of=with_policy("customer_refund", "NETSUITE")))
    assert park.fingerprint == "not supported: customer refunds on NETSUITE"


def test_refunds_beyond_the_order() -> None:
    earlier = refund(4000, id="re_0")
    park = parked(refund(100), books([ORDER], links=LINKS, refunds=[earlier]))
    assert (park.cause, park.detail) == (
        Cause.EXCEEDS_ORDER,
        "1.00 USD with 40.00 USD refunded besides is 0.42 USD more than the order's 40.58 USD",
    )
