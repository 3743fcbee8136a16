"""A small shop: its configuration file, the environment its secrets are in, and what its senders send."""

import json
from typing import Any

TOKEN = "tok-hidden-0001"
STRIPE_SECRET = "whsec_hidden0002"
EVENTS_SECRET = "hidden-bearer-0003"
HIDDEN = (TOKEN, STRIPE_SECRET, EVENTS_SECRET)
ENVIRONMENT = {"ACME_TOKEN": TOKEN, "ACME_STRIPE": STRIPE_SECRET, "ACME_EVENTS": EVENTS_SECRET}

CONFIGURATION = """
[connections.acme]
rutter_connection_id = "r-1"
access_token = { env = "ACME_TOKEN" }
platform = "QUICKBOOKS"
time_zone = "America/New_York"
home_currency = "USD"
refund_policy = "credit_memo"
cash_customer = "Web sales"

[connections.acme.items]
fallback = "Sales"
shipping = "Shipping"
tip = "Tip"
discount = "Discount"

[[connections.acme.clearing]]
account = "Undeposited Funds"

[sources.acme-stripe]
kind = "stripe"
connection = "acme"
tells = ["payments"]
secrets = [{ env = "ACME_STRIPE" }]

[sources.acme-events]
kind = "cloudevents"
connection = "acme"
secrets = [{ env = "ACME_EVENTS" }]
"""


def order(id_: str = "1001", total: int = 2500, **also: Any) -> bytes:
    """An order of one line without tax, as acme-events tells it."""
    line = {"id": "1", "sku": None, "description": "A shirt", "quantity": "1", "unit_price": None, "total": total}
    fact = {
        "id": id_,
        "number": id_,
        "completed_at": "2026-11-02T12:00:00Z",
        "currency": "USD",
        "customer": {"id": "c-9", "name": "Ada Byron", "email": "ada@example.com"},
        "lines": [line],
        "shipping": {"total": 0},
        "total": total,
    }
    return _event("order.completed", f"order:{id_}", {"order": fact | also})


def payment(id_: str = "p1", order_id: str = "1001", amount: int = 2500) -> bytes:
    """A payment of one order."""
    fact = {
        "id": id_,
        "received_at": "2026-11-02T12:00:03Z",
        "currency": "USD",
        "amount": amount,
        "gateway": "paypal",
        "method": None,
        "reference": None,
        "applies_to": [{"order_id": order_id, "amount": amount}],
    }
    return _event("payment.received", f"payment:{id_}", {"payment": fact})


def _event(type_: str, id_: str, data: dict[str, Any]) -> bytes:
    told = {
        "specversion": "1.0",
        "id": id_,
        "source": "acme-events",
        "type": type_,
        "connection": "acme",
        "time": "2026-11-02T12:00:00Z",
        "datacontenttype": "application/json",
        "data": data,
    }
    return json.dumps(told).encode()
