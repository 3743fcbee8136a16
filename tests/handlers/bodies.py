"""Bodies as the senders write them, small and complete; tests change one thing at a time."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handlers.registry import explain_translate
from schemas.deliveries import Delivery, Told, Translation
from schemas.events import Event
from schemas.facts import Order, Payment, Refund
from schemas.sources import Kind, Source

Body = dict[str, Any]

NOW = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
CREATED = 1_760_000_000
"""`NOW` in Unix seconds."""


def source(kind: Kind, **changes: Any) -> Source:
    """A source of that kind for the connection `acme`, its namespace `acme-web`."""
    told: dict[str, Any] = {"name": "acme-web", "kind": kind, "connection": "acme", "namespace": "acme-web"}
    return Source(**(told | changes))


def delivery(body: bytes, headers: Mapping[str, str] | None = None) -> Delivery:
    """A delivery of those bytes."""
    return Delivery(id="d-1", source="acme-web", received_at=NOW, headers=headers or {}, body=body)


def translated(kind: Kind, value: Any, headers: Mapping[str, str] | None = None, **changes: Any) -> Translation:
    """What a body tells when its sender is proved."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return explain_translate(delivery(body, headers), source(kind, **changes))


def events(told: Translation) -> tuple[Event, ...]:
    """The events told; fails the test when nothing is."""
    assert isinstance(told, Told), told
    return told.events


def the_order(told: Translation) -> Order:
    """The one order told."""
    (found,) = [event.data.order for event in events(told) if event.type == "order.completed"]
    return found


def the_payment(told: Translation) -> Payment:
    """The one payment told."""
    (found,) = [event.data.payment for event in events(told) if event.type == "payment.received"]
    return found


def the_refund(told: Translation) -> Refund:
    """The one refund told."""
    (found,) = [event.data.refund for event in events(told) if event.type == "refund.issued"]
    return found


def applied(payment: Payment) -> list[tuple[str, int]] | None:
    """Which orders the payment pays, with how much."""
    return None if payment.applies_to is None else [(part.order_id, part.amount) for part in payment.applies_to]


def order_sum(order: Order) -> int:
    """What the order's parts come to: it ties when this is its total."""
    lines = sum(line.total + sum(tax.amount for tax in line.taxes) for line in order.lines)
    shipping = order.shipping.total + sum(tax.amount for tax in order.shipping.taxes)
    return lines + shipping + order.tip + order.rounding - order.discount


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


def payment_event(**changes: Any) -> Body:
    """A canonical payment as an upstream system publishes it."""
    told: Body = {
        "specversion": "1.0",
        "id": "payment:ch_1",
        "source": "acme-web",
        "type": "payment.received",
        "connection": "acme",
        "subject": "1001",
        "time": "2025-10-09T08:53:20Z",
        "datacontenttype": "application/json",
        "data": {
            "payment": {
                "id": "ch_1",
                "received_at": "2025-10-09T08:53:20Z",
                "currency": "USD",
                "amount": 3058,
                "gateway": "stripe",
                "method": "card",
                "reference": None,
                "applies_to": [{"order_id": "1001", "amount": 3058}],
            }
        },
    }
    return told | changes
