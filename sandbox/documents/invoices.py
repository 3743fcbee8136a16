"""Invoices (Rutter: /accounting/invoices). Dr receivable, discounts; Cr the lines' accounts, shipping income, tax."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sandbox.books import credit, debit
from sandbox.company import Company
from sandbox.documents.customers import addresses
from sandbox.documents.discounts import header_discount
from sandbox.documents.lines import Line, income_legs, number_line, read_lines
from sandbox.documents.settling import status
from sandbox.documents.taxes import invoice_header, taxed
from sandbox.exact import ZERO, Json, decimal
from sandbox.fields import day
from sandbox.platforms.registry import rules_of
from sandbox.references import (
    customer_in,
    document_number,
    exact_amount,
    held_currency,
    known_tags,
    open_period,
    receivable_account,
    settle_currency,
)
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What an invoice comes to. `discount` is the header's; the lines' are off their `net` already."""

    lines: list[Line]
    tax: Decimal
    discount: Decimal
    shipping: Decimal

    @property
    def sub_total(self) -> Decimal:
        """Everything but tax."""
        return sum((line.net for line in self.lines), ZERO) - self.discount + self.shipping

    @property
    def total(self) -> Decimal:
        """What the customer owes."""
        return self.sub_total + self.tax


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Make an invoice, or say why the platform will not."""
    return compose(writing, fields, None)


def compose(writing: Writing, fields: Json, before: Json | None) -> Json | Refusal:
    """Make the invoice these fields describe; in place of `before`, keeping its id and what is paid on it."""
    company, code = writing.company, fields["currency_code"]
    customer = customer_in(writing, fields["customer_id"], code)
    if isinstance(customer, Refusal):
        return customer
    fields = _numbered(company, fields, before)
    sums = _refused(writing, fields, before) or sums_of(writing, fields)
    if isinstance(sums, Refusal):
        return sums
    paid = before["total_amount"] - before["amount_due"] if before else ZERO
    if before and before["linked_payments"] and _owner(before) != _owner(fields):
        return by_platform(company.platform, "other_customer", "Payments tie the invoice to its customer and currency")
    if sums.total < paid:
        return by_platform(company.platform, "total_below_paid", "The total would be less than what is paid")
    if before:
        company.books.reverse(before["id"])
    body = invoice_body(company, fields, sums, paid)
    if _stays_a_ledger_entry(company, before):
        body = ledger_entry(body)
    settle_currency(writing, customer, code)
    _tell_contact(writing, fields)
    made = (
        writing.change("invoices", before, **body)
        if before
        else writing.put("invoices", {**writing.born(), "linked_payments": [], **body, **writing.tail()})
    )
    company.asked[made["id"]] = fields
    if _unposted(fields) is None:
        _post(company, made, sums)
    return made


def _refused(writing: Writing, fields: Json, before: Json | None) -> Refusal | None:
    company = writing.company
    return (
        held_currency(company, fields["currency_code"])
        or open_period(company, fields["issue_date"])
        or document_number(writing, "invoices", fields["document_number"], before["id"] if before else None)
        or receivable_account(company, fields.get("account_id"))
        or known_tags(company, fields)
    )


def _owner(invoice: Json) -> tuple[str, str]:
    return invoice["customer_id"], invoice["currency_code"]


def _numbered(company: Company, fields: Json, before: Json | None) -> Json:
    """The fields with the number the invoice will bear: its own, the one it had, or the platform's next."""
    number = fields.get("document_number") if company.options.number_override else None
    if number is None and before:
        number = before["document_number"]
    if number is None and rules_of(company.platform).numbers_itself:
        shelf = company.shelves["invoices"]
        count = len(shelf.entries) + 1
        while shelf.live_with(f"AUTO-{count}"):
            count += 1
        number = f"AUTO-{count}"
    return {**fields, "document_number": number}


