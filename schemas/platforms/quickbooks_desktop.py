"""QuickBooks Desktop."""

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
    untold,
    works,
)
from schemas.platforms.recognition import recognition

QUICKBOOKS_DESKTOP: Final = Platform(
    name="QUICKBOOKS_DESKTOP",
    title="QuickBooks Desktop",
    link_name="quickbooks_desktop",
    entries={
        **everywhere(),
        **all_work(
            OPENAPI,
            Feature.CREATE_ACCOUNTS,
            Feature.CREATE_ITEMS,
            Feature.INVOICE_PAYMENTS,
            Feature.CREDIT_MEMOS,
            Feature.CREDIT_APPLICATIONS,
        ),
        Feature.CREATE_CUSTOMERS: works(
            OPENAPI, "a name of at most 41 characters without a colon (QuickBooks Desktop SDK: Name of CustomerAdd)"
        ),
        Feature.INVOICES: works(
            OPENAPI, "written when the user's Web Connector polls: after minutes, or when the computer is on again"
        ),
        Feature.ATTACHMENTS: none(COVERAGE, "the connector has no attachments of any kind"),
        Feature.VOID_INVOICES: works(
            page("Update an invoice", "status"), "its lines become zero, and it reads back as paid"
        ),
        **named(
            {
                Feature.CUSTOMER_ADDRESS: "",
                Feature.INVOICE_NUMBER: "at most 11 characters (QuickBooks Desktop SDK: RefNumber of InvoiceAdd)",
                Feature.INVOICE_MEMO: "the customer sees it",
                Feature.INVOICE_TERMS: "",
                Feature.INVOICE_RECEIVABLE: "the company's default where none is given",
                Feature.LINE_CLASS: "",
                Feature.HEADER_CLASS: "",
                Feature.PAYMENT_REFERENCE: (
                    "at most 20 characters (QuickBooks Desktop SDK: RefNumber of ReceivePaymentAdd)"
                ),
                Feature.PAYMENT_METHOD: "",
                Feature.CREDIT_NUMBER: "at most 11 characters (QuickBooks Desktop SDK: RefNumber of CreditMemoAdd)",
                Feature.CREDIT_CLASS: "",
            }
        ),
        **assumed(Feature.LINE_PRODUCT, Feature.IDS_CHANGE, source=NOT_FOUND),
        Feature.EXACT_FILTERS: works(page("List invoices", "document_number and filter")),
        Feature.CLOSING_DATE: untold(
            f"{page('Get company info', 'additional_fields.closing_date')}: for QuickBooks, which one is not said",
            "read if it is there, else learned from refusals",
        ),
        Feature.VOID_READS_PAID: works(
            page("Update an invoice", "status"), "a void invoice is paid with lines of zero: no cash came in"
        ),
    },
    number_length=11,
    reference_length=20,
    name_length=41,
    quota=Quota(
        per_minute=None,
        per_day=None,
        source="none published: requests wait in a queue for the Web Connector of the user's computer",
    ),
    identified_by=recognition(number=True, memo=True, credit_number=True, reference=True),
)
