"""An invoice that comes back under another id: Business Central's ledger entry, replaced by the real sales invoice.

Rutter tells it as a deletion and then a creation; payments and credit memos follow to the new id.
"""

from sandbox.documents.invoices import invoice_body, sums_of
from sandbox.exact import Json
from sandbox.refusals import Refusal
from sandbox.writing import Writing


def replace_invoice(writing: Writing, invoice: Json) -> Json | Refusal:
    """Put the same invoice under a new id, with the lines, dates and sums a ledger entry lacked."""
    company, old_id = writing.company, invoice["id"]
    fields = company.asked.get(old_id)
    body = invoice
    if fields is not None:
        sums = sums_of(writing, fields)
        if isinstance(sums, Refusal):
            return sums
        body = {**invoice, **invoice_body(company, fields, sums, invoice["total_amount"] - invoice["amount_due"])}
    writing.key = company.shelves["invoices"].entries[old_id].idempotency_key
    writing.delete("invoices", old_id, "INVOICE")
    made = writing.put("invoices", {**body, **writing.born(), **writing.tail()})
    company.books.rename(old_id, made["id"])
    if fields is not None:
        company.asked[made["id"]] = company.asked.pop(old_id)
    for plural in ("invoice_payments", "invoice_credit_memos"):
        for _, _, source in list(company.shelves[plural].live()):
            if any(link["id"] == old_id for link in source["linked_invoices"]):
                links = [_moved(link, old_id, made["id"]) for link in source["linked_invoices"]]
                writing.change(plural, source, linked_invoices=links)
    return made


def _moved(link: Json, old_id: str, new_id: str) -> Json:
    return {**link, "id": new_id} if link["id"] == old_id else link
