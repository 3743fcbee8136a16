"""What platforms say when they refuse, and the cause that a person reads: wordings of the sandbox, and ones seen in
public issue trackers and vendors' pages."""

from datetime import date

import pytest

from consumers.resolving import Refuse, resolve, taught
from consumers.resolving.told_dates import latest_day
from schemas.documents import DocumentKind, Look
from schemas.outcomes import Rejected
from tests.resolving.writes import NOW, write

INVOICE, PAYMENT, MEMO = DocumentKind.INVOICE, DocumentKind.INVOICE_PAYMENT, DocumentKind.CREDIT_MEMO
CUSTOMER, ITEM, APPLICATION = DocumentKind.CUSTOMER, DocumentKind.ITEM, DocumentKind.CREDIT_APPLICATION
VOID, ATTACHMENT = DocumentKind.INVOICE_VOID, DocumentKind.ATTACHMENT

CLOSED, TAKEN = "closed books", "document number taken"
TOLD = [
    (INVOICE, "The books are closed up to 2026-01-31", f"{CLOSED}: through 2026-01-31"),
    (INVOICE, "Account Period Closed, Cannot Update Through Services API — code 6210", CLOSED),
    (INVOICE, "Account Period Closed: The account period has closed. {1}", CLOSED),
    (INVOICE, "The document date cannot be on or before the period lock date, 2026-01-31",
     f"{CLOSED}: through 2026-01-31"),
    (INVOICE, "The document date cannot be before the end of year lock date", CLOSED),
    (MEMO, "Cannot save a transaction dated on or before the closing date of the company file", CLOSED),
    (PAYMENT, "Posting Date is not within your range of allowed posting dates", CLOSED),
    (INVOICE, "The posting period of this transaction is closed", CLOSED),
    (PAYMENT, "Periods are closed. Your transaction date (01/15/2026) is within a period that's been closed.",
     f"{CLOSED}: through 2026-01-15"),
    (INVOICE, "Transactions dated on or before 31 Jan 2026 are locked", f"{CLOSED}: through 2026-01-31"),
    (INVOICE, "The date is in an accounting period that has been closed", CLOSED),
    (INVOICE, "Document number 1001 is already used", f"{TAKEN}: invoice numbers"),
    (INVOICE, "Duplicate Document Number Error : This number has already been used. DocNumber=1001 is assigned",
     f"{TAKEN}: invoice numbers"),
    (INVOICE, "Invoice # must be unique.", f"{TAKEN}: invoice numbers"),
    (MEMO, "DUP_RCRD: This record already exists", f"{TAKEN}: credit memo numbers"),
    (CUSTOMER, "A customer named Ada Byron exists already", "name taken: customer Ada"),
    (CUSTOMER, "The name supplied already exists. : Another customer, vendor or employee is already using this name.",
     "name taken: customer Ada"),
    (ITEM, "Duplicate Name Exists Error", "name taken: item Ada"),
    (INVOICE, "The item i-7 is not active", "inactive in the books: The item i-7 is not active"),
    (INVOICE, "Object Not Found : Something you're trying to use has been made inactive.",
     "inactive in the books: Object Not Found : Something you're trying to use has been made inactive."),
    (PAYMENT, "The invoice i-1 is void", "edited in the books: invoice:1001"),
    (INVOICE, "The company does not use EUR", "currency not kept: USD"),
    (INVOICE, "Organisation is not subscribed to currency EUR", "currency not kept: USD"),
    (INVOICE, "The customer Ada is kept in EUR, not USD", "currency not kept: USD"),
    (PAYMENT, "20 is more than the 10 open on the invoice", "exceeds what is open: invoice payments"),
    (PAYMENT, "610.00 is more than the 10 open on the invoice", "exceeds what is open: invoice payments"),
    (PAYMENT, "Payment amount exceeds the amount outstanding on this document",
     "exceeds what is open: invoice payments"),
    (APPLICATION, "20 is more than the 5 that remains", "exceeds what is open: credit applications"),
    (ATTACHMENT, "a.exe: files of this type are not taken", "attachment refused: PLATFORM_ERROR"),
    (INVOICE, "Tax without a line to put it on", "refused by the books: invoice PLATFORM_ERROR"),
    (PAYMENT, "", "refused by the books: invoice_payment PLATFORM_ERROR"),
]  # fmt: skip


