"""Canonical events and requests, written out by hand."""

import json
from typing import Any

from schemas.sources import Source

TOKEN = "a-long-random-text-shared-with-the-sender"
SHOP = Source(name="acme-shop", kind="cloudevents", connection="acme", namespace="acme-shop", secrets=(TOKEN,))
SIGNED = {"authorization": f"Bearer {TOKEN}", "content-type": "application/cloudevents+json"}
BATCHED = SIGNED | {"content-type": "application/cloudevents-batch+json"}


def payment(number: str = "ch_1", *, amount: object = 3058, **attributes: Any) -> dict[str, Any]:
    """`payment.received` as design and documentation show it; `attributes` replace the envelope's."""
    return {
        "specversion": "1.0",
        "id": f"payment:{number}",
        "source": "acme-shop",
        "type": "payment.received",
        "connection": "acme",
        "subject": "1001",
        "time": "2026-11-02T10:15:03Z",
        "datacontenttype": "application/json",
        "data": {
            "payment": {
                "id": number,
                "received_at": "2026-11-02T10:15:03Z",
                "currency": "USD",
                "amount": amount,
                "gateway": "stripe",
                "method": "card",
                "reference": number,
                "customer": None,
                "applies_to": [{"order_id": "1001", "amount": 3058}],
                "fee": {"currency": "USD", "amount": 119},
                "settlement": None,
            }
        },
    } | attributes


def body(*events: dict[str, Any]) -> bytes:
    """One event in structured mode, several as a batch."""
    return json.dumps(events[0] if len(events) == 1 else list(events)).encode()
