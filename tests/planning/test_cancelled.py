"""A cancelled order's invoices are made void; where that cannot be, what is open on them is credited."""

from dataclasses import replace
from datetime import date

import pytest

from consumers.freezing import Frozen, freeze
from consumers.planning import plan, references, told
from schemas.books import Applied, Books, Link, Seen
from schemas.documents import Applies, DocumentKind
from schemas.plans import Hold, Skip
from tests.planning.changes import LATER, amended, cancelled, knowing, took, written
from tests.planning.shop import ada_linked, books, connection, line, order, posted, shown

ORDER = order(line(2368, 190), line(1000, number=2), total=4058, shipping=500)
MORE = order(line(2368, 190), line(2000, number=2), total=5058, shipping=500)
INVOICE = written("invoice:1001", 4058)
EVENT = cancelled()


def snapshot(*applied: Applied, links: tuple[Link, ...] = (), platform: str = "XERO") -> Books:
    known = books([ORDER], of=connection(platform), links=[ada_linked(), INVOICE], applied={"1001": applied})
    return knowing(known, links=links)


@pytest.mark.parametrize("platform", ["XERO", "QUICKBOOKS", "NETSUITE", "QUICKBOOKS_DESKTOP"])
def test_an_invoice_that_nothing_was_paid_on_is_made_void(platform: str) -> None:
    known = snapshot(platform=platform)
    (void,) = posted(plan(EVENT, known)).writes
    assert (void.key, void.kind, void.total) == ("void:invoice:1001", DocumentKind.INVOICE_VOID, None)
    assert void.applies == (Applies("1001", "invoice:1001", 4058),)
    frozen = freeze(void, known.links)
    assert isinstance(frozen, Frozen)
    assert (frozen.body, frozen.look.parent) == (b'{"invoice":{"status":"void"}}', "r-invoice:1001")


def test_supplementary_invoices_are_made_void_with_it() -> None:
    revision = amended(3, MORE)
    known = knowing(snapshot(), told=[revision], links=[written(revision.key, 1000)])
    assert [write.key for write in posted(plan(EVENT, known)).writes] == ["void:invoice:1001", "void:amendment:1001:3"]
    half = knowing(known, told=[revision], links=[written("void:invoice:1001", 0, kind="invoice_void")])
    half = replace(half, applied={"1001": (took("void:invoice:1001", 4058),)})
    assert posted(plan(EVENT, half)).writes[-1].applies == (Applies("1001", "amendment:1001:3", 1000),)


def test_what_is_open_of_a_partly_paid_order_is_credited() -> None:
    planned = plan(EVENT, snapshot(took("payment:pi_1", 3000)))
    assert shown(planned) == (
        "reversal:invoice:1001                 10.58\n"
        "  line 2 (cancelled order 1001)i-mug         1 x 3.68     3.68\n"
        "  Shipping (cancelled order 1001)i-ship        1 x 5.00     5.00\n"
        "  Tax (cancelled order 1001)i-tax         1 x 1.90     1.90\n"
        "credit_application:reversal:invoice:1001    10.58\n"
        "  on invoice:1001                                   10.58\n"
    )
    assert "not void: payment:pi_1 is applied to it" in posted(planned).writes[0].why


def test_where_nobody_says_that_an_invoice_can_be_void_it_is_credited() -> None:
    planned = plan(EVENT, snapshot(platform="ZOHOBOOKS"))
    assert shown(planned) == (
        "reversal:invoice:1001                 40.58\n"
        "  line 1 (cancelled order 1001)i-mug        1 x 23.68    23.68\n"
        "  line 2 (cancelled order 1001)i-mug        1 x 10.00    10.00\n"
        "  Shipping (cancelled order 1001)i-ship        1 x 5.00     5.00\n"
        "  Tax (cancelled order 1001)i-tax         1 x 1.90     1.90\n"
        "credit_application:reversal:invoice:1001    40.58\n"
        "  on invoice:1001                                   40.58\n"
    )
    assert any("void invoices is not known to work" in why for why in posted(planned).writes[0].why)


def test_an_invoice_of_a_closed_month_is_credited_in_an_open_one() -> None:
    known = replace(snapshot(), closed_through=date(2026, 11, 2))
    writes = posted(plan(EVENT, known)).writes
    assert [write.key for write in writes] == ["reversal:invoice:1001", "credit_application:reversal:invoice:1001"]
    assert writes[0].body["issue_date"] == "2026-11-20"


def test_what_was_not_made_void_before_the_books_were_closed_is_credited() -> None:
    revision = amended(3, MORE)
    void = written("void:invoice:1001", 0, kind="invoice_void")
    half = knowing(snapshot(), told=[revision], links=[written(revision.key, 1000), void])
    policies = replace(half.connection.mapping.policies, closed_books="first_open_day")
    of = replace(half.connection, mapping=replace(half.connection.mapping, policies=policies))
    half = replace(half, connection=of, applied={"1001": (took(void.key, 4058),)}, closed_through=date(2026, 11, 19))
    assert [write.key for write in posted(plan(EVENT, half)).writes] == [void.key, "void:amendment:1001:3"]
    writes = posted(plan(EVENT, replace(half, closed_through=date(2026, 11, 20)))).writes
    assert [write.key for write in writes] == ["reversal:invoice:1001", "credit_application:reversal:invoice:1001"]
    assert (writes[0].body["issue_date"], writes[1].applies) == (
        "2026-11-21",
        (Applies("1001", "amendment:1001:3", 1000),),
    )


def test_a_paid_order_is_left_to_its_refunds() -> None:
    assert plan(EVENT, snapshot(took("payment:pi_1", 4058))) == Skip(
        "nothing is open on order 1001: its refunds tell the rest"
    )


def test_it_is_carried_on_with_after_a_crash_between_its_documents() -> None:
    memo = written("reversal:invoice:1001", 1058, kind="invoice_credit_memo")
    writes = posted(plan(EVENT, snapshot(took("payment:pi_1", 3000), links=(memo,)))).writes
    assert writes[-1].applies == (Applies("1001", "invoice:1001", 1058),)


def test_what_it_waits_for() -> None:
    missing = "the invoice of order 1001 is not in the books yet"
    assert plan(EVENT, books()) == Hold("invoice:1001", missing)
    assert plan(EVENT, books([ORDER])) == Hold("invoice:1001", missing)
    waits = plan(EVENT, snapshot(took("payment:pi_1", 1, proven=False)))
    assert waits == Hold("outcome:payment:pi_1", "payment:pi_1 is not known to be in the books yet")


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (Seen(status="void", at=LATER), "nothing is open: invoice:1001 was made void in the books by somebody"),
        (
            Seen(status="paid", at=LATER),
            "nothing is open on order 1001: invoice:1001 was paid in the books by somebody",
        ),
    ],
)
def test_what_somebody_did_before_is_left_alone(seen: Seen, reason: str) -> None:
    planned = plan(EVENT, knowing(snapshot(), links=[replace(INVOICE, seen=seen)]))
    assert isinstance(planned, Skip)
    assert planned.reason.startswith(reason)


def test_what_is_read_for_a_cancellation() -> None:
    asked = references(EVENT, told(snapshot()), connection())
    assert {"invoice:1001", "void:invoice:1001", "reversal:invoice:1001"} <= asked.links
    assert {"credit_application:reversal:invoice:1001", "customer:c-9:USD"} <= asked.links
