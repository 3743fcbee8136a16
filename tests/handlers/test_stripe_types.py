"""Which of Stripe's types tells what, and what is refused whatever its type."""

from typing import Any

import pytest

from schemas.deliveries import Ignored, NoMessage, Translation, Unreadable
from tests.handlers.bodies import Body, events, translated
from tests.handlers.stripe_bodies import charge, intent, invoice, invoice_payment, session, stripe_event, stripe_refund

TELLING: list[tuple[str, Body, list[str]]] = [
    ("checkout.session.completed", session(), ["order:pi_1", "payment:pi_1"]),
    ("checkout.session.async_payment_succeeded", session(), ["order:pi_1", "payment:pi_1"]),
    ("checkout.session.completed", session(payment_intent=None), ["order:cs_1"]),
    ("invoice.paid", invoice(), ["order:in_1", "payment:pi_1"]),
    ("invoice.paid", invoice(payment_intent=None), ["order:in_1", "payment:ch_1"]),
    ("invoice.paid", invoice(payment_intent=None, charge=None), ["order:in_1"]),
    ("payment_intent.succeeded", intent(), ["payment:pi_1"]),
    ("charge.succeeded", charge(), ["payment:pi_1"]),
    ("charge.captured", charge(), ["payment:pi_1"]),
    ("charge.succeeded", charge(payment_intent=None), ["payment:ch_1"]),
    ("invoice_payment.paid", invoice_payment(), ["payment:pi_1"]),
    ("refund.created", stripe_refund(), ["refund:re_1"]),
    ("refund.updated", stripe_refund(), ["refund:re_1"]),
    ("charge.refund.updated", stripe_refund(), ["refund:re_1"]),
    ("charge.refunded", charge(refunds={"data": [stripe_refund()]}), ["refund:re_1"]),
]


@pytest.mark.parametrize(("kind", "thing", "expected"), TELLING)
def test_a_type_that_tells(kind: str, thing: Body, expected: list[str]) -> None:
    """Its natural keys; namespace and connection are the source's."""
    told = events(translated("stripe", stripe_event(kind, thing)))
    assert [event.id for event in told] == expected
    assert {(event.source, event.connection) for event in told} == {("acme-web", "acme")}


IGNORED: list[tuple[str, Body, str]] = [
    (
        "checkout.session.completed",
        session(payment_status="unpaid"),
        "not paid yet: checkout.session.async_payment_succeeded will tell",
    ),
    ("checkout.session.completed", session(mode="setup"), "a session that only sets up a payment method"),
    ("checkout.session.completed", session(invoice="in_1"), "has an invoice, which invoice.paid tells"),
    ("checkout.session.completed", session(mode="subscription"), "has an invoice, which invoice.paid tells"),
    (
        "checkout.session.completed",
        session(invoice_creation={"enabled": True}),
        "has an invoice, which invoice.paid tells",
    ),
    ("checkout.session.async_payment_failed", session(), "checkout.session.async_payment_failed: no money moved"),
    ("invoice.payment_succeeded", invoice(), "invoice.payment_succeeded: invoice.paid tells it"),
    ("charge.succeeded", charge(captured=False), "authorised, not captured: charge.captured will tell"),
    ("charge.refunded", charge(), "names no refund: refund.created and refund.updated tell it"),
    ("charge.refunded", charge(refunds=None), "names no refund: refund.created and refund.updated tell it"),
    (
        "charge.refunded",
        charge(refunds={"data": [stripe_refund(status="pending")]}),
        "names no refund: refund.created and refund.updated tell it",
    ),
    (
        "refund.created",
        stripe_refund(status="pending"),
        "pending: refund.updated will tell when the money has gone back",
    ),
    (
        "refund.created",
        stripe_refund(status="requires_action"),
        "requires action: refund.updated will tell when the money has gone back",
    ),
    ("credit_note.created", {}, "credit_note.created: a document only: its money is told by refund.created"),
    ("customer.created", {}, "customer.created: means nothing here"),
    ("\u200bodd", {}, "a type that is none of Stripe's: means nothing here"),
]


@pytest.mark.parametrize(("kind", "thing", "reason"), IGNORED)
def test_a_type_that_means_nothing(kind: str, thing: Body, reason: str) -> None:
    """Recorded with its reason."""
    assert translated("stripe", stripe_event(kind, thing)) == Ignored(reason)


PAID = "payment_intent.succeeded"
SHAPES: list[tuple[Any, Translation]] = [
    (b"", NoMessage("not JSON")),
    (b"t=1", NoMessage("not JSON")),
    (b'{"a":NaN}', Unreadable("$", "NaN is no JSON number")),
    (b'{"a":1,"a":2}', Unreadable("$", "the key 'a' occurs twice in one object")),
    (b"[]", Unreadable("$", "not an object")),
    (
        stripe_refund(),
        Unreadable("$.object", "not an event: the bare object must stand in an event's data.object"),
    ),
    (
        {"object": "v2.core.event", "type": "v1.charge.succeeded"},
        Unreadable(
            "$.object", "a thin event, which tells no amounts; choose snapshot events in the endpoint's settings"
        ),
    ),
    ({"id": "evt_1"}, Unreadable("$.object", "missing")),
    ({"object": "event"}, Unreadable("$.type", "missing")),
    ({"object": "event", "type": "x" * 300}, Unreadable("$.type", "too long")),
    ({"object": "event", "type": ""}, Unreadable("$.type", "empty")),
    ({"object": "event", "type": "a\x00"}, Unreadable("$.type", "has a NUL character")),
    (
        stripe_event(PAID, intent(), account="acct_1"),
        Unreadable("$.account", "told for a connected account; this source is one account's"),
    ),
    (stripe_event(PAID, intent(), created="now"), Unreadable("$.created", "not a whole number")),
    (stripe_event(PAID, intent(), created=True), Unreadable("$.created", "not a whole number")),
    (stripe_event(PAID, intent(), created=10**30), Unreadable("$.created", "not a time of this age")),
    (stripe_event(PAID, intent(), data=None), Unreadable("$.data.object", "missing")),
    (stripe_event(PAID, intent(), data=[1]), Unreadable("$.data", "not an object")),
    (
        stripe_event(PAID, charge()),
        Unreadable("$.data.object.object", "must be payment_intent in an event of type payment_intent.succeeded"),
    ),
]


@pytest.mark.parametrize(("value", "expected"), SHAPES)
def test_a_shape_that_cannot_be_read(value: Any, expected: Translation) -> None:
    """Named, before anything else is looked at."""
    assert translated("stripe", value) == expected
