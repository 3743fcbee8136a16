"""Payments over an order's several invoices, too much of them, before their order, and in the words of the books."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from consumers.planning import plan, references, unanswered
from schemas.books import Books, Entry, Link, LookUp, Seen
from schemas.connections import Connection
from schemas.documents import Applies
from schemas.facts import Address, Fee, Settlement, Tax
from schemas.mapping import Clearing, Mapping, Named, Policies, When
from schemas.money import Money
from schemas.plans import Cause, Hold
from tests.planning.changes import LATER, amended, knowing, took, written
from tests.planning.shop import (
    ADA,
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
)

ORDER = order(line(3058), total=3058)
MORE = order(line(3058), line(1000, number=2), total=4058)
SECOND = order(line(1000), total=1000, order_id="1002")
INVOICE = written("invoice:1001", 3058)
SUPPLEMENT = written("amendment:1001:2", 1000)
REVISION = amended(2, MORE)


def of(platform: str = "QUICKBOOKS", mapping: Mapping = MAPPING, **policies: Any) -> Connection:
    return connection(platform, replace(mapping, policies=Policies(refund="credit_memo", **policies)))


def snapshot(*links: Link, by: Connection | None = None, applied: tuple[Any, ...] = (), **more: Any) -> Books:
    known = books([ORDER, SECOND], of=by, links=[ada_linked(), *links], applied={"1001": applied}, **more)
    return knowing(known, told=[REVISION])


# ── several invoices ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_payment_of_an_order_goes_on_all_its_invoices_oldest_first() -> None:
    planned = plan(payment(4000, ("1001", 4000)), snapshot(INVOICE, SUPPLEMENT))
    write = last_write(planned)
    assert write.applies == (Applies("1001", "invoice:1001", 3058), Applies("1001", "amendment:1001:2", 942))
    assert [one["amount"] for one in write.body["linked_invoices"]] == [Decimal("30.58"), Decimal("9.42")]


def test_the_next_payment_takes_what_is_left() -> None:
    applied = (took("payment:pi_0", 3058), took("payment:pi_0", 942, "amendment:1001:2"))
    event = payment(1058, ("1001", 58), ("1002", 1000))
    planned = plan(event, snapshot(INVOICE, SUPPLEMENT, written("invoice:1002", 1000), applied=applied))
    assert last_write(planned).applies == (
        Applies("1001", "amendment:1001:2", 58),
        Applies("1002", "invoice:1002", 1000),
    )


def test_it_waits_for_a_supplementary_invoice_that_is_told() -> None:
    waits = plan(payment(4058, ("1001", 4058)), snapshot(INVOICE))
    assert isinstance(waits, Hold)
    assert waits.awaits == "amendment:1001:2"
    assert last_write(plan(payment(3058, ("1001", 3058)), snapshot(INVOICE))).applies[0].minor == 3058


def test_a_credit_memo_of_a_revision_is_no_invoice() -> None:
    memo = replace(SUPPLEMENT, kind="invoice_credit_memo")
    park = parked(payment(4058, ("1001", 4058)), snapshot(INVOICE, memo))
    assert park.cause is Cause.OVERPAYMENT


def test_its_invoices_are_read() -> None:
    event = payment(1, ("1001", 1))
    asked = references(event, {REVISION.key: REVISION}, connection(), {"1001": (took("payment:pi_0", 1),)})
    assert {"invoice:1001", "amendment:1001:2"} <= asked.links
    assert asked.corrected == {"payment:pi_0"}


# ── too much ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_excess_is_left_as_open_credit_by_policy() -> None:
    known = snapshot(INVOICE, SUPPLEMENT, by=of(overpayment="open_credit"))
    write = last_write(plan(payment(5000, ("1001", 4500)), known))
    assert (write.total, sum(one.minor for one in write.applies)) == (Money(5000, "USD"), 4058)
    assert any("4.42 USD over; the excess is left as open credit, by policy" in why for why in write.why)
    assert "QuickBooks Online: payment without an invoice works" in " ".join(write.why)


def test_an_excess_parks_where_the_platform_takes_none() -> None:
    known = snapshot(INVOICE, SUPPLEMENT, by=of("XERO", overpayment="open_credit"))
    park = parked(payment(5000, ("1001", 5000)), known)
    assert park.cause is Cause.OVERPAYMENT
    assert "payment without an invoice does not exist" in park.cure


def test_tax_that_a_marketplace_remits_is_not_paid_to_the_seller() -> None:
    taxed = line(3058).model_copy(update={"taxes": (Tax(code="CA", rate=None, amount=245, remitted_by="marketplace"),)})
    known = books([order(taxed, total=3303)], links=[ada_linked(), INVOICE])
    write = last_write(plan(payment(3303, ("1001", 3303)), known))
    assert (write.total, write.left_out) == (Money(3058, "USD"), Money(245, "USD"))
    assert "2.45 USD of it is tax that the marketplace remits: not booked" in write.why
    assert parked(payment(3304, ("1001", 3304)), known).cause is Cause.OVERPAYMENT


# ── what somebody did in the books ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("seen", "says"),
    [
        (Seen(status="paid", at=LATER), "invoice:1001 was paid in the books by somebody (seen 2026-11-20)"),
        (
            Seen(status="open", at=LATER, open_minor=58),
            "invoice:1001 was changed in the books by somebody (seen 2026-11-20, with 0.58 USD open)",
        ),
        (Seen(status="void", at=LATER), "invoice:1001 was made void in the books by somebody (seen 2026-11-20)"),
        (Seen(status="deleted", at=LATER), "invoice:1001 was deleted in the books by somebody (seen 2026-11-20)"),
        (
            Seen(status="changed", at=LATER, total=Money(2000, "USD")),
            "invoice:1001 was changed to 20.00 USD in the books by somebody (seen 2026-11-20)",
        ),
    ],
)
def test_nothing_is_written_over_what_somebody_did(seen: Seen, says: str) -> None:
    known = books([ORDER], links=[ada_linked(), replace(INVOICE, seen=seen)])
    park = parked(payment(3058, ("1001", 3058)), known)
    assert park.cause is Cause.EDITED_IN_BOOKS
    assert park.detail.startswith(says)
    assert "take back in the books what was done to the invoice of order 1001" in park.cure


@pytest.mark.parametrize(
    "seen",
    [
        Seen(status="changed", at=LATER, total=Money(3058, "USD"), open_minor=3058),
        Seen(status="changed", at=LATER, total=Money(4000, "USD")),
    ],
)
def test_a_change_that_leaves_enough_open_is_no_matter(seen: Seen) -> None:
    known = books([ORDER], links=[ada_linked(), replace(INVOICE, seen=seen)])
    assert last_write(plan(payment(3058, ("1001", 3058)), known)).applies[0].minor == 3058


# ── before the order ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_payment_before_its_order_waits_or_is_posted_by_policy() -> None:
    event = payment(3058, ("1001", 3058), customer=ADA)
    links = [ada_linked()]
    assert isinstance(plan(event, books(links=links)), Hold)
    assert isinstance(plan(event, books(of=of("XERO", prepayment="post"), links=links)), Hold)
    write = last_write(plan(event, books(of=of(prepayment="post"), links=links)))
    assert (write.applies, "linked_invoices" in write.body) == ((), False)
    assert "order 1001 is not told yet: its 30.58 USD is left unapplied, by policy (prepayment)" in write.why
    assert isinstance(plan(event, books([ORDER], of=of(prepayment="post"), links=links)), Hold)


# ── accounts, methods, rates, fees ──────────────────────────────────────────────────────────────────────────────────


def test_clearing_accounts_by_source_country_and_tag() -> None:
    rows = (
        Clearing(account=Named(id="a-other-shop"), when=When(source="another")),
        Clearing(account=Named(id="a-france"), when=When(gateway="stripe", country="FR")),
        Clearing(account=Named(id="a-till"), when=When(method="cash")),
        Clearing(account=Named(id="a-rest")),
    )
    by = connection(mapping=replace(MAPPING, clearing=rows))
    french = order(line(3058), total=3058, shipping_address=Address(country="FR"))
    links = [ada_linked(), INVOICE]
    pays = payment(3058, ("1001", 3058))
    assert last_write(plan(pays, books([french], of=by, links=links))).body["account_id"] == "a-france"
    assert last_write(plan(pays, books([ORDER], of=by, links=links))).body["account_id"] == "a-rest"
    cash = payment(3058, ("1001", 3058), gateway=None, method="Cash")
    assert last_write(plan(cash, books([ORDER], of=by, links=links))).body["account_id"] == "a-till"


def test_a_gift_card_is_paid_from_an_account_of_its_own() -> None:
    event = payment(3058, ("1001", 3058), gateway="gift_card", method=None)
    known = books([ORDER], links=[ada_linked(), INVOICE])
    park = parked(event, known)
    assert (park.cause, park.subject) == (Cause.UNMAPPED_ACCOUNT, "gateway gift_card")
    row = Clearing(account=Named(id="a-gift"), when=When(gateway="gift_card"))
    by = connection(mapping=replace(MAPPING, clearing=(*MAPPING.clearing, row)))
    assert last_write(plan(event, replace(known, connection=by))).body["account_id"] == "a-gift"


METHODS = (("card", Named(name="Visa")), ("stripe", Named(name="eft")))


def test_payment_methods_are_named_where_the_platform_takes_them() -> None:
    mapping = replace(MAPPING, payment_methods=METHODS)
    lists = [*LISTS, ("payment_method", Entry(id="pm-1", name="Visa"))]
    event = payment(3058, ("1001", 3058))
    known = books([ORDER], of=connection(mapping=mapping), links=[ada_linked(), INVOICE], lists=lists)
    write = last_write(plan(event, known))
    assert write.body["payment_method_id"] == "pm-1"
    assert 'payment method card: mapped to "Visa"' in write.why
    assert LookUp("payment_method", "name", "Visa") in references(event, {}, known.connection).look_ups
    xero = replace(known, connection=connection("XERO", mapping))
    assert "payment_method_id" not in last_write(plan(event, xero)).body
    unknown = replace(known, found={key: one for key, one in known.found.items() if key.object != "payment_method"})
    assert unanswered(event, unknown) == {"payment_method"}
    assert parked(event, unknown).cause is Cause.UNMAPPED_METHOD


def test_sage_intacct_takes_a_word() -> None:
    mapping = replace(MAPPING, payment_methods=METHODS)
    known = books([ORDER], of=connection("SAGE_INTACCT", mapping), links=[ada_linked(), INVOICE])
    by_gateway = payment(3058, ("1001", 3058), method=None)
    assert last_write(plan(by_gateway, known)).body["additional_fields"] == {"payment_method": "eft"}
    assert parked(payment(3058, ("1001", 3058)), known).subject == 'payment method "Visa"'


@pytest.mark.parametrize(
    ("platform", "settled", "rate"),
    [
        ("QUICKBOOKS", Settlement(currency="USD", amount=3300, rate="1.0795"), Decimal("1.0795")),
        ("QUICKBOOKS", Settlement(currency="GBP", amount=3300, rate="0.9"), None),
        ("QUICKBOOKS", Settlement(currency="USD", amount=3300, rate=None), None),
        ("XERO", Settlement(currency="USD", amount=3300, rate="1.0795"), None),
    ],
)
def test_the_rate_of_a_settlement_in_the_home_currency(
    platform: str, settled: Settlement, rate: Decimal | None
) -> None:
    lists = [(kind, replace(entry, currency=None)) for kind, entry in LISTS]
    euros = order(line(3058), total=3058, currency="EUR")
    links = [ada_linked("EUR"), replace(INVOICE, total=Money(3058, "EUR"))]
    event = payment(3058, ("1001", 3058), currency="EUR", settlement=settled)
    write = last_write(plan(event, books([euros], of=connection(platform), links=links, lists=lists)))
    assert write.body.get("currency_rate") == rate


def test_a_fee_is_said_and_not_booked() -> None:
    event = payment(3058, ("1001", 3058), fee=Fee(currency="USD", amount=119))
    write = last_write(plan(event, books([ORDER], links=[ada_linked(), INVOICE])))
    assert write.total == Money(3058, "USD")
    assert any(why.startswith("fee: 1.19 USD was kept by stripe, not booked, by policy") for why in write.why)


# ── closed books ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_payment_of_an_open_month_goes_through_for_an_invoice_of_a_closed_one() -> None:
    known = replace(books([ORDER], links=[ada_linked(), INVOICE]), closed_through=date(2026, 11, 10))
    event = payment(3058, ("1001", 3058), received_at=LATER)
    assert last_write(plan(event, known)).body["txn_date"] == "2026-11-20"
    assert parked(payment(3058, ("1001", 3058)), known).cause is Cause.CLOSED_BOOKS
    moved = last_write(
        plan(payment(3058, ("1001", 3058)), replace(known, connection=of(closed_books="first_open_day")))
    )
    assert (moved.body["txn_date"], moved.body["memo"]) == (
        "2026-11-11",
        "Payment pi_1; true date 2026-11-02: the books are closed through 2026-11-10",
    )
    assert isinstance(plan(payment(3058, ("1001", 3058)), replace(known, connection=of(closed_books="hold"))), Hold)
