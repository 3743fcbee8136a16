"""Invoices (Rutter: /accounting/invoices). Dr receivable; Cr the lines' accounts, shipping income and tax payable."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.books import credit, debit
from sandbox.documents.lines import Line, income_legs, number_line, read_lines
from sandbox.exact import ZERO, Json, decimal
from sandbox.fields import (
    at_least_zero,
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
    exact_amount,
    held_currency,
    open_period,
    receivable_account,
    settle_currency,
)
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

LINE = shape(
    {
        "total_amount": required(number),
        "description": optional(text),
        "item": optional(shape({"id": required(uuid), "quantity": optional(number), "unit_amount": optional(number)})),
        "account_id": optional(uuid),
        "class_id": optional(uuid),
        "location_id": optional(uuid),
        "tax_rate_id": optional(uuid),
        "discount_amount": optional(at_least_zero),
        "additional_fields": optional(shape({"tax_amount": optional(at_least_zero)})),
    }
)
_EXTRA = shape(
    {
        "tax_rate_id": optional(text),
        "tax_amount": optional(number),
        "discount_amount": optional(number),
        "shipping_amount": optional(at_least_zero),
        "internal_memo": optional(text),
        "po_number": optional(text),
        "billing_email": optional(text),
    }
)
_OPTIONAL = {
    "due_date": optional(moment),
    "document_number": optional(text),
    "memo": optional(text),
    "account_id": optional(uuid),
    "class_id": optional(text),
    "payment_terms_id": optional(uuid),
    "subsidiary_id": optional(uuid),
    "additional_fields": optional(_EXTRA),
}
SHAPE = shape(
    {
        "customer_id": required(uuid),
        "issue_date": required(moment),
        "currency_code": required(currency),
        "line_items": required(list_of(LINE)),
        "status": optional(one_of("draft", "submitted", "open")),
        **_OPTIONAL,
    }
)
PATCH_SHAPE = shape(
    {
        "customer_id": optional(uuid),
        "issue_date": optional(filled_text),
        "currency_code": optional(currency),
        "line_items": optional(list_of(LINE)),
        "status": optional(one_of("draft", "submitted", "open", "void")),
        **_OPTIONAL,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    net: Decimal
    tax: Decimal
    discount: Decimal
    shipping: Decimal

    @property
    def total(self) -> Decimal:
        return self.net - self.discount + self.shipping + self.tax


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Make an invoice, or say why the platform will not."""
    return compose(writing, fields, None)


def compose(writing: Writing, fields: Json, before: Json | None) -> Json | Refusal:
    """Make the invoice these fields describe; in place of `before`, keeping its id and what is paid on it."""
    company, code = writing.company, fields["currency_code"]
    own_id = before["id"] if before else None
    customer = customer_in(writing, fields["customer_id"], code)
    refused = (
        (customer if isinstance(customer, Refusal) else None)
        or held_currency(company, code)
        or open_period(company, fields["issue_date"])
        or document_number(writing, "invoices", fields.get("document_number"), own_id)
        or receivable_account(company, fields.get("account_id"))
    )
    if refused or isinstance(customer, Refusal):
        return refused or customer
    extra: Json = fields.get("additional_fields") or {}
    header_tax = decimal(extra["tax_amount"]) if extra.get("tax_amount") is not None else None
    lines = read_lines(writing, fields["line_items"], code, header_tax)
    if isinstance(lines, Refusal):
        return lines
    sums = _sums(writing, lines, extra, header_tax, code)
    if isinstance(sums, Refusal):
        return sums
    paid = before["total_amount"] - before["amount_due"] if before else ZERO
    if before and before["linked_payments"] and _owner(before) != _owner(fields):
        return by_platform(company.platform, "other_customer", "Payments tie the invoice to its customer and currency")
    if sums.total < paid:
        return by_platform(company.platform, "total_below_paid", "The total would be less than what is paid")
    if own_id:
        company.books.reverse(own_id)
    body = _body(fields, extra, lines, sums, paid)
    settle_currency(writing, customer, code)
    if before:
        made = writing.change("invoices", before, **body)
    else:
        made = writing.put(
            "invoices", {**writing.born(), "linked_payments": [], "addresses": [], **body, **writing.tail()}
        )
    company.asked[made["id"]] = fields
    if _unposted(fields) is None:
        _post(writing, made, lines, sums)
    return made


def _owner(invoice: Json) -> tuple[str, str]:
    return invoice["customer_id"], invoice["currency_code"]


def _sums(writing: Writing, lines: list[Line], extra: Json, header_tax: Decimal | None, code: str) -> _Sums | Refusal:
    sums = _Sums(
        net=sum((line.net for line in lines), ZERO),
        tax=sum((line.tax for line in lines), ZERO) if header_tax is None else header_tax,
        discount=decimal(extra.get("discount_amount") or 0),
        shipping=decimal(extra.get("shipping_amount") or 0),
    )
    for amount in (sums.tax, sums.discount, sums.shipping):
        refused = exact_amount(writing, amount, code)
        if refused:
            return refused
    if sums.total < 0:
        return by_platform(writing.company.platform, "negative_total", "Transaction amount must be 0.00 or greater")
    return sums


def _body(fields: Json, extra: Json, lines: list[Line], sums: _Sums, paid: Decimal) -> Json:
    return {
        "account_id": fields.get("account_id"),
        "class_id": fields.get("class_id"),
        "customer_id": fields["customer_id"],
        "payment_terms_id": fields.get("payment_terms_id"),
        "subsidiary_id": fields.get("subsidiary_id"),
        "due_date": fields.get("due_date"),
        "issue_date": fields["issue_date"],
        "status": _unposted(fields) or status(sums.total, sums.total - paid),
        "amount_due": sums.total - paid,
        "currency_code": fields["currency_code"],
        "discount_amount": sums.discount,
        "document_number": fields.get("document_number"),
        "memo": fields.get("memo"),
        "sub_total": sums.net - sums.discount + sums.shipping,
        "tax_amount": sums.tax,
        "total_amount": sums.total,
        "line_items": [number_line(line) for line in lines],
        "additional_fields": {
            "internal_memo": extra.get("internal_memo"),
            "po_number": extra.get("po_number"),
            "shipping_amount": sums.shipping,
            "linked_journal_entries": [],
        },
    }


def _post(writing: Writing, invoice: Json, lines: list[Line], sums: _Sums) -> None:
    roles, code = writing.company.roles, invoice["currency_code"]
    receivable = invoice["account_id"] or roles["accounts_receivable"]
    writing.company.books.post(
        invoice["id"],
        [
            debit(receivable, code, sums.total, invoice["customer_id"]),
            *income_legs(lines, code),
            debit(roles["discounts"], code, sums.discount),
            credit(roles["shipping_income"], code, sums.shipping),
            credit(roles["sales_tax_payable"], code, sums.tax),
        ],
    )


def _unposted(fields: Json) -> str | None:
    asked = fields.get("status")
    return asked if asked in ("draft", "submitted") else None


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
    return invoice
