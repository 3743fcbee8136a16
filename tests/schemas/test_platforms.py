"""The capability table: whole, sourced, cautious where nobody says; and cells read by hand off Rutter's pages."""

import re
from typing import Literal

import pytest

from consumers.planning.numbering import credit_memo_number, invoice_number
from schemas.documents import DocumentKind, Look
from schemas.platforms.capability import Feature, Platform
from schemas.platforms.cautious import CAUTIOUS
from schemas.platforms.entries import NAMED
from schemas.platforms.registry import PLATFORMS, platform

ALL = (*PLATFORMS.values(), CAUTIOUS)
each = pytest.mark.parametrize("one", ALL, ids=[one.title for one in ALL])

CELLS: dict[Literal["works", "none", "unknown"], str] = {
    "works": """
        QUICKBOOKS INVOICES | QUICKBOOKS PREPAYMENTS | QUICKBOOKS CUSTOMER_REFUNDS | QUICKBOOKS HEADER_TAX_AMOUNT
        QUICKBOOKS LINE_TAX_RATE | QUICKBOOKS PAYMENT_RATE | QUICKBOOKS CLOSING_DATE | QUICKBOOKS HEADER_SHIPPING
        QUICKBOOKS HEADER_DEPARTMENT | QUICKBOOKS ATTACHMENTS | QUICKBOOKS DELETIONS_TOLD | QUICKBOOKS LINE_PRODUCT
        QUICKBOOKS_DESKTOP INVOICE_RECEIVABLE | QUICKBOOKS_DESKTOP CREDIT_NUMBER | QUICKBOOKS_DESKTOP CREDIT_CLASS
        QUICKBOOKS_DESKTOP VOID_READS_PAID | QUICKBOOKS_DESKTOP INVOICE_TERMS | QUICKBOOKS_DESKTOP INVOICE_MEMO
        XERO LINE_ACCOUNT | XERO LINE_TAX_AMOUNT | XERO LINE_DISCOUNT | XERO CUSTOM_FIELDS | XERO CREDIT_NUMBER
        XERO CUSTOMER_REFUNDS | XERO VOID_INVOICES | XERO INVOICE_NUMBER
        NETSUITE PREPAYMENTS | NETSUITE ATTACHMENTS | NETSUITE VOID_READS_PAID | NETSUITE HEADER_LOCATION
        NETSUITE CUSTOMER_CURRENCY | NETSUITE PAYMENT_REFERENCE | NETSUITE CREDIT_TAX_RATE
        SAGE_INTACCT LINE_LOCATION | SAGE_INTACCT PAYMENT_METHOD | SAGE_INTACCT CREDIT_APPLICATIONS
        SAGE_INTACCT_V2 LINE_ACCOUNT | SAGE_INTACCT_V2 CREDIT_LOCATION | SAGE_INTACCT_V2 CUSTOMER_CURRENCY
        DYNAMICS365 IDS_CHANGE | DYNAMICS365 INVOICE_PAYMENTS | DYNAMICS365 PAYMENT_METHOD
        ZOHOBOOKS HEADER_TAX_NEEDS_LINE_TAX | ZOHOBOOKS HEADER_DISCOUNT | ZOHOBOOKS INVOICE_PAYMENTS
        FRESHBOOKS CUSTOMER_LANGUAGE | FRESHBOOKS CREATE_CUSTOMERS
        XERO CUSTOMER_ADDRESS | SAGE_INTACCT_V2 CUSTOMER_ADDRESS | ZOHOBOOKS CUSTOMER_ADDRESS
    """,
    "none": """
        QUICKBOOKS LINE_LOCATION | QUICKBOOKS CREDIT_NUMBER | QUICKBOOKS LINE_DISCOUNT | QUICKBOOKS VOID_READS_PAID
        QUICKBOOKS_DESKTOP ATTACHMENTS | QUICKBOOKS_DESKTOP PREPAYMENTS | QUICKBOOKS_DESKTOP HEADER_TAX_AMOUNT
        XERO LINE_CLASS | XERO HEADER_DEPARTMENT | XERO LINE_LOCATION | XERO INVOICE_TERMS | XERO PREPAYMENTS
        XERO INVOICE_MEMO | XERO PAYMENT_REFERENCE | XERO PAYMENT_METHOD
        NETSUITE INVOICE_MEMO | NETSUITE CREDIT_NUMBER | NETSUITE CREDIT_LOCATION | NETSUITE LINE_CLASS
        SAGE_INTACCT EXACT_FILTERS | SAGE_INTACCT_V2 EXACT_FILTERS | SAGE_INTACCT LINE_ACCOUNT
        SAGE_INTACCT INVOICE_NUMBER | SAGE_INTACCT_V2 DELETIONS_TOLD | DYNAMICS365 INVOICE_NUMBER
        NETSUITE CUSTOMER_ADDRESS | SAGE_INTACCT CUSTOMER_ADDRESS
        ZOHOBOOKS INVOICE_TERMS | ZOHOBOOKS PREPAYMENTS | FRESHBOOKS INVOICE_NUMBER | FRESHBOOKS FEES
    """,
    "unknown": """
        XERO ATTACHMENTS | NETSUITE CUSTOMER_REFUNDS | SAGE_INTACCT ATTACHMENTS | SAGE_INTACCT_V2 CREDIT_APPLICATIONS
        DYNAMICS365 INVOICES | DYNAMICS365 CREDIT_MEMOS | ZOHOBOOKS CREDIT_MEMOS | ZOHOBOOKS VOID_INVOICES
        FRESHBOOKS INVOICES | FRESHBOOKS INVOICE_PAYMENTS | QUICKBOOKS CREDIT_UNAPPLICATIONS
        QUICKBOOKS_DESKTOP CLOSING_DATE | XERO CREDIT_LINE_ACCOUNT
    """,
}
"""Read from Rutter's pages by hand, and written here apart from the table."""


