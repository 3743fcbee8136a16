"""The chart of accounts a company starts with, by role, and the default items on it."""

from dataclasses import dataclass

from sandbox.exact import ZERO, Json
from sandbox.writing import Writing

CATEGORIES = {
    "accounts_payable": "liability",
    "accounts_receivable": "asset",
    "bank": "asset",
    "fixed_asset": "asset",
    "other_asset": "asset",
    "other_current_asset": "asset",
    "liability": "liability",
    "equity": "equity",
    "expense": "expense",
    "other_expense": "expense",
    "income": "income",
    "other_income": "income",
    "credit_card": "liability",
    "cost_of_goods_sold": "expense",
    "other_current_liability": "liability",
    "long_term_liability": "liability",
    "non_posting": "nonposting",
    "unknown": "unknown",
}
ACCOUNT_TYPES = tuple(CATEGORIES)


@dataclass(frozen=True, slots=True)
class Role:
    """One default account."""

    role: str
    name: str
    account_type: str
    nominal_code: str


DEFAULT_CHART = (
    Role("accounts_receivable", "Accounts Receivable", "accounts_receivable", "1200"),
    Role("undeposited_funds", "Undeposited Funds", "other_current_asset", "1100"),
    Role("checking", "Checking", "bank", "1000"),
    Role("stripe_clearing", "Stripe clearing", "other_current_asset", "1110"),
    Role("shopify_clearing", "Shopify clearing", "other_current_asset", "1120"),
    Role("sales_income", "Sales", "income", "4000"),
    Role("shipping_income", "Shipping", "income", "4100"),
    Role("tips_payable", "Tips payable", "other_current_liability", "2300"),
    Role("discounts", "Discounts", "income", "4900"),
    Role("rounding", "Rounding", "other_expense", "7900"),
    Role("sales_tax_payable", "Sales tax payable", "other_current_liability", "2200"),
)

# Item name -> the role of the account its sales are booked on.
DEFAULT_ITEMS = {
    "Sales": "sales_income",
    "Shipping": "shipping_income",
    "Tip": "tips_payable",
    "Discount": "discounts",
    "Rounding": "rounding",
    "Sales tax": "sales_tax_payable",
}


def add_account(writing: Writing, *, name: str, account_type: str, currency: str | None, code: str | None) -> Json:
    """Open one account in the company's chart."""
    body: Json = {
        **writing.born(),
        "parent_id": None,
        "account_type": account_type,
        "category": CATEGORIES[account_type],
        "status": "active",
        "balance": ZERO,
        "currency_code": currency,
        "name": name,
        "nominal_code": code,
        "subsidiaries": [],
        **writing.tail(),
    }
    return writing.put("accounts", body)


def add_item(writing: Writing, *, name: str, account_id: str, fields: Json | None = None) -> Json:
    """Open one item, booked on this account when sold."""
    given = fields or {}
    body: Json = {
        **writing.born(),
        "status": "active",
        "type": given.get("type") or "service",
        "code": given.get("code"),
        "name": name,
        "quantity_on_hand": None,
        "subsidiaries": [],
        "bill_item": _priced(given.get("bill_item")),
        "invoice_item": _priced(given.get("invoice_item")),
        **writing.tail(),
    }
    writing.company.income_accounts[body["id"]] = account_id
    return writing.put("items", body)


def _priced(side: Json | None) -> Json:
    price = (side or {}).get("unit_price")
    return {"description": (side or {}).get("description"), "unit_price": None if price is None else str(price)}


def open_books(writing: Writing, chart: tuple[Role, ...] = DEFAULT_CHART) -> None:
    """Give a new company its accounts, items, payment methods and one tax rate."""
    company = writing.company
    roles = {role.role: role for role in (*DEFAULT_CHART, *chart)}
    for role in roles.values():
        account = add_account(
            writing,
            name=role.name,
            account_type=role.account_type,
            currency=company.home_currency,
            code=role.nominal_code,
        )
        company.roles[role.role] = account["id"]
    for name, role_name in DEFAULT_ITEMS.items():
        company.default_items[name] = add_item(writing, name=name, account_id=company.roles[role_name])["id"]
    for name in ("Cash", "Check", "Credit Card"):
        writing.put("payment_methods", {**writing.born(), "name": name, **writing.tail()})
    writing.changes.clear()
