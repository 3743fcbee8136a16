"""Which object is ours, which is not, and of which it cannot be told."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from schemas.documents import DocumentKind, Look, Ref
from schemas.money import Money
from service.rutter.sightings import Fit, fits, linked, sort_out
from service.rutter.syncs import SyncState, covers

LOOK = Look(document_number="1001", customer="cust-1", total=Money(1434, "USD"), date="2026-11-02")
OURS: dict[str, Any] = {
    "id": "i-1",
    "document_number": "1001",
    "customer_id": "cust-1",
    "total_amount": Decimal("14.34"),
    "currency_code": "USD",
    "issue_date": "2026-11-02T00:00:00.000Z",
    "memo": "thanks",
    "line_items": [{"description": "Order 1001: a shirt"}],
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Fit.YES),
        ({"document_number": " 1001 "}, Fit.YES),
        ({"total_amount": "14.34", "currency_code": None}, Fit.YES),
        ({"issue_date": "2026-11-02"}, Fit.YES),
        ({"issue_date": "2026-11-03T04:30:00Z"}, Fit.YES),
        ({"issue_date": "2026-11-03T05:30:00Z", "document_number": "9"}, Fit.NO),
        # lacks what we know
        ({"document_number": None}, Fit.PERHAPS),
        ({"total_amount": None}, Fit.PERHAPS),
        ({"customer_id": None}, Fit.PERHAPS),
        ({"issue_date": ""}, Fit.PERHAPS),
        # our number on something else, or everything ours but the number
        ({"total_amount": Decimal("14.35")}, Fit.PERHAPS),
        ({"currency_code": "EUR"}, Fit.PERHAPS),
        ({"customer_id": "cust-2"}, Fit.PERHAPS),
        ({"document_number": "7"}, Fit.PERHAPS),
        # another document
        ({"document_number": "7", "total_amount": 1}, Fit.NO),
        ({"document_number": "7", "customer_id": "cust-2"}, Fit.NO),
    ],
)
def test_an_invoice_is_recognised_by_every_field(change: dict[str, Any], expected: Fit) -> None:
    assert fits({**OURS, **change}, DocumentKind.INVOICE, LOOK, "America/New_York") is expected


@pytest.mark.parametrize(
    ("look", "seen", "expected"),
    [
        (Look(reference="pi_3Nabcdefghijklmnop"), {"reference": "pi_3Nabcdefghijklmnop"}, Fit.YES),
        (Look(reference="pi_3Nabcdefghijklmnop"), {"reference": "pi_3Nabcdefgh"}, Fit.PERHAPS),
        (Look(reference="pi_3Nabcdefghijklmnop"), {"reference": "pi_"}, Fit.NO),
        (Look(memo="refund re_1"), {"memo": None}, Fit.PERHAPS),
        (Look(description="re_1"), {"line_items": [{"description": None}, {"description": "Refund re_1"}]}, Fit.YES),
        (Look(description="re_1"), {"line_items": [{"description": "Refund re_2"}]}, Fit.NO),
        (Look(description="re_1"), {"line_items": [{"description": "Refund re_2"}, {}]}, Fit.PERHAPS),
        (Look(description="re_1"), {"line_items": None}, Fit.PERHAPS),
        (Look(name="Ada Byron"), {"contact_name": "Ada", "customer_name": "Ada Byron"}, Fit.YES),
        (Look(name="Ada Byron"), {"contact_name": "Ada"}, Fit.NO),
        (Look(name="Ada Byron"), {}, Fit.PERHAPS),
        (Look(customer=Ref("customer:c-9:USD")), {"customer_id": "c"}, Fit.PERHAPS),
        (Look(), {"id": "x"}, Fit.PERHAPS),
    ],
)
def test_single_fields(look: Look, seen: dict[str, Any], expected: Fit) -> None:
    assert fits(seen, DocumentKind.INVOICE_PAYMENT, look, "UTC") is expected


def test_objects_are_sorted_out_and_counted_once() -> None:
    found = sort_out([OURS, OURS, {**OURS, "id": "i-2", "total_amount": 3}], DocumentKind.INVOICE, LOOK, "nowhere")
    assert [one["id"] for one in found.fitting] == ["i-1"]
    assert found.perhaps
    without_id = sort_out([{**OURS, "id": None}], DocumentKind.INVOICE, LOOK, "UTC")
    assert (without_id.fitting, without_id.perhaps) == ((), True)


def test_a_credit_memo_tells_what_it_was_applied_to() -> None:
    look = Look(parent="m-1", total=Money(300, "USD"))
    memo = {"linked_invoices": [{"id": "i-1", "allocated_amount": "3.00"}]}
    assert linked(memo, "i-1", 3, look) is Fit.YES
    assert linked(memo, "i-1", 2, look) is Fit.PERHAPS
    assert linked(memo, "i-2", 3, look) is Fit.NO
    assert linked({"linked_invoices": None}, "i-1", 3, look) is Fit.PERHAPS


SENT = datetime(2026, 11, 2, 10, tzinfo=UTC)
MARGIN = timedelta(seconds=2)


@pytest.mark.parametrize(
    ("started", "completed", "unavailable", "proves"),
    [
        (3, 9, set(), True),
        (3, 3, set(), True),
        (1, 9, set(), False),
        (-5, 9, set(), False),
        (3, 2, set(), False),
        (3, None, set(), False),
        (None, 9, set(), False),
        (3, 9, {"INVOICE"}, False),
        (3, 9, {"BILL"}, True),
    ],
)
def test_only_a_sync_begun_after_and_finished_proves_absence(
    started: int | None, completed: int | None, unavailable: set[str], proves: bool
) -> None:
    def at(seconds: int | None) -> datetime | None:
        return None if seconds is None else SENT + timedelta(seconds=seconds)

    state = SyncState(started_at=at(started), completed_at=at(completed), unavailable=frozenset(unavailable))
    assert state.proves(DocumentKind.INVOICE, SENT, MARGIN) is proves


def test_the_sync_configuration() -> None:
    assert covers({"incrementalSync": {"entities": ["invoice", "CUSTOMER"]}}, DocumentKind.INVOICE) is True
    assert covers({"incrementalSync": {"entities": ["CUSTOMER"]}}, DocumentKind.INVOICE) is False
    assert covers({"incrementalSync": {"entities": ["INVOICE_CREDIT_MEMO"]}}, DocumentKind.CREDIT_APPLICATION) is True
    assert covers({"incrementalSync": {}}, DocumentKind.INVOICE) is None
    assert covers({}, DocumentKind.INVOICE) is None
