"""Canonical events over HTTP and in Standard Webhooks: one, many, in the body or in headers."""

import json
from typing import Any

import pytest

from schemas.deliveries import Ignored, NoMessage, Told, Translation, Unreadable
from tests.handlers.bodies import Body, events, payment_event, the_payment, translated

STRUCTURED = {"content-type": "application/cloudevents+json; charset=utf-8"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
BINARY = {
    "content-type": "application/json; charset=utf-8",
    "ce-specversion": "1.0",
    "ce-id": "payment:ch_1",
    "ce-source": "acme-web",
    "ce-type": "payment.received",
    "ce-connection": "acme",
    "ce-subject": "1001",
    "ce-time": "2025-10-09T08:53:20Z",
    "ce-traceparent": "00-ab",
}
FOREIGN_BINARY = {"ce-specversion": "1.0", "ce-type": "com.example.said", "content-type": "text/plain"}
AVRO = {"content-type": "application/cloudevents+avro"}
CUT = BINARY | {"ce-subject": "%FF"}
TYPES_NAMED = (
    "account.requested, attachment.added, item.requested, order.amended, order.cancelled, order.completed, "
    "payment.received, payment.reversed, refund.issued, refund.reversed"
)
FOREIGN = {"specversion": "1.0", "id": "1", "source": "/elsewhere", "type": "com.example.said"}


def data(**changes: Any) -> Body:
    """The event's data with its payment changed."""
    payment: Body = payment_event()["data"]["payment"]
    return {"payment": payment | changes}


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        (payment_event(), STRUCTURED),
        (payment_event(), {"content-type": "application/json"}),
        (payment_event(datacontenttype="application/json; charset=utf-8"), STRUCTURED),
        (payment_event(datacontenttype=None, subject=None, traceparent="00-ab"), STRUCTURED),
        ([payment_event()], BATCH),
        (payment_event()["data"], BINARY),
        (payment_event()["data"], BINARY | {"ce-id": "payment%3Ach_1", "ce-source": '"acme-web"'}),
    ],
)
def test_one_event(value: Any, headers: dict[str, str]) -> None:
    """Structured, batched and binary tell the same."""
    (event,) = events(translated("cloudevents", value, headers))
    assert (event.id, event.source, event.connection) == ("payment:ch_1", "acme-web", "acme")
    assert the_payment(Told((event,))).amount == 3058


def test_a_batch_keeps_its_order_and_says_what_it_left_out() -> None:
    """Events of other types are left out."""
    other = payment_event(id="payment:ch_2", data=data(id="ch_2"))
    told = translated("cloudevents", [other, FOREIGN, payment_event()], BATCH)
    assert isinstance(told, Told)
    assert [event.id for event in told.events] == ["payment:ch_2", "payment:ch_1"]
    assert told.notes == ("left out: an event of type 'com.example.said'",)


def test_a_full_batch() -> None:
    """A thousand events are taken, one more is not."""
    assert len(events(translated("cloudevents", [payment_event()] * 1000, BATCH))) == 1000
    told = translated("cloudevents", [payment_event()] * 1001, BATCH)
    assert told == Unreadable("$", "a batch of more than 1000 events")


CASES: list[tuple[Any, dict[str, str], Translation]] = [
    ([], BATCH, Ignored("an empty batch")),
    (FOREIGN, STRUCTURED, Ignored("an event of type 'com.example.said'")),
    ({"specversion": "1.0"}, STRUCTURED, Ignored("an event of no type that we know")),
    ({"specversion": "1.0", "type": []}, STRUCTURED, Ignored("an event of no type that we know")),
    ([FOREIGN, FOREIGN], BATCH, Ignored("2 events, among them an event of type 'com.example.said'")),
    (b"hello", FOREIGN_BINARY, Ignored("an event of type 'com.example.said'")),
    (b"hello", STRUCTURED, NoMessage("not JSON")),
    (b"\xff\xfe", STRUCTURED, NoMessage("not UTF-8")),
    (payment_event(), AVRO, NoMessage("CloudEvents in another format than JSON")),
    (b"7", STRUCTURED, Unreadable("$", "not an event")),
    (b'{"id":"a","id":"b"}', STRUCTURED, Unreadable("$", "the key 'id' occurs twice in one object")),
    (b"[" * 10_000 + b"]" * 10_000, BATCH, Unreadable("$", "nested deeper than 64")),
    ([FOREIGN, 7], BATCH, Unreadable("$[1]", "not an event")),
    (b"hello", BINARY, Unreadable("$.data", "not JSON")),
    (payment_event()["data"], CUT, Unreadable("$.subject", "not UTF-8 once its percent signs are decoded")),
    (
        payment_event(type="payment.recieved"),
        STRUCTURED,
        Unreadable("$.type", f"not one of {TYPES_NAMED}"),
    ),
    (
        payment_event(connection="borea"),
        STRUCTURED,
        Unreadable("$.connection", "must be acme, the connection of this source"),
    ),
    (
        [FOREIGN, payment_event(source="other")],
        BATCH,
        Unreadable("$[1].source", "must be acme-web, the namespace of this source"),
    ),
    (
        payment_event(id="evt_1"),
        STRUCTURED,
        Unreadable("$.id", "must be the natural key of the fact, 'payment:ch_1'"),
    ),
]


