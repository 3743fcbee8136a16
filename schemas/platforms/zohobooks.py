"""Zoho Books."""

from typing import Final

from schemas.platforms.capability import Feature, Platform, Quota
from schemas.platforms.entries import (
    NOT_FOUND,
    OPENAPI,
    all_work,
    assumed,
    everywhere,
    named,
    none,
    page,
    tried_once,
    works,
)
from schemas.platforms.lengths import STRICTEST_REFERENCE
from schemas.platforms.recognition import recognition

ZOHOBOOKS: Final = Platform(
    name="ZOHOBOOKS",
    title="Zoho Books",
    link_name="zohobooks",
    entries={
        **everywhere(),
        **all_work(OPENAPI, Feature.CREATE_ACCOUNTS),
        Feature.CREATE_CUSTOMERS: works(
            page("Create a customer", "additional_fields"),
            "a contact of sub-type customer, whose name has at most 200 characters (Zoho Books API v3: Contacts, "
            "contact_name)",
        ),
        Feature.CREATE_ITEMS: works("Rutter API 2024-08-31: Create an item; Rutter: Changelog"),
        Feature.INVOICES: works(
            page("Create an invoice"), "its fields name Zoho Books; a paid invoice is changed only with a reason"
        ),
        Feature.INVOICE_PAYMENTS: works(page("Create an invoice payment", "reference")),
        **tried_once(Feature.CREDIT_MEMOS, Feature.CREDIT_APPLICATIONS, Feature.ATTACHMENTS, Feature.VOID_INVOICES),
        **named(
            {
                Feature.CUSTOMER_CURRENCY: "",
                Feature.CUSTOMER_LANGUAGE: "optional; left to the organisation's own",
                Feature.CUSTOMER_ADDRESS: "",
                Feature.INVOICE_NUMBER: "at most 100 characters (Zoho Books API v3: Invoices, invoice_number)",
                Feature.INVOICE_MEMO: "the customer sees it",
                Feature.LINE_TAX_RATE: "chosen by Zoho itself where none is given",
                Feature.HEADER_TAX_AMOUNT: "spread over the taxed lines in proportion",
                Feature.HEADER_TAX_NEEDS_LINE_TAX: "at least one line must have a tax",
                Feature.HEADER_DISCOUNT: "or a percentage",
                Feature.PAYMENT_REFERENCE: "",
            }
        ),
        Feature.EXACT_FILTERS: works(page("List invoices", "document_number and filter")),
        Feature.CLOSING_DATE: none(
            page("Get company info", "additional_fields.closing_date"),
            "the page names only QuickBooks; locked transactions are learned from refusals",
        ),
        **assumed(Feature.LINE_PRODUCT, Feature.IDS_CHANGE, Feature.VOID_READS_PAID, source=NOT_FOUND),
    },
    number_length=100,
    reference_length=STRICTEST_REFERENCE,
    name_length=200,
    quota=Quota(
        per_minute=100,
        per_day=1_000,
        source="Zoho Books API: Introduction, API call limit; the numbers after knowledgelib.io, Zoho Books REST API, "
        "2026: 100 requests a minute, each organisation; a day 1,000 on the free plan and up to 10,000 on others, of "
        "which the lowest is taken",
    ),
    identified_by=recognition(number=True, memo=True, reference=True),
)
