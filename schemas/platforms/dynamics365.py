"""Microsoft Dynamics 365 Business Central."""

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
from schemas.platforms.lengths import STRICTEST_NAME, STRICTEST_REFERENCE
from schemas.platforms.recognition import recognition

DYNAMICS365: Final = Platform(
    name="DYNAMICS365",
    title="Dynamics 365 Business Central",
    link_name="dynamics365",
    entries={
        **everywhere(),
        **all_work(OPENAPI, Feature.CREATE_ACCOUNTS),
        **tried_once(
            Feature.CREATE_CUSTOMERS, source="Rutter: Object mapping (accounting): mapped; creating is not found"
        ),
        **tried_once(Feature.CREATE_ITEMS, source=f"{OPENAPI}: reading only"),
        **tried_once(Feature.INVOICES, source=f"{page('Invoices')}: reading; creating is not found"),
        Feature.INVOICE_PAYMENTS: works(
            page("Create an invoice payment", "payment_method_id"), "the method is ACCOUNT where none is given"
        ),
        **tried_once(
            Feature.CREDIT_MEMOS,
            source=f"{page('Invoice credit memos')}: reading; creating is not found",
        ),
        **tried_once(Feature.CREDIT_APPLICATIONS, Feature.ATTACHMENTS, Feature.VOID_INVOICES),
        **named({Feature.PAYMENT_METHOD: "ACCOUNT where none is given"}),
        Feature.EXACT_FILTERS: works(page("List invoices", "document_number and filter")),
        Feature.CLOSING_DATE: none(
            page("Get company info", "additional_fields.closing_date"),
            "the page names only QuickBooks; posting dates that are closed are learned from refusals",
        ),
        Feature.IDS_CHANGE: works(
            page("Invoices"),
            "an invoice read from the ledger lacks lines, due date, tax and discount, and is replaced by the sales "
            "invoice under another id; a credit memo's invoice is known only by the comment that names its number",
        ),
        **assumed(Feature.LINE_PRODUCT, Feature.VOID_READS_PAID, source=NOT_FOUND),
    },
    number_length=20,
    reference_length=STRICTEST_REFERENCE,
    name_length=STRICTEST_NAME,
    quota=Quota(
        per_minute=600,
        per_day=None,
        source="Microsoft Learn: Working with API limits in Dynamics 365 Business Central; the numbers after "
        "knowledgelib.io, Business Central API v2.0, 2026: 600 a minute, below 6,000 in five minutes for one user",
    ),
    identified_by=recognition(),
)
