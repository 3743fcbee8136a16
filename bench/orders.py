"""Signed webhooks to measure with: a paid Shopify order of 2 kB, each with an id of its own.

Only the standard library, so that the load generator starts quickly.
"""

import base64
import hashlib
import hmac
import json
from typing import Any, Final

SECRET: Final = "bench-client-secret"  # noqa: S105 - signs only what the bench makes up
SIZE: Final = 2048
FIRST: Final = 7_000_000_001
_MARK: Final = "ORDERNUMBER"

CUSTOMER: Final = {"id": 9, "first_name": "Ada", "last_name": "Byron", "email": "ada@example.com", "phone": None}
_ADDRESS: Final = {"name": "Ada Byron", "address1": "12 St James's Square", "city": "London", "country_code": "GB"}


def _line(identifier: int, sku: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{identifier}",
        "current_quantity": 2,
        "discount_allocations": [{"amount": "1.00", "discount_application_index": 0}],
        "duties": [],
        "gift_card": False,
        "name": "A shirt - M",
        "price": "12.34",
        "quantity": 2,
        "requires_shipping": True,
        "sku": sku,
        "tax_lines": [{"channel_liable": False, "price": "1.89", "rate": 0.08, "title": "NY"}],
        "taxable": True,
        "title": "A shirt",
    }


def _order() -> dict[str, Any]:
    """One line of 23.68 and 1.89 tax, shipping 5.00 and 0.46: 31.03 USD."""
    return {
        "id": _MARK,
        "admin_graphql_api_id": f"gid://shopify/Order/{_MARK}",
        "cancelled_at": None,
        "confirmed": True,
        "created_at": "2026-10-09T04:53:00-04:00",
        "currency": "USD",
        "customer": CUSTOMER,
        "billing_address": _ADDRESS,
        "shipping_address": _ADDRESS,
        "email": "ada@example.com",
        "financial_status": "paid",
        "line_items": [_line(11, "SHIRT-M")],
        "name": f"#{_MARK}",
        "note": "",
        "processed_at": "2026-10-09T04:53:20-04:00",
        "shipping_lines": [
            {
                "price": "6.00",
                "discount_allocations": [{"amount": "1.00"}],
                "tax_lines": [{"price": "0.46", "rate": 0.08, "title": "NY"}],
            }
        ],
        "subtotal_price": "23.68",
        "taxes_included": False,
        "test": False,
        "total_price": "31.03",
        "total_tax": "2.35",
        "total_tip_received": "0.00",
    }


def _pieces() -> list[bytes]:
    order = _order()
    short = json.dumps(order).replace(f'"{_MARK}"', _MARK, 1)
    order["note"] = "n" * (SIZE - len(short.replace(_MARK, str(FIRST))))
    return json.dumps(order).replace(f'"{_MARK}"', _MARK, 1).encode().split(_MARK.encode())


_PIECES: Final = _pieces()


def body(number: int) -> bytes:
    """The order of that number, as Shopify would send it: `SIZE` bytes for numbers of ten digits."""
    return str(number).encode().join(_PIECES)


def headers(signed: bytes) -> dict[str, str]:
    """What Shopify sends with a body (Shopify: Verify webhooks)."""
    proof = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    return {"content-type": "application/json", "x-shopify-topic": "orders/paid", "x-shopify-hmac-sha256": proof}
