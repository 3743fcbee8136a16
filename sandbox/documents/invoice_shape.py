"""What a request to make or to patch an invoice must look like (Rutter: Create an invoice; Update an invoice)."""

from sandbox.documents.customers import ADDRESS
from sandbox.fields import (
    anything_by_name,
    at_least_zero,
    boolean,
    currency,
    filled_text,
    list_of,
    moment,
    number,
    one_of,
    optional,
    required,
    shape,
    text,
    uuid,
)

LINE = shape(
    {
        "total_amount": required(number),
        "description": optional(text),
        "item": optional(shape({"id": required(uuid), "quantity": optional(number), "unit_amount": optional(number)})),
        "account_id": optional(uuid),
        "class_id": optional(uuid),
        "location_id": optional(uuid),
        "tax_rate_id": optional(uuid),
        "discount_amount": optional(at_least_zero),
        "discount_item_id": optional(uuid),
        "platform_id": optional(text),
        "custom_fields": optional(anything_by_name),
        "additional_fields": optional(
            shape(
                {
                    "tax_amount": optional(at_least_zero),
                    "discount_percentage": optional(at_least_zero),
                    "sales_taxable": optional(boolean),
                    "service_date": optional(moment),
                    "rev_rec_start_date": optional(moment),
                    "rev_rec_end_date": optional(moment),
                }
            )
        ),
    }
)
_EXTRA = shape(
    {
        "department_id": optional(uuid),
        "location_id": optional(uuid),
        "tax_rate_id": optional(text),
        "tax_amount": optional(number),
        "discount_amount": optional(number),
        "discount_percentage": optional(at_least_zero),
        "shipping_amount": optional(at_least_zero),
        "internal_memo": optional(text),
        "po_number": optional(text),
        "billing_email": optional(text),
        "ship_date": optional(moment),
        "allow_online_ach_payment": optional(boolean),
        "allow_online_credit_card_payment": optional(boolean),
        "addresses": optional(list_of(ADDRESS)),
        "reason": optional(filled_text),
    }
)
_OPTIONAL = {
    "due_date": optional(moment),
    "document_number": optional(text),
    "memo": optional(text),
    "account_id": optional(uuid),
    "class_id": optional(text),
    "payment_terms_id": optional(uuid),
    "subsidiary_id": optional(uuid),
    "custom_fields": optional(anything_by_name),
    "additional_fields": optional(_EXTRA),
}
SHAPE = shape(
    {
        "customer_id": required(uuid),
        "issue_date": required(moment),
        "currency_code": required(currency),
        "line_items": required(list_of(LINE)),
        "status": optional(one_of("draft", "submitted", "open")),
        **_OPTIONAL,
    }
)
PATCH_SHAPE = shape(
    {
        "customer_id": optional(uuid),
        "issue_date": optional(moment),
        "currency_code": optional(currency),
        "line_items": optional(list_of(LINE)),
        "status": optional(one_of("draft", "submitted", "open", "void")),
        **_OPTIONAL,
    }
)