def sums_of(writing: Writing, fields: Json) -> Sums | Refusal:
    """The invoice as this platform adds it up."""
    code, extra = fields["currency_code"], fields.get("additional_fields") or {}
    lines = read_lines(writing, fields["line_items"], code)
    if isinstance(lines, Refusal):
        return lines
    discount = header_discount(writing, extra, sum((line.net for line in lines), ZERO), code)
    if isinstance(discount, Refusal):
        return discount
    shipping = decimal(extra.get("shipping_amount") or 0)
    tax = taxed(writing, lines, invoice_header(writing, extra, discount), code)
    if isinstance(tax, Refusal):
        return tax
    sums = Sums(lines=tax.lines, tax=tax.tax, discount=discount, shipping=shipping)
    refused = exact_amount(writing, shipping, code)
    if refused is None and sums.total < 0:
        return by_platform(writing.company.platform, "negative_total", "Transaction amount must be 0.00 or greater")
    return refused or sums


def invoice_body(company: Company, fields: Json, sums: Sums, paid: Decimal) -> Json:
    """The invoice as it reads back."""
    extra: Json = fields.get("additional_fields") or {}
    return {
        "account_id": fields.get("account_id"),
        "class_id": fields.get("class_id"),
        "customer_id": fields["customer_id"],
        "payment_terms_id": fields.get("payment_terms_id"),
        "subsidiary_id": fields.get("subsidiary_id"),
        "due_date": fields.get("due_date") or _due_by_terms(company, fields),
        "issue_date": fields["issue_date"],
        "status": _unposted(fields) or status(sums.total, sums.total - paid),
        "amount_due": sums.total - paid,
        "currency_code": fields["currency_code"],
        "discount_amount": sums.discount + sum((line.discount.amount for line in sums.lines), ZERO),
        "document_number": fields["document_number"],
        "memo": fields.get("memo"),
        "sub_total": sums.sub_total,
        "tax_amount": sums.tax,
        "total_amount": sums.total,
        "addresses": [] if rules_of(company.platform).contact_addresses else addresses(extra),
        "line_items": [number_line(line) for line in sums.lines],
        "additional_fields": {
            "internal_memo": extra.get("internal_memo"),
            "po_number": extra.get("po_number"),
            "shipping_amount": sums.shipping,
            "linked_journal_entries": [],
            **{name: extra[name] for name in ("department_id", "location_id") if extra.get(name)},
        },
        **({"custom_fields": fields["custom_fields"]} if fields.get("custom_fields") else {}),
    }


def _due_by_terms(company: Company, fields: Json) -> str | None:
    """The due date that payment terms make of the issue date."""
    term = company.shelves["payment_terms"].get(fields.get("payment_terms_id") or "")
    issued = day(fields["issue_date"])
    if term is None or issued is None or term["due_days"] is None:
        return None
    return (issued + timedelta(days=int(term["due_days"]))).isoformat()


def _stays_a_ledger_entry(company: Company, before: Json | None) -> bool:
    """Whether Rutter knows the invoice from the customer's ledger only."""
    ledger = rules_of(company.platform).ledger_invoices and company.options.ledger_invoices
    return ledger and (before is None or before["sub_total"] is None)


def ledger_entry(body: Json) -> Json:
    """What Dynamics 365's ledger knows of an invoice (Rutter: Invoices, Business Central)."""
    unknown = dict.fromkeys(("due_date", "tax_amount", "discount_amount", "sub_total"))
    return {**body, **unknown, "line_items": []}


def _tell_contact(writing: Writing, fields: Json) -> None:
    """On Xero an invoice's addresses are written on its contact."""
    told = addresses(fields.get("additional_fields") or {})
    customer = writing.company.shelves["customers"].get(fields["customer_id"])
    if told and customer and rules_of(writing.company.platform).contact_addresses:
        writing.change("customers", customer, addresses=told)


def _post(company: Company, invoice: Json, sums: Sums) -> None:
    roles, code = company.roles, invoice["currency_code"]
    receivable = invoice["account_id"] or roles["accounts_receivable"]
    company.books.post(
        invoice["id"],
        [
            debit(receivable, code, sums.total, invoice["customer_id"]),
            *income_legs(sums.lines, code),
            debit(roles["discounts"], code, sums.discount),
            credit(roles["shipping_income"], code, sums.shipping),
            credit(roles["sales_tax_payable"], code, sums.tax),
        ],
    )


def _unposted(fields: Json) -> str | None:
    asked = fields.get("status")
    return asked if asked in ("draft", "submitted") else None
