"""An order as a shop has it, composed from what a rehearsal says of it (Rutter: commerce orders).

Amounts are JSON numbers in major units. A line's `price` is its total before tax and discount.
"""

from decimal import Decimal

from sandbox.exact import ZERO, Json, decimal
from sandbox.fields import currency, filled_text, list_of, number, one_of, optional, required, shape, text
from sandbox.writing import Writing

STATUSES = ("active", "archived", "cancelled", "unknown")
PAYMENT_STATUSES = ("pending", "paid", "refunded", "failed", "unknown")
FULFILLMENT_STATUSES = ("fulfilled", "unfulfilled", "partial", "unknown")
_AMOUNTS = ("total_price", "total_discount", "total_tax", "total_shipping", "total_shipping_discount")
_LINE = shape({"price": required(number), "quantity": optional(number), "title": optional(text), "sku": optional(text)})
SHAPE = shape(
    {
        "order_number": optional(filled_text),
        "status": optional(one_of(*STATUSES)),
        "payment_status": optional(one_of(*PAYMENT_STATUSES)),
        "fulfillment_status": optional(one_of(*FULFILLMENT_STATUSES)),
        "iso_currency_code": optional(currency),
        "line_items": optional(list_of(_LINE)),
        "total_line_items_price": optional(number),
        **{name: optional(number) for name in _AMOUNTS},
    }
)
_CUSTOMER = ("email", "first_name", "last_name", "phone")
_ADDRESS = "first_name last_name address1 address2 city region postal_code country_code phone".split()


def compose(writing: Writing, asked: Json, before: Json | None) -> Json:
    """The whole order: what was asked for, over what it was before, over defaults; totals not stated are added up."""
    stated = {**(before or {}), **asked}
    shelf = writing.company.shelves["orders"]
    lines = [_line(writing, stated, one) for one in stated.get("line_items") or []]
    order_number = stated.get("order_number") or str(1001 + len(shelf.entries))
    body: Json = {
        **(writing.born() | writing.tail() if before is None else {}),
        **(before or {}),
        "order_number": order_number,
        "name": stated.get("name") or f"#{order_number}",
        "status": stated.get("status") or "active",
        "payment_status": stated.get("payment_status") or "pending",
        "fulfillment_status": stated.get("fulfillment_status"),
        "iso_currency_code": stated.get("iso_currency_code") or writing.company.home_currency,
        "source_name": stated.get("source_name") or "web",
        "tags": stated.get("tags") or [],
        "cancelled_at": stated.get("cancelled_at"),
        "customer": _customer(writing, stated.get("customer")),
        "billing_address": _address(stated.get("billing_address")),
        "shipping_address": _address(stated.get("shipping_address")),
        "line_items": lines,
        "refunds": stated.get("refunds") or [],
        "fulfillments": stated.get("fulfillments") or [],
        **_totals(asked, before, lines),
    }
    return {**body, "created_at": asked.get("created_at") or body["created_at"]}


def _totals(asked: Json, before: Json | None, lines: list[Json]) -> Json:
    """Stated amounts as they are; the rest added up, anew when the lines or an amount were."""
    kept = before or {}
    lines_price = asked.get("total_line_items_price")
    parts = {name: decimal(asked.get(name, kept.get(name, ZERO)) or ZERO) for name in _AMOUNTS[1:]}
    net = decimal(lines_price) if lines_price is not None else sum((decimal(one["price"]) for one in lines), ZERO)
    total: Decimal = (
        net - parts["total_discount"] + parts["total_tax"] + parts["total_shipping"] - parts["total_shipping_discount"]
    )
    stated = asked.get("total_price")
    return {**parts, "total_line_items_price": net, "total_price": total if stated is None else decimal(stated)}


def _line(writing: Writing, order: Json, asked: Json) -> Json:
    born = {} if asked.get("id") else writing.born()
    defaults = {
        **born,
        "product_id": None,
        "variant_id": None,
        "quantity": 1,
        "unit_cost": None,
        "iso_currency_code": order.get("iso_currency_code") or writing.company.home_currency,
        "sku": None,
        "title": None,
        "created_at": writing.tail()["created_at"],
        "updated_at": writing.tail()["updated_at"],
    }
    return {**defaults, **asked}


def _customer(writing: Writing, asked: Json | None) -> Json | None:
    if asked is None:
        return None
    stamp = writing.tail()["created_at"]
    born = {} if asked.get("id") else writing.born()
    return {**born, **dict.fromkeys(_CUSTOMER), "created_at": stamp, "updated_at": stamp, **asked}


def _address(asked: Json | None) -> Json | None:
    return None if asked is None else {**dict.fromkeys(_ADDRESS), **asked}
