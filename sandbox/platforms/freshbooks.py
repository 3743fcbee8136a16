"""FreshBooks (Rutter: support by endpoint; create bodies): of most of it nothing is published that we could read."""

from sandbox.platforms.rules import Rules, fields

RULES = Rules(
    endpoints={
        "accounts": "R",
        "customers": "C?RU",
        "items": "?RCUD",
        "invoices": "?RCUD",
        "invoice_payments": "?RCUD",
        "invoice_credit_memos": "?RCUD",
        "invoice_credit_applications": "?C",
        "invoice_credit_applications/unapply": "?C",
        "attachments": "?RC",
    },
    takes={"customers": fields("additional_fields.currency_code additional_fields.language")},
    customer_needs=("currency_code", "language"),
    closed_text="The date is in an accounting period that has been closed",
)
