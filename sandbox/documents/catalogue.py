"""Every type of object, by the path segment it lives under."""

from sandbox.documents import (
    accounts,
    credit_applications,
    credit_memos,
    customer_refunds,
    customers,
    invoice_changes,
    invoice_payments,
    items,
    tax_rates,
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
        invoice_changes.KIND,
        invoice_payments.KIND,
        credit_memos.KIND,
        credit_applications.KIND,
        credit_applications.UNAPPLICATION,
        customer_refunds.KIND,
    )
}
DOCUMENTS = ("invoices", "invoice_payments", "invoice_credit_memos", "invoice_credit_applications", "customer_refunds")
