"""Credit applications (Rutter: /accounting/invoice_credit_applications): link a credit memo to invoices.

Nothing moves in the general ledger: both sides are the same receivable. No id comes back; re-read the credit memo.
"""

from decimal import Decimal

from sandbox.documents.credit_memos import allocate, release
from sandbox.documents.kind import Kind
from sandbox.documents.settling import open_invoice, settle
from sandbox.exact import ZERO, Json, decimal, plain
from sandbox.fields import above_zero, currency, list_of, moment, optional, required, shape, text, uuid
from sandbox.references import exact_amount, held_currency, open_period
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

SHAPE = shape(
    {
        "customer_id": required(uuid),
        "invoice_credit_memo_id": required(uuid),
        "transaction_date": required(moment),
        "currency_code": required(currency),
        "linked_invoices": required(list_of(shape({"id": required(uuid), "allocated_amount": required(above_zero)}))),
        "account_id": optional(uuid),
        "memo": optional(text),
    }
)
UNAPPLY_SHAPE = shape({"invoice_credit_memo_id": required(uuid), "invoice_id": required(uuid)})


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Apply a credit memo to invoices, or say why the platform will not."""
    company, code = writing.company, fields["currency_code"]
    memo = _memo(writing, fields, code)
    if isinstance(memo, Refusal):
        return memo
    refused = held_currency(company, code) or open_period(company, fields["transaction_date"])
    if refused:
        return refused
    allocations = _allocations(writing, fields, decimal(memo["remaining_amount"]))
    if isinstance(allocations, Refusal):
        return allocations
    when = fields["transaction_date"]
    for invoice_id, amount in allocations:
        invoice = company.shelves["invoices"].entries[invoice_id].live or {}
        link = {
            "id": memo["id"],
            "allocated_date": when,
            "allocated_amount": amount,
            "type": "INVOICE_CREDIT_MEMO",
        }
        settle(writing, invoice, link)
        memo = allocate(writing, memo, invoice_id, amount, when)
    writing.put("invoice_credit_applications", {**fields, **writing.born()})
    writing.changes.pop()
    return {"success": True}


def _memo(writing: Writing, fields: Json, code: str) -> Json | Refusal:
    platform = writing.company.platform
    memo = writing.company.shelves["invoice_credit_memos"].get(fields["invoice_credit_memo_id"])
    if memo is None:
        return by_platform(platform, "unknown_reference", "There is no such credit memo")
    if memo["status"] in ("VOID", "DRAFT", "SUBMITTED"):
        return by_platform(platform, "inactive_reference", f"The credit memo is {memo['status']}")
    if memo["customer_id"] != fields["customer_id"]:
        return by_platform(platform, "other_customer", "The credit memo is of another customer")
    if memo["currency_code"] != code:
        return by_platform(platform, "other_currency", f"The credit memo is in {memo['currency_code']}")
    return memo


def _allocations(writing: Writing, fields: Json, remaining: Decimal) -> list[tuple[str, Decimal]] | Refusal:
    platform, code = writing.company.platform, fields["currency_code"]
    found: list[tuple[str, Decimal]] = []
    for link in fields["linked_invoices"]:
        invoice = open_invoice(writing, link["id"], fields["customer_id"], code)
        if isinstance(invoice, Refusal):
            return invoice
        amount = decimal(link["allocated_amount"])
        refused = exact_amount(writing, amount, code)
        if refused:
            return refused
        found.append((link["id"], amount))
        so_far = sum((one for invoice_id, one in found if invoice_id == link["id"]), ZERO)
        if so_far > invoice["amount_due"]:
            return by_platform(
                platform,
                "over_open_balance",
                f"{plain(so_far)} is more than the {plain(invoice['amount_due'])} open on the invoice",
            )
    total = sum((amount for _, amount in found), ZERO)
    if total > remaining:
        return by_platform(
            platform, "over_remaining", f"{plain(total)} is more than the {plain(remaining)} that remains"
        )
    return found


def unapply(writing: Writing, fields: Json) -> Json | Refusal:
    """Take a credit memo off one invoice."""
    memo = writing.company.shelves["invoice_credit_memos"].get(fields["invoice_credit_memo_id"])
    if memo is None or all(link["id"] != fields["invoice_id"] for link in memo["linked_invoices"]):
        return by_platform(
            writing.company.platform, "unknown_reference", "The credit memo is not applied to the invoice"
        )
    release(writing, memo, fields["invoice_id"])
    return {"success": True}


KIND = Kind(
    singular="invoice_credit_application",
    plural="invoice_credit_applications",
    webhook="INVOICE_CREDIT_APPLICATION",
    listed=False,
    shape=SHAPE,
    create=create,
)
UNAPPLICATION = Kind(
    singular="invoice_credit_unapplication",
    plural="invoice_credit_applications/unapply",
    webhook="INVOICE_CREDIT_APPLICATION",
    listed=False,
    shape=UNAPPLY_SHAPE,
    create=unapply,
)
