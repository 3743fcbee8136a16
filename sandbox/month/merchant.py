"""The merchant of the month: what is in their books before it starts, and how they want sales booked. Plain data."""

from dataclasses import dataclass, replace
from typing import Final, Literal

Policy = Literal["hold", "first_open_day", "ask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """One merchant's books. Accounts and items are called by their names there."""

    platform: str
    alias: str = "acme"
    time_zone: str = "America/New_York"
    home: str = "USD"
    currencies: tuple[str, ...] = ("USD", "EUR", "JPY", "KWD")
    cash_customer: str = "Till sales"
    refund: Literal["credit_memo", "customer_refund"] = "credit_memo"
    chargeback: Literal["loss", "reopen"] | None = None
    """None where a chargeback cannot be booked, and each is shown to a person."""
    overpayment: Literal["open_credit", "park"] = "park"
    closed: Policy = "ask"
    tax_rates: bool = False


ACCOUNTS: Final = (
    ("PayPal clearing", "other_current_asset"),
    ("Till", "other_current_asset"),
    ("Bank transfers", "bank"),
    ("Gift cards used", "other_current_asset"),
    ("Gift cards sold", "other_current_liability"),
    ("Goods", "income"),
    ("Services", "income"),
    ("Fee income", "income"),
    ("Chargebacks", "expense"),
)
"""Opened beside what every company has: (name, type)."""

ITEMS: Final = {
    "Mug": "Goods",
    "Shirt": "Goods",
    "Repair": "Services",
    "Gift card": "Gift cards sold",
    "Handling fee": "Fee income",
    "Money taken back": "Chargebacks",
}
"""Made beside the default ones: item -> its account."""

DEFAULT_ITEMS: Final = {
    "Sales": "Sales",
    "Shipping": "Shipping",
    "Tip": "Tips payable",
    "Discount": "Discounts",
    "Rounding": "Rounding",
    "Sales tax": "Sales tax payable",
}
ACCOUNT_OF: Final = {**ITEMS, **DEFAULT_ITEMS}
TAX_ACCOUNT: Final = "Sales tax payable"

BY_SKU: Final = {
    "MUG-BLUE": "Mug",
    "TEE-M": "Shirt",
    "TEE-L": "Shirt",
    "POSTER-A2": "Sales",
    "STICKERS": "Sales",
    "TOTE": "Sales",
    "REPAIR": "Repair",
}
"""What each sku is sold under; an unknown one is not sold at all until somebody maps it."""

FALLBACK: Final = "Sales"

CLEARING: Final = {
    "stripe": "Stripe clearing",
    "shopify_payments": "Shopify clearing",
    "paypal": "PayPal clearing",
    "cash": "Till",
    "bank": "Bank transfers",
    "gift_card": "Gift cards used",
}
"""Gateway -> account. Nothing is there for any other."""

TWINS: Final = ("Twin One", "Twin Two", "twins@month.example")
"""Two customers in the books before the month, of one e-mail."""

RATES: Final = {"NY": "8.875", "NJ": "6.625", "NY STATE": "4", "NYC": "4.875"}
"""Tax code -> per cent: the rates in the books, where the merchant maps rates."""

PLATFORMS: Final = (
    *("QUICKBOOKS", "QUICKBOOKS_DESKTOP", "XERO", "NETSUITE", "SAGE_INTACCT", "DYNAMICS365", "ZOHOBOOKS"),
    "FRESHBOOKS",
)

_OWN_WAYS: Final = {
    "QUICKBOOKS": Merchant(
        platform="QUICKBOOKS",
        chargeback="loss",
        refund="customer_refund",
        closed="first_open_day",
        overpayment="open_credit",
    ),
    "QUICKBOOKS_DESKTOP": Merchant(platform="QUICKBOOKS_DESKTOP", closed="first_open_day"),
    "XERO": Merchant(platform="XERO", refund="customer_refund", chargeback="reopen", closed="hold", tax_rates=True),
    "NETSUITE": Merchant(platform="NETSUITE", closed="first_open_day", overpayment="open_credit", tax_rates=True),
    "SAGE_INTACCT": Merchant(platform="SAGE_INTACCT", closed="hold"),
    "DYNAMICS365": Merchant(platform="DYNAMICS365"),
    "ZOHOBOOKS": Merchant(platform="ZOHOBOOKS", closed="first_open_day", tax_rates=True),
    "FRESHBOOKS": Merchant(platform="FRESHBOOKS", closed="hold"),
}


def merchant(platform: str, closed: Policy | None = None) -> Merchant:
    """The merchant on that platform; the policies differ, so that each is seen somewhere."""
    one = _OWN_WAYS[platform]
    return one if closed is None else replace(one, closed=closed)
