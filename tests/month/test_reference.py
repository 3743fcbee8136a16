"""The bookkeeper's reckoning against sums worked out by hand."""

from datetime import date

import pytest

from sandbox.month.facts import Amendment, Back, Cancellation, Chargeback, Edit, FailedRefund, Line, Refund, Tax
from sandbox.month.reckoning import Document, Reckoning
from sandbox.month.reference import reckon
from sandbox.month.scribe import SOURCE
from tests.month.by_hand import ADA, at, month, order, payment


def standing(books: Reckoning) -> dict[str, int]:
    """Dollars by account, those that are not zero."""
    return {account: minor for (account, code), minor in books.balances.items() if minor and code == "USD"}


def counted(books: Reckoning) -> list[tuple[str, int]]:
    """Kind and total of every document."""
    return sorted((one.kind, one.total) for one, times in books.documents.items() for _ in range(times))


def test_an_order_and_its_payment() -> None:
    made = order()
    books = reckon(month("QUICKBOOKS", (1, made), (1, payment(made, 2079))))
    assert standing(books) == {
        "Goods": -1450,
        "Shipping": -500,
        "Sales tax payable": -129,
        "Stripe clearing": 2079,
    }
    assert books.documents == {
        Document("invoice", "Ada Byron", "USD", 2079, date(2026, 10, 2)): 1,
        Document("invoice_payment", "Ada Byron", "USD", 2079, date(2026, 10, 3)): 1,
    }
    assert (books.parked, books.held) == ({}, set())


def test_what_a_marketplace_remits_is_on_no_invoice_and_in_no_payment() -> None:
    line = Line(id="1", sku="MUG-BLUE", text="Blue mug", total=1450, taxes=(Tax("NY", "0.08875", 129, "marketplace"),))
    made = order(lines=(line,))
    books = reckon(month("XERO", (1, made), (1, payment(made, 2079))))
    assert standing(books) == {"Goods": -1450, "Shipping": -500, "Stripe clearing": 1950}


@pytest.mark.parametrize(("platform", "clearing", "owed"), [("QUICKBOOKS", 500, 0), ("SAGE_INTACCT", 2079, -1579)])
def test_a_refund_is_money_out_or_an_open_credit_by_policy(platform: str, clearing: int, owed: int) -> None:
    made = order()
    line = Line(id="1", sku="MUG-BLUE", text="Blue mug", total=1450, taxes=(Tax("NY", "0.08875", 129),))
    back = Refund(
        source=SOURCE,
        key="r",
        at=at(9),
        currency="USD",
        amount=1579,
        order="1",
        lines=(line,),
        money=(Back(payment="p", gateway="stripe", amount=1579),),
    )
    books = reckon(month(platform, (1, made), (1, payment(made, 2079)), (2, back)))
    assert standing(books).get("Stripe clearing") == clearing
    assert standing(books).get("Goods") is None
    assert books.owing["Ada Byron", "USD"] == owed


def test_a_refund_that_failed_is_owed_and_paid_again() -> None:
    made = order()
    back = Refund(
        source=SOURCE,
        key="r",
        at=at(9),
        currency="USD",
        amount=500,
        order="1",
        lines=None,
        money=(Back(payment="p", gateway="stripe", amount=500),),
    )
    again = FailedRefund(source=SOURCE, key="f", refund="r", at=at(16), currency="USD", amount=500)
    books = reckon(month("QUICKBOOKS", (1, made), (1, payment(made, 2079)), (2, back), (3, again)))
    assert standing(books)["Stripe clearing"] == 2079
    assert "Sales" not in standing(books)
    assert counted(books) == [
        ("customer_refund", 500),
        ("invoice", 500),
        ("invoice", 2079),
        ("invoice_payment", 500),
        ("invoice_payment", 2079),
    ]


