"""Xero (Rutter: support by endpoint; create bodies). Assumed: a contact may have documents in several currencies;
the length of numbers."""

from sandbox.platforms.rules import Rules, fields, under

RULES = Rules(
    endpoints={
        "accounts": "RC?U",
        "customers": "RCU",
        "items": "RCU?D",
        "tax_rates": "R",
        "invoices": "RCU?D",
        "invoice_payments": "RCU?D",
        "invoice_credit_memos": "RCU?D",
        "invoice_credit_applications": "C",
        "invoice_credit_applications/unapply": "?C",
        "attachments": "R?C",
        "customer_refunds": "RC?D",
        "currencies": "R",
        "custom_fields": "R",
    },
    takes={
        "accounts": fields("additional_fields.bank_account_number"),
        "customers": fields("addresses"),
        "invoices": fields(
            "document_number status custom_fields additional_fields.addresses",
            under("line_items[].", "account_id tax_rate_id discount_amount custom_fields platform_id"),
            under("line_items[].additional_fields.", "discount_percentage tax_amount"),
        ),
        "invoice_payments": fields("additional_fields.reconciled"),
        "invoice_credit_memos": fields(
            "document_number status additional_fields.tax_inclusive line_items[].additional_fields.tax_rate_id"
        ),
        "customer_refunds": fields(
            "tax_rate_id currency_code currency_rate document_number additional_fields.tax_inclusive",
            under("line_items[].", "account_id tax_rate_id additional_fields.sales_taxable"),
        ),
    },
    line_tax="always",
    line_account=True,
    number_length=255,
    voids=True,
    customer_one_currency=False,
    bank_account_number=True,
    contact_addresses=True,
    closed_text="The document date cannot be on or before the period lock date, {date}",
    events=None,
)
