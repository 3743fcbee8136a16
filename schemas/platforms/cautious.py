"""What is taken for granted of a platform that is not listed: nothing."""

from typing import Final

from schemas.platforms.capability import Feature, Platform, Quota
from schemas.platforms.entries import NAMED, assumed, everywhere, nameless, tried_once, untold
from schemas.platforms.lengths import STRICTEST_NAME, STRICTEST_NUMBER, STRICTEST_REFERENCE
from schemas.platforms.recognition import recognition

_UNLISTED: Final = "the platform is not in this table"

CAUTIOUS: Final = Platform(
    name="",
    title="Any other platform",
    link_name="",
    entries={
        **everywhere(),
        **nameless(NAMED, _UNLISTED),
        **tried_once(
            Feature.CREATE_ACCOUNTS,
            Feature.CREATE_CUSTOMERS,
            Feature.CREATE_ITEMS,
            Feature.INVOICES,
            Feature.INVOICE_PAYMENTS,
            Feature.CREDIT_MEMOS,
            Feature.CREDIT_APPLICATIONS,
            Feature.CUSTOMER_REFUNDS,
            Feature.ATTACHMENTS,
            Feature.VOID_INVOICES,
            source=_UNLISTED,
        ),
        **assumed(
            Feature.HEADER_TAX_NEEDS_LINE_TAX,
            Feature.LINE_PRODUCT,
            Feature.IDS_CHANGE,
            Feature.VOID_READS_PAID,
            source=_UNLISTED,
        ),
        Feature.EXACT_FILTERS: untold(_UNLISTED, "lists are read by when they changed, and compared here"),
        Feature.DELETIONS_TOLD: untold(_UNLISTED, "not relied on: what is gone is found by sweeping"),
        Feature.CLOSING_DATE: untold(_UNLISTED, "read if it is there, else learned from refusals"),
    },
    number_length=STRICTEST_NUMBER,
    reference_length=STRICTEST_REFERENCE,
    name_length=STRICTEST_NAME,
    quota=Quota(per_minute=None, per_day=None, source=_UNLISTED),
    identified_by=recognition(),
)