@pytest.mark.parametrize(("value", "headers", "expected"), CASES)
def test_what_is_no_event_of_ours(value: Any, headers: dict[str, str], expected: Translation) -> None:
    """One clear answer each."""
    assert translated("cloudevents", value, headers) == expected


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"amount": 12.5}, "amount"),
        ({"amount": "3058"}, "amount"),
        ({"amount": 2**63}, "amount"),
        ({"amount": 10**70}, "amount"),
        ({"amount": 0}, "amount"),
        ({"currency": "usd"}, "currency"),
        ({"currency": "XXX"}, "currency"),
        ({"id": "x" * 1_000_000}, "id"),
        ({"id": "a\x00b"}, "id"),
        ({"applies_to": [{"order_id": "1001"}]}, "applies_to[0].amount"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_field_is_named(changes: Body, path: str) -> None:
    """By the sender's own path, in a batch with its place."""
    told = translated("cloudevents", [payment_event(), payment_event(data=data(**changes))], BATCH)
    assert isinstance(told, Told)
    (wrong,) = told.unreadable
    assert wrong.path == f"$[1].data.payment.{path}"
    assert len(wrong.reason) < 300


def test_of_a_batch_what_can_be_read_goes_on() -> None:
    """The rest is named, each by its place."""
    bad = payment_event(data=data(currency="ZZZ"))
    told = translated("cloudevents", [bad, payment_event(), "no event", FOREIGN], BATCH)
    assert isinstance(told, Told)
    assert [event.id for event in told.events] == ["payment:ch_1"]
    assert told.notes == ("left out: an event of type 'com.example.said'",)
    assert [one.path for one in told.unreadable] == ["$[0].data.payment.currency", "$[2]"]
    first = told.unreadable[0]
    assert told.problem == Unreadable(first.path, f"{first.reason} (2 of 3 events; the others went on)")
    assert translated("cloudevents", [bad, FOREIGN], BATCH) == first


def test_half_a_surrogate_pair_is_no_character() -> None:
    """It could not be written anywhere."""
    body = json.dumps(payment_event(subject="\ud800")).encode()
    assert isinstance(translated("cloudevents", body, STRUCTURED), Unreadable)


WRAPPED = {"type": "payment.received", "timestamp": "2025-10-09T08:53:20Z", "data": payment_event()}


@pytest.mark.parametrize("value", [payment_event(), WRAPPED, WRAPPED | {"type": "acme.anything"}])
def test_standard_webhooks_carry_an_event(value: Body) -> None:
    """As the body, or as the body's data."""
    assert the_payment(translated("standardwebhooks", value)).id == "ch_1"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"hello", NoMessage("not JSON")),
        (b"[]", Unreadable("$", "not an object")),
        ({}, Unreadable("$.type", "missing")),
        ({"type": "contact.created", "data": {"id": "1"}}, Ignored("type contact.created")),
        ({"type": "contact.created", "data": 7}, Ignored("type contact.created")),
        ({"type": "x", "data": FOREIGN}, Ignored("an event of type 'com.example.said'")),
        (
            {"type": "order.completed", "data": {"order": {}}},
            Unreadable("$.data.specversion", "missing: data must be a canonical CloudEvent"),
        ),
        ({"type": "order.completed", "data": 7}, Unreadable("$.data", "not an object")),
        (
            {"type": "x", "data": payment_event(connection="borea")},
            Unreadable("$.data.connection", "must be acme, the connection of this source"),
        ),
    ],
)
def test_standard_webhooks_without_an_event(value: Any, expected: Translation) -> None:
    """One clear answer each."""
    assert translated("standardwebhooks", value) == expected