@each
def test_every_feature_has_a_sourced_entry(one: Platform) -> None:
    assert set(one.entries) == set(Feature)
    assert all(len(entry.source) > 15 for entry in one.entries.values())
    assert one.quota.source


@each
def test_what_is_unknown_or_none_says_what_follows(one: Platform) -> None:
    silent = [feature for feature, entry in one.entries.items() if entry.known != "works" and not entry.note]
    assert silent == []


@each
def test_sources_are_for_readers_outside(one: Platform) -> None:
    """No paths, no tags in brackets, no addresses of package registries."""
    told = " ".join([*(f"{entry.source} {entry.note}" for entry in one.entries.values()), one.quota.source])
    assert re.findall(r"\[[A-Za-z0-9]+\]|/[a-z]+/[a-z]+|\.md|https?:|@|\bS2[356]\b", told) == []


@pytest.mark.parametrize("known", CELLS)
def test_cells_by_hand(known: Literal["works", "none", "unknown"]) -> None:
    cells = [cell.split() for row in CELLS[known].splitlines() for cell in row.split("|") if cell.strip()]
    wrong = [cell for cell in cells if platform(cell[0]).entries[Feature[cell[1]]].known != known]
    assert len(cells) >= 12
    assert wrong == []


def test_a_page_names_exactly_the_platforms_that_have_its_field() -> None:
    for feature, field in NAMED.items():
        having = {one.title.removesuffix(" Business Central") for one in PLATFORMS.values() if one.has(feature)}
        named = set(re.split(r", and |, | and ", field.names))
        if "Sage Intacct" in named:  # where the page gives no version, both are taken to be meant
            named.add("Sage Intacct (v2)")
        assert having == named, feature


def test_the_default_takes_nothing_for_granted() -> None:
    other = platform("ODOO")
    assert (other.name, other.title, other.why(Feature.INVOICES)) == (
        "ODOO",
        "ODOO",
        "ODOO: invoices is not known to work (the platform is not in this table)",
    )
    assert [feature for feature in Feature if other.has(feature)] == []
    assert [feature for feature in Feature if not other.may(feature)] == [Feature.FEES]  # no platform has these
    assert other.number_length == min(one.number_length for one in PLATFORMS.values())
    assert other.reference_length == min(one.reference_length for one in PLATFORMS.values())
    assert other.name_length == min(one.name_length for one in PLATFORMS.values())


