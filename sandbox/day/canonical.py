"""How the upstream systems tell their sales: canonical events as CloudEvents 1.0, on Kafka or over HTTP."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sandbox.day.chance import Chance
from sandbox.day.erp_sales import ErpSale
from sandbox.day.facts import Line, Order, Payment, Refund, Tax
from sandbox.day.money import major
from sandbox.day.shops import CONNECTION_OF
from sandbox.day.tellings import Expect, Telling

Object = dict[str, Any]
Mode = Literal["structured", "binary", "batch"]

MODES: Final[tuple[Mode, ...]] = ("structured", "binary", "batch")


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _taxes(taxes: tuple[Tax, ...]) -> list[Object]:
    return [{"code": tax.code, "rate": tax.rate, "amount": tax.amount, "remitted_by": "seller"} for tax in taxes]


def _order_line(line: Line, currency: str) -> Object:
    return {
        "id": line.id,
        "kind": "goods",
        "sku": line.sku,
        "description": line.description,
        "quantity": str(line.quantity),
        "unit_price": major(line.unit, currency),
        "total": line.total,
        "taxes": _taxes(line.taxes),
    }


def order_data(order: Order) -> Object:
    """The data of `order.completed`."""
    buyer = order.buyer
    return {
        "order": {
            "id": order.key,
            "number": order.number,
            "completed_at": _time(order.completed_at),
            "due_at": None,
            "currency": order.currency,
            "customer": {
                "id": buyer.id,
                "name": buyer.name,
                "email": buyer.email,
                "phone": None,
                "billing_address": None,
            },
            "shipping_address": None,
            "lines": [_order_line(line, order.currency) for line in order.lines],
            "shipping": {"total": order.shipping, "taxes": _taxes(order.shipping_taxes)},
            "tip": order.tip,
            "discount": order.discount,
            "rounding": order.rounding,
            "total": order.total,
            "prices_include_tax": order.prices_include_tax,
            "memo": None,
            "tags": {},
            "attachments": [],
        }
    }


def payment_data(payment: Payment) -> Object:
    """The data of `payment.received`."""
    return {
        "payment": {
            "id": payment.key,
            "received_at": _time(payment.received_at),
            "currency": payment.currency,
            "amount": payment.amount,
            "gateway": payment.gateway,
            "method": None,
            "reference": payment.key,
            "customer": None,
            "applies_to": [{"order_id": one.order, "amount": one.amount} for one in payment.shares],
            "fee": None,
            "settlement": None,
        }
    }


def refund_data(refund: Refund) -> Object:
    """The data of `refund.issued`."""
    lines = None
    if refund.lines is not None:
        lines = [
            {
                "order_line_id": line.id,
                "sku": line.sku,
                "description": line.description,
                "quantity": str(line.quantity),
                "total": line.total,
                "taxes": _taxes(line.taxes),
            }
            for line in refund.lines
        ]
    return {
        "refund": {
            "id": refund.key,
            "issued_at": _time(refund.issued_at),
            "currency": refund.currency,
            "amount": refund.amount,
            "reason": refund.reason,
            "order_id": refund.order,
            "customer": None,
            "lines": lines,
            "shipping": {"total": refund.shipping, "taxes": _taxes(refund.shipping_taxes)},
            "tip": refund.tip,
            "adjustment": refund.adjustment,
            "money": [
                {"payment_id": back.payment, "gateway": back.gateway, "method": None, "amount": back.amount}
                for back in refund.money
            ],
        }
    }


def _event(source: str, fact: str, kind: str, subject: str, *, at: datetime, data: Object) -> Object:
    return {
        "specversion": "1.0",
        "id": fact,
        "source": source,
        "type": kind,
        "connection": CONNECTION_OF[source].alias,
        "subject": subject,
        "time": _time(at),
        "datacontenttype": "application/json",
        "data": data,
    }


def _events(sale: ErpSale) -> Iterator[tuple[datetime, Object, Expect]]:
    waiting: Expect = "held" if sale.shape.lamp else "accepted"
    for order in sale.orders:
        at, fact = order.completed_at, f"order:{order.key}"
        event = _event(order.source, fact, "order.completed", order.key, at=at, data=order_data(order))
        yield at, event, "parked" if sale.shape.lamp else "accepted"
    for payment in sale.payments:
        at, fact, subject = payment.received_at, f"payment:{payment.key}", payment.shares[0].order
        yield at, _event(payment.source, fact, "payment.received", subject, at=at, data=payment_data(payment)), waiting
    for refund in sale.refunds:
        at, fact = refund.issued_at, f"refund:{refund.key}"
        yield at, _event(refund.source, fact, "refund.issued", refund.order, at=at, data=refund_data(refund)), waiting


def _pays_back(event: Object) -> tuple[str, ...]:
    return tuple(back["payment_id"] for back in event["data"].get("refund", {}).get("money", ()))


def tell_on_kafka(sale: ErpSale) -> list[Telling]:
    """One structured record an event."""
    return [_structured(event, at, "kafka", sale.shape.name, expect) for at, event, expect in _events(sale)]


def tell_over_http(chance: Chance, sale: ErpSale, mode: Mode) -> list[Telling]:
    """One request an event, or, as a batch, one for the whole sale, sent when all of it is known."""
    events = list(_events(sale))
    if mode == "batch":
        return [_batch(chance.several(events, len(events)), sale.shape.name)]
    if mode == "binary":
        return [_binary(event, at, sale.shape.name, expect) for at, event, expect in events]
    return [_structured(event, at, "cloudevents", sale.shape.name, expect) for at, event, expect in events]


def _structured(
    event: Object, at: datetime, kind: Literal["kafka", "cloudevents"], name: str, expect: Expect
) -> Telling:
    return Telling(
        at=at,
        source=event["source"],
        kind=kind,
        body=json.dumps(event, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/cloudevents+json"},
        note=f"{event['type']}: {name}",
        expect=expect,
        facts=(event["id"],),
        pays_back=_pays_back(event),
    )


def _binary(event: Object, at: datetime, name: str, expect: Expect) -> Telling:
    attributes = ("specversion", "id", "source", "type", "connection", "subject", "time")
    return Telling(
        at=at,
        source=event["source"],
        kind="cloudevents",
        body=json.dumps(event["data"], ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json"} | {f"ce-{one}": event[one] for one in attributes},
        note=f"{event['type']}, binary: {name}",
        expect=expect,
        facts=(event["id"],),
        pays_back=_pays_back(event),
    )


def _batch(events: list[tuple[datetime, Object, Expect]], name: str) -> Telling:
    expects = {expect for _, _, expect in events}
    return Telling(
        at=max(at for at, _, _ in events),
        source=events[0][1]["source"],
        kind="cloudevents",
        body=json.dumps([event for _, event, _ in events], ensure_ascii=False).encode(),
        headers={"Content-Type": "application/cloudevents-batch+json"},
        note=f"batch of {len(events)}: {name}",
        expect="parked" if "parked" in expects else "accepted",
        facts=tuple(event["id"] for _, event, _ in events),
    )
