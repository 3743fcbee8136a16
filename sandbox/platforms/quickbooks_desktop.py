"""QuickBooks Desktop (Rutter: support by endpoint; create bodies). Length of numbers: assumed, after RefNumber."""

from sandbox.platforms.rules import Rules, fields, under

RULES = Rules(
    endpoints={
        "accounts": "RC?U",
        "customers": "RCU",
        "items": "RCU?D",
        "classes": "R?C",
        "tax_rates": "R",
        "payment_terms": "R?CD",
        "payment_methods": "R",
        "invoices": "RCU?D",
        "invoice_payments": "RCU?D",
        "invoice_credit_memos": "RC?UD",
        "invoice_credit_applications": "C",
        "invoice_credit_applications/unapply": "?C",
    },
    takes={
        "customers": fields("addresses additional_fields.parent_id"),
        "invoices": fields(
            "document_number memo account_id class_id payment_terms_id",
            under("additional_fields.", "tax_rate_id internal_memo po_number addresses"),
            "line_items[].class_id line_items[].additional_fields.service_date",
        ),
        "invoice_payments": fields("payment_method_id reference additional_fields.auto_apply"),
        "invoice_credit_memos": fields("document_number memo line_items[].class_id"),
    },
    number_length=11,
    reference_length=20,
    voids=True,
    void_reads_back="paid",
    closed_text="Cannot save a transaction dated on or before the closing date of the company file",
)