def test_bounds_by_hand() -> None:
    assert {one.name: one.number_length for one in PLATFORMS.values()} == {
        "QUICKBOOKS": 21,
        "QUICKBOOKS_DESKTOP": 11,
        "XERO": 255,
        "NETSUITE": 11,
        "SAGE_INTACCT": 11,
        "SAGE_INTACCT_V2": 11,
        "DYNAMICS365": 20,
        "ZOHOBOOKS": 100,
        "FRESHBOOKS": 11,
    }
    names = {one.name: one.name_length for one in PLATFORMS.values() if one.name_length != 41}
    assert names == {"QUICKBOOKS": 100, "XERO": 255, "ZOHOBOOKS": 200}
    quotas = {one.name: (one.quota.per_minute, one.quota.per_day) for one in PLATFORMS.values()}
    assert (quotas["QUICKBOOKS"], quotas["XERO"], quotas["ZOHOBOOKS"]) == ((500, None), (60, 5_000), (100, 1_000))
    assert (quotas["DYNAMICS365"], quotas["NETSUITE"]) == ((600, None), (None, None))


@each
def test_documents_are_recognised_by_what_the_platform_keeps(one: Platform) -> None:
    kinds = {kind.value for kind in DocumentKind}
    assert set(one.identified_by) <= kinds
    assert set().union(*one.identified_by.values()) <= set(Look.__dataclass_fields__)
    marks = {
        Feature.INVOICE_NUMBER: ("invoice", "document_number"),
        Feature.INVOICE_MEMO: ("invoice", "memo"),
        Feature.PAYMENT_REFERENCE: ("invoice_payment", "reference"),
        Feature.CREDIT_NUMBER: ("invoice_credit_memo", "document_number"),
    }
    for feature, (kind, mark) in marks.items():
        assert (mark in one.identified_by[kind]) == one.has(feature), feature


def test_a_cell_explains_itself() -> None:
    assert platform("XERO").why(Feature.INVOICE_NUMBER) == (
        "Xero: document number of an invoice works (Rutter API 2024-08-31: Create an invoice, document_number)"
    )
    assert platform("QUICKBOOKS_DESKTOP").why(Feature.ATTACHMENTS) == (
        "QuickBooks Desktop: invoice attachments does not exist (Rutter: Support by endpoint, platform caveats)"
    )


# ── numbers of each length ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_number_that_fits_is_kept_whole() -> None:
    assert invoice_number("LH-", "12345678", "shop", "invoice:1", 11) == "LH-12345678"
    assert invoice_number("LH-", "114-3941689-8772232", "shop", "invoice:1", 255) == "LH-114-3941689-8772232"


@pytest.mark.parametrize("prefix", ["", "LH-", "MUCHLONG"])
@pytest.mark.parametrize("length", sorted({one.number_length for one in PLATFORMS.values()}))
def test_hashes_fit_and_tell_apart(prefix: str, length: int) -> None:
    invoices = {invoice_number(prefix, "9" * 256, "shop", f"invoice:{at}", length) for at in range(5_000)}
    memos = {credit_memo_number(prefix, "shop", f"credit_memo:{at}", length) for at in range(5_000)}
    assert len(invoices) == len(memos) == 5_000
    assert max(map(len, invoices | memos)) <= length


def test_in_little_room_the_mark_gives_way_before_the_prefix_and_both_before_the_hash() -> None:
    number = [credit_memo_number(prefix, "shop", "credit_memo:1", 11) for prefix in ("", "A-", "LONGER-")]
    assert [len(one) for one in number] == [11, 11, 11]
    assert [one[:3] == "CM-" for one in number] == [True, False, False]
    assert number[1].startswith("A-")
    assert not number[2].startswith("LONGER-")
