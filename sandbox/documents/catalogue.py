"""Every type of object, by the path segment it lives under."""

from sandbox.commerce.kinds import COMMERCE
from sandbox.documents import (
    accounts,
    attachments,
    credit_applications,
    credit_memos,
    currencies,
    custom_fields,
    customer_refunds,
    customers,
    invoice_changes,
    invoice_payments,
    items,
    payment_terms,
    tax_rates,
    tracking,
)
from sandbox.documents.kind import Kind

PAYMENT_METHODS = Kind(singular="payment_method", plural="payment_methods", webhook="PAYMENT_METHOD")

KINDS: dict[str, Kind] = {
    kind.plural: kind
    for kind in (
        accounts.KIND,
        customers.KIND,
        items.KIND,
        tax_rates.KIND,
        PAYMENT_METHODS,
        tracking.CLASSES,
        tracking.DEPARTMENTS,
        tracking.LOCATIONS,
        tracking.SUBSIDIARIES,
        payment_terms.KIND,
        currencies.KIND,
        custom_fields.KIND,
        invoice_changes.KIND,
        invoice_payments.KIND,
        credit_memos.KIND,
        credit_applications.KIND,
        credit_applications.UNAPPLICATION,
        customer_refunds.KIND,
    )
}
EVERY_KIND = {**KINDS, attachments.KIND.plural: attachments.KIND, **COMMERCE}
DOCUMENTS = ("invoices", "invoice_payments", "invoice_credit_memos", "invoice_credit_applications", "customer_refunds")
