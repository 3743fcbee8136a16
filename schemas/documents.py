"""Documents: objects in the books, and the writes that are to make them."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import quote

from schemas.money import Money


class DocumentKind(StrEnum):
    """What a write makes. The values are Rutter's singular object names, but for `invoice_void`, which has none."""

    CUSTOMER = "customer"
    ITEM = "item"
    INVOICE = "invoice"
    INVOICE_PAYMENT = "invoice_payment"
    CREDIT_MEMO = "invoice_credit_memo"
    CREDIT_APPLICATION = "invoice_credit_application"
    CUSTOMER_REFUND = "customer_refund"
    ACCOUNT = "account"
    ATTACHMENT = "attachment"
    """A file of an invoice."""
    INVOICE_VOID = "invoice_void"
    """No object of its own: the change of an invoice that takes it out of the books."""

    @property
    def wrapper(self) -> str:
        """The one key of the body that is sent, and of the answer."""
        return "invoice" if self is DocumentKind.INVOICE_VOID else self.value

    @property
    def method(self) -> Literal["POST", "PATCH"]:
        """How Rutter takes it."""
        return "PATCH" if self is DocumentKind.INVOICE_VOID else "POST"

    @property
    def told_by_parent(self) -> bool:
        """Whether another document must be re-read to tell whether it happened: Rutter keeps none that could."""
        return self in _TOLD_BY_PARENT

    @property
    def plural(self) -> str:
        """The list that shows it, and the key of that list's answers."""
        return f"{self.wrapper}s"

    def path(self, parent: str | None = None) -> str:
        """Where Rutter takes it (version 2024-08-31). `parent`: Rutter's id of the invoice of a void or an attachment.

        Raises ValueError where that id is needed and missing.
        """
        if self not in _OF_AN_INVOICE:
            return f"/accounting/{self.plural}"
        if parent is None:
            raise ValueError(f"{self.value} needs the id of its invoice")
        invoice = f"/accounting/invoices/{quote(parent, safe='')}"
        return invoice if self is DocumentKind.INVOICE_VOID else f"{invoice}/{self.plural}"


_OF_AN_INVOICE = frozenset({DocumentKind.ATTACHMENT, DocumentKind.INVOICE_VOID})
_TOLD_BY_PARENT = frozenset({*_OF_AN_INVOICE, DocumentKind.CREDIT_APPLICATION})


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands in a planned body for Rutter's id of what `key` (a natural key) made; replaced when the body is frozen."""

    key: str


BodyValue = dict[str, Any] | list[Any] | str | int | Decimal | bool | Ref | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a document is recognised in the books when its answer was lost: every field given must agree."""

    document_number: str | None = None
    customer: Ref | str | None = None
    total: Money | None = None
    date: str | None = None
    memo: str | None = None
    reference: str | None = None
    description: str | None = None
    """Text that a line's description contains."""
    name: str | None = None
    parent: Ref | str | None = None
    """What is re-read to tell whether it happened: the credit memo of a credit application, the invoice of a void or
    of an attachment."""


@dataclass(frozen=True, slots=True)
class Applies:
    """`minor` units off the open balance of one invoice (`document`, its natural key) of one order."""

    order_id: str
    document: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One intended document. `key` is its natural key within (connection, namespace); `body` may hold Refs."""

    key: str
    kind: DocumentKind
    body: dict[str, Any]
    total: Money | None
    """What the books must answer with; None where the document has no amount."""
    look: Look
    applies: tuple[Applies, ...] = ()
    """What it takes off the open balances of invoices."""
    taxed: bool = False
    left_out: Money | None = None
    """What of the fact's amount is on purpose not in the document: tax that a marketplace remits."""
    why: tuple[str, ...] = ()
    """Every mapping decision, for `explain`: "item SHIRT-M: code equals the sku"."""
