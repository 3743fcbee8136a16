"""Changing, voiding and deleting invoices, and the type's entry in the catalogue."""

from sandbox.documents.invoices import PATCH_SHAPE, SHAPE, compose, create
from sandbox.documents.kind import Kind
from sandbox.exact import ZERO, Json, decimal
from sandbox.references import open_period
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

_READS_BACK_PAID = ("QUICKBOOKS_DESKTOP", "NETSUITE")


def patch(writing: Writing, invoice: Json, fields: Json) -> Json | Refusal:
    """Change an invoice: what the request names is set anew, lines are replaced as a whole, `void` empties it."""
    closed = open_period(writing.company, invoice["issue_date"])
    if closed:
        return closed
    if fields.get("status") == "void":
        return void(writing, invoice)
    if invoice["id"] not in writing.company.asked:
        return by_platform(writing.company.platform, "inactive_reference", "A void invoice cannot be changed")
    asked = writing.company.asked[invoice["id"]]
    changed = {name: value for name, value in fields.items() if value is not None}
    extra = {**(asked.get("additional_fields") or {}), **(fields.get("additional_fields") or {})}
    return compose(writing, {**asked, **changed, "additional_fields": extra}, invoice)


def void(writing: Writing, invoice: Json) -> Json:
    """Take the invoice out of the books and keep its number. QuickBooks Desktop and NetSuite read it back as `paid`."""
    company = writing.company
    company.books.reverse(invoice["id"])
    company.asked.pop(invoice["id"], None)
    free_payments(writing, invoice["id"])
    empty = {"sub_total": ZERO, "tax_amount": ZERO, "total_amount": ZERO}
    return writing.change(
        "invoices",
        invoice,
        **empty,
        status="paid" if company.platform in _READS_BACK_PAID else "void",
        amount_due=ZERO,
        discount_amount=ZERO,
        linked_payments=[],
        line_items=[{**line, **empty} for line in invoice["line_items"]],
    )


def delete(writing: Writing, invoice: Json) -> Refusal | None:
    """Remove the invoice; what was paid on it becomes unapplied."""
    closed = open_period(writing.company, invoice["issue_date"])
    if closed:
        return closed
    writing.company.books.reverse(invoice["id"])
    free_payments(writing, invoice["id"])
    writing.delete("invoices", invoice["id"], "INVOICE")
    return None


def free_payments(writing: Writing, invoice_id: str) -> None:
    """Unlink payments and credit memos from an invoice; their amounts stay on the customer's account."""
    company = writing.company
    invoice = company.shelves["invoices"].get(invoice_id)
    for link in invoice["linked_payments"] if invoice else ():
        plural = "invoice_payments" if link["type"] == "INVOICE_PAYMENT" else "invoice_credit_memos"
        source = company.shelves[plural].get(link["id"])
        if source is None:
            continue
        kept = [one for one in source["linked_invoices"] if one["id"] != invoice_id]
        if plural == "invoice_payments":
            writing.change(plural, source, linked_invoices=kept)
        else:
            remaining = f"{link['allocated_amount'] + decimal(source['remaining_amount']):f}"
            writing.change(
                plural,
                source,
                linked_invoices=kept,
                remaining_amount=remaining,
                status="PARTIALLY_APPLIED" if kept else "OPEN",
            )


KIND = Kind(
    singular="invoice",
    plural="invoices",
    webhook="INVOICE",
    shape=SHAPE,
    create=create,
    patch_shape=PATCH_SHAPE,
    patch=patch,
    delete=delete,
    elsewhere=(
        ("document_number", frozenset({"QUICKBOOKS", "QUICKBOOKS_DESKTOP", "XERO", "NETSUITE", "ZOHOBOOKS"})),
        ("memo", frozenset({"QUICKBOOKS", "QUICKBOOKS_DESKTOP", "ZOHOBOOKS"})),
        ("status", frozenset({"XERO"})),
        ("account_id", frozenset({"QUICKBOOKS_DESKTOP"})),
        ("additional_fields.tax_amount", frozenset({"QUICKBOOKS", "ZOHOBOOKS"})),
        ("additional_fields.discount_amount", frozenset({"QUICKBOOKS", "ZOHOBOOKS"})),
        ("additional_fields.shipping_amount", frozenset({"QUICKBOOKS"})),
    ),
)
