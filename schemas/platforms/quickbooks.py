"""QuickBooks Online."""

from typing import Final

from schemas.platforms.capability import Feature, Platform, Quota
from schemas.platforms.entries import (
    COVERAGE,
    NOT_FOUND,
    OPENAPI,
    all_work,
    assumed,
    everywhere,
    named,
    none,
    page,
    works,
)
from schemas.platforms.recognition import recognition

QUICKBOOKS: Final = Platform(
    name="QUICKBOOKS",
    title="QuickBooks Online",
    link_name="quickbooks",
    entries={
        **everywhere(),
        **all_work(
            OPENAPI,
            Feature.CREATE_ACCOUNTS,
            Feature.CREATE_ITEMS,
            Feature.INVOICES,
            Feature.INVOICE_PAYMENTS,
            Feature.CREDIT_MEMOS,
        ),
        Feature.CREATE_CUSTOMERS: works(
            OPENAPI, "a name of at most 100 characters without a colon (Intuit: Customer, DisplayName; error 2040)"
        ),
        Feature.CREDIT_APPLICATIONS: works(OPENAPI, "a document of its own, after the credit memo"),
        Feature.ATTACHMENTS: works(OPENAPI),
        Feature.VOID_INVOICES: works(
            page("Update an invoice", "status"), "void is the only status that can be set; it reads back as void"
        ),
        **named(
            {
                Feature.CUSTOMER_REFUNDS: "",
                Feature.CUSTOMER_ADDRESS: "",
                Feature.INVOICE_NUMBER: "at most 21 characters (Intuit: .NET SDK, Transaction.DocNumber)",
                Feature.INVOICE_MEMO: "the customer sees it",
                Feature.INVOICE_TERMS: "",
                Feature.LINE_CLASS: "",
                Feature.HEADER_CLASS: "",
                Feature.HEADER_DEPARTMENT: "what QuickBooks calls a location is a department here",
                Feature.LINE_TAX_RATE: "VAT companies only; taken only where a mapping declares tax rates. In the "
                "United States a line is taxable or not, and the header has the rate or the amount",
                Feature.HEADER_TAX_AMOUNT: "overrides the tax rates",
                Feature.HEADER_DISCOUNT: "of the sub-total; lines have none",
                Feature.HEADER_SHIPPING: "",
                Feature.PREPAYMENTS: "",
                Feature.PAYMENT_REFERENCE: "at most 21 characters (Intuit: QuickBooks Online API, PaymentRefNum)",
                Feature.PAYMENT_METHOD: "",
                Feature.PAYMENT_RATE: "the only platform with one; invoices have none",
                Feature.CREDIT_TAX_RATE: "",
                Feature.DELETIONS_TOLD: "",
            }
        ),
        Feature.LINE_LOCATION: none(COVERAGE, "locations do not exist; departments stand for them"),
        Feature.LINE_PRODUCT: works(
            "Intuit: QuickBooks Online API, business error 6070",
            "an amount that is not quantity times price is refused",
        ),
        Feature.EXACT_FILTERS: works(page("List invoices", "document_number and filter")),
        Feature.CLOSING_DATE: works(page("Get company info", "additional_fields.closing_date")),
        **assumed(Feature.IDS_CHANGE, source=NOT_FOUND),
        Feature.VOID_READS_PAID: none(page("Update an invoice", "status"), "it reads back as void"),
    },
    number_length=21,
    reference_length=21,
    name_length=100,
    quota=Quota(
        per_minute=500,
        per_day=None,
        source="Intuit Developer Community Blog, 8 August 2016: 500 requests a minute and 10 at once, each company",
    ),
    identified_by=recognition(number=True, memo=True, reference=True),
)
