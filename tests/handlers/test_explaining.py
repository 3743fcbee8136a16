"""Explaining one delivery needs nothing but the delivery."""

import json
from typing import Any

import pytest

from handlers.explaining import explain_delivery, made_up_source
from schemas.sources import Kind
from tests.handlers.bodies import Body, payment_event

BINARY = {
    "CE-SpecVersion": "1.0",
    "CE-Id": "payment:ch_1",
    "CE-Source": "acme-web",
    "CE-Type": "payment.received",
    "CE-Connection": "acme",
    "CE-Time": "2025-10-09T08:53:20Z",
}


@pytest.mark.parametrize(
    ("kind", "value", "headers"),
    [
        ("cloudevents", payment_event(), {}),
        ("cloudevents", [payment_event()], {"Content-Type": "application/cloudevents-batch+json"}),
        ("cloudevents", payment_event()["data"], BINARY),
        ("standardwebhooks", payment_event(), {}),
        ("standardwebhooks", {"type": "x", "data": payment_event()}, {}),
    ],
)
def test_canonical_events_bring_their_own_source(kind: Kind, value: Any, headers: dict[str, str]) -> None:
    """Whatever their connection and namespace are; header names are in any case."""
    found = explain_delivery(json.dumps(value).encode(), kind, headers)
    assert found["answer"] == "events"
    (event,) = found["events"]
    assert (event["connection"], event["source"], event["id"]) == ("acme", "acme-web", "payment:ch_1")
    assert event["data"]["payment"]["amount"] == 3058
    json.dumps(found)


CASES: list[tuple[Kind, bytes, Body]] = [
    ("stripe", b"hello", {"answer": "no message", "reason": "not JSON"}),
    ("stripe", b"{}", {"answer": "unreadable", "path": "$.object", "reason": "missing"}),
    ("rutter", b'{"code":"JOB_COMPLETED","job":{"id":"j-1"}}', {"answer": "job", "job": "j-1"}),
    ("rutter", b'{"code":"PAYOUT_CREATED"}', {"answer": "ignored", "reason": "PAYOUT_CREATED"}),
    (
        "rutter",
        b'{"code":"CONNECTION_DISABLED","connection_id":"c","disabled_reason":"NEEDS_REAUTH"}',
        {"answer": "connection", "connection": "c", "move": "disabled", "reason": "NEEDS_REAUTH", "link_url": None},
    ),
]


@pytest.mark.parametrize(("kind", "body", "expected"), CASES)
def test_every_answer_is_plain_json(kind: Kind, body: bytes, expected: Body) -> None:
    """One shape for each."""
    assert explain_delivery(body, kind, {}) == expected


@pytest.mark.parametrize("body", [b"hello", b"[]", b"[7]", b'{"connection":7,"source":""}'])
def test_a_source_is_made_up(body: bytes) -> None:
    """When the delivery names none that could be one."""
    made = made_up_source(body, "cloudevents", {})
    assert (made.connection, made.namespace) == ("example", "example")
