"""The objects inside Stripe's events, in the shape of the API version that the sale was made under.

Stripe: amounts are integers in its own minor units, which for the day's currencies are ISO's; codes are
lower case; times are Unix seconds. 2025-03-31.basil took `invoice` off charges and payment intents, and
`charge` and `payment_intent` off invoices.
"""

from datetime import datetime
from typing import Any

from sandbox.day.facts import Line, Order, Refund, Tax
from sandbox.day.stripe_sales import BASIL, StripeSale

Object = dict[str, Any]


def seconds(at: datetime) -> int:
    """A time as Stripe writes it."""
    return int(at.timestamp())


def intent(one: StripeSale, place: int) -> Object:
    """The payment intent of the sale's payment `place`."""
    payment = one.sale.payments[place]
    made: Object = {
        "id": payment.key,
        "object": "payment_intent",
        "amount": payment.amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": payment.amount,
        "canceled_at": None,
        "capture_method": "automatic",
        "confirmation_method": "automatic",
        "created": seconds(payment.received_at) - 3,
        "currency": payment.currency.lower(),
        "customer": one.sale.order.buyer.id,
        "description": None,
        "last_payment_error": None,
        "latest_charge": one.charges[place],
        "livemode": True,
        "metadata": {},
        "payment_method_types": ["card"],
        "receipt_email": one.sale.order.buyer.email,
        "shipping": None,
        "status": "succeeded",
    }
    return made if one.shape.version == BASIL else {**made, "invoice": one.invoice}


def charge(one: StripeSale, place: int, *, refunded: int = 0) -> Object:
    """The charge of the sale's payment `place`; `refunded` is the running total."""
    payment = one.sale.payments[place]
    buyer = one.sale.order.buyer
    made: Object = {
        "id": one.charges[place],
        "object": "charge",
        "amount": payment.amount,
        "amount_captured": payment.amount,
        "amount_refunded": refunded,
        "balance_transaction": "txn_3" + one.charges[place][4:],
        "billing_details": {"address": None, "email": buyer.email, "name": buyer.name, "phone": None},
        "captured": True,
        "created": seconds(payment.received_at),
        "currency": payment.currency.lower(),
        "customer": buyer.id,
        "description": None,
        "disputed": False,
        "failure_code": None,
        "livemode": True,
        "metadata": {},
        "paid": True,
        "payment_intent": payment.key,
        "payment_method_details": {"card": {"brand": "visa", "last4": "4242"}, "type": "card"},
        "receipt_email": buyer.email,
        "refunded": refunded == payment.amount,
        "status": "succeeded",
    }
    return made if one.shape.version == BASIL else {**made, "invoice": one.invoice}


