"""Sage Intacct, in both of Rutter's versions (Rutter: support by endpoint; list parameters; create bodies)."""

from dataclasses import replace

from sandbox.platforms.rules import Rules, fields

RULES = Rules(
    endpoints={
        "accounts": "RC?U",
        "customers": "RC?U",
        "items": "RC?UD",
        "classes": "R?C",
        "departments": "R?C",
        "locations": "R",
        "subsidiaries": "?R",
        "tax_rates": "R",
        "invoices": "RC?UD",
        "invoice_payments": "RC?UD",
        "invoice_credit_memos": "RC?UD",
        "invoice_credit_applications": "C",
        "invoice_credit_applications/unapply": "?C",
        "attachments": "?RC",
    },
    takes={
        "invoices": fields("subsidiary_id line_items[].location_id"),
        "invoice_payments": fields("additional_fields.payment_method"),
    },
    named_filters=False,
    closed_text="Date falls in a period that is closed for the Accounts Receivable subledger",
)

VERSION_2 = replace(
    RULES,
    endpoints={**RULES.endpoints, "classes": "RC", "invoices": "RCU?D"},
    takes={
        **RULES.takes,
        "customers": fields(
            "subsidiary_id addresses additional_fields.parent_id additional_fields.currency_code",
        ),
        "invoices": fields("subsidiary_id line_items[].location_id line_items[].account_id"),
        "invoice_credit_memos": fields("line_items[].location_id"),
    },
    line_account=True,
)
