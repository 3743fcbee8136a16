"""What a revision adds is invoiced beside the order's invoice, what it takes off is credited."""

from dataclasses import replace
from datetime import date

import pytest

from consumers.planning import plan, references, told
from schemas.books import Applied, Books, Link, Seen
from schemas.documents import Applies, DocumentKind
from schemas.events import OrderAmended, OrderCompleted
from schemas.facts import Shipping
from schemas.mapping import Policies
from schemas.money import Money
from schemas.plans import Cause, Hold, Park, Post, Skip
from tests.planning.changes import LATER, amended, knowing, took, written
from tests.planning.shop import MAPPING, ada_linked, books, connection, last_write, line, order, posted, refund, shown

FIRST = order(line(2368, 190), line(1000, number=2), total=4058, shipping=500)
MORE = order(line(2368, 190), line(1500, number=2, sku="TEE"), line(700, 56, number=3), total=5314, shipping=500)
"""Line 2 is something else now, and dearer; line 3 is new."""
LESS = order(line(1184, 95), line(1000, number=2), total=2279)
"""Half of line 1 and the shipping are gone."""
INVOICE = written("invoice:1001", 4058)


def snapshot(
    *told_besides: OrderAmended, links: tuple[Link, ...] = (), applied: tuple[Applied, ...] = (), platform: str = "XERO"
) -> Books:
    known = books([FIRST], of=connection(platform), links=[ada_linked(), INVOICE, *links], applied={"1001": applied})
    return knowing(known, told=told_besides)


def test_what_is_added_is_a_supplementary_invoice() -> None:
    event = amended(3, MORE, "one more")
    planned = plan(event, snapshot(event))
    assert shown(planned) == (
        "amendment:1001:3                      12.56\n"
        "  line 2                  i-mug       1 x -10.00   -10.00\n"
        "  line 2                  i-tee        1 x 15.00    15.00\n"
        "  line 3                  i-mug         1 x 7.00     7.00\n"
        "  Tax NY                  i-tax         1 x 0.56     0.56\n"
    )
    write = last_write(planned)
    assert (write.kind, write.applies) == (DocumentKind.INVOICE, ())
    assert (write.body["issue_date"], write.body["document_number"]) == ("2026-11-20", "1001-3")


def test_what_is_taken_off_is_a_credit_on_what_is_open() -> None:
    event = amended(3, LESS)
    planned = plan(event, snapshot(event, applied=(took("payment:pi_1", 3000),)))
    assert shown(planned) == (
        "amendment:1001:3                      17.79\n"
        "  line 1 (order 1001, revision 3)i-mug        1 x 11.84    11.84\n"
        "  Shipping (order 1001, revision 3)i-ship        1 x 5.00     5.00\n"
        "  Tax (order 1001, revision 3)i-tax         1 x 0.95     0.95\n"
        "credit_application:amendment:1001:3    10.58\n"
        "  on invoice:1001                                   10.58\n"
    )
    memo, application = posted(planned).writes
    assert memo.kind is DocumentKind.CREDIT_MEMO
    assert application.applies == (Applies("1001", "invoice:1001", 1058),)


def test_a_credit_on_a_paid_order_stays_open() -> None:
    event = amended(3, LESS)
    planned = posted(plan(event, snapshot(event, applied=(took("payment:pi_1", 4058),))))
    assert [write.key for write in planned.writes] == ["amendment:1001:3"]


def test_the_difference_is_to_the_last_revision_in_the_books() -> None:
    first, second = amended(3, MORE), amended(5, LESS)
    in_books = snapshot(first, second, links=(written("amendment:1001:3", 1256),))
    planned = posted(plan(second, in_books))
    memo, application = planned.writes
    assert (memo.total, memo.key) == (Money(3035, "USD"), "amendment:1001:5")
    assert application.applies == (Applies("1001", "invoice:1001", 3035),)


def test_a_credit_goes_on_the_oldest_invoice_first() -> None:
    first, second = amended(3, MORE), amended(5, LESS)
    in_books = snapshot(
        first, second, links=(written("amendment:1001:3", 1256),), applied=(took("payment:pi_1", 3000),)
    )
    assert last_write(plan(second, in_books)).applies == (
        Applies("1001", "invoice:1001", 1058),
        Applies("1001", "amendment:1001:3", 1256),
    )


def test_it_is_carried_on_with_after_a_crash_between_its_documents() -> None:
    event = amended(3, LESS)
    memo = written("amendment:1001:3", 1779, kind="invoice_credit_memo")
    planned = posted(plan(event, snapshot(event, amended(4, MORE), links=(memo,))))
    assert [write.key for write in planned.writes] == ["amendment:1001:3", "credit_application:amendment:1001:3"]


