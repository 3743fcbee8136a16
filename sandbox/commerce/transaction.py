"""A transaction of an order: a sale, a refund, a void, as a shop tells it (Rutter: commerce transactions)."""

from sandbox.exact import ZERO, Json, decimal
from sandbox.fields import currency, filled_text, number, one_of, optional, required, shape
from sandbox.writing import Writing

SHAPE = shape(
    {
        "order_id": optional(filled_text),
        "amount": required(number),
        "fee": optional(number),
        "type": optional(one_of("sale", "refund", "void", "payout", "fee", "other")),
        "status": optional(one_of("success", "failure", "pending", "cancelled", "refunded", "other")),
        "payment_method_type": optional(one_of("cash", "card", "other")),
        "iso_currency_code": optional(currency),
    }
)


def compose(writing: Writing, asked: Json, before: Json | None) -> Json:
    """The whole transaction: what was asked for, over what it was before, over its order's customer and currency."""
    stated = {**(before or {}), **asked}
    order = writing.company.shelves["orders"].get(stated.get("order_id") or "") or {}
    kind = stated.get("type") or "sale"
    return {
        **(writing.born() | writing.tail() if before is None else {}),
        **(before or {}),
        "order_id": stated.get("order_id"),
        "platform_customer_id": (order.get("customer") or {}).get("platform_id"),
        "payment_method_type": stated.get("payment_method_type") or "card",
        "status": stated.get("status") or "success",
        "type": kind,
        "amount": decimal(stated["amount"]),
        "fee": decimal(stated.get("fee") or ZERO),
        "gateway": stated.get("gateway") or "shopify_payments",
        "gateway_data": stated.get("gateway_data"),
        "iso_currency_code": stated.get("iso_currency_code")
        or order.get("iso_currency_code")
        or writing.company.home_currency,
        "platform_type": stated.get("platform_type") or kind,
        "description": stated.get("description"),
        **({"created_at": asked["created_at"]} if asked.get("created_at") else {}),
    }