def test_amendments_book_the_difference_and_an_older_one_nothing() -> None:
    made = order()
    more = Line(id="2", sku="REPAIR", text="Repair", total=4500)
    told = [
        (2, Amendment(order=order(lines=(*made.lines, more)), revision=5, at=at(9))),
        (3, Amendment(order=order(lines=()), revision=3, at=at(8))),
        (4, Amendment(order=order(lines=(more,)), revision=7, at=at(23))),
    ]
    books = reckon(month("XERO", (1, made), *told))
    assert standing(books) == {"Services": -4500, "Shipping": -500, "Accounts Receivable": 5000}
    assert counted(books) == [("invoice", 2079), ("invoice", 4500), ("invoice_credit_memo", 1579)]


@pytest.mark.parametrize(
    ("platform", "left"),
    [
        ("QUICKBOOKS", []),
        ("NETSUITE", [("invoice", 0)]),
        ("FRESHBOOKS", [("invoice", 2079), ("invoice_credit_memo", 2079)]),
    ],
)
def test_a_cancelled_order_is_void_or_credited(platform: str, left: list[tuple[str, int]]) -> None:
    told = Cancellation(source=SOURCE, order="1", at=at(12))
    books = reckon(month(platform, (2, order(day=12)), (2, told)))
    assert counted(books) == left
    assert standing(books) == {}


@pytest.mark.parametrize(
    ("platform", "kind", "owed", "lost"),
    [("QUICKBOOKS", "chargeback", 0, 2079), ("QUICKBOOKS", "failed", 2079, 0), ("XERO", "chargeback", 2079, 0)],
)
def test_money_taken_back(platform: str, kind: str, owed: int, lost: int) -> None:
    made = order()
    told = Chargeback(
        source=SOURCE,
        key="b",
        payment="p",
        at=at(9),
        currency="USD",
        amount=2079,
        kind="failed" if kind == "failed" else "chargeback",
    )
    books = reckon(month(platform, (1, made), (1, payment(made, 2079)), (2, told)))
    assert books.owing["Ada Byron", "USD"] == owed
    assert standing(books).get("Chargebacks", 0) == lost
    assert "Stripe clearing" not in standing(books)


def test_where_there_are_no_customer_refunds_it_waits_for_a_person() -> None:
    made = order()
    told = Chargeback(source=SOURCE, key="b", payment="p", at=at(9), currency="USD", amount=2079, kind="chargeback")
    books = reckon(month("ZOHOBOOKS", (1, made), (1, payment(made, 2079)), (2, told)))
    assert books.parked == {(SOURCE, "payment_reversal:b"): "not supported"}


@pytest.mark.parametrize(
    ("platform", "cause", "dated"),
    [("QUICKBOOKS", None, date(2026, 10, 11)), ("DYNAMICS365", "closed books", None), ("XERO", None, None)],
)
def test_what_is_dated_in_closed_books(platform: str, cause: str | None, dated: date | None) -> None:
    made = order(day=5)
    books = reckon(month(platform, (3, made), (3, payment(made, 2079, day=16))))
    assert books.parked.get((SOURCE, "order:1")) == cause
    assert [one.dated for one in books.documents if one.kind == "invoice"] == ([dated] if dated else [])
    assert ((SOURCE, "payment:p") in books.held) == (dated is None)


def test_what_people_do_is_in_the_books_and_stops_what_follows() -> None:
    one, other = order("1"), order("2", buyer=ADA)
    edits = (Edit(hand="paid", order=one), Edit(hand="deleted", order=other))
    told = ((3, payment(one, 2079)), (3, payment(other, 2079, "q")))
    books = reckon(month("QUICKBOOKS", (1, one), (1, other), *told, edits=edits))
    assert books.parked == dict.fromkeys([(SOURCE, "payment:p"), (SOURCE, "payment:q")], "edited in the books")
    assert standing(books) == {"Goods": -1450, "Shipping": -500, "Sales tax payable": -129, "Checking": 2079}
