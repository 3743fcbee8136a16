"""How Stripe tells its sales: several webhooks for one fact, and some for no fact at all."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sandbox.day.chance import Chance
from sandbox.day.facts import Payment, Refund
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
        _told(chance, at, "2024-06-20", "customer.created", {"id": key, "object": "customer"}, note="customer.created"),
        _told(
            chance,
            at + timedelta(minutes=2),
            BASIL,
            "payment_intent.created",
            {"id": chance.token("pi_3"), "object": "payment_intent", "amount": 900, "currency": "usd"},
            note="payment_intent.created",
        ),
    ]


def _told(
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
        return _told(self._chance, at, version, name, thing, note=note, expect=expect, facts=facts, before=before)

    def order(self) -> Iterator[Telling]:
        """The sale itself: by its session, or by its invoice, to which the session yields."""
        one, at = self._one, self._one.sale.order.completed_at
        if one.invoice is None:
            if one.shape.name == "session, paid later":
                yield self._say(
                    at - timedelta(minutes=4), "checkout.session.completed", session(one, is_paid=False), "ignored"
                )
                name = "checkout.session.async_payment_succeeded"
            else:
                name = "checkout.session.completed"
            yield self._say(at, name, session(one), "accepted", self._order_fact)
            return
        if one.session is not None:
            yield self._say(at, "checkout.session.completed", session(one), "ignored")
        yield self._say(at, "invoice.paid", invoice(one), "accepted", self._order_fact)
        yield self._say(at, "invoice.payment_succeeded", invoice(one), "ignored")

    def money(self) -> Iterator[Telling]:
        """Each payment, by its charge and its intent; on a basil invoice also by the invoice payment."""
        one = self._one
        for place, payment in enumerate(one.sale.payments):
            at, fact = payment.received_at, f"payment:{payment.key}"
            if one.shape.name == "session, captured later":
                yield self._say(
                    at - timedelta(minutes=3), "charge.succeeded", charge(one, place, captured=False), "ignored"
                )
                yield self._say(at, "charge.captured", charge(one, place), "accepted", fact)
            else:
                yield self._say(at, "charge.succeeded", charge(one, place), "accepted", fact)
            yield self._say(at + timedelta(seconds=1), "payment_intent.succeeded", intent(one, place), "retold", fact)
            if one.invoice is not None and one.shape.version == BASIL:
                key = self._chance.token("inpay_1")
                yield self._say(
                    at + timedelta(seconds=2),
                    "invoice_payment.paid",
                    invoice_payment(one, place, key),
                    "retold",
                    fact,
                )

    def refunds(self) -> Iterator[Telling]:
        """Each refund: announced, updated, and as a running total on the charge, which names no refund."""
        payment = self._one.sale.payments[0]
        running = 0
        for made in self._one.sale.refunds:
            for telling in self._refund(made, payment, running):
                yield replace(telling, pays_back=(payment.key,) if telling.facts else ())
            running += made.amount

    def _refund(self, made: Refund, payment: Payment, running: int) -> Iterator[Telling]:
        at, fact, intent_key = made.issued_at, f"refund:{made.key}", self._one.intents[0]
        if self._one.shape.back == "late":
            pending = refund(made, payment, intent_key, status="pending")
            yield self._say(at, "refund.created", pending, "ignored")
            later = refund(made, payment, intent_key)
            yield self._say(at + timedelta(minutes=6), "refund.updated", later, "accepted", fact)
        else:
            yield self._say(at, "refund.created", refund(made, payment, intent_key), "accepted", fact)
            yield self._say(
                at + timedelta(seconds=4), "refund.updated", refund(made, payment, intent_key), "retold", fact
            )
        total = running + made.amount
        yield self._say(
            at + timedelta(seconds=5),
            "charge.refunded",
            charge(self._one, 0, refunded=total),
            "ignored",
            before={"amount_refunded": running, "refunded": False},
        )
