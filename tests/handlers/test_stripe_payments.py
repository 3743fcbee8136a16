"""Stripe's payments and refunds: one name for each, whatever tells it, in ISO's minor units."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.exponents import iso_minor, stripe_decimals
from schemas.deliveries import Told, Translation, Unreadable
from schemas.facts import Payment
from tests.handlers.bodies import CREATED, NOW, Body, applied, events, source, the_payment, the_refund, translated
from tests.handlers.stripe_bodies import charge, intent, invoice, invoice_payment, session, stripe_event, stripe_refund


def told(kind: str, thing: Body, **changes: Any) -> Translation:
    """That event, translated."""
    return translated("stripe", stripe_event(kind, thing), **changes)


def payments(*tellings: tuple[str, Body]) -> list[Payment]:
    """Every payment that the tellings tell."""
    found = [event for kind, thing in tellings for event in events(told(kind, thing))]
    return [event.data.payment for event in found if event.type == "payment.received"]


def agree(tellings: list[Payment]) -> tuple[str, str, int, list[tuple[str, int]], str | None]:
    """The one payment that these tellings tell: whatever several state, they state alike."""
    (name,) = {(each.id, each.currency, each.amount) for each in tellings}
    (orders,) = {tuple(found) for each in tellings if (found := applied(each)) is not None}
    references = {each.reference for each in tellings if each.reference is not None}
    return (*name, list(orders), references.pop() if len(references) == 1 else None)


def test_six_webhooks_of_a_billed_sale_are_one_payment() -> None:
    """Before basil, everything names the invoice."""
    told_by = payments(
        ("payment_intent.succeeded", intent(amount_received=2665, invoice="in_1")),
        ("charge.succeeded", charge(amount_captured=2665, invoice="in_1")),
        ("invoice.paid", invoice()),
        ("invoice_payment.paid", invoice_payment(amount_paid=2665)),
    )
    assert len(told_by) == 4
    assert agree(told_by) == ("pi_1", "USD", 2665, [("in_1", 2665)], "ch_1")


def test_a_basil_sale_is_linked_by_its_invoice_payment() -> None:
    """The intent and the charge name no order: they hold, and agree with the telling that does."""
    told_by = payments(
        ("payment_intent.succeeded", intent(amount_received=1000)),
        ("charge.succeeded", charge(amount_captured=1000)),
        ("invoice_payment.paid", invoice_payment()),
    )
    assert [applied(each) for each in told_by] == [None, None, [("in_1", 1000)]]
    assert agree(told_by) == ("pi_1", "USD", 1000, [("in_1", 1000)], "ch_1")


def test_a_session_sale_is_linked_by_its_session() -> None:
    """As above, by the session."""
    told_by = payments(
        ("charge.succeeded", charge()),
        ("payment_intent.succeeded", intent()),
        ("checkout.session.completed", session()),
    )
    assert agree(told_by) == ("pi_1", "USD", 3058, [("pi_1", 3058)], "ch_1")


def test_an_intent() -> None:
    """Time of the event, customer, method and charge."""
    found = told("payment_intent.succeeded", intent())
    payment = the_payment(found)
    assert (payment.received_at, payment.amount, payment.method, payment.reference) == (NOW, 3058, "card", "ch_1")
    assert payment.customer is not None
    assert (payment.customer.id, payment.customer.email) == ("cus_1", "ada@example.com")
    assert isinstance(found, Told)
    assert found.notes == ("does not say which order it pays",)
    assert found.events[0].subject is None


def test_an_intent_of_older_versions_and_of_nobody() -> None:
    """The first of `charges`; several allowed methods tell nothing; nobody is told as nobody."""
    older = intent(
        latest_charge=None,
        charges={"data": [{"id": "ch_7"}]},
        payment_method_types=["card", "link"],
        customer=None,
        receipt_email=None,
    )
    payment = the_payment(told("payment_intent.succeeded", older))
    assert (payment.reference, payment.method, payment.customer) == ("ch_7", None, None)
    bare = the_payment(told("payment_intent.succeeded", intent(latest_charge=None)))
    assert bare.reference is None


def test_a_charge() -> None:
    """A part was captured; without an intent the charge is its own name."""
    found = told("charge.captured", charge(amount_captured=2000, payment_intent=None))
    payment = the_payment(found)
    assert (payment.id, payment.amount, payment.reference, payment.method) == ("ch_1", 2000, "ch_1", "card")
    older = charge(billing_details=None, receipt_email="b@example.com")
    del older["amount_captured"]
    payment = the_payment(told("charge.succeeded", older))
    assert payment.amount == 3058
    assert payment.customer is not None
    assert payment.customer.email == "b@example.com"


def test_a_payment_says_its_subject() -> None:
    """The order it pays."""
    (event,) = events(told("charge.succeeded", charge(invoice="in_1")))
    assert (event.subject, event.time) == ("in_1", NOW)


@pytest.mark.parametrize(
    ("payment", "identifier", "gateway", "reference"),
    [
        ({"type": "payment_intent", "payment_intent": "pi_9"}, "pi_9", "stripe", None),
        ({"type": "charge", "charge": "ch_9"}, "ch_9", "stripe", "ch_9"),
        ({"type": "payment_record", "payment_record": "pyr_9"}, "pyr_9", None, None),
    ],
)
def test_an_invoice_payment(payment: Body, identifier: str, gateway: str | None, reference: str | None) -> None:
    """Money that Stripe was only told about has no gateway."""
    found = the_payment(told("invoice_payment.paid", invoice_payment(payment=payment)))
    assert (found.id, found.gateway, found.reference) == (identifier, gateway, reference)
    assert found.received_at == datetime.fromtimestamp(CREATED - 7, UTC)
    undated = invoice_payment(payment=payment, status_transitions=None)
    assert the_payment(told("invoice_payment.paid", undated)).received_at == NOW


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"order_id": "1001"}, [("1001", 3058)]),
        ({"order_id": 1001}, [("1001", 3058)]),
        ({"order_id": ""}, None),
        ({}, None),
        (None, None),
    ],
)
def test_another_sources_order(metadata: Body | None, expected: Any) -> None:
    """By the path that the source gives; one that is not there names nothing."""
    shop = {"order_reference": "metadata.order_id", "tells": frozenset({"payments"})}
    assert applied(the_payment(told("charge.succeeded", charge(metadata=metadata), **shop))) == expected


def test_a_reference_that_cannot_be_one() -> None:
    """Named by its path."""
    found = told("charge.succeeded", charge(metadata={"order_id": True}), order_reference="metadata.order_id")
    assert found == Unreadable("$.data.object.metadata.order_id", "not a text")


def test_a_refund() -> None:
    """Named by itself, through the payment's name, with no order of its own."""
    refund = the_refund(told("refund.created", stripe_refund()))
    assert (refund.id, refund.currency, refund.amount, refund.order_id) == ("re_1", "USD", 1279, None)
    assert (refund.lines, refund.reason) == (None, "requested_by_customer")
    assert refund.issued_at == datetime.fromtimestamp(CREATED - 3, UTC)
    assert [(part.payment_id, part.gateway, part.method, part.amount) for part in refund.money] == [
        ("pi_1", "stripe", "card", 1279)
    ]


