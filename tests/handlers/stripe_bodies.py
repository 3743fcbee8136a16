"""Stripe's bodies, small and complete."""

from typing import Any

from tests.handlers.bodies import CREATED, Body


def stripe_event(kind: str, thing: Body, **top: Any) -> Body:
    """A snapshot event."""
    event = {
        "id": "evt_1",
        "object": "event",
        "api_version": "2024-06-20",
        "created": CREATED,
        "type": kind,
        "livemode": False,
        "data": {"object": thing},
    }
    return event | top


def session(**changes: Any) -> Body:
    """A paid Checkout session over 30.58 USD: 25.00 less 1.32, 1.90 tax, 5.00 shipping."""
    told: Body = {
        "id": "cs_1",
        "object": "checkout.session",
        "amount_subtotal": 2500,
        "amount_total": 3058,
        "currency": "usd",
        "customer": "cus_1",
        "customer_details": {"email": "ada@example.com", "name": "Ada Byron", "phone": None, "address": None},
        "invoice": None,
        "metadata": {},
        "mode": "payment",
        "payment_intent": "pi_1",
        "payment_method_types": ["card"],
        "payment_status": "paid",
        "total_details": {"amount_discount": 132, "amount_shipping": 500, "amount_tax": 190},
    }
    return told | changes


def invoice_line(**changes: Any) -> Body:
    """Two shirts of 12.34 USD, 8 % tax on top."""
    told: Body = {
        "id": "il_1",
        "object": "line_item",
        "amount": 2468,
        "currency": "usd",
        "description": "A shirt",
        "discount_amounts": [],
        "metadata": {},
        "price": {"id": "price_1", "product": "prod_1", "unit_amount_decimal": "1234"},
        "quantity": 2,
        "tax_amounts": [{"amount": 197, "inclusive": False, "tax_rate": "txr_1"}],
    }
    return told | changes


def invoice(*lines: Body, **changes: Any) -> Body:
    """A paid invoice over 26.65 USD, as older API versions write it."""
    told: Body = {
        "id": "in_1",
        "object": "invoice",
        "amount_paid": 2665,
        "charge": "ch_1",
        "currency": "usd",
        "customer": "cus_1",
        "customer_email": "ada@example.com",
        "customer_name": "Ada Byron",
        "due_date": None,
        "lines": {"object": "list", "data": list(lines) or [invoice_line()], "has_more": False},
        "number": "ACME-0001",
        "paid_out_of_band": False,
        "payment_intent": "pi_1",
        "status": "paid",
        "status_transitions": {"paid_at": CREATED - 5},
        "total": 2665,
    }
    return told | changes


def intent(**changes: Any) -> Body:
    """A payment intent of 30.58 USD that succeeded."""
    told: Body = {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 3058,
        "amount_received": 3058,
        "currency": "usd",
        "customer": "cus_1",
        "invoice": None,
        "latest_charge": "ch_1",
        "metadata": {},
        "payment_method_types": ["card"],
        "receipt_email": "ada@example.com",
    }
    return told | changes


def charge(**changes: Any) -> Body:
    """The charge of `intent`."""
    told: Body = {
        "id": "ch_1",
        "object": "charge",
        "amount": 3058,
        "amount_captured": 3058,
        "amount_refunded": 0,
        "billing_details": {"email": "ada@example.com", "name": "Ada Byron"},
        "captured": True,
        "currency": "usd",
        "customer": "cus_1",
        "invoice": None,
        "metadata": {},
        "payment_intent": "pi_1",
        "payment_method_details": {"type": "card"},
        "receipt_email": None,
    }
    return told | changes


def invoice_payment(**changes: Any) -> Body:
    """One payment of 10.00 USD on the invoice `in_1`."""
    told: Body = {
        "id": "inpay_1",
        "object": "invoice_payment",
        "amount_paid": 1000,
        "currency": "usd",
        "invoice": "in_1",
        "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
        "status": "paid",
        "status_transitions": {"paid_at": CREATED - 7},
    }
    return told | changes


def stripe_refund(**changes: Any) -> Body:
    """12.79 USD back on `pi_1`."""
    told: Body = {
        "id": "re_1",
        "object": "refund",
        "amount": 1279,
        "charge": "ch_1",
        "created": CREATED - 3,
        "currency": "usd",
        "destination_details": {"type": "card"},
        "metadata": {},
        "payment_intent": "pi_1",
        "reason": "requested_by_customer",
        "status": "succeeded",
    }
    return told | changes


def moved(amount: int, fee: int, currency: str = "usd") -> Body:
    """A balance transaction of a dispute."""
    return {"object": "balance_transaction", "amount": amount, "fee": fee, "currency": currency}


def dispute(*transactions: Body, **changes: Any) -> Body:
    """A dispute of 30.58 USD on `pi_1`."""
    told: Body = {
        "id": "dp_1",
        "object": "dispute",
        "amount": 3058,
        "balance_transactions": list(transactions),
        "charge": "ch_1",
        "currency": "usd",
        "metadata": {},
        "payment_intent": "pi_1",
        "reason": "fraudulent",
        "status": "needs_response",
    }
    return told | changes
