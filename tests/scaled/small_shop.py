"""One connection and its sources, written by hand: the configuration, an order, and what it becomes."""

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx

from tools.scaled_day.sandbox_process import Sandbox

TOKEN = "a-bearer-token-of-the-erp-system"
SIGNING_KEY = base64.b64encode(b"a key of thirty-two bytes for us").decode()
CONFIGURATION = """
[connections.acme]
rutter_connection_id = "{connection_id}"
access_token = {{ env = "ACME_ACCESS_TOKEN" }}
platform = "QUICKBOOKS"
time_zone = "America/New_York"
home_currency = "USD"
refund_policy = "credit_memo"
tax = "header"

[connections.acme.items]
fallback = "Sales"
shipping = "Shipping"
tip = "Tip"
discount = "Discount"
rounding = "Rounding"
tax = "Sales tax"

[[connections.acme.clearing]]
account = "Undeposited Funds"

[sources.acme-erp]
kind = "cloudevents"
connection = "acme"
secrets = [{{ env = "ACME_ERP_TOKEN" }}]

[sources.acme-hooks]
kind = "standardwebhooks"
connection = "acme"
secrets = [{{ env = "ACME_HOOKS_KEY" }}]
"""


async def open_company(sandbox: Sandbox, http: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    """A company in the sandbox; answers the configuration and the environment its secrets are in."""
    answer = await http.post(
        f"{sandbox.url}/_sandbox/connections", json={"platform": "QUICKBOOKS", "currencies": ["USD"]}
    )
    company = answer.json()
    environment = {
        "ACME_ACCESS_TOKEN": company["access_token"],
        "ACME_ERP_TOKEN": TOKEN,
        "ACME_HOOKS_KEY": f"whsec_{SIGNING_KEY}",
    }
    return CONFIGURATION.format(connection_id=company["connection_id"]), environment


def order(number: str, source: str = "acme-erp") -> bytes:
    """Two shirts at 12.34, shipping 5.00, tax 1.90: 31.58 in all."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"order:{number}",
        "source": source,
        "type": "order.completed",
        "connection": "acme",
        "subject": number,
        "time": "2026-11-02T10:15:00Z",
        "datacontenttype": "application/json",
        "data": {
            "order": {
                "id": number,
                "number": number,
                "completed_at": "2026-11-02T10:15:00Z",
                "due_at": None,
                "currency": "USD",
                "customer": {
                    "id": "c-9",
                    "name": "Ada Byron",
                    "email": "ada@example.com",
                    "phone": None,
                    "billing_address": None,
                },
                "shipping_address": None,
                "lines": [
                    {
                        "id": "1",
                        "kind": "goods",
                        "sku": "SHIRT-M",
                        "description": "A shirt",
                        "quantity": "2",
                        "unit_price": "12.34",
                        "total": 2468,
                        "taxes": [{"code": "NY", "rate": "0.08", "amount": 190, "remitted_by": "seller"}],
                    }
                ],
                "shipping": {"total": 500, "taxes": []},
                "tip": 0,
                "discount": 0,
                "rounding": 0,
                "total": 3158,
                "prices_include_tax": False,
                "memo": None,
                "tags": {},
                "attachments": [],
            }
        },
    }
    return json.dumps(event).encode()


def signed(body: bytes, message: str, seconds: int) -> dict[str, str]:
    """Standard Webhooks: HMAC-SHA256 of id, time and body under the decoded key."""
    content = f"{message}.{seconds}.".encode() + body
    digest = hmac.new(base64.b64decode(SIGNING_KEY), content, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


async def invoices(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The invoices in the books."""
    documents: list[dict[str, Any]] = (await sandbox.books())["documents"]
    return [one["document"] for one in documents if one["type"] == "invoice"]