def told(kind: DocumentKind, message: str, *, status: int = 450, accepted: bool = True) -> Refuse:
    sent = write(kind=kind, look=Look(document_number="1001", name="Ada"))
    refused = Rejected(status=status, code="PLATFORM_ERROR", message=message, accepted=accepted)
    step = resolve(sent, refused, NOW, "QUICKBOOKS")
    assert isinstance(step, Refuse)
    return step


@pytest.mark.parametrize(("kind", "message", "fingerprint"), TOLD)
def test_a_refusal_is_understood_and_the_platforms_words_stand_beside_it(
    kind: DocumentKind, message: str, fingerprint: str
) -> None:
    park = told(kind, message).park
    assert park.fingerprint == fingerprint
    assert f"QuickBooks Online said (450 PLATFORM_ERROR): {message or 'nothing more'}" in park.detail


def test_a_document_that_the_platform_has_not_parks_its_kind() -> None:
    gone = "invoice_credit_memos is not supported for this platform: QUICKBOOKS"
    for kind, message, fingerprint in (
        (MEMO, gone, "not supported: credit memos on QUICKBOOKS"),
        (INVOICE, "Not found", "not supported: invoices on QUICKBOOKS"),
        (VOID, "invoices is not supported for this platform", "not supported: voids of invoices on QUICKBOOKS"),
        (VOID, "There is no invoice i-1", "refused by the books: invoice_void PLATFORM_ERROR"),
    ):
        assert told(kind, message, status=404, accepted=False).park.fingerprint == fingerprint
    assert told(MEMO, "Not found", status=404).park.cause == "refused by the books"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("up to 2026-01-31.", date(2026, 1, 31)),
        ("from 1 Dec 2025 to 31st January, 2026", date(2026, 1, 31)),
        ("January 31, 2026", date(2026, 1, 31)),
        ("(01/31/2026)", date(2026, 1, 31)),
        ("31/01/2026", date(2026, 1, 31)),
        ("02/01/2026", None),
        ("05/05/2026", date(2026, 5, 5)),
        ("2026-02-30 and 99/99/2026", None),
        ("nothing", None),
    ],
)
def test_only_days_that_can_be_read_in_one_way_count(text: str, day: date | None) -> None:
    assert latest_day(text) == day


TODAY = date(2026, 11, 2)


def taught_by(kind: DocumentKind, own: str, said: str) -> date | None:
    name = "txn_date" if kind is PAYMENT else "issue_date"
    return taught(write(kind=kind, body=b'{"%s":{"%s":"%s"}}' % tuple(
        one.encode() for one in (kind.wrapper, name, own)
    )), said, TODAY)  # fmt: skip


def test_what_a_refusal_teaches_of_the_closing_date() -> None:
    assert taught_by(INVOICE, "2026-01-15", "closed up to 2026-01-31") == date(2026, 1, 31)
    assert taught_by(INVOICE, "2026-01-15", "closed") == date(2026, 1, 15)
    assert taught_by(INVOICE, "2026-01-16", "closed") == date(2026, 1, 16)  # and no more: the 17th may be open
    assert taught_by(PAYMENT, "2026-01-15", "closed up to 2026-01-31") == date(2026, 1, 31)


def test_what_stands_on_a_closed_document_teaches_nothing_of_its_own_month() -> None:
    assert taught_by(PAYMENT, "2026-02-15", "closed") is None
    assert taught_by(PAYMENT, "2026-02-15", "closed up to 2026-01-31") is None
    assert taught(write(kind=VOID, body=b'{"invoice":{"status":"void"}}'), "closed", TODAY) is None


def test_today_is_never_believed_closed() -> None:
    assert taught_by(INVOICE, "2026-11-02", "closed") is None
    assert taught_by(INVOICE, "2026-11-01", "closed") == date(2026, 11, 1)


def test_a_refused_void_teaches_the_date_of_its_invoice() -> None:
    void = write(kind=VOID, body=b'{"invoice":{"status":"void"}}', look=Look(parent="i-1", date="2026-01-15"))
    assert taught(void, "closed", TODAY) == date(2026, 1, 15)
    assert taught(void, "closed up to 2026-01-31", TODAY) == date(2026, 1, 31)