def test_a_refund_of_a_charge_without_an_intent() -> None:
    """Through the charge."""
    refund = the_refund(told("refund.created", stripe_refund(payment_intent=None, destination_details=None)))
    assert [(part.payment_id, part.method) for part in refund.money] == [("ch_1", None)]


def test_a_refund_that_names_another_sources_order() -> None:
    """In its own metadata."""
    named = stripe_refund(metadata={"order_id": "1001"})
    assert the_refund(told("refund.created", named, order_reference="metadata.order_id")).order_id == "1001"


def test_older_charges_list_their_refunds() -> None:
    """Each that succeeded, under the payment's name, though the refund itself may not know the intent."""
    listed = [
        stripe_refund(id="re_2", amount=500, payment_intent=None, status=None),
        stripe_refund(id="re_3", status="failed"),
        stripe_refund(id="re_4", amount=700),
    ]
    found = events(told("charge.refunded", charge(refunds={"data": listed})))
    assert [event.id for event in found] == ["refund:re_2", "refund:re_4"]
    money = [event.data.refund.money[0] for event in found if event.type == "refund.issued"]
    assert [(part.payment_id, part.amount) for part in money] == [("pi_1", 500), ("pi_1", 700)]


EXPONENTS = [
    ("usd", 3058, 3058),
    ("jpy", 5000, 5000),
    ("kwd", 12340, 12340),
    ("isk", 50000, 500),
    ("mga", 500, 50000),
    ("huf", 12300, 12300),
    ("twd", 12300, 12300),
    ("clp", 500, 500),
]


