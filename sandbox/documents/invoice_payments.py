"""Invoice payments (Rutter: /accounting/invoice_payments). Dr the money account; Cr receivable, excess included.

Amounts are numbers in requests and strings in answers.
"""

from decimal import Decimal

from sandbox.books import credit, debit
from sandbox.clock import iso
from sandbox.company import Company
from sandbox.documents.kind import Kind
from sandbox.documents.payment_links import equal_invoice, invoices_paid, let_go, link_up, shown_links
from sandbox.exact import ZERO, Json, decimal, plain
from sandbox.fields import (
    at_least_zero,
    boolean,
    currency,
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
from sandbox.platforms.registry import rules_of
from sandbox.references import (
    active,
    cash_account,
    customer_in,
    exact_amount,
    held_currency,
    open_period,
    settle_currency,
    short_enough,
)
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

_FIELDS = {
    "customer_id": optional(uuid),
    "txn_date": optional(moment),
    "currency_code": optional(currency),
    "currency_rate": optional(number),
    "total_amount": optional(at_least_zero),
    "payment_method_id": optional(uuid),
    "reference": optional(text),
    "memo": optional(text),
    "linked_invoices": optional(
        list_of(shape({"id": required(uuid), "amount": required(at_least_zero), "allocated_at": optional(moment)}))
    ),
    "additional_fields": optional(
        shape(
            {
                "payment_method": optional(one_of("check", "cash", "eft", "credit_card")),
                "auto_apply": optional(boolean),
                "reconciled": optional(boolean),
                "check_number": optional(text),
            }
        )
    ),
}
SHAPE = shape({"account_id": required(uuid), **_FIELDS})
PATCH_SHAPE = shape({"account_id": optional(uuid), **_FIELDS})


def screen(_company: Company, fields: Json) -> str | None:
    """A payment on no invoice says its own total."""
    if not fields.get("linked_invoices") and fields.get("total_amount") is None:
        return "invoice_payment.total_amount: required without linked_invoices"
    return None


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Receive a payment, or say why the platform will not."""
    company = writing.company
    links = fields.get("linked_invoices") or []
    if not links and (fields.get("additional_fields") or {}).get("auto_apply"):
        links = equal_invoice(writing, fields)
    if not links and not rules_of(company.platform).prepayments:
        return by_platform(company.platform, "missing_invoice", "A payment needs an invoice to be applied to")
    body = _body(writing, fields, links, None)
    if isinstance(body, Refusal):
        return body
    settle_currency(
        writing, company.shelves["customers"].entries[body["customer_id"]].live or {}, body["currency_code"]
    )
    made = writing.put("invoice_payments", {**writing.born(), **body, **writing.tail()})
    link_up(writing, made)
    _post(writing, made)
    return made


def _post(writing: Writing, payment: Json) -> None:
    code, total = payment["currency_code"], decimal(payment["total_amount"])
    writing.company.books.post(
        payment["id"],
        [
            debit(payment["account_id"], code, total),
            credit(payment["ar_account_id"], code, total, payment["customer_id"]),
        ],
    )


def _body(writing: Writing, fields: Json, links: list[Json], before: Json | None) -> Json | Refusal:
    """The payment as it reads back, in place of `before`, or why the platform refuses it."""
    company = writing.company
    invoices = invoices_paid(writing, fields, links, before)
    if isinstance(invoices, Refusal):
        return invoices
    head = invoices[0] if invoices else {}
    code = fields.get("currency_code") or head.get("currency_code") or company.home_currency
    customer_id = fields.get("customer_id") or head.get("customer_id")
    if customer_id is None:
        return by_platform(company.platform, "missing_customer", "A payment needs a customer")
    customer = customer_in(writing, customer_id, code)
    if isinstance(customer, Refusal):
        return customer
    linked = sum((decimal(link["amount"]) for link in links), ZERO)
    total = decimal(fields["total_amount"]) if fields.get("total_amount") is not None else linked
    refused = _refusal(writing, fields, code, total, linked)
    when = fields.get("txn_date") or iso(writing.now)
    extra: Json = fields.get("additional_fields") or {}
    return refused or {
        "account_id": fields["account_id"],
        "ar_account_id": head.get("account_id") or company.roles["accounts_receivable"],
        "customer_id": customer_id,
        "payment_method_id": fields.get("payment_method_id"),
        "txn_date": when,
        "currency_code": code,
        "currency_rate": fields.get("currency_rate"),
        "deposited": None,
        "memo": fields.get("memo"),
        "reference": fields.get("reference"),
        "total_amount": plain(total),
        "linked_invoices": shown_links(links, when),
        "additional_fields": {"payment_method": extra.get("payment_method"), "linked_journal_entries": []},
    }


def _refusal(writing: Writing, fields: Json, code: str, total: Decimal, linked: Decimal) -> Refusal | None:
    company = writing.company
    account = cash_account(company, fields["account_id"])
    method_id = fields.get("payment_method_id")
    method = active(company, "payment_methods", method_id) if method_id else None
    refused = (
        (account if isinstance(account, Refusal) else None)
        or held_currency(company, code)
        or open_period(company, fields.get("txn_date") or iso(writing.now))
        or exact_amount(writing, total, code)
        or (method if isinstance(method, Refusal) else None)
        or short_enough(company, "Reference", fields.get("reference") or "")
    )
    if refused:
        return refused
    if linked > total:
        return by_platform(company.platform, "over_total", "The invoices are paid more than the payment's total")
    if 0 < linked < total and writing.switches.excess_payment == "refuse":
        return by_platform(company.platform, "excess_payment", "The payment is more than its invoices take")
    return None


def patch(writing: Writing, payment: Json, fields: Json) -> Json | Refusal:
    """Change a payment; its invoices are replaced as a whole, and what it no longer pays is open again."""
    closed = open_period(writing.company, payment["txn_date"])
    if closed:
        return closed
    given = {name: value for name, value in fields.items() if value is not None}
    asked = {**payment, **given}
    body = _body(writing, asked, asked["linked_invoices"], payment)
    if isinstance(body, Refusal):
        return body
    let_go(writing, payment)
    writing.company.books.reverse(payment["id"])
    changed = writing.change("invoice_payments", payment, **body)
    link_up(writing, changed)
    _post(writing, changed)
    return changed


def delete(writing: Writing, payment: Json) -> Refusal | None:
    """Remove a payment; its invoices are open again."""
    closed = open_period(writing.company, payment["txn_date"])
    if closed:
        return closed
    writing.company.books.reverse(payment["id"])
    let_go(writing, payment)
    writing.delete("invoice_payments", payment["id"], "INVOICE_PAYMENT")
    return None


KIND = Kind(
    singular="invoice_payment",
    plural="invoice_payments",
    webhook="INVOICE_PAYMENT",
    shape=SHAPE,
    screen=screen,
    create=create,
    patch_shape=PATCH_SHAPE,
    patch=patch,
    delete=delete,
)