def session(one: StripeSale, *, is_paid: bool = True) -> Object:
    """The Checkout session. One that has an invoice is of mode `subscription` and names no intent."""
    order = one.sale.order
    on_shipping = sum(tax.amount for tax in order.shipping_taxes)
    billed = one.invoice is not None
    return {
        "id": one.session,
        "object": "checkout.session",
        "amount_subtotal": sum(line.unit * line.quantity for line in order.lines),
        "amount_total": order.total,
        "automatic_tax": {"enabled": order.tax > 0, "status": "complete" if order.tax else None},
        "client_reference_id": one.reference,
        "created": seconds(order.completed_at) - 95,
        "currency": order.currency.lower(),
        "customer": order.buyer.id,
        "customer_details": {
            "email": order.buyer.email,
            "name": order.buyer.name,
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
        "invoice": one.invoice,
        "livemode": True,
        "metadata": {},
        "mode": "subscription" if billed else "payment",
        "payment_intent": None if billed else one.sale.payments[0].key,
        "payment_method_types": ["card", "klarna"],
        "payment_status": "paid" if is_paid else "unpaid",
        "shipping_cost": {
            "amount_subtotal": order.shipping,
            "amount_tax": on_shipping,
            "amount_total": order.shipping + on_shipping,
        }
        if order.shipping
        else None,
        "status": "complete",
        "subscription": "sub_1" + one.sale.payments[0].key[4:] if billed else None,
        "total_details": {
            "amount_discount": sum(line.discount for line in order.lines),
            "amount_shipping": order.shipping,
            "amount_tax": order.tax,
        },
    }


def invoice(one: StripeSale) -> Object:
    """The billing invoice, paid. Line amounts are before discount; taxes come on top."""
    order = one.sale.order
    off = sum(line.discount for line in order.lines)
    subtotal = sum(line.unit * line.quantity for line in order.lines)
    made: Object = {
        "id": one.invoice,
        "object": "invoice",
        "amount_due": order.total,
        "amount_paid": order.total,
        "amount_remaining": 0,
        "billing_reason": "subscription_create" if one.session else "manual",
        "collection_method": "charge_automatically",
        "created": seconds(order.completed_at) - 60,
        "currency": order.currency.lower(),
        "customer": order.buyer.id,
        "customer_email": order.buyer.email,
        "customer_name": order.buyer.name,
        "customer_phone": None,
        "due_date": None,
        "lines": {
            "object": "list",
            "data": [_invoice_line(one, line) for line in order.lines],
            "has_more": False,
            "total_count": len(order.lines),
        },
        "livemode": True,
        "metadata": {},
        "number": order.number,
        "post_payment_credit_notes_amount": 0,
        "shipping_cost": None,
        "starting_balance": 0,
        "status": "paid",
        "status_transitions": {
            "finalized_at": seconds(order.completed_at) - 30,
            "marked_uncollectible_at": None,
            "paid_at": seconds(order.completed_at),
            "voided_at": None,
        },
        "subtotal": subtotal,
        "total": order.total,
        "total_discount_amounts": [{"amount": off, "discount": "di_1FIFTEEN"}] if off else [],
    }
    return made | (_basil_side(order) if one.shape.version == BASIL else _older_side(one, order))


def _older_side(one: StripeSale, order: Order) -> Object:
    return {
        "charge": one.charges[0],
        "paid": True,
        "paid_out_of_band": False,
        "payment_intent": one.sale.payments[0].key,
        "subscription": "sub_1" + one.sale.payments[0].key[4:] if one.session else None,
        "tax": order.tax or None,
        "total_tax_amounts": [
            {"amount": tax.amount, "inclusive": False, "tax_rate": _rate_id(tax)}
            for line in order.lines
            for tax in line.taxes
        ],
    }


def _basil_side(order: Order) -> Object:
    return {
        "parent": None,
        "total_taxes": [
            {
                "amount": tax.amount,
                "tax_behavior": "exclusive",
                "tax_rate_details": {"tax_rate": _rate_id(tax)},
                "type": "tax_rate_details",
            }
            for line in order.lines
            for tax in line.taxes
        ],
    }


def _invoice_line(one: StripeSale, line: Line) -> Object:
    made: Object = {
        "id": line.id,
        "object": "line_item",
        "amount": line.unit * line.quantity,
        "currency": one.sale.order.currency.lower(),
        "description": line.description,
        "discount_amounts": [{"amount": line.discount, "discount": "di_1FIFTEEN"}] if line.discount else [],
        "discountable": True,
        "livemode": True,
        "metadata": {"sku": line.sku},
        "quantity": line.quantity,
    }
    if one.shape.version == BASIL:
        return made | {
            "pricing": {"type": "price_details", "unit_amount_decimal": str(line.unit)},
            "taxes": [
                {
                    "amount": tax.amount,
                    "tax_behavior": "exclusive",
                    "tax_rate_details": {"tax_rate": _rate_id(tax)},
                    "type": "tax_rate_details",
                }
                for tax in line.taxes
            ],
        }
    return made | {
        "price": {"id": "price_1", "unit_amount": line.unit, "unit_amount_decimal": str(line.unit)},
        "tax_amounts": [{"amount": tax.amount, "inclusive": False, "tax_rate": _rate_id(tax)} for tax in line.taxes],
    }


def invoice_payment(one: StripeSale, place: int, key: str) -> Object:
    """Basil: one payment on an invoice, the only telling that shows a part of an invoice being paid."""
    payment = one.sale.payments[place]
    return {
        "id": key,
        "object": "invoice_payment",
        "amount_paid": payment.amount,
        "amount_requested": payment.amount,
        "created": seconds(payment.received_at),
        "currency": payment.currency.lower(),
        "invoice": one.invoice,
        "is_default": place == 0,
        "livemode": True,
        "payment": {"type": "payment_intent", "payment_intent": payment.key},
        "status": "paid",
        "status_transitions": {"canceled_at": None, "paid_at": seconds(payment.received_at)},
    }


def refund(one: StripeSale, made: Refund, *, status: str = "succeeded") -> Object:
    """One movement of money back, through the sale's first payment."""
    return {
        "id": made.key,
        "object": "refund",
        "amount": made.amount,
        "balance_transaction": "txn_3" + made.key[4:],
        "charge": one.charges[0],
        "created": seconds(made.issued_at),
        "currency": made.currency.lower(),
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": {},
        "payment_intent": one.sale.payments[0].key,
        "reason": made.reason,
        "receipt_number": None,
        "status": status,
    }


def _rate_id(tax: Tax) -> str:
    return f"txr_{tax.code.replace(' ', '')}"
