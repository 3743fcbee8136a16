"""Customer refunds (Rutter: /accounting/customer_refunds): money back, linked to nothing.

Dr the lines' accounts and tax; Cr the account the money leaves.
Amounts are numbers both ways; `currency_rate` is a string in requests and a number in answers.
"""

from decimal import Decimal

from sandbox.books import credit, debit
from sandbox.clock import iso
from sandbox.company import Company
from sandbox.documents.kind import Kind
from sandbox.documents.lines import number_line, read_lines, returned_legs
from sandbox.documents.taxes import Header, Taxed, taxed
from sandbox.exact import ZERO, Json, decimal
from sandbox.fields import (
    amount_text,
    boolean,
    currency,
    list_of,
    moment,
    number,
    optional,
    required,
    shape,
    text,
    uuid,
)
from sandbox.platforms.registry import rules_of
from sandbox.references import (
    cash_account,
    customer_in,
    document_number,
    held_currency,
    known_tags,
    open_period,
    settle_currency,
)
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

LINE = shape(
    {
        "total_amount": optional(number),
        "item": optional(shape({"id": required(uuid), "quantity": optional(number), "unit_amount": optional(number)})),
        "account_id": optional(uuid),
        "class_id": optional(uuid),
        "tax_rate_id": optional(uuid),
        "description": optional(text),
        "additional_fields": optional(shape({"sales_taxable": optional(boolean)})),
    }
)
SHAPE = shape(
    {
        "account_id": required(uuid),
        "line_items": required(list_of(LINE, at_least=1)),
        "customer_id": optional(uuid),
        "class_id": optional(uuid),
        "department_id": optional(uuid),
        "tax_rate_id": optional(uuid),
        "transaction_date": optional(moment),
        "currency_code": optional(currency),
        "currency_rate": optional(amount_text),
        "document_number": optional(text),
        "additional_fields": optional(shape({"tax_inclusive": optional(boolean)})),
    }
)


def screen(_company: Company, fields: Json) -> str | None:
    """A line states its total, or a unit amount to make it of."""
    for index, line in enumerate(fields["line_items"]):
        if line.get("total_amount") is None and (line.get("item") or {}).get("unit_amount") is None:
            return f"customer_refund.line_items[{index}].total_amount: required without item.unit_amount"
    return None


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Give money back, or say why the platform will not."""
    company = writing.company
    code = fields.get("currency_code") or company.home_currency
    when = fields.get("transaction_date") or iso(writing.now)
    account = cash_account(company, fields["account_id"])
    customer = customer_in(writing, fields["customer_id"], code) if fields.get("customer_id") else None
    refused = (
        (account if isinstance(account, Refusal) else None)
        or (customer if isinstance(customer, Refusal) else None)
        or held_currency(company, code)
        or open_period(company, when)
        or document_number(writing, "customer_refunds", fields.get("document_number"))
        or known_tags(company, fields)
    )
    if refused or isinstance(customer, Refusal):
        return refused or by_platform(company.platform, "unknown_reference", "There is no such customer")
    lines = read_lines(writing, fields["line_items"], code)
    if isinstance(lines, Refusal):
        return lines
    tax = taxed(writing, lines, _tax_header(company, fields), code)
    if isinstance(tax, Refusal):
        return tax
    total = sum((line.net for line in tax.lines), ZERO) + tax.tax
    if total < 0:
        return by_platform(company.platform, "negative_total", "Transaction amount must be 0.00 or greater")
    if customer is not None:
        settle_currency(writing, customer, code)
    made = writing.put("customer_refunds", _body(writing, fields, tax, code=code, when=when, total=total))
    company.books.post(
        made["id"],
        [
            *returned_legs(tax.lines, code),
            debit(company.roles["sales_tax_payable"], code, tax.tax),
            credit(made["account_id"], code, total),
        ],
    )
    return made


def _tax_header(company: Company, fields: Json) -> Header:
    """Lines are taxed by their own rate where the platform's refunds have one, but in a US company of QuickBooks."""
    rules = rules_of(company.platform)
    return Header(
        by_line=rules.line_tax == "always" or (rules.line_tax == "vat" and company.options.vat),
        rate_id=fields.get("tax_rate_id"),
        inclusive=(fields.get("additional_fields") or {}).get("tax_inclusive") is True,
    )


def _body(writing: Writing, fields: Json, tax: Taxed, *, code: str, when: str, total: Decimal) -> Json:
    rate = fields.get("currency_rate")
    return {
        **writing.born(),
        "account_id": fields["account_id"],
        "class_id": fields.get("class_id"),
        "customer_id": fields.get("customer_id"),
        "department_id": fields.get("department_id"),
        "tax_rate_id": fields.get("tax_rate_id"),
        "transaction_date": when,
        "total_amount": total,
        "currency_code": code,
        "currency_rate": None if rate is None else decimal(rate),
        "discount_amount": ZERO,
        "document_number": fields.get("document_number"),
        "tax_amount": tax.tax,
        "line_items": [number_line(line) for line in tax.lines],
        "additional_fields": {"shipping_amount": None},
        **writing.tail(),
    }


def delete(writing: Writing, refund: Json) -> Refusal | None:
    """Remove a refund from the books."""
    closed = open_period(writing.company, refund["transaction_date"])
    if closed:
        return closed
    writing.company.books.reverse(refund["id"])
    writing.delete("customer_refunds", refund["id"], "ACCOUNTING_CUSTOMER_REFUND")
    return None


KIND = Kind(
    singular="customer_refund",
    plural="customer_refunds",
    webhook="ACCOUNTING_CUSTOMER_REFUND",
    shape=SHAPE,
    screen=screen,
    create=create,
    delete=delete,
)
