"""The words of the capability table: features, what is known of each, and a platform as a whole.

*Unknown* has a meaning in behaviour: a document of an unknown kind is tried once, and a refusal before acceptance parks
its kind under one cause; a field that is unknown is not sent; a bound that is unknown is the strictest one known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Feature(StrEnum):
    """What a platform may have. The values are what the docs call it."""

    CREATE_ACCOUNTS = "create accounts"
    CREATE_CUSTOMERS = "create customers"
    CREATE_ITEMS = "create items"
    INVOICES = "invoices"
    INVOICE_PAYMENTS = "invoice payments"
    CREDIT_MEMOS = "credit memos"
    CREDIT_APPLICATIONS = "credit applications"
    CREDIT_UNAPPLICATIONS = "credit unapplications"
    CUSTOMER_REFUNDS = "customer refunds"
    ATTACHMENTS = "invoice attachments"
    VOID_INVOICES = "void invoices"

    CUSTOMER_CURRENCY = "currency of a new customer"
    CUSTOMER_LANGUAGE = "language of a new customer"
    CUSTOMER_ADDRESS = "address of a new customer"

    INVOICE_NUMBER = "document number of an invoice"
    INVOICE_MEMO = "memo of an invoice"
    INVOICE_TERMS = "payment terms of an invoice"
    INVOICE_RECEIVABLE = "receivable account of an invoice"
    LINE_ACCOUNT = "account of an invoice line"
    LINE_CLASS = "class of a line"
    LINE_LOCATION = "location of a line"
    HEADER_CLASS = "class of an invoice"
    HEADER_DEPARTMENT = "department of an invoice"
    HEADER_LOCATION = "location of an invoice"
    CUSTOM_FIELDS = "custom fields of an invoice and its lines"
    LINE_TAX_RATE = "tax rate of a line"
    LINE_TAX_AMOUNT = "tax amount of a line"
    HEADER_TAX_AMOUNT = "tax amount of an invoice"
    HEADER_TAX_NEEDS_LINE_TAX = "tax amount of an invoice only with a taxed line"
    HEADER_DISCOUNT = "discount of an invoice"
    LINE_DISCOUNT = "discount of a line"
    HEADER_SHIPPING = "shipping of an invoice"
    LINE_PRODUCT = "a line must be quantity times price"

    PREPAYMENTS = "payment without an invoice"
    PAYMENT_REFERENCE = "reference of a payment"
    PAYMENT_METHOD = "payment method"
    PAYMENT_RATE = "exchange rate of a payment"
    FEES = "gateway fees"

    CREDIT_NUMBER = "document number of a credit memo"
    CREDIT_CLASS = "class of a credit memo line"
    CREDIT_LOCATION = "location of a credit memo line"
    CREDIT_LINE_ACCOUNT = "account of a credit memo line"
    CREDIT_TAX_RATE = "tax rate of a credit memo line"

    EXACT_FILTERS = "lists filtered by number or name"
    DELETIONS_TOLD = "deletions told by events"
    CLOSING_DATE = "closing date readable"
    IDS_CHANGE = "a document may come back under another id"
    VOID_READS_PAID = "a void invoice reads back as paid"


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell: what is known, where from, and (for people) what follows from it."""

    known: Literal["works", "none", "unknown"]
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The platform's own bound on calls for one company; None = no bound known. Our own default lies below it."""

    per_minute: int | None
    per_day: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One accounting platform. `name` is Rutter's, `link_name` the one Rutter Link takes."""

    name: str
    title: str
    link_name: str
    entries: Mapping[Feature, Entry]
    number_length: int
    """Most characters of a document number; the source is that feature's entry."""
    reference_length: int
    name_length: int
    """Most characters of a customer's name; the source is the note of that document's entry."""
    quota: Quota
    identified_by: Mapping[str, tuple[str, ...]]
    """By document kind (Rutter's singular name): the fields of a `Look` that tell a document of ours from others."""

    def has(self, feature: Feature) -> bool:
        """Known to work."""
        return self.entries[feature].known == "works"

    def may(self, feature: Feature) -> bool:
        """Known to work, or not known not to: worth one try."""
        return self.entries[feature].known != "none"

    def why(self, feature: Feature) -> str:
        """For `explain`: `Xero: document number of an invoice works (Rutter: Create an invoice)`."""
        entry = self.entries[feature]
        return f"{self.title}: {feature.value} {_SPOKEN[entry.known]} ({entry.source})"


_SPOKEN = {"works": "works", "none": "does not exist", "unknown": "is not known to work"}
