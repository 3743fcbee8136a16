"""How the month's own system tells what happens: canonical events, CloudEvents 1.0, one a request."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.day.money import EXPONENTS
from sandbox.day.tellings import Telling
from sandbox.month.facts import (
    Amendment,
    Cancellation,
    Chargeback,
    Fact,
    FailedRefund,
    Line,
    Order,
    Payment,
    Refund,
    Tax,
    name_of,
    source_of,
)
from sandbox.month.merchant import Merchant

Object = dict[str, Any]
FILES_AT: Final = "http://files.invalid"
"""Where files are until the run says where it serves them."""


def tell(fact: Fact, merchant: Merchant, files_at: str) -> Telling:
    """One request."""
    kind, at, subject, data = _said(fact, files_at)
    event = {
        "specversion": "1.0",
        "id": name_of(fact),
        "source": source_of(fact),
        "type": kind,
        "connection": merchant.alias,
        "subject": subject,
        "time": _time(at),
        "datacontenttype": "application/json",
        "data": data,
    }
    return Telling(
        at=at,
        source=source_of(fact),
        kind="cloudevents",
        body=json.dumps(event, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/cloudevents+json"},
        note=name_of(fact),
        facts=(name_of(fact),),
    )


def _said(fact: Fact, files_at: str) -> tuple[str, datetime, str, Object]:
    match fact:
        case Order():
            return "order.completed", fact.at, fact.key, {"order": _order(fact, files_at)}
        case Payment():
            return "payment.received", fact.at, fact.key, {"payment": _payment(fact)}
        case Refund():
            return "refund.issued", fact.at, fact.order, {"refund": _refund(fact)}
        case Amendment():
            return "order.amended", fact.at, fact.order.key, {"amendment": _amendment(fact, files_at)}
        case Cancellation():
            told: Object = {"order_id": fact.order, "cancelled_at": _time(fact.at), "reason": "customer"}
            return "order.cancelled", fact.at, fact.order, {"cancellation": told}
        case Chargeback():
            money = {"payment_id": fact.payment, "kind": fact.kind, "reason": None, "fee": None}
            return "payment.reversed", fact.at, fact.payment, {"reversal": _reversal(fact) | money}
        case FailedRefund():
            money = {"refund_id": fact.refund, "reason": None}
            return "refund.reversed", fact.at, fact.refund, {"reversal": _reversal(fact) | money}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _major(minor: int, currency: str) -> str:
    digits = EXPONENTS.get(currency, 2)
    text = f"{abs(minor):0{digits + 1}d}"
    return ("-" if minor < 0 else "") + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def _taxes(taxes: tuple[Tax, ...]) -> list[Object]:
    return [{"code": tax.code, "rate": tax.rate, "amount": tax.amount, "remitted_by": tax.by} for tax in taxes]


def _line(line: Line, currency: str) -> Object:
    return {
        "id": line.id,
        "kind": line.kind,
        "sku": line.sku,
        "description": line.text,
        "quantity": str(line.quantity),
        "unit_price": None if line.unit is None else _major(line.unit, currency),
        "total": line.total,
        "taxes": _taxes(line.taxes),
    }


def _order(order: Order, files_at: str) -> Object:
    buyer = order.buyer
    return {
        "id": order.key,
        "number": order.number,
        "completed_at": _time(order.at),
        "currency": order.currency,
        "customer": {"id": buyer.id, "name": buyer.name, "email": buyer.email},
        "lines": [_line(line, order.currency) for line in order.lines],
        "shipping": {"total": order.shipping, "taxes": _taxes(order.shipping_taxes)},
        "tip": order.tip,
        "discount": order.discount,
        "rounding": order.rounding,
        "total": order.total,
        "prices_include_tax": order.included,
        "tags": dict(order.tags),
        "attachments": [
            {"file_name": file.name, "url": f"{files_at}/{order.key}/{file.content}"} for file in order.files
        ],
    }


def _payment(payment: Payment) -> Object:
    buyer = payment.buyer
    settled = payment.settled
    shares = payment.shares
    return {
        "id": payment.key,
        "received_at": _time(payment.at),
        "currency": payment.currency,
        "amount": payment.amount,
        "gateway": payment.gateway,
        "method": payment.method,
        "reference": payment.key,
        "customer": None if buyer is None else {"id": buyer.id, "name": buyer.name, "email": buyer.email},
        "applies_to": None if shares is None else [{"order_id": order, "amount": amount} for order, amount in shares],
        "fee": {"currency": payment.currency, "amount": payment.fee} if payment.fee else None,
        "settlement": {"currency": settled[0], "amount": settled[1], "rate": settled[2]} if settled else None,
    }


def _refund(refund: Refund) -> Object:
    lines = None
    if refund.lines is not None:
        lines = [
            {
                "order_line_id": line.id,
                "sku": line.sku,
                "description": line.text,
                "quantity": str(line.quantity),
                "total": line.total,
                "taxes": _taxes(line.taxes),
            }
            for line in refund.lines
        ]
    return {
        "id": refund.key,
        "issued_at": _time(refund.at),
        "currency": refund.currency,
        "amount": refund.amount,
        "reason": "returned",
        "order_id": refund.order,
        "lines": lines,
        "shipping": {"total": refund.shipping, "taxes": _taxes(refund.shipping_taxes)},
        "tip": refund.tip,
        "adjustment": refund.adjustment,
        "money": [
            {"payment_id": back.payment, "gateway": back.gateway, "method": None, "amount": back.amount}
            for back in refund.money
        ],
    }


def _amendment(amendment: Amendment, files_at: str) -> Object:
    return {
        "order": _order(amendment.order, files_at),
        "revision": amendment.revision,
        "amended_at": _time(amendment.at),
        "reason": "changed",
    }


def _reversal(fact: Chargeback | FailedRefund) -> Object:
    return {"id": fact.key, "reversed_at": _time(fact.at), "currency": fact.currency, "amount": fact.amount}
