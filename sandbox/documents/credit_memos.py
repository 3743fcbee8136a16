"""Invoice credit memos (Rutter: /accounting/invoice_credit_memos). Dr the lines' accounts and tax; Cr receivable.

Amounts are strings both ways, quantities are numbers, statuses are in capitals.
"""

from decimal import Decimal

from sandbox.books import credit, debit
from sandbox.documents.kind import Kind
from sandbox.documents.lines import Line, read_lines, returned_legs, text_line
from sandbox.documents.settling import unsettle
from sandbox.documents.taxes import Header, taxed
from sandbox.exact import ZERO, Json, decimal, plain
from sandbox.fields import (
    amount_text,
    boolean,
    currency,
    filled_text,
    list_of,
    moment,
    number,
    one_of,
    optional,
    required,
    shape,
    text,
    uuid,
)
from sandbox.references import (
    customer_in,
    document_number,
    held_currency,
    known_tags,
    open_period,
    receivable_account,
    settle_currency,
)
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

LINE = shape(
    {
        "description": required(text),
        "total_amount": required(amount_text),
        "account_id": optional(uuid),
        "class_id": optional(uuid),
        "location_id": optional(uuid),
        "item": optional(
            shape({"id": required(uuid), "quantity": optional(number), "unit_amount": optional(amount_text)})
        ),
        "additional_fields": optional(shape({"tax_rate_id": optional(uuid)})),
    }
)
SHAPE = shape(
    {
        "customer_id": required(uuid),
        "issue_date": required(moment),
        "line_items": required(list_of(LINE)),
        "account_id": optional(uuid),
        "currency_code": optional(currency),
        "document_number": optional(text),
        "memo": optional(text),
        "status": optional(one_of("draft", "open", "submitted")),
        "additional_fields": optional(shape({"location_id": optional(uuid), "tax_inclusive": optional(boolean)})),
    }
)
PATCH_SHAPE = shape(
    {"memo": optional(text), "document_number": optional(filled_text), "status": optional(one_of("void"))}
)


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Make a credit memo, left open, or say why the platform will not."""
    company = writing.company
    known = company.shelves["customers"].get(fields["customer_id"]) or {}
    code = fields.get("currency_code") or known.get("currency_code") or company.home_currency
    customer = customer_in(writing, fields["customer_id"], code)
    refused = (
        (customer if isinstance(customer, Refusal) else None)
        or held_currency(company, code)
        or open_period(company, fields["issue_date"])
        or document_number(writing, "invoice_credit_memos", fields.get("document_number"))
        or receivable_account(company, fields.get("account_id"))
        or known_tags(company, fields)
    )
    if refused or isinstance(customer, Refusal):
        return refused or customer
    lines = read_lines(writing, fields["line_items"], code)
    if isinstance(lines, Refusal):
        return lines
    inclusive = (fields.get("additional_fields") or {}).get("tax_inclusive") is True
    tax = taxed(writing, lines, Header(by_line=True, inclusive=inclusive), code)
    if isinstance(tax, Refusal):
        return tax
    total = sum((line.net for line in tax.lines), ZERO) + tax.tax
    if total < 0:
        return by_platform(company.platform, "negative_total", "Transaction amount must be 0.00 or greater")
    settle_currency(writing, customer, code)
    made = writing.put("invoice_credit_memos", _body(writing, fields, code, tax.lines, total))
    if made["status"] not in ("DRAFT", "SUBMITTED"):
        company.books.post(
            made["id"],
            [
                *returned_legs(tax.lines, code),
                debit(company.roles["sales_tax_payable"], code, tax.tax),
                credit(made["account_id"], code, total, made["customer_id"]),
            ],
        )
    return made


def _body(writing: Writing, fields: Json, code: str, lines: list[Line], total: Decimal) -> Json:
    status = (fields.get("status") or "open").upper()
    return {
        **writing.born(),
        "account_id": fields.get("account_id") or writing.company.roles["accounts_receivable"],
        "customer_id": fields["customer_id"],
        "allocated_at": None,
        "issue_date": fields["issue_date"][:10],
        "currency_code": code,
        "document_number": fields.get("document_number"),
        "memo": fields.get("memo"),
        "remaining_amount": plain(total),
        "status": "APPLIED" if status == "OPEN" and not total else status,
        "total_amount": plain(total),
        "linked_invoices": [],
        "line_items": [text_line(line) for line in lines],
        **writing.tail(),
    }


def allocate(writing: Writing, memo: Json, invoice_id: str, amount: Decimal, when: str) -> Json:
    """Take an applied amount off what remains."""
    remaining = decimal(memo["remaining_amount"]) - amount
    link = {"id": invoice_id, "allocated_date": when, "allocated_amount": plain(amount)}
    return writing.change(
        "invoice_credit_memos",
        memo,
        allocated_at=when,
        remaining_amount=plain(remaining),
        status="PARTIALLY_APPLIED" if remaining else "APPLIED",
        linked_invoices=[*memo["linked_invoices"], link],
    )


def release(writing: Writing, memo: Json, invoice_id: str) -> Json:
    """Give back what was applied to one invoice."""
    freed = [link for link in memo["linked_invoices"] if link["id"] == invoice_id]
    kept = [link for link in memo["linked_invoices"] if link["id"] != invoice_id]
    remaining = decimal(memo["remaining_amount"]) + sum((decimal(one["allocated_amount"]) for one in freed), ZERO)
    unsettle(writing, invoice_id, memo["id"])
    return writing.change(
        "invoice_credit_memos",
        memo,
        remaining_amount=plain(remaining),
        status="PARTIALLY_APPLIED" if kept else "OPEN",
        linked_invoices=kept,
    )


def patch(writing: Writing, memo: Json, fields: Json) -> Json | Refusal:
    """Change memo or number, or void."""
    closed = open_period(writing.company, memo["issue_date"])
    if closed:
        return closed
    if fields.get("status") != "void":
        named = {name: fields[name] for name in ("memo", "document_number") if fields.get(name) is not None}
        return writing.change("invoice_credit_memos", memo, **named)
    memo = _freed(writing, memo)
    writing.company.books.reverse(memo["id"])
    return writing.change(
        "invoice_credit_memos", memo, status="VOID", total_amount="0", remaining_amount="0", linked_invoices=[]
    )


def _freed(writing: Writing, memo: Json) -> Json:
    for invoice_id in {link["id"]: None for link in memo["linked_invoices"]}:
        memo = release(writing, memo, invoice_id)
    return memo


def delete(writing: Writing, memo: Json) -> Refusal | None:
    """Remove a credit memo; its invoices are open again."""
    closed = open_period(writing.company, memo["issue_date"])
    if closed:
        return closed
    _freed(writing, memo)
    writing.company.books.reverse(memo["id"])
    writing.delete("invoice_credit_memos", memo["id"], "INVOICE_CREDIT_MEMO")
    return None


KIND = Kind(
    singular="invoice_credit_memo",
    plural="invoice_credit_memos",
    webhook="INVOICE_CREDIT_MEMO",
    shape=SHAPE,
    create=create,
    patch_shape=PATCH_SHAPE,
    patch=patch,
    delete=delete,
)
