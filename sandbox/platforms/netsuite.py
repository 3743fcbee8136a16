"""NetSuite (Rutter: support by endpoint; create bodies). Length of numbers: assumed, after Oracle's tranId."""

from sandbox.platforms.rules import Rules, fields, under

RULES = Rules(
    endpoints={
        "accounts": "RCU",
        "customers": "RC?U",
        "items": "RC?UD",
        "classes": "R?C",
        "departments": "R?C",
        "locations": "R",
        "tax_rates": "R",
        "payment_terms": "R?CD",
        "payment_methods": "R",
        "invoices": "RCU?D",
        "invoice_payments": "RCU?D",
        "invoice_credit_memos": "RCD?U",
        "invoice_credit_applications": "C",
        "invoice_credit_applications/unapply": "?C",
        "attachments": "RC",
        "customer_refunds": "R?CD",
        "currencies": "R",
        "subsidiaries": "R",
        "custom_fields": "R",
    },
    takes={
        "accounts": fields("subsidiary_id"),
        "customers": fields("subsidiary_id additional_fields.currency_code"),
        "invoices": fields(
            "document_number subsidiary_id custom_fields additional_fields.location_id",
            under("line_items[].", "tax_rate_id discount_amount discount_item_id custom_fields"),
            under("line_items[].additional_fields.", "rev_rec_start_date rev_rec_end_date linked_sales_order"),
        ),
        "invoice_payments": fields("payment_method_id reference additional_fields.check_number"),
        "invoice_credit_memos": fields("additional_fields.location_id line_items[].additional_fields.tax_rate_id"),
    },
    line_tax="always",
    discount_lines=True,
    number_length=45,
    voids=True,
    void_reads_back="paid",
    prepayments=True,
    closed_text="The posting period of this transaction is closed",
    events=None,
)