@pytest.mark.parametrize(
    ("event", "besides", "links", "reason"),
    [
        (amended(3, FIRST), (), (), "revision 3 changes nothing that is in the books"),
        (amended(3, MORE), (amended(4, LESS),), (), "revision 4 of the order is told, and counts"),
        (
            amended(3, LESS),
            (),
            (written("void:invoice:1001", 0, kind="invoice_void"),),
            "the order was cancelled: nothing of it is owed",
        ),
    ],
)
def test_what_changes_nothing(
    event: OrderAmended, besides: tuple[OrderAmended, ...], links: tuple[Link, ...], reason: str
) -> None:
    assert plan(event, snapshot(event, *besides, links=links)) == Skip(reason)


def test_a_swap_for_the_same_price_moves_the_income() -> None:
    swapped = order(line(2368, 190), line(1000, number=2, sku="TEE"), total=4058, shipping=500)
    event = amended(3, swapped)
    assert shown(plan(event, snapshot(event))) == (
        "amendment:1001:3                       0.00\n"
        "  line 2                  i-mug       1 x -10.00   -10.00\n"
        "  line 2                  i-tee        1 x 10.00    10.00\n"
    )


def test_what_it_waits_for() -> None:
    event = amended(3, MORE)
    empty = knowing(books([FIRST]), told=[event])
    assert plan(event, empty) == Hold("invoice:1001", "the invoice of order 1001 is not in the books yet")
    doubted = snapshot(amended(3, LESS), applied=(took("payment:pi_1", 3000, proven=False),))
    waits = plan(amended(3, LESS), doubted)
    assert isinstance(waits, Hold)
    assert waits.awaits == "outcome:payment:pi_1"


def park(event: OrderAmended, known: Books) -> Park:
    planned = plan(event, known)
    assert isinstance(planned, Park), planned
    return planned


def test_numbers_that_do_not_tie() -> None:
    wrong = amended(3, order(line(1000), total=999))
    assert park(wrong, snapshot(wrong)).cause is Cause.DOES_NOT_TIE


def test_more_refunded_than_is_left() -> None:
    event = amended(3, LESS)
    known = replace(snapshot(event), refunds={"1001": (refund(2280),)})
    stopped = park(event, known)
    assert (stopped.cause, stopped.detail) == (
        Cause.EXCEEDS_ORDER,
        "22.80 USD is refunded of an order that comes to 22.79 USD as it was changed",
    )


def test_an_invoice_that_somebody_deleted() -> None:
    event = amended(3, MORE)
    gone = replace(INVOICE, seen=Seen(status="deleted", at=LATER))
    stopped = park(event, snapshot(event, links=(gone,)))
    assert (stopped.cause, stopped.detail) == (
        Cause.EDITED_IN_BOOKS,
        "invoice:1001 was deleted in the books by somebody (seen 2026-11-20); and now revision 3 is told",
    )


def test_closed_books() -> None:
    event = amended(3, LESS)
    ask = connection("XERO", replace(MAPPING, policies=Policies(refund="credit_memo")))
    first = connection("XERO", replace(MAPPING, policies=Policies(closed_books="first_open_day")))
    shut = date(2026, 11, 30)
    assert park(event, replace(snapshot(event), connection=ask, closed_through=shut)).cause is Cause.CLOSED_BOOKS
    memo = posted(plan(event, replace(snapshot(event), connection=first, closed_through=shut))).writes[0]
    assert memo.body["issue_date"] == "2026-12-01"
    assert memo.body["line_items"][0]["description"] == (
        "line 1 (true date 2026-11-20: the books are closed through 2026-11-30) (order 1001, revision 3)"
    )


def test_what_is_read_for_an_amendment() -> None:
    event = amended(3, MORE)
    asked = references(event, told(snapshot(event)), connection())
    assert {"invoice:1001", "amendment:1001:3", "credit_application:amendment:1001:3", "reversal:invoice:1001"} <= (
        asked.links
    )
    assert {"void:invoice:1001", "customer:c-9:USD"} <= asked.links
    assert (asked.facts, asked.orders) == (frozenset({"order:1001"}), frozenset({"1001"}))


def test_tax_that_a_marketplace_remits_is_in_no_difference() -> None:
    def sold(total: int, tax: int) -> OrderCompleted:
        taxed = line(total).model_copy(update={"taxes": market(tax)})
        return order(taxed, total=total + tax)

    def market(tax: int) -> tuple[object, ...]:
        return (line(1, tax).taxes[0].model_copy(update={"remitted_by": "marketplace"}),)

    before, after = sold(1000, 80), sold(1500, 120)
    event = amended(1, after)
    known = knowing(books([before], links=[ada_linked(), written("invoice:1001", 1000)]), told=[event])
    planned = plan(event, known)
    assert isinstance(planned, Post)
    assert (planned.writes[0].total, planned.writes[0].taxed) == (Money(500, "USD"), False)


def test_shipping_alone() -> None:
    dearer = FIRST.data.order.model_copy(update={"shipping": Shipping(total=800), "total": 4358})
    event = amended(2, OrderCompleted(**{**dict(FIRST), "data": FIRST.data.model_copy(update={"order": dearer})}))
    assert shown(plan(event, snapshot(event))) == (
        "amendment:1001:2                       3.00\n  Shipping                i-ship        1 x 3.00     3.00\n"
    )
