"""Changing, voiding and deleting invoices, and the type's entry in the catalogue."""

from sandbox.documents.invoice_shape import PATCH_SHAPE, SHAPE
from sandbox.documents.invoices import compose, create
from sandbox.documents.kind import Kind
from sandbox.exact import ZERO, Json, decimal
from sandbox.platforms.registry import rules_of
from sandbox.references import open_period
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing


def patch(writing: Writing, invoice: Json, fields: Json) -> Json | Refusal:
    """Change an invoice: what the request names is set anew, lines are replaced as a whole, `void` empties it."""
    closed = open_period(writing.company, invoice["issue_date"])
    if closed:
        return closed
    refused = _locked(writing, invoice, fields)
    if refused:
        return refused
    if fields.get("status") == "void":
        return void(writing, invoice)
    if invoice["id"] not in writing.company.asked:
        return by_platform(writing.company.platform, "inactive_reference", "A void invoice cannot be changed")
    asked = writing.company.asked[invoice["id"]]
    changed = {name: value for name, value in fields.items() if value is not None}
    extra = {**(asked.get("additional_fields") or {}), **(fields.get("additional_fields") or {})}
    return compose(writing, {**asked, **changed, "additional_fields": extra}, invoice)


def _locked(writing: Writing, invoice: Json, fields: Json) -> Refusal | None:
    """What the state of the invoice forbids. A person in the platform itself may void what is paid: that unlinks."""
    platform, asked = writing.company.platform, fields.get("status")
    rules, draft = rules_of(platform), invoice["status"] in ("draft", "submitted")
    if asked == "void" and invoice["linked_payments"] and not writing.outside:
        if writing.switches.void_of_paid == "refuse":
            return by_platform(platform, "has_payments", "The invoice has payments applied and cannot be voided")
        return None
    if asked in (("void",) if draft else ("draft", "submitted")):
        return by_platform(platform, "wrong_status", f"An invoice that is {invoice['status']} cannot become {asked}")
    reason = (fields.get("additional_fields") or {}).get("reason")
    if rules.reason_to_edit_paid and invoice["status"] == "paid" and not reason and not writing.outside:
        return by_platform(platform, "missing_reason", "A reason is needed to edit an invoice that is paid")
    return None


def void(writing: Writing, invoice: Json) -> Json:
    """Take the invoice out of the books and keep its number. On some platforms it reads back as `paid`."""
    company = writing.company
    company.books.reverse(invoice["id"])
    company.asked.pop(invoice["id"], None)
    free_payments(writing, invoice["id"])
    empty = dict.fromkeys(("sub_total", "discount_amount", "tax_amount", "total_amount"), ZERO)
    return writing.change(
        "invoices",
        invoice,
        **empty,
        status=rules_of(company.platform).void_reads_back,
        amount_due=ZERO,
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
)
