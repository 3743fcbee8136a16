"""Rutter's bodies of a shop, small and complete."""

from typing import Any

from tests.handlers.bodies import Body

SHOP = "3f6c0f0e-shop"
"""Rutter's id of the shop's own connection."""
TOKEN = "313c3e00-2bbc-4b2e-a9dc-13abed546b65"


def callback(code: str, **things: Any) -> Body:
    """A webhook of the shop; the class in `type` is not read."""
    return {"type": "ANY", "code": code, "connection_id": SHOP, "access_token": TOKEN} | things


def rutter_line(**changes: Any) -> Body:
    """Two shirts of 12.34 USD."""
    told: Body = {
        "id": "l-1",
        "iso_currency_code": "USD",
        "price": 24.68,
        "quantity": 2,
        "sku": "SHIRT-M",
        "title": "A shirt",
        "unit_cost": 12.34,
    }
    return told | changes


def rutter_order(*lines: Body, **changes: Any) -> Body:
    """A paid order over 30.58 USD: 24.68 less 1.00, 1.90 tax, 5.00 shipping."""
    told: Body = {
        "id": "o-1",
        "billing_address": {"first_name": "Ada", "last_name": "Byron", "country_code": "GB"},
        "created_at": "2025-10-09T08:53:20.000Z",
        "customer": {"id": "c-9", "email": "ada@example.com", "first_name": "Ada", "last_name": "Byron"},
        "iso_currency_code": "USD",
        "line_items": list(lines) or [rutter_line()],
        "name": "#1001",
        "order_number": "1001",
        "payment_status": "paid",
        "refunds": [],
        "shipping_address": None,
        "status": "active",
        "total_discount": 1,
        "total_price": 30.58,
        "total_shipping": 5.0,
        "total_shipping_discount": 0,
        "total_tax": 1.9,
        "updated_at": "2025-10-10T08:53:20.000Z",
    }
    return told | changes


def rutter_sale(**changes: Any) -> Body:
    """A sale of 30.58 USD on that order."""
    told: Body = {
        "id": "t-1",
        "amount": 30.58,
        "created_at": "2025-10-09T08:53:21.000Z",
        "fee": 1.19,
        "gateway": "stripe",
        "iso_currency_code": "USD",
        "order_id": "o-1",
        "payment_method_type": "card",
        "platform_id": "501",
        "status": "success",
        "type": "sale",
    }
    return told | changes
