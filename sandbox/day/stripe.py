"""How Stripe tells its sales: several webhooks for one fact, and some for no fact at all."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sandbox.day.chance import Chance
from sandbox.day.facts import Refund
from sandbox.day.stripe_objects import charge, intent, invoice, invoice_payment, refund, seconds, session
from sandbox.day.stripe_sales import BASIL, SOURCE, StripeSale
from sandbox.day.tellings import Expect, Telling


def tell(chance: Chance, one: StripeSale) -> list[Telling]:
    """Everything that Stripe says about one sale."""
    teller = _Teller(chance, one)
    return [*teller.order(), *teller.money(), *teller.refunds()]


def small_talk(chance: Chance, now: datetime) -> list[Telling]:
    """Authentic events that are no fact of ours."""
    at = chance.moment(now, 5)
    key = chance.token("cus_", 14)
    return [
        _telling(
            chance, at, "2024-06-20", "customer.created", {"id": key, "object": "customer"}, note="customer.created"
        ),
        _telling(
            chance,
            at + timedelta(minutes=2),
            BASIL,
            "payment_intent.created",
            {"id": chance.token("pi_3"), "object": "payment_intent", "amount": 900, "currency": "usd"},
            note="payment_intent.created",
        ),
        _telling(
            chance,
            at + timedelta(minutes=3),
            BASIL,
            "charge.succeeded",
            _authorised(chance),
            note="charge.succeeded: authorised and never captured",
        ),
    ]


def _authorised(chance: Chance) -> dict[str, Any]:
    return {
        "id": chance.token("ch_3"),
        "object": "charge",
        "amount": 5_000,
        "amount_captured": 0,
        "captured": False,
        "currency": "usd",
        "payment_intent": chance.token("pi_3"),
        "status": "succeeded",
    }


def _telling(
    chance: Chance,
    at: datetime,
    version: str,
    name: str,
    thing: dict[str, Any],
    *,
    note: str,
    expect: Expect = "ignored",
    facts: tuple[str, ...] = (),
    before: dict[str, Any] | None = None,
) -> Telling:
    data: dict[str, Any] = {"object": thing}
    if before is not None:
        data["previous_attributes"] = before
    event = {
        "id": chance.token("evt_1"),
        "object": "event",
        "api_version": version,
        "created": seconds(at),
        "data": data,
        "livemode": True,
        "pending_webhooks": 1,
        "request": {"id": chance.token("req_", 14), "idempotency_key": chance.uuid()},
        "type": name,
    }
    return Telling(
        at=at,
        source=SOURCE,
        kind="stripe",
        body=json.dumps(event, indent=2).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
        note=note,
        expect=expect,
        facts=facts,
    )


class _Teller:
    """Tells one sale. The first telling of a fact is `accepted`, later ones are `retold`."""

    def __init__(self, chance: Chance, one: StripeSale) -> None:
        self._chance = chance
        self._one = one
        self._order_fact = f"order:{one.sale.order.key}"

    def _say(
        self,
        at: datetime,
        name: str,
        thing: dict[str, Any],
        expect: Expect,
        *facts: str,
        before: dict[str, Any] | None = None,
    ) -> Telling:
        note = f"{name}: {self._one.shape.name}"
        version = self._one.shape.version
        return _telling(self._chance, at, version, name, thing, note=note, expect=expect, facts=facts, before=before)

    def order(self) -> Iterator[Telling]:
        """The sale, by its session or by its invoice, to which the session yields.

        Both tell the payment too, but for invoices since basil.
        """
        one, at = self._one, self._one.sale.order.completed_at
        facts = (f"order:{one.sale.order.key}", f"payment:{one.sale.payments[0].key}")
        if one.invoice is None:
            name = "checkout.session.completed"
            if one.shape.name == "session, paid later":
                early = at - timedelta(minutes=4)
                yield self._say(early, name, session(one, is_paid=False), "ignored")
                name = "checkout.session.async_payment_succeeded"
            yield self._say(at, name, session(one), "accepted", *facts)
            return
        if one.session is not None:
            yield self._say(at, "checkout.session.completed", session(one), "ignored")
        told = facts[:1] if one.shape.version == BASIL else facts
        yield self._say(at, "invoice.paid", invoice(one), "accepted", *told)
        yield self._say(at, "invoice.payment_succeeded", invoice(one), "ignored")

    def money(self) -> Iterator[Telling]:
        """Each payment, by its charge and its intent; on a basil invoice also by the invoice payment."""
        one = self._one
        for place, payment in enumerate(one.sale.payments):
            at, fact = payment.received_at, f"payment:{payment.key}"
            yield self._say(at, "charge.succeeded", charge(one, place), "accepted", fact)
            soon = at + timedelta(seconds=1)
            yield self._say(soon, "payment_intent.succeeded", intent(one, place), "retold", fact)
            if one.invoice is not None and one.shape.version == BASIL:
                later, thing = at + timedelta(seconds=2), invoice_payment(one, place, self._chance.token("inpay_1"))
                yield self._say(later, "invoice_payment.paid", thing, "retold", fact)

    def refunds(self) -> Iterator[Telling]:
        """Each refund: announced, updated, and as a running total on the charge, which names no refund."""
        running = 0
        for made in self._one.sale.refunds:
            for telling in self._refund(made, running):
                yield replace(telling, pays_back=(made.money[0].payment,) if telling.facts else ())
            running += made.amount

    def _refund(self, made: Refund, running: int) -> Iterator[Telling]:
        at, fact, one = made.issued_at, f"refund:{made.key}", self._one
        if one.shape.back == "late":
            yield self._say(at, "refund.created", refund(one, made, status="pending"), "ignored")
            later = at + timedelta(minutes=6)
            yield self._say(later, "refund.updated", refund(one, made), "accepted", fact)
        else:
            yield self._say(at, "refund.created", refund(one, made), "accepted", fact)
            later = at + timedelta(seconds=4)
            yield self._say(later, "refund.updated", refund(one, made), "retold", fact)
        yield self._say(
            at + timedelta(seconds=5),
            "charge.refunded",
            charge(one, 0, refunded=running + made.amount),
            "ignored",
            before={"amount_refunded": running, "refunded": False},
        )
