"""Signed webhooks to measure with: Stripe's `payment_intent.succeeded`, of 2 kB as in life, each of another payment.

Only the standard library, as in `bench.orders`.
"""

import hashlib
import hmac
import json
import time
from typing import Any, Final

SECRET: Final = "whsec_bench"  # noqa: S105 - signs only what the bench makes up
SIZE: Final = 2048
_MARK: Final = "PAYMENTNUMBER"


def _intent() -> dict[str, Any]:
    return {
        "id": f"pi_{_MARK}",
        "object": "payment_intent",
        "amount": 3403,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 3403,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"pi_{_MARK}_secret_0000000000000000000000000",
        "confirmation_method": "automatic",
        "created": 1791000000,
        "currency": "usd",
        "customer": "cus_TheSameEachTime",
        "description": None,
        "invoice": None,
        "last_payment_error": None,
        "latest_charge": f"ch_{_MARK}",
        "livemode": False,
        "metadata": {"order_id": f"{_MARK}"},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": "pm_0000000000000000000000",
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            },
            "link": {"persistent_token": None},
        },
        "payment_method_types": ["card", "link"],
        "processing": None,
        "receipt_email": "ada@example.com",
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def _pieces() -> list[bytes]:
    event = {
        "id": f"evt_{_MARK}",
        "object": "event",
        "api_version": "2025-03-31.basil",
        "created": 1791000001,
        "data": {"object": _intent()},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": "req_00000000000000", "idempotency_key": ""},
        "type": "payment_intent.succeeded",
    }
    short = len(json.dumps(event).replace(_MARK, "7000000001"))
    event["request"] = {"id": "req_00000000000000", "idempotency_key": "k" * (SIZE - short)}
    return json.dumps(event).encode().split(_MARK.encode())


_PIECES: Final = _pieces()


def body(number: int) -> bytes:
    """The payment of that number: `SIZE` bytes for numbers of ten digits."""
    return str(number).encode().join(_PIECES)


def headers(signed: bytes) -> dict[str, str]:
    """What Stripe sends with a body, signed now (Stripe: Verify webhook signatures manually)."""
    seconds = int(time.time())
    proof = hmac.new(SECRET.encode(), f"{seconds}.".encode() + signed, hashlib.sha256).hexdigest()
    return {"content-type": "application/json; charset=utf-8", "stripe-signature": f"t={seconds},v1={proof}"}
