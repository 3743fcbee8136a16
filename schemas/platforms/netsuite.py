"""NetSuite."""

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
from schemas.platforms.lengths import STRICTEST_NAME, STRICTEST_NOTE, STRICTEST_NUMBER, STRICTEST_REFERENCE
from schemas.platforms.recognition import recognition

NETSUITE: Final = Platform(
    name="NETSUITE",
    title="NetSuite",
    link_name="netsuite",
    entries={
        **everywhere(),
        **all_work(
            OPENAPI,
            Feature.INVOICES,
            Feature.INVOICE_PAYMENTS,
            Feature.CREDIT_MEMOS,
            Feature.CREDIT_APPLICATIONS,
        ),
        Feature.CREATE_ACCOUNTS: works(OPENAPI, "may need a number (nominal_code), and takes a subsidiary"),
        Feature.CREATE_CUSTOMERS: works(OPENAPI, "the contact name is ignored where a customer name is given"),
        Feature.CREATE_ITEMS: works("Rutter API 2024-08-31: Create an item; Rutter: Changelog"),
        Feature.ATTACHMENTS: works(
            OPENAPI, "kept in the folder “Upload Attachments (DO NOT DELETE)”; one file belongs to one document"
        ),
        Feature.VOID_INVOICES: works(
            page("Update an invoice", "status"), "its lines become zero, and it reads back as paid"
        ),
        **named(
            {
                Feature.CUSTOMER_CURRENCY: "",
                Feature.INVOICE_NUMBER: "only with “Allow override” on, and with a letter in it: a plain number moves "
                f"the merchant's own sequence; {STRICTEST_NOTE}",
                Feature.HEADER_LOCATION: "",
                Feature.CUSTOM_FIELDS: "",
                Feature.LINE_TAX_RATE: "",
                Feature.LINE_DISCOUNT: "or a discount item",
                Feature.PREPAYMENTS: "",
                Feature.PAYMENT_REFERENCE: "only with “Allow override” on",
                Feature.PAYMENT_METHOD: "",
                Feature.CREDIT_TAX_RATE: "",
                Feature.DELETIONS_TOLD: "",
            }
        ),
        **tried_once(
            Feature.CUSTOMER_REFUNDS, source=f"{page('List customer refunds')}: reading; writing is not found"
        ),
        Feature.CREDIT_LOCATION: none(
            page("Create an invoice credit memo", "additional_fields.location_id"),
            "the credit memo as a whole has one, its lines have none",
        ),
        **assumed(Feature.LINE_PRODUCT, Feature.IDS_CHANGE, source=NOT_FOUND),
        Feature.EXACT_FILTERS: works(page("List invoices", "document_number and filter")),
        Feature.CLOSING_DATE: none(
            page("Get company info", "additional_fields.closing_date"),
            "the page names only QuickBooks; closed periods are learned from refusals",
        ),
        Feature.VOID_READS_PAID: works(
            page("Update an invoice", "status"), "a void invoice is paid with lines of zero: no cash came in"
        ),
    },
    number_length=STRICTEST_NUMBER,
    reference_length=STRICTEST_REFERENCE,
    name_length=STRICTEST_NAME,
    quota=Quota(
        per_minute=None,
        per_day=None,
        source="Oracle: NetSuite Help, Web Services and RESTlet Concurrency Governance: no calls a minute, but "
        "5 and more at once, by the account's service tier and licences",
    ),
    identified_by=recognition(number=True, reference=True),
)
