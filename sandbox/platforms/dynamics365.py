"""Dynamics 365 Business Central (Rutter: support by endpoint; invoices; invoice credit memos)."""

from sandbox.platforms.rules import Rules, fields

RULES = Rules(
    endpoints={
        "accounts": "RC?U",
        "customers": "R?CU",
        "items": "R?CUD",
        "classes": "R?C",
        "locations": "R",
        "tax_rates": "R",
        "payment_methods": "R",
        "invoices": "R?CUD",
        "invoice_payments": "C?RUD",
        "invoice_credit_memos": "R?CUD",
        "invoice_credit_applications": "?C",
        "invoice_credit_applications/unapply": "?C",
        "attachments": "?RC",
    },
    takes={"invoice_payments": fields("payment_method_id")},
    customer_one_currency=False,
    links_by_comment=True,
    ledger_invoices=True,
    closed_text="Posting Date is not within your range of allowed posting dates",
    events=frozenset({"INVOICE"}),
)
