"""Invoice payments (Rutter: /accounting/invoice_payments). Dr the money account; Cr receivable, excess included.

Amounts are numbers in requests and strings in answers.
"""

from decimal import Decimal

from sandbox.books import credit, debit
from sandbox.clock import iso
from sandbox.company import Company
from sandbox.documents.invoices import open_invoice, settle, unsettle
from sandbox.documents.kind import Kind
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
from sandbox.references import (
    active,
    cash_account,
    customer_in,
    exact_amount,
    held_currency,
    open_period,
    settle_currency,
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
PATCH_SHAPE = shape(
    {name: _FIELDS[name] for name in ("payment_method_id", "txn_date", "memo", "reference")}
    | {"account_id": optional(uuid)}
)


def screen(company: Company, fields: Json) -> str | None:
    """A payment on no invoice is a prepayment, which only NetSuite and QuickBooks take."""
    if not fields.get("linked_invoices") and company.platform not in ("NETSUITE", "QUICKBOOKS"):
        return f"invoice_payment.linked_invoices: required on {company.platform}"
    if not fields.get("linked_invoices") and fields.get("total_amount") is None:
        return "invoice_payment.total_amount: required without linked_invoices"
    return None


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Receive a payment, or say why the platform will not."""
    company = writing.company
    links = fields.get("linked_invoices") or []
    invoices = _invoices(writing, fields, links)
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
    if refused:
        return refused
    settle_currency(writing, customer, code)
    made = writing.put("invoice_payments", _body(writing, fields, customer_id, code, total))
    company.asked[made["id"]] = fields
    for link, invoice in zip(links, invoices, strict=True):
        current = company.shelves["invoices"].get(invoice["id"]) or invoice
        settle(
            writing,
            current,
            {
                "id": made["id"],
                "allocated_date": made["txn_date"],
                "allocated_amount": decimal(link["amount"]),
                "type": "INVOICE_PAYMENT",
            },
        )
    _post(writing, made, total)
    return made


def _post(writing: Writing, payment: Json, total: Decimal) -> None:
    code = payment["currency_code"]
    writing.company.books.post(
        payment["id"],
        [
            debit(payment["account_id"], code, total),
            credit(payment["ar_account_id"], code, total, payment["customer_id"]),
        ],
    )


def _invoices(writing: Writing, fields: Json, links: list[Json]) -> list[Json] | Refusal:
    """The invoices paid, each open, all of one customer and currency, none paid past what is due."""
    customer_id, code = fields.get("customer_id"), fields.get("currency_code")
    asked: dict[str, Decimal] = {}
    found: list[Json] = []
    for link in links:
        invoice = open_invoice(writing, link["id"], customer_id, code)
        if isinstance(invoice, Refusal):
            return invoice
        customer_id, code = invoice["customer_id"], invoice["currency_code"]
        amount = decimal(link["amount"])
        asked[link["id"]] = asked.get(link["id"], ZERO) + amount
        if asked[link["id"]] > invoice["amount_due"]:
            return by_platform(
                writing.company.platform,
                "over_open_balance",
                f"{plain(asked[link['id']])} is more than the {plain(invoice['amount_due'])} open on the invoice",
            )
        refused = exact_amount(writing, amount, invoice["currency_code"])
        if refused:
            return refused
        found.append(invoice)
    return found


def _refusal(writing: Writing, fields: Json, code: str, total: Decimal, linked: Decimal) -> Refusal | None:
    company = writing.company
    account = cash_account(company, fields["account_id"])
    refused = (
        (account if isinstance(account, Refusal) else None)
        or held_currency(company, code)
        or open_period(company, fields.get("txn_date") or iso(writing.now))
        or exact_amount(writing, total, code)
    )
    if refused:
        return refused
    if fields.get("payment_method_id"):
        method = active(company, "payment_methods", fields["payment_method_id"])
        if isinstance(method, Refusal):
            return method
    if linked > total:
        return by_platform(company.platform, "over_total", "The invoices are paid more than the payment's total")
    if linked < total and fields.get("linked_invoices") and writing.switches.excess_payment == "refuse":
        return by_platform(company.platform, "excess_payment", "The payment is more than its invoices take")
    if company.platform == "QUICKBOOKS" and len(fields.get("reference") or "") > 21:
        return by_platform(company.platform, "too_long", "Reference must be at most 21 characters")
    return None


def _body(writing: Writing, fields: Json, customer_id: str, code: str, total: Decimal) -> Json:
    when = fields.get("txn_date") or iso(writing.now)
    extra: Json = fields.get("additional_fields") or {}
    return {
        **writing.born(),
        "account_id": fields["account_id"],
        "ar_account_id": writing.company.roles["accounts_receivable"],
        "customer_id": customer_id,
        "payment_method_id": fields.get("payment_method_id"),
        "txn_date": when,
        "currency_code": code,
        "currency_rate": fields.get("currency_rate"),
        "deposited": None,
        "memo": fields.get("memo"),
        "reference": fields.get("reference"),
        "total_amount": plain(total),
        "linked_invoices": [
            {
                "id": link["id"],
                "allocated_at": link.get("allocated_at") or when,
                "amount": plain(decimal(link["amount"])),
            }
            for link in fields.get("linked_invoices") or []
        ],
        "additional_fields": {"payment_method": extra.get("payment_method"), "linked_journal_entries": []},
        **writing.tail(),
    }


def patch(writing: Writing, payment: Json, fields: Json) -> Json | Refusal:
    """Change a payment's account, date, method, memo or reference; its amounts stay."""
    company = writing.company
    closed = open_period(company, payment["txn_date"]) or open_period(company, fields.get("txn_date") or "")
    if closed:
        return closed
    named = {name: value for name, value in fields.items() if name in payment and value is not None}
    if "account_id" in named:
        account = cash_account(company, named["account_id"])
        if isinstance(account, Refusal):
            return account
        company.books.reverse(payment["id"])
        _post(writing, {**payment, **named}, decimal(payment["total_amount"]))
    return writing.change("invoice_payments", payment, **named)


def delete(writing: Writing, payment: Json) -> Refusal | None:
    """Remove a payment; its invoices are open again."""
    closed = open_period(writing.company, payment["txn_date"])
    if closed:
        return closed
    writing.company.books.reverse(payment["id"])
    for invoice_id in {link["id"]: None for link in payment["linked_invoices"]}:
        unsettle(writing, invoice_id, payment["id"])
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
    elsewhere=(
        ("reference", frozenset({"NETSUITE", "QUICKBOOKS", "QUICKBOOKS_DESKTOP", "ZOHOBOOKS"})),
        ("currency_rate", frozenset({"QUICKBOOKS"})),
    ),
)
