"""Xero."""

from typing import Final

from schemas.platforms.capability import Feature, Platform, Quota
from schemas.platforms.entries import (
    COVERAGE,
    NOT_FOUND,
    OPENAPI,
    TRIED_ONCE,
    all_work,
    assumed,
    everywhere,
    named,
    none,
    page,
    untold,
    works,
)
from schemas.platforms.lengths import STRICTEST_REFERENCE
from schemas.platforms.recognition import recognition

_TRACKING: Final = "does not exist; tracking goes through custom fields"

XERO: Final = Platform(
    name="XERO",
    title="Xero",
    link_name="xero",
    entries={
        **everywhere(),
        **all_work(OPENAPI, Feature.INVOICE_PAYMENTS, Feature.CREDIT_APPLICATIONS),
        Feature.CREATE_ACCOUNTS: works(OPENAPI, "a bank account needs additional_fields.bank_account_number"),
        Feature.CREATE_CUSTOMERS: works(
            OPENAPI,
            "a customer is a contact, whose name has at most 255 characters (Xero Accounting API: Contacts, Name); an "
            "invoice's address changes the contact's",
        ),
        Feature.CREATE_ITEMS: works("Rutter API 2024-08-31: Create an item; Rutter: Changelog"),
        Feature.INVOICES: works(OPENAPI, "may be made as draft or submitted; we make them open"),
        Feature.CREDIT_MEMOS: works(OPENAPI, "become Xero's credit notes"),
        Feature.ATTACHMENTS: untold(f"{OPENAPI}: reading only; uploading is not found", TRIED_ONCE),
        Feature.VOID_INVOICES: works(page("Update an invoice", "status"), "an open invoice can only be voided"),
        **named(
            {
                Feature.CUSTOMER_REFUNDS: "",
                Feature.CUSTOMER_ADDRESS: "",
                Feature.INVOICE_NUMBER: "at most 255 characters (Xero Accounting API: Invoice, InvoiceNumber)",
                Feature.LINE_ACCOUNT: "the income account, where the item has none",
                Feature.CUSTOM_FIELDS: "how tracking categories are told",
                Feature.LINE_TAX_RATE: "",
                Feature.LINE_TAX_AMOUNT: "overrides the tax of the rate",
                Feature.LINE_DISCOUNT: "or additional_fields.discount_percentage",
                Feature.CREDIT_NUMBER: "",
                Feature.CREDIT_TAX_RATE: "",
                Feature.DELETIONS_TOLD: "",
            }
        ),
        Feature.INVOICE_TERMS: none(COVERAGE, "terms belong to the contact; an invoice has its due date"),
        Feature.LINE_CLASS: none(COVERAGE, f"a class {_TRACKING}"),
        Feature.HEADER_CLASS: none(COVERAGE, f"a class {_TRACKING}"),
        Feature.CREDIT_CLASS: none(COVERAGE, f"a class {_TRACKING}"),
        Feature.HEADER_DEPARTMENT: none(COVERAGE, f"a department {_TRACKING}"),
        Feature.LINE_LOCATION: none(COVERAGE, f"a location {_TRACKING}"),
        Feature.HEADER_LOCATION: none(COVERAGE, f"a location {_TRACKING}"),
        Feature.CREDIT_LOCATION: none(COVERAGE, f"a location {_TRACKING}"),
        Feature.LINE_PRODUCT: works(
            "Xero Developer Community: line total does not match the expected line total",
            "quantity times price less the discount, else it is refused",
        ),
        Feature.EXACT_FILTERS: works(page("List invoices", "document_number and filter")),
        Feature.CLOSING_DATE: none(
            page("Get company info", "additional_fields.closing_date"),
            "the page names only QuickBooks; lock dates are learned from refusals",
        ),
        **assumed(Feature.IDS_CHANGE, source=NOT_FOUND),
        Feature.VOID_READS_PAID: none(page("Update an invoice", "status"), "it reads back as void"),
    },
    number_length=255,
    reference_length=STRICTEST_REFERENCE,
    name_length=255,
    quota=Quota(
        per_minute=60,
        per_day=5_000,
        source="Xero Developer: Xero API limits; Codat Help: Xero API Rate Limiting: 60 calls a minute, 5,000 a day, "
        "5 at once, each organisation",
    ),
    identified_by=recognition(number=True, credit_number=True),
)
