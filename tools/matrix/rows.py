"""What is looked for in the books, step by step: each row names it, the capability it stands on, and how it is seen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from sandbox.month.audit import Report
from schemas.platforms.capability import Feature

Step = Literal["Connect", "Accounts", "Invoices", "Attachments", "Payments and credit memos"]
Seen = Callable[[Report], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`feature` None: every platform has it. `tried`: a document, which is tried once where nobody says; a field is
    not sent then."""

    step: Step
    title: str
    feature: Feature | None
    seen: Seen
    tried: bool = True


def _rows(books: Report, kind: str) -> Iterator[dict[str, Any]]:
    return (row for row in books["documents"] if row["type"] == kind)


def _any(kind: str, told: Callable[[dict[str, Any]], object]) -> Seen:
    return lambda books: any(told(row) for row in _rows(books, kind))


def _told(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda row: row["particulars"].get(name)


def _ours(books: Report) -> bool:
    """Every invoice in the books was made through Rutter under a key of ours."""
    invoices = list(_rows(books, "invoice"))
    return bool(invoices) and all(row["idempotency_key"] for row in invoices)


def _mapped(books: Report) -> bool:
    """Money is on the gateways' clearing accounts and sales on the items' accounts, none of it on the bank."""
    found = {row["account"] for row in books["trial_balance"] if float(row["balance"])}
    return {"Goods", "Stripe clearing"} <= found and "Checking" not in found


def _sold_under_items(row: dict[str, Any]) -> bool:
    return all(line.get("item") for line in row["particulars"]["lines"])


def _taxed(books: Report) -> bool:
    return any(row["account"] == "Sales tax payable" and float(row["balance"]) < 0 for row in books["trial_balance"])


def _numbered(row: dict[str, Any]) -> bool:
    """By a number of ours: platforms that number by themselves say AUTO here."""
    return not str(row["particulars"].get("document_number") or "AUTO-").startswith("AUTO-")


def _classed(row: dict[str, Any]) -> bool:
    return any(line.get("class") for line in row["particulars"]["lines"])


def _linked_to_its_invoice(row: dict[str, Any]) -> bool:
    return any(row["particulars"].get("linked", ()))


def _unlinked(row: dict[str, Any]) -> bool:
    return not row["particulars"].get("linked")


def _void(books: Report) -> bool:
    """An invoice that reads back as void, or as one of nothing that is paid."""
    shown = [row["document"] for row in _rows(books, "invoice")]
    return any(str(one["status"]) == "void" or not float(one["total_amount"]) for one in shown)


ROWS: Final = (
    Row(step="Connect", title="its documents are in its own books", feature=None, seen=_ours),
    Row(step="Accounts", title="money and sales on the accounts that are mapped", feature=None, seen=_mapped),
    Row(
        step="Invoices",
        title="invoices, their lines under the mapped items",
        feature=Feature.INVOICES,
        seen=_any("invoice", _sold_under_items),
    ),
    Row(step="Invoices", title="their tax", feature=None, seen=_taxed),
    Row(
        step="Invoices",
        title="their numbers",
        feature=Feature.INVOICE_NUMBER,
        seen=_any("invoice", _numbered),
        tried=False,
    ),
    Row(
        step="Invoices",
        title="their memos",
        feature=Feature.INVOICE_MEMO,
        seen=_any("invoice", _told("memo")),
        tried=False,
    ),
    Row(
        step="Invoices",
        title="a class on their lines",
        feature=Feature.LINE_CLASS,
        seen=_any("invoice", _classed),
        tried=False,
    ),
    Row(
        step="Invoices",
        title="a cancelled order's invoice is void (else it is credited)",
        feature=Feature.VOID_INVOICES,
        seen=_void,
        tried=False,
    ),
    Row(
        step="Attachments",
        title="files beside invoices, byte for byte",
        feature=Feature.ATTACHMENTS,
        seen=_any("invoice", lambda row: row.get("attachments")),
    ),
    Row(
        step="Payments and credit memos",
        title="payments, linked to their invoices",
        feature=Feature.INVOICE_PAYMENTS,
        seen=_any("invoice_payment", _linked_to_its_invoice),
    ),
    Row(
        step="Payments and credit memos",
        title="payments on no invoice",
        feature=Feature.PREPAYMENTS,
        seen=_any("invoice_payment", _unlinked),
        tried=False,
    ),
    Row(
        step="Payments and credit memos",
        title="their references",
        feature=Feature.PAYMENT_REFERENCE,
        seen=_any("invoice_payment", _told("reference")),
        tried=False,
    ),
    Row(
        step="Payments and credit memos",
        title="credit memos",
        feature=Feature.CREDIT_MEMOS,
        seen=_any("invoice_credit_memo", lambda row: row["document"]["line_items"]),
    ),
    Row(
        step="Payments and credit memos",
        title="credits set against their invoices",
        feature=Feature.CREDIT_APPLICATIONS,
        seen=_any("invoice_credit_memo", _linked_to_its_invoice),
    ),
    Row(
        step="Payments and credit memos",
        title="customer refunds out of the gateway's account",
        feature=Feature.CUSTOMER_REFUNDS,
        seen=_any("customer_refund", lambda row: row["document"]["line_items"]),
        tried=False,
    ),
)
"""In the order of the guide."""
