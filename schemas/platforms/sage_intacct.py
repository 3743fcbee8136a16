"""Sage Intacct: Rutter's first connector, and its second, which is a platform of its own there."""

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
from schemas.platforms.lengths import STRICTEST_NAME, STRICTEST_NUMBER, STRICTEST_REFERENCE
from schemas.platforms.recognition import recognition

_QUOTA: Final = Quota(
    per_minute=None,
    per_day=None,
    source="Sage Developer: Intacct, API transaction volume, concurrency, and scaling: no calls a minute, but few at "
    "once and a monthly entitlement (100,000 in the first tier) beyond which calls cost money and go through",
)
_SHARED: Final = {
    **everywhere(),
    Feature.EXACT_FILTERS: none(
        page("List invoices", "filter"),
        "neither filters nor look-ups by number or name: lists are read by when they changed, and compared here",
    ),
    Feature.CLOSING_DATE: none(
        page("Get company info", "additional_fields.closing_date"),
        "the page names only QuickBooks; closed periods are learned from refusals",
    ),
    **assumed(Feature.LINE_PRODUCT, Feature.IDS_CHANGE, Feature.VOID_READS_PAID, source=NOT_FOUND),
}

SAGE_INTACCT: Final = Platform(
    name="SAGE_INTACCT",
    title="Sage Intacct",
    link_name="sageintacct",
    entries={
        **_SHARED,
        **all_work(
            OPENAPI,
            Feature.CREATE_CUSTOMERS,
            Feature.CREATE_ITEMS,
            Feature.INVOICES,
            Feature.INVOICE_PAYMENTS,
            Feature.CREDIT_MEMOS,
            Feature.CREDIT_APPLICATIONS,
        ),
        Feature.CREATE_ACCOUNTS: works(OPENAPI, "types read back as unknown outside QuickStart set-ups"),
        **tried_once(Feature.ATTACHMENTS, Feature.VOID_INVOICES),
        **named(
            {
                Feature.LINE_LOCATION: "",
                Feature.PAYMENT_METHOD: "additional_fields.payment_method: check, cash, eft or credit_card",
            }
        ),
    },
    number_length=STRICTEST_NUMBER,
    reference_length=STRICTEST_REFERENCE,
    name_length=STRICTEST_NAME,
    quota=_QUOTA,
    identified_by=recognition(),
)

SAGE_INTACCT_V2: Final = Platform(
    name="SAGE_INTACCT_V2",
    title="Sage Intacct (v2)",
    link_name="sageintacct",
    entries={
        **_SHARED,
        Feature.CREATE_CUSTOMERS: works(page("Create a customer"), "its fields name Sage Intacct (v2)"),
        Feature.INVOICES: works(
            page("Create an invoice"), "its fields name Sage Intacct (v2); a change of lines replaces them all"
        ),
        Feature.CREDIT_MEMOS: works(page("Create an invoice credit memo"), "its fields name Sage Intacct (v2)"),
        **tried_once(
            Feature.CREATE_ACCOUNTS,
            Feature.CREATE_ITEMS,
            Feature.INVOICE_PAYMENTS,
            Feature.CREDIT_APPLICATIONS,
            source=f"{OPENAPI}: Sage Intacct; whether this is true of v2 is not said",
        ),
        **tried_once(Feature.ATTACHMENTS, Feature.VOID_INVOICES),
        **named(
            {
                Feature.CUSTOMER_CURRENCY: "",
                Feature.CUSTOMER_ADDRESS: "",
                Feature.LINE_ACCOUNT: "",
                Feature.LINE_LOCATION: "the page says Sage Intacct, without a version",
                Feature.PAYMENT_METHOD: "additional_fields.payment_method: check, cash, eft or credit_card; the page "
                "says Sage Intacct, without a version",
                Feature.CREDIT_LOCATION: "",
            }
        ),
    },
    number_length=STRICTEST_NUMBER,
    reference_length=STRICTEST_REFERENCE,
    name_length=STRICTEST_NAME,
    quota=_QUOTA,
    identified_by=recognition(),
)
