"""What is on an invoice beside its lines: discount, shipping, tracking, terms, due date, number, date, memo."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from consumers.planning import plan, unanswered
from schemas.books import Books, Entry
from schemas.documents import Write
from schemas.events import OrderCompleted
from schemas.mapping import Named, Numbers, Policies
from schemas.plans import Cause, Hold
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
    parked,
    shown,
)

PLATFORMS = (
    "QUICKBOOKS QUICKBOOKS_DESKTOP XERO NETSUITE SAGE_INTACCT SAGE_INTACCT_V2 DYNAMICS365 ZOHOBOOKS FRESHBOOKS ODOO"
).split()
every = pytest.mark.parametrize("name", PLATFORMS)
SALE = order(line(1000), total=1000)


def shelf(name: str = "QUICKBOOKS", *, lists: Any = (), closed: date | None = None, **mapping: Any) -> Books:
    of = connection(name, replace(MAPPING, **mapping))
    return books(of=of, links=[ada_linked()], lists=[*LISTS, *lists], closed_through=closed)


def written(event: OrderCompleted, snapshot: Books) -> Write:
    return last_write(plan(event, snapshot))


# ── discount and shipping ───────────────────────────────────────────────────────────────────────────────────────────

SHIPPED = order(line(1000), line(500, number=2), total=1899, discount=1, shipping=400)
AS_LINES = (
    "invoice:1001                          18.99\n"
    "  line 1                  i-mug        1 x 10.00    10.00\n"
    "  line 2                  i-mug         1 x 5.00     5.00\n"
    "  Shipping                i-ship        1 x 4.00     4.00\n"
    "  Discount                i-disc       1 x -0.01    -0.01\n"
)


@every
def test_a_mapped_item_is_how_discount_and_shipping_are_booked(name: str) -> None:
    assert shown(plan(SHIPPED, shelf(name))) == AS_LINES


@every
@pytest.mark.parametrize(
    ("role", "in_header", "row"),
    [
        ("discount", {"QUICKBOOKS", "ZOHOBOOKS"}, "  discount in the header                             0.01\n"),
        ("shipping", {"QUICKBOOKS"}, "  shipping in the header                             4.00\n"),
    ],
)
def test_without_one_they_are_in_the_header_or_park(name: str, role: str, in_header: set[str], row: str) -> None:
    lacking: dict[str, Any] = {role: None}
    snapshot = shelf(name, items=replace(ITEMS, **lacking))
    if name in in_header:
        assert shown(plan(SHIPPED, snapshot)).endswith(row)
        amount = "0.01" if role == "discount" else "4.00"
        page = f"Rutter API 2024-08-31: Create an invoice, additional_fields.{role}_amount"
        title = "QuickBooks Online" if name == "QUICKBOOKS" else "Zoho Books"
        said = f"{role} {amount} USD: in the header; {title}: {role} of an invoice works ({page})"
        assert said in written(SHIPPED, snapshot).why
    else:
        assert parked(SHIPPED, snapshot).fingerprint == f"unmapped item: {role} item"


def test_less_than_nothing_is_a_line() -> None:
    dearer = order(line(1000), total=1200, discount=-200)
    bare = shelf(items=replace(ITEMS, discount=None))
    assert "  Discount                i-disc        1 x 2.00     2.00\n" in shown(plan(dearer, shelf()))
    assert parked(dearer, bare).subject == "discount item"
    all_off = order(line(1000), total=300, discount=1500, shipping=800)
    assert "  Discount                i-disc      1 x -15.00   -15.00\n" in shown(plan(all_off, shelf()))
    assert parked(all_off, bare).subject == "discount item"
    back = order(line(1000), total=900, shipping=-100)
    assert parked(back, shelf(items=replace(ITEMS, shipping=None))).subject == "shipping item"


@pytest.mark.parametrize(
    ("quantity", "price", "total", "factors"),
    [
        ("2", "12.34", 2468, "2 x 12.34"),
        ("2", "12.34", 2200, "2 x 11.00"),
        ("3", "10.00", 2999, "1 x 29.99"),
        ("1", "10.00", 900, "1 x 9.00"),
        ("2.5", "4", 1000, "2.5 x 4"),
        ("4", "5.00", -2000, "4 x -5.00"),
        ("0", "5.00", 0, "1 x 0.00"),
        ("-1", "5.00", -500, "1 x -5.00"),
    ],
)
def test_a_line_is_quantity_times_price_to_the_cent(quantity: str, price: str, total: int, factors: str) -> None:
    event = order(line(total, quantity=quantity, unit_price=price), line(9000, number=2), total=total + 9000)
    item = written(event, shelf()).body["line_items"][0]["item"]
    assert f"{item['quantity']} x {item['unit_amount']}" == factors


def test_a_discounted_line_is_explained() -> None:
    event = order(line(2200, quantity="2", unit_price="12.34"), total=2200)
    assert "line 1: 2 x 12.34 is not its total, so it is 2 x 11.00" in written(event, shelf()).why


# ── terms and due dates ─────────────────────────────────────────────────────────────────────────────────────────────

NET_30: Any = (("payment_term", Entry(id="pt-30", name="Net 30", days=30)),)
DUE = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "told", "mapping", "due", "terms"),
    [
        ("QUICKBOOKS", None, {}, None, None),
        ("QUICKBOOKS", DUE, {}, "2026-11-19", None),
        ("QUICKBOOKS", None, {"due_days": 14}, "2026-11-16", None),
        ("QUICKBOOKS", None, {"terms": Named(name="Net 30")}, "2026-12-02", "pt-30"),
        ("QUICKBOOKS", DUE, {"terms": Named(name="Net 30"), "due_days": 14}, "2026-11-19", "pt-30"),
        ("QUICKBOOKS_DESKTOP", None, {"terms": Named(name="Net 30"), "due_days": 14}, "2026-11-16", "pt-30"),
        ("XERO", None, {"terms": Named(name="Net 30")}, "2026-12-02", None),
        ("XERO", None, {"terms": Named(name="Net 60")}, None, None),
        ("NETSUITE", None, {"due_days": 0}, "2026-11-02", None),
    ],
)
def test_when_it_is_due(name: str, told: Any, mapping: Any, due: str | None, terms: str | None) -> None:
    event = order(line(1000), total=1000, due_at=told)
    body = written(event, shelf(name, lists=NET_30, **mapping)).body
    assert (body.get("due_date"), body.get("payment_terms_id")) == (due, terms)


def test_terms_that_the_books_do_not_have() -> None:
    park = parked(SALE, shelf(terms=Named(name="Net 60"), lists=NET_30))
    assert park.fingerprint == 'unmapped terms: terms "Net 60"'
    assert unanswered(SALE, shelf(terms=Named(name="Net 60"))) == frozenset({"payment_term"})
    assert unanswered(SALE, shelf("XERO", terms=Named(name="Net 60"), due_days=3)) == frozenset()


# ── closed books ────────────────────────────────────────────────────────────────────────────────────────────────────

CLOSED = date(2026, 11, 30)


def test_a_closed_period_holds_asks_or_moves_the_date() -> None:
    assert written(SALE, shelf(closed=date(2026, 11, 1))).body["issue_date"] == "2026-11-02"
    asked = parked(SALE, shelf(closed=date(2026, 11, 2)))
    assert (asked.fingerprint, asked.detail) == (
        "closed books: through 2026-11-02",
        "it is of 2026-11-02, and the books are closed through 2026-11-02",
    )
    held = plan(SALE, shelf(closed=CLOSED, policies=Policies(closed_books="hold")))
    assert held == Hold("books:open", "2026-11-02: the books are closed through 2026-11-30")


MOVED = Policies(closed_books="first_open_day")


@every
def test_the_true_date_is_told_where_the_date_is_moved(name: str) -> None:
    write = written(order(line(1000), total=1000, due_at=DUE), shelf(name, closed=CLOSED, policies=MOVED))
    note = "true date 2026-11-02: the books are closed through 2026-11-30"
    assert (write.body["issue_date"], write.body["due_date"]) == ("2026-12-01", "2026-12-01")
    assert write.look.date == "2026-12-01"
    assert f"dated 2026-12-01: {note}" in write.why
    if name in {"QUICKBOOKS", "QUICKBOOKS_DESKTOP", "ZOHOBOOKS"}:
        assert write.body["memo"] == f"Order 1001; {note}"
        assert write.body["line_items"][0]["description"] == "line 1"
    else:
        assert write.body["line_items"][0]["description"] == f"line 1 ({note})"


def test_books_closed_for_ever_have_no_open_day() -> None:
    assert parked(SALE, shelf(closed=date.max, policies=MOVED)).cause is Cause.CLOSED_BOOKS


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

SHOPS = Numbers(prefix="", by_source=(("shop", "A-"), ("other", "A-B"), ("third", "C")))


@pytest.mark.parametrize(
    ("name", "numbers", "number", "expected"),
    [
        ("QUICKBOOKS", Numbers(), "1001", "1001"),
        ("QUICKBOOKS", Numbers(prefix="LH-"), "#1001", "LH-#1001"),
        ("QUICKBOOKS", SHOPS, "1001", "A-1001"),
        ("QUICKBOOKS", Numbers(), " 10\t01 ", "10 01"),
        ("NETSUITE", Numbers(), "1001", "O-1001"),
        ("NETSUITE", Numbers(prefix="9"), "1001", "O-91001"),
        ("NETSUITE", Numbers(), "A1001", "A1001"),
        ("FRESHBOOKS", Numbers(), "1001", None),
    ],
)
def test_document_numbers(name: str, numbers: Numbers, number: str, expected: str | None) -> None:
    event = order(line(1000), total=1000, number=number)
    assert written(event, shelf(name, numbers=numbers)).body.get("document_number") == expected


@pytest.mark.parametrize("number", ["B7", "", " ", "7\u200b", "7" * 22])
def test_a_number_that_will_not_do_is_a_hash_that_stays(number: str) -> None:
    event = order(line(1000), total=1000, number=number)
    snapshot = shelf(numbers=SHOPS)
    first, second = (written(event, snapshot).body["document_number"] for _ in range(2))
    assert first == second
    assert (len(first), first[:2]) == (18, "A-")
    assert number.strip() == "" or number not in first


# ── the receivable account ──────────────────────────────────────────────────────────────────────────────────────────


@every
def test_the_receivable_account_is_named_where_invoices_name_one(name: str) -> None:
    body = written(SALE, shelf(name, receivable=Named(id="a-ar"))).body
    assert body.get("account_id") == ("a-ar" if name == "QUICKBOOKS_DESKTOP" else None)


def test_a_receivable_account_that_is_not_there() -> None:
    park = parked(SALE, shelf("QUICKBOOKS_DESKTOP", receivable=Named(name="Debtors")))
    assert park.fingerprint == 'unmapped account: account "Debtors"'
