"""QuickBooks Online (Rutter: support by endpoint; create bodies). The length of numbers is Intuit's."""

from sandbox.platforms.rules import Rules, fields, under

RULES = Rules(
    endpoints={
        "accounts": "RC?U",
        "customers": "RCU",
        "items": "RCU?D",
        "classes": "R?C",
        "departments": "R?C",
        "tax_rates": "RC",
        "payment_terms": "R?CD",
        "payment_methods": "R",
        "invoices": "RCU?D",
        "invoice_payments": "RCU?D",
        "invoice_credit_memos": "RC?UD",
        "invoice_credit_applications": "C",
        "invoice_credit_applications/unapply": "?C",
        "attachments": "RC",
        "customer_refunds": "RC?D",
        "currencies": "R",
    },
    takes={
        "accounts": fields("parent_id"),
        "customers": fields("addresses additional_fields.parent_id"),
        "invoices": fields(
            "document_number memo class_id payment_terms_id",
            under(
                "additional_fields.", "department_id tax_rate_id tax_amount discount_amount shipping_amount addresses"
            ),
            under("additional_fields.", "billing_email internal_memo ship_date"),
            under("additional_fields.", "allow_online_ach_payment allow_online_credit_card_payment"),
            under("line_items[].", "class_id tax_rate_id"),
            under("line_items[].additional_fields.", "service_date sales_taxable"),
        ),
        "invoice_payments": fields("currency_rate payment_method_id reference"),
        "invoice_credit_memos": fields("line_items[].additional_fields.tax_rate_id"),
        "customer_refunds": fields("tax_rate_id currency_code line_items[].class_id line_items[].tax_rate_id"),
    },
    line_tax="vat",
    sales_taxable=True,
    number_length=21,
    reference_length=21,
    numbers_itself=False,
    voids=True,
    prepayments=True,
    events=None,
)
