"""What tells a document of ours from others, by what a platform keeps of the marks that we give it.

A customer and a date go with every mark. A total stands in only where there is no mark at all: two equal sales to one
customer on one day cannot be told apart then, and the second waits for a person.
"""

from collections.abc import Mapping


def recognition(
    *, number: bool = False, memo: bool = False, credit_number: bool = False, reference: bool = False
) -> Mapping[str, tuple[str, ...]]:
    """By document kind, the fields of a `Look` that are given: those of the marks that the platform keeps."""
    marks = (*(("document_number",) if number else ()), *(("memo",) if memo else ()))
    return {
        "customer": ("name",),
        "item": ("name",),
        "invoice": (*(marks or ("total",)), "customer", "date"),
        "invoice_payment": (*(("reference",) if reference else ()), "memo", "customer", "date"),
        "invoice_credit_memo": (*(("document_number",) if credit_number else ()), "description", "customer", "date"),
        "invoice_credit_application": ("parent", "total"),
        "customer_refund": ("description", "customer", "date"),
    }
