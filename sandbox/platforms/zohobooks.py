"""Zoho Books (Rutter: support by endpoint; create bodies). Length of numbers: assumed."""

from sandbox.platforms.rules import Rules, fields, under

RULES = Rules(
    endpoints={
        "accounts": "RC?U",
        "customers": "RC?U",
        "items": "RC?UD",
        "classes": "R?C",
        "tax_rates": "RC",
        "invoices": "RCU?D",
        "invoice_payments": "C?RUD",
        "invoice_credit_memos": "?RCUD",
        "invoice_credit_applications": "?C",
        "invoice_credit_applications/unapply": "?C",
        "attachments": "?RC",
        "currencies": "R",
    },
    takes={
        "customers": fields("addresses additional_fields.currency_code additional_fields.language"),
        "invoices": fields(
            "document_number memo line_items[].tax_rate_id",
            under("additional_fields.", "tax_amount discount_amount discount_percentage reason"),
        ),
        "invoice_payments": fields("reference"),
    },
    line_tax="always",
    automatic_tax=True,
    header_tax="spreads",
    number_length=100,
    reason_to_edit_paid=True,
    closed_text="Transactions dated on or before {date} are locked",
)
