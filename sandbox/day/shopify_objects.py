"""The objects inside Shopify's deliveries.

Shopify: money is a decimal string in major units, with the same amount in a `_set` by shop and presentment
currency; ids are 64-bit JSON numbers; `subtotal` and `total_tax` of a refunded line, and tax rates, are JSON
numbers (here strings that begin with "=", see `sandbox.day.shopify.body`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.day.chance import Chance
from sandbox.day.facts import Buyer, Line, Order, Refund, Tax
from sandbox.day.money import major, share
from sandbox.day.shopify_sales import ShopSale
from sandbox.day.shops import CONNECTION_OF

Object = dict[str, Any]


def _shown(amount: int, currency: str, presentment: str) -> Object:
    """An amount by shop and by presentment currency."""
    there = amount if presentment == currency else share(amount, 152, 100)
    return {
        "shop_money": {"amount": major(amount, currency), "currency_code": currency},
        "presentment_money": {"amount": major(there, presentment), "currency_code": presentment},
    }


def _local(order: Order, at: datetime) -> str:
    zone = ZoneInfo(CONNECTION_OF[order.source].time_zone)
    return at.astimezone(zone).isoformat(timespec="seconds")


def _names(buyer: Buyer) -> tuple[str | None, str | None]:
    if buyer.name is None:
        return None, None
    first, _, last = buyer.name.partition(" ")
    return first, last


def _tax_line(tax: Tax, currency: str, presentment: str) -> Object:
    return {
        "channel_liable": False,
        "price": major(tax.amount, currency),
        "price_set": _shown(tax.amount, currency, presentment),
        "rate": f"={tax.rate}",
        "title": tax.code,
    }


def _line_item(line: Line, currency: str, presentment: str) -> Object:
    allocation = {
        "amount": major(line.discount, currency),
        "amount_set": _shown(line.discount, currency, presentment),
        "discount_application_index": 0,
    }
    return {
        "id": int(line.id),
        "admin_graphql_api_id": f"gid://shopify/LineItem/{line.id}",
        "current_quantity": line.quantity,
        "fulfillable_quantity": line.quantity,
        "fulfillment_status": None,
        "gift_card": False,
        "name": line.description,
        "price": major(line.unit, currency),
        "price_set": _shown(line.unit, currency, presentment),
        "quantity": line.quantity,
        "requires_shipping": True,
        "sku": line.sku,
        "taxable": True,
        "title": line.description,
        "total_discount": major(0, currency),
        "total_discount_set": _shown(0, currency, presentment),
        "variant_title": None,
        "tax_lines": [_tax_line(tax, currency, presentment) for tax in line.taxes],
        "duties": [],
        "discount_allocations": [allocation] if line.discount else [],
    }


def _shipping_lines(chance: Chance, order: Order, presentment: str) -> list[Object]:
    if not order.shipping:
        return []
    currency = order.currency
    shown = order.shipping
    if order.prices_include_tax:
        shown += sum(tax.amount for tax in order.shipping_taxes)
    return [
        {
            "id": int(chance.wide_id()),
            "code": "Standard",
            "discounted_price": major(shown, currency),
            "discounted_price_set": _shown(shown, currency, presentment),
            "is_removed": False,
            "price": major(shown, currency),
            "price_set": _shown(shown, currency, presentment),
            "source": "shopify",
            "title": "Standard",
            "tax_lines": [_tax_line(tax, currency, presentment) for tax in order.shipping_taxes],
            "discount_allocations": [],
        }
    ]


def _amounts(order: Order, presentment: str) -> Object:
    """The totals, each plain and as a set."""
    currency = order.currency
    discounts = sum(line.discount for line in order.lines)
    listed = sum(line.unit * line.quantity for line in order.lines)
    shown = order.shipping
    if order.prices_include_tax:
        shown += sum(tax.amount for tax in order.shipping_taxes)
    plain = {
        "subtotal_price": listed - discounts,
        "total_discounts": discounts,
        "total_line_items_price": listed,
        "total_price": order.total,
        "total_tax": order.tax,
        "current_subtotal_price": listed - discounts,
        "current_total_discounts": discounts,
        "current_total_price": order.total,
        "current_total_tax": order.tax,
    }
    made: Object = {name: major(amount, currency) for name, amount in plain.items()}
    made |= {f"{name}_set": _shown(amount, currency, presentment) for name, amount in plain.items()}
    made["total_shipping_price_set"] = _shown(shown, currency, presentment)
    made["total_outstanding"] = major(0, currency)
    made["total_tip_received"] = major(order.tip, currency)
    for name in ("total_cash_rounding_payment_adjustment_set", "total_cash_rounding_refund_adjustment_set"):
        made[name] = _shown(0, currency, presentment)
    return made


def order_object(chance: Chance, one: ShopSale) -> Object:
    """The paid order."""
    order = one.sale.order
    buyer, currency = order.buyer, order.currency
    presentment = "JPY" if one.shape.abroad else currency
    first, last = _names(buyer)
    customer = {"id": int(buyer.id), "email": buyer.email, "first_name": first, "last_name": last} if buyer.id else None
    address = {"first_name": first, "last_name": last, "name": buyer.name, "city": "Hafenstadt", "country_code": "DE"}
    at = _local(order, order.completed_at)
    return {
        "id": int(order.key),
        "admin_graphql_api_id": f"gid://shopify/Order/{order.key}",
        "cancel_reason": None,
        "cancelled_at": None,
        "closed_at": None,
        "confirmed": True,
        "contact_email": buyer.email,
        "created_at": at,
        "currency": currency,
        "discount_codes": [],
        "email": buyer.email or "",
        "financial_status": "paid",
        "fulfillment_status": None,
        "name": f"#{order.number}",
        "note": None,
        "number": int(order.number[1:]),
        "order_number": int(order.number[1:]),
        "payment_gateway_names": list(one.shape.gateways),
        "phone": None,
        "presentment_currency": presentment,
        "processed_at": at,
        "source_name": "pos" if one.shape.who == "nobody" else "web",
        "tags": "",
        "tax_lines": [],
        "taxes_included": order.prices_include_tax,
        "test": False,
        "updated_at": _local(order, order.completed_at + timedelta(seconds=1)),
        "billing_address": address if buyer.name else None,
        "customer": customer,
        "discount_applications": [],
        "line_items": [_line_item(line, currency, presentment) for line in order.lines],
        "shipping_lines": _shipping_lines(chance, order, presentment),
        **_amounts(order, presentment),
    }


def transaction(
    order: Order, key: str, kind: str, gateway: str, amount: int, *, at: datetime, parent: str | None
) -> Object:
    """One movement of money, or the permission for one (`authorization`)."""
    return {
        "id": int(key),
        "admin_graphql_api_id": f"gid://shopify/OrderTransaction/{key}",
        "amount": major(amount, order.currency),
        "authorization": key[-6:],
        "created_at": _local(order, at),
        "currency": order.currency,
        "error_code": None,
        "gateway": gateway,
        "kind": kind,
        "message": None,
        "order_id": int(order.key),
        "parent_id": int(parent) if parent else None,
        "payment_id": f"#{order.number}.1",
        "processed_at": _local(order, at),
        "receipt": {},
        "source_name": "web",
        "status": "success",
        "test": False,
    }


def _refunded_line(chance: Chance, line: Line, currency: str) -> Object:
    return {
        "id": int(chance.wide_id()),
        "line_item": _line_item(line, currency, currency),
        "line_item_id": int(line.id),
        "location_id": None,
        "quantity": line.quantity,
        "restock_type": "return",
        "subtotal": f"={major(line.total, currency)}",
        "subtotal_set": _shown(line.total, currency, currency),
        "total_tax": f"={major(line.tax, currency)}",
        "total_tax_set": _shown(line.tax, currency, currency),
    }


def refund_object(
    chance: Chance, refund: Refund, order: Order, lines: Sequence[Line], transactions: list[Object]
) -> Object:
    """The refund with the lines that it names, which need not come to what was moved."""
    return _refund(chance, refund.key, order, lines, at=refund.issued_at, note=refund.reason) | {
        "transactions": transactions
    }


def bare_refund_object(chance: Chance, order: Order, lines: Sequence[Line], at: datetime) -> Object:
    """Goods that came back, and no money."""
    return _refund(chance, chance.wide_id(), order, lines, at=at, note=None) | {"transactions": []}


def _refund(chance: Chance, key: str, order: Order, lines: Sequence[Line], *, at: datetime, note: str | None) -> Object:
    return {
        "id": int(key),
        "admin_graphql_api_id": f"gid://shopify/Refund/{key}",
        "created_at": _local(order, at),
        "note": note,
        "order_adjustments": [],
        "order_id": int(order.key),
        "processed_at": _local(order, at),
        "refund_line_items": [_refunded_line(chance, line, order.currency) for line in lines],
        "refund_shipping_lines": [],
        "restock": True,
        "user_id": None,
    }
