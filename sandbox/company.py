"""One connection: the company behind it, its objects, its books, and the state of the link to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sandbox.books import Books
from sandbox.exact import ZERO, Json
from sandbox.options import CompanyOptions
from sandbox.quotas import Quota
from sandbox.shelf import Shelf

PLATFORMS = frozenset(
    "QUICKBOOKS QUICKBOOKS_DESKTOP XERO NETSUITE SAGE_INTACCT SAGE_INTACCT_V2 DYNAMICS365 FRESHBOOKS ZOHOBOOKS"
    " SAGE_BUSINESS_CLOUD SAGE_50 SAGE200CLOUD FREEAGENT EXACTONLINE KASHFLOW MONEYBIRD WAVE TALLY ODOO"
    " DUALENTRY SHOPIFY WOOCOMMERCE AMAZON".split()
)

# In place of a platform, until the user has chosen one.
UNCHOSEN = ""

# What each list is filtered by, besides its times (Rutter: list parameters).
INDEXED = {
    "accounts": "account_type",
    "customers": "customer_name",
    "items": "name",
    "tax_rates": None,
    "payment_methods": None,
    "classes": "name",
    "departments": "name",
    "locations": "name",
    "payment_terms": "term_name",
    "currencies": "currency_code",
    "subsidiaries": "name",
    "custom_fields": "key",
    "invoices": "document_number",
    "invoice_payments": None,
    "invoice_credit_memos": None,
    "invoice_credit_applications": None,
    "customer_refunds": None,
    "attachments": "attached_to_id",
    "orders": "order_number",
    "transactions": "order_id",
}


def _shelves() -> dict[str, Shelf]:
    return {plural: Shelf(indexed) for plural, indexed in INDEXED.items()}


@dataclass(slots=True, kw_only=True)
class Deletion:
    """An `object_deleted` event as `GET /events` tells it."""

    id: str
    resource: str
    object_id: str
    synced_ms: int
    stamp: str


@dataclass(slots=True, kw_only=True)
class Company:
    """State of one connection. `roles` names accounts by what they are for: `accounts_receivable`, `sales_income` …"""

    id: str
    access_token: str
    public_token: str
    platform: str
    name: str
    currencies: frozenset[str]
    home_currency: str
    created_at: str
    closing_date: date | None = None
    webhook_urls: tuple[str, ...] = ()
    options: CompanyOptions = field(default_factory=CompanyOptions)
    quota: Quota = field(default_factory=Quota)
    is_ready: bool = True
    needs_update: bool = False
    unhealthy: bool = False
    disabled_reason: str | None = None
    public_token_used: bool = False
    last_sync_started_at: str | None = None
    last_sync_completed_at: str | None = None
    shelves: dict[str, Shelf] = field(default_factory=_shelves)
    books: Books = field(default_factory=Books)
    roles: dict[str, str] = field(default_factory=dict)
    default_items: dict[str, str] = field(default_factory=dict)
    income_accounts: dict[str, str] = field(default_factory=dict)  # item id -> account id
    asked: dict[str, Json] = field(default_factory=dict)  # document id -> the fields it was made of
    files: dict[str, bytes] = field(default_factory=dict)  # attachment id -> content
    sync_config: Json | None = None
    unsynced: frozenset[str] = frozenset()  # plurals that the sync configuration leaves out
    untold: list[tuple[str, str, Json]] = field(default_factory=list)  # changes whose webhooks the next sync sends
    deletions: list[Deletion] = field(default_factory=list)

    @property
    def status(self) -> str:
        """As `GET /connections` names it."""
        if self.disabled_reason is not None:
            return "disabled"
        if self.needs_update:
            return "needs_reauth"
        if not self.is_ready:
            return "not_ready"
        return "unhealthy" if self.unhealthy else "active"

    @property
    def platform_shown(self) -> str | None:
        """As Rutter's answers name it."""
        return self.platform or None

    def summary(self) -> Json:
        """The `connection` member of answers to reads."""
        return {"id": self.id, "orgId": "00000000-0000-4000-8000-000000000000", "platform": self.platform_shown}

    def income_account(self, item_id: str | None) -> str:
        """Where a sale of this item is booked."""
        return self.income_accounts.get(item_id or "", self.roles["sales_income"])

    def info(self, stamp: str) -> Json:
        """company_info; `closing_date` is QuickBooks' only (Rutter: Company info)."""
        closing = self.closing_date.isoformat() if self.closing_date else None
        fields: Json = {"closing_date": closing} if self.platform == "QUICKBOOKS" else {}
        return {
            "id": self.id,
            "platform_id": "1",
            "currency_code": self.home_currency,
            "name": self.name,
            "legal_name": self.name,
            "addresses": [],
            "additional_fields": fields,
            "created_at": self.created_at,
            "updated_at": self.created_at,
            "last_synced_at": stamp,
        }

    def account_shown(self, body: Json) -> Json:
        """An account with its balance in its own currency (home, when it has none), signed as its category is."""
        currency = body["currency_code"] or self.home_currency
        balance = self.books.balance(body["id"], currency)
        sign = 1 if body["category"] in ("asset", "expense") else -1
        return {**body, "balance": sign * balance if balance else ZERO}

    def live(self, plural: str, fits: Callable[[Json], bool]) -> Json | None:
        """The first object of a type that fits, as the platform has it."""
        return self.shelves[plural].first(fits)
