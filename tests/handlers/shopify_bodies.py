"""Shopify's bodies, small and complete."""

from typing import Any

from tests.handlers.bodies import Body


def shop_item(**changes: Any) -> Body:
    """Two shirts of 12.34 USD less 1.00, 8 % tax on top."""
    told: Body = {
        "id": 11,
        "admin_graphql_api_id": "gid://shopify/LineItem/11",
        "discount_allocations": [{"amount": "1.00"}],
        "duties": [],
        "gift_card": False,
        "name": "A shirt - M",
        "price": "12.34",
        "quantity": 2,
        "sku": "SHIRT-M",
        "tax_lines": [{"price": "1.89", "rate": 0.08, "title": "NY"}],
        "title": "A shirt",
        "total_discount": "0.00",
    }
    return told | changes


def shop_order(*items: Body, **changes: Any) -> Body:
    """A paid order over 34.03 USD: a line of 23.68 and 1.89 tax, shipping 5.00 and 0.46, a tip of 3.00."""
    told: Body = {
        "id": 1001,
        "admin_graphql_api_id": "gid://shopify/Order/1001",
        "cancelled_at": None,
        "confirmed": True,
        "created_at": "2025-10-09T04:53:00-04:00",
        "currency": "USD",
        "customer": {"id": 9, "first_name": "Ada", "last_name": "Byron", "email": "ada@example.com"},
        "email": "ada@example.com",
        "financial_status": "paid",
        "line_items": list(items) or [shop_item()],
        "name": "#A1001",
        "note": None,
        "processed_at": "2025-10-09T04:53:20-04:00",
        "shipping_lines": [
            {
                "price": "6.00",
                "discount_allocations": [{"amount": "1.00"}],
                "tax_lines": [{"price": "0.46", "rate": 0.08, "title": "NY"}],
            }
        ],
        "taxes_included": False,
        "test": False,
        "total_price": "34.03",
        "total_tip_received": "3.00",
    }
    return told | changes


def transaction(**changes: Any) -> Body:
    """A sale of 34.03 USD on order 1001."""
    told: Body = {
        "id": 501,
        "admin_graphql_api_id": "gid://shopify/OrderTransaction/501",
        "amount": "34.03",
        "created_at": "2025-10-09T04:53:00-04:00",
        "currency": "USD",
        "gateway": "shopify_payments",
        "kind": "sale",
        "order_id": 1001,
        "parent_id": None,
        "payment_details": {"payment_method_name": "visa"},
        "payment_id": "#A1001.1",
        "processed_at": "2025-10-09T04:53:19-04:00",
        "status": "success",
        "test": False,
    }
    return told | changes


def refunded_line(**changes: Any) -> Body:
    """One shirt back: 11.84 and 0.95 tax."""
    told: Body = {
        "id": 21,
        "line_item": shop_item(),
        "line_item_id": 11,
        "quantity": 1,
        "subtotal": 11.84,
        "subtotal_set": {"shop_money": {"amount": "11.84", "currency_code": "USD"}},
        "total_tax": 0.95,
        "total_tax_set": {"shop_money": {"amount": "0.95", "currency_code": "USD"}},
    }
    return told | changes


def money_back(**changes: Any) -> Body:
    """12.79 USD back through transaction 501."""
    return transaction(
        id=601,
        admin_graphql_api_id="gid://shopify/OrderTransaction/601",
        amount="12.79",
        kind="refund",
        parent_id=501,
        **changes,
    )


def shop_refund(*transactions: Body, **changes: Any) -> Body:
    """A refund of one shirt on order 1001."""
    told: Body = {
        "id": 301,
        "admin_graphql_api_id": "gid://shopify/Refund/301",
        "created_at": "2025-10-10T04:53:20-04:00",
        "note": "too small",
        "order_adjustments": [],
        "order_id": 1001,
        "processed_at": "2025-10-10T04:53:20-04:00",
        "refund_line_items": [refunded_line()],
        "refund_shipping_lines": [],
        "transactions": list(transactions),
    }
    return told | changes
