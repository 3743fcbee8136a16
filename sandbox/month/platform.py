"""What each platform lets a bookkeeper do, read from Rutter's pages by hand; nothing is shared with the service.

`unknown`: nobody says. A sale's document is tried once then; money that would leave an account again is not sent.
"""

from dataclasses import dataclass
from typing import Final, Literal

Known = Literal["works", "none", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """One platform.

    `void_leaves`: what a void invoice reads back as: nothing an auditor counts, or a document of zero.
    `gross_lines`: a discounted line is booked at its list price, and its discount on the discounts account.
    """

    customer_refunds: Known = "none"
    unlinked_payments: Known = "none"
    voids: Known = "unknown"
    void_leaves: Literal["nothing", "zero"] = "nothing"
    attachments: Known = "unknown"
    gross_lines: bool = False


WAYS: Final = {
    "QUICKBOOKS": Ways(customer_refunds="works", unlinked_payments="works", voids="works", attachments="works"),
    "QUICKBOOKS_DESKTOP": Ways(voids="works", void_leaves="zero", attachments="none"),
    "XERO": Ways(customer_refunds="works", voids="works"),
    "NETSUITE": Ways(
        customer_refunds="unknown", unlinked_payments="works", voids="works", void_leaves="zero", attachments="works"
    ),
    "SAGE_INTACCT": Ways(),
    "DYNAMICS365": Ways(),
    "ZOHOBOOKS": Ways(),
    "FRESHBOOKS": Ways(),
}
