"""FreshBooks."""

from typing import Final

from schemas.platforms.capability import Feature, Platform, Quota
from schemas.platforms.entries import (
    NOT_FOUND,
    OPENAPI,
    assumed,
    everywhere,
    named,
    none,
    page,
    tried_once,
    works,
)
from schemas.platforms.lengths import STRICTEST_NAME, STRICTEST_NUMBER, STRICTEST_REFERENCE
from schemas.platforms.recognition import recognition

FRESHBOOKS: Final = Platform(
    name="FRESHBOOKS",
    title="FreshBooks",
    link_name="freshbooks",
    entries={
        **everywhere(),
        **tried_once(Feature.CREATE_ACCOUNTS, source=f"{OPENAPI}: reading only"),
        Feature.CREATE_CUSTOMERS: works(
            page("Create a customer", "additional_fields"), "needs a currency and a language"
        ),
        **tried_once(
            Feature.CREATE_ITEMS,
            Feature.INVOICES,
            Feature.INVOICE_PAYMENTS,
            Feature.CREDIT_MEMOS,
            Feature.CREDIT_APPLICATIONS,
            Feature.ATTACHMENTS,
            Feature.VOID_INVOICES,
        ),
        **named({Feature.CUSTOMER_CURRENCY: "required", Feature.CUSTOMER_LANGUAGE: "required; we send en"}),
        Feature.EXACT_FILTERS: works(page("List invoices", "document_number and filter")),
        Feature.CLOSING_DATE: none(
            page("Get company info", "additional_fields.closing_date"),
            "the page names only QuickBooks; closed periods are learned from refusals",
        ),
        **assumed(Feature.LINE_PRODUCT, Feature.IDS_CHANGE, Feature.VOID_READS_PAID, source=NOT_FOUND),
    },
    number_length=STRICTEST_NUMBER,
    reference_length=STRICTEST_REFERENCE,
    name_length=STRICTEST_NAME,
    quota=Quota(per_minute=None, per_day=None, source="no numbers found on FreshBooks' developer pages"),
    identified_by=recognition(),
)