@pytest.mark.parametrize(("currency", "told_amount", "expected"), EXPONENTS)
def test_amounts_become_isos(currency: str, told_amount: int, expected: int) -> None:
    """As Stripe counts: 50000 ISK is 500 krónur, 500 MGA is 500 ariary."""
    payment = the_payment(told("payment_intent.succeeded", intent(currency=currency, amount_received=told_amount)))
    assert (payment.currency, payment.amount) == (currency.upper(), expected)


def test_an_ambiguous_currency_needs_the_source_to_say() -> None:
    """Stripe's own lists disagree on UGX."""
    shilling = intent(currency="ugx", amount_received=500000)
    found = told("payment_intent.succeeded", shilling)
    assert isinstance(found, Unreadable)
    assert found.path == "$.data.object.currency"
    assert the_payment(told("payment_intent.succeeded", shilling, exponents=(("UGX", 2),))).amount == 5000
    assert the_payment(told("payment_intent.succeeded", shilling, exponents=(("UGX", 0),))).amount == 500000


def test_exponents_by_themselves() -> None:
    """Exact or nothing."""
    assert stripe_decimals("USD", source("stripe")) == 2
    assert stripe_decimals("USD", source("stripe", exponents=(("USD", 3),))) == 3
    assert stripe_decimals("LYD", source("stripe")) is None
    assert iso_minor(150, 2, "ISK") is None
    assert iso_minor(-150, 3, "USD") == -15
    assert iso_minor(10**15, 2, "USD") == 10**15
    assert iso_minor(10**15 + 1, 2, "USD") is None


THING = "$.data.object"
BAD: list[tuple[str, Body, str, str]] = [
    ("payment_intent.succeeded", intent(amount_received=0), "amount_received", "not more than nothing"),
    ("payment_intent.succeeded", intent(amount_received=None), "amount_received", "missing"),
    (
        "payment_intent.succeeded",
        intent(currency="isk", amount_received=150),
        "amount_received",
        "no sensible amount of ISK, which has 0 decimals",
    ),
    (
        "charge.succeeded",
        charge(amount_captured=2**70),
        "amount_captured",
        "no sensible amount of USD, which has 2 decimals",
    ),
    ("charge.succeeded", charge(id=None), "id", "missing"),
    ("charge.succeeded", charge(captured="yes"), "captured", "not true or false"),
    ("invoice_payment.paid", invoice_payment(payment=None), "payment.type", "missing"),
    (
        "invoice_payment.paid",
        invoice_payment(payment={"type": "cash"}),
        "payment.type",
        "not one of payment_intent, charge, payment_record",
    ),
    ("invoice_payment.paid", invoice_payment(payment={"type": "charge"}), "payment.charge", "missing"),
    ("invoice_payment.paid", invoice_payment(invoice=None), "invoice", "missing"),
    ("refund.created", stripe_refund(status="lost"), "status", "not a status of a refund"),
    ("refund.created", stripe_refund(amount=-5), "amount", "not more than nothing"),
    ("refund.created", stripe_refund(created=None), "created", "missing"),
    ("refund.failed", stripe_refund(id=None), "id", "missing"),
    (
        "charge.refunded",
        charge(refunds={"data": [stripe_refund(currency="eur")]}),
        "refunds.data[0].currency",
        "another currency than the USD around it",
    ),
]


@pytest.mark.parametrize(("kind", "thing", "path", "reason"), BAD)
def test_a_field_that_cannot_be_read(kind: str, thing: Body, path: str, reason: str) -> None:
    """By Stripe's own name of it."""
    assert told(kind, thing) == Unreadable(f"{THING}.{path}", reason)
