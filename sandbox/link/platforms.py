"""The platforms the window offers: the name in Link's URL, Rutter's name, and what people call it."""

from typing import Final, NamedTuple


class Offered(NamedTuple):
    """One platform; `slug` is how Link's `platform` parameter writes it."""

    slug: str
    platform: str
    title: str
    shop: bool = False


OFFERED: Final = (
    Offered("quickbooks", "QUICKBOOKS", "QuickBooks Online"),
    Offered("quickbooks_desktop", "QUICKBOOKS_DESKTOP", "QuickBooks Desktop"),
    Offered("xero", "XERO", "Xero"),
    Offered("netsuite", "NETSUITE", "NetSuite"),
    Offered("sageintacct", "SAGE_INTACCT", "Sage Intacct"),
    Offered("dynamics365", "DYNAMICS365", "Dynamics 365 Business Central"),
    Offered("zohobooks", "ZOHOBOOKS", "Zoho Books"),
    Offered("freshbooks", "FRESHBOOKS", "FreshBooks"),
    Offered("shopify", "SHOPIFY", "Shopify", shop=True),
)
BY_SLUG: Final = {one.slug: one for one in OFFERED}


def title(platform: str) -> str:
    """What people call a platform; Rutter's name for it where the window does not offer it."""
    return next((one.title for one in OFFERED if one.platform == platform), platform)
