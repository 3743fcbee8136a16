"""How Shopify tells its sales: the topic is in a header, money is a decimal string, a few things are JSON numbers."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sandbox.day.chance import Chance
from sandbox.day.facts import Payment, Refund
from sandbox.day.shopify_objects import bare_refund_object, order_object, refund_object, transaction
from sandbox.day.shopify_sales import ShopSale
from sandbox.day.tellings import Expect, Telling

NUMBER: Final = re.compile(rb'"=(-?[0-9.]+)"')
"""Strings that begin with "=" stand for JSON numbers: written so, no amount passes through a binary float."""


def body(thing: dict[str, Any]) -> bytes:
    """The request body, as Shopify would write it."""
    return NUMBER.sub(rb"\1", json.dumps(thing, ensure_ascii=False, separators=(",", ":")).encode())


def telling(
    chance: Chance,
    source: str,
    at: datetime,
    topic: str,
    thing: dict[str, Any],
    *,
    note: str,
    expect: Expect,
    facts: tuple[str, ...] = (),
) -> Telling:
    """One delivery of that topic."""
    return Telling(
        at=at,
        source=source,
        kind="shopify",
        body=body(thing),
        headers={
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": f"{source}.myshopify.com",
            "X-Shopify-API-Version": "2025-04",
            "X-Shopify-Webhook-Id": chance.uuid(),
            "X-Shopify-Event-Id": chance.uuid(),
            "X-Shopify-Triggered-At": at.isoformat(),
        },
        note=f"{topic}: {note}",
        expect=expect,
        facts=facts,
    )


def tell(chance: Chance, one: ShopSale) -> list[Telling]:
    """Everything that the shop says about one sale."""
    return [*_order(chance, one), *_money(chance, one), *_refunds(chance, one)]


def _order(chance: Chance, one: ShopSale) -> Iterator[Telling]:
    order, note = one.sale.order, one.shape.name
    at, fact, thing = order.completed_at, f"order:{order.key}", order_object(chance, one)
    if one.shape.twice_told:
        yield telling(chance, order.source, at, "orders/create", thing, note=note, expect="accepted", facts=(fact,))
        yield telling(
            chance,
            order.source,
            at + timedelta(seconds=2),
            "orders/paid",
            thing,
            note=note,
            expect="retold",
            facts=(fact,),
        )
        return
    expect: Expect = "parked" if one.shape.lamp else "accepted"
    yield telling(chance, order.source, at, "orders/paid", thing, note=note, expect=expect, facts=(fact,))


def _money(chance: Chance, one: ShopSale) -> Iterator[Telling]:
    for payment in one.sale.payments:
        yield from _payment(chance, one, payment)


def _payment(chance: Chance, one: ShopSale, payment: Payment) -> Iterator[Telling]:
    topic, note, source = "order_transactions/create", one.shape.name, payment.source
    order, at = one.sale.order, payment.received_at
    kind, parent = "sale", None
    if one.shape.authorised:
        kind, parent = "capture", chance.wide_id()
        before = transaction(order, parent, "authorization", payment.gateway, payment.amount, at=at, parent=None)
        yield telling(chance, source, at - timedelta(minutes=2), topic, before, note=note, expect="ignored")
    thing = transaction(order, payment.key, kind, payment.gateway, payment.amount, at=at, parent=parent)
    expect: Expect = "held" if one.shape.lamp else "accepted"
    yield telling(chance, source, at, topic, thing, note=note, expect=expect, facts=(f"payment:{payment.key}",))


def _refunds(chance: Chance, one: ShopSale) -> Iterator[Telling]:
    for refund in one.sale.refunds:
        backs = tuple(back.payment for back in refund.money)
        for made in _refund(chance, one, refund):
            yield replace(made, pays_back=backs if made.facts else ())
    if one.goods_back:
        order = one.sale.order
        at = order.completed_at + timedelta(hours=2)
        thing = bare_refund_object(chance, order, one.goods_back, at)
        yield telling(chance, order.source, at, "refunds/create", thing, note=one.shape.name, expect="ignored")


def _refund(chance: Chance, one: ShopSale, refund: Refund) -> Iterator[Telling]:
    order = one.sale.order
    transactions = [
        transaction(
            order, chance.wide_id(), "refund", back.gateway, back.amount, at=refund.issued_at, parent=back.payment
        )
        for back in refund.money
    ]
    lines = one.sale.order.lines if refund.lines is None else refund.lines
    thing = refund_object(chance, refund, order, lines, transactions)
    expect: Expect = "held" if one.shape.lamp else "accepted"
    yield telling(
        chance,
        refund.source,
        refund.issued_at,
        "refunds/create",
        thing,
        note=one.shape.name,
        expect=expect,
        facts=(f"refund:{refund.key}",),
    )
    for moved in transactions:
        at = refund.issued_at + timedelta(seconds=1)
        yield telling(
            chance, refund.source, at, "order_transactions/create", moved, note=one.shape.name, expect="ignored"
        )
