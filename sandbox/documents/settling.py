"""What invoices are open, and how payments and credit memos are taken off what is due on them."""

from decimal import Decimal

from sandbox.exact import ZERO, Json
from sandbox.references import open_period
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing


def status(total: Decimal, due: Decimal) -> str:
    """Of an invoice that is neither void nor a draft."""
    if due <= 0:
        return "paid"
    return "open" if due == total else "partially_paid"


def settle(writing: Writing, invoice: Json, link: Json) -> Json:
    """Take `link["allocated_amount"]` off what is due, and show what did it."""
    due = invoice["amount_due"] - link["allocated_amount"]
    return writing.change(
        "invoices",
        invoice,
        amount_due=due,
        status=status(invoice["total_amount"], due),
        linked_payments=[*invoice["linked_payments"], link],
    )


def unsettle(writing: Writing, invoice_id: str, source_id: str) -> None:
    """Undo what a payment or credit memo took off the invoice."""
    invoice = writing.company.shelves["invoices"].get(invoice_id)
    if invoice is None or invoice["status"] == "void":
        return
    freed = [link for link in invoice["linked_payments"] if link["id"] == source_id]
    due = invoice["amount_due"] + sum((link["allocated_amount"] for link in freed), ZERO)
    writing.change(
        "invoices",
        invoice,
        amount_due=due,
        status=status(invoice["total_amount"], due),
        linked_payments=[link for link in invoice["linked_payments"] if link["id"] != source_id],
    )


def open_invoice(writing: Writing, invoice_id: str, customer_id: str | None, code: str | None) -> Json | Refusal:
    """The invoice, if it can still take payments from this customer in this currency."""
    platform = writing.company.platform
    invoice = writing.company.shelves["invoices"].get(invoice_id)
    if invoice is None:
        return by_platform(platform, "unknown_reference", f"There is no invoice {invoice_id}")
    if invoice["status"] in ("void", "draft", "submitted"):
        return by_platform(platform, "inactive_reference", f"The invoice {invoice_id} is {invoice['status']}")
    if customer_id is not None and invoice["customer_id"] != customer_id:
        return by_platform(platform, "other_customer", f"The invoice {invoice_id} is of another customer")
    if code is not None and invoice["currency_code"] != code:
        return by_platform(platform, "other_currency", f"The invoice {invoice_id} is in {invoice['currency_code']}")
    if writing.switches.closed_invoice_payment == "refuse":
        return open_period(writing.company, invoice["issue_date"]) or invoice
    return invoice
