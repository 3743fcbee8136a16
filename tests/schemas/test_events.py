"""Canonical events: what is read, what is refused, and where it says the mistake is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import NotAnEvent, OrderCompleted, event_bytes, event_schema, natural_key, parse_event

ORDER: dict[str, Any] = {
    "specversion": "1.0", "id": "order:1001", "source": "acme-shop", "type": "order.completed", "connection": "acme",
    "subject": "1001", "time": "2026-11-02T10:15:00Z", "datacontenttype": "application/json",
    "data": {"order": {
        "id": "1001", "number": "1001", "completed_at": "2026-11-02T10:15:00Z", "due_at": None, "currency": "USD",
        "customer": {"id": "c-9", "name": "Ada Byron", "email": "ada@example.com"},
        "lines": [{"id": "1", "kind": "goods", "sku": "SHIRT-M", "description": "A shirt", "quantity": "2",
                   "unit_price": "12.34", "total": 2368,
                   "taxes": [{"code": "NY", "rate": "0.08", "amount": 190, "remitted_by": "seller"}]}],
        "shipping": {"total": 500, "taxes": []}, "total": 3058}},
}  # fmt: skip


def changed(path: str, value: Any) -> bytes:
    """The order with one field changed; `path` is dotted."""
    event: dict[str, Any] = json.loads(json.dumps(ORDER))
    *parents, last = path.split(".")
    place: Any = event
    for name in parents:
        place = place[int(name)] if name.isdigit() else place[name]
    place[last] = value
    return json.dumps(event).encode()


def test_an_order_is_read() -> None:
    event = parse_event(json.dumps(ORDER).encode())
    assert isinstance(event, OrderCompleted)
    assert (event.key, event.namespace, event.data.order.total) == ("order:1001", "acme-shop", 3058)


def test_what_is_written_is_read_again() -> None:
    event = parse_event(json.dumps(ORDER).encode())
    assert isinstance(event, OrderCompleted)
    assert parse_event(event_bytes(event)) == event


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("data.order.total", "3058", "$.data.order.total"),
        ("data.order.total", 30.58, "$.data.order.total"),
        ("data.order.total", -1, "$.data.order.total"),
        ("data.order.total", 10**16, "$.data.order.total"),
        ("data.order.total", 2**70, "$.data.order.total"),
        ("data.order.currency", "usd", "$.data.order.currency"),
        ("data.order.currency", "XXX", "$.data.order.currency"),
        ("data.order.lines.0.total", None, "$.data.order.lines[0].total"),
        ("data.order.lines.0.quantity", "two", "$.data.order.lines[0].quantity"),
        ("data.order.completed_at", "2026-11-02T10:15:00", "$.data.order.completed_at"),
        ("data.order.id", "x" * 1_000_000, "$.data.order.id"),
        ("data.order.id", "a\x00b", "$.data.order.id"),
        ("data.order.memo", "a\x00b", "$.data.order.memo"),
        ("data.order.totl", 1, "$.data.order.totl"),
        ("specversion", "0.3", "$.specversion"),
        ("id", "evt_1", "$.id"),
        ("id", "order:1002", "$.id"),
        ("connection", "", "$.connection"),
        ("type", "order.shipped", "$"),
    ],
)
def test_a_mistake_says_where_it_is(path: str, value: Any, where: str) -> None:
    answer = parse_event(changed(path, value))
    assert isinstance(answer, NotAnEvent)
    assert answer.path == where
    assert answer.reason
    assert len(answer.reason) <= 400


def test_a_key_told_twice_is_no_event() -> None:
    body = json.dumps(ORDER).encode().replace(b'"total": 3058', b'"total": 3058, "total": 1')
    assert parse_event(body) == NotAnEvent(path="$", reason="the key 'total' occurs twice in one object")


def test_extension_attributes_are_allowed() -> None:
    assert isinstance(parse_event(changed("traceparent", "00-1-1-01")), OrderCompleted)


@pytest.mark.parametrize(
    ("identifier", "key"),
    [("1001", "order:1001"), ("a:b", "order:a%3Ab"), ("50%", "order:50%25"), ("é/ ", "order:é/ ")],
)
def test_natural_keys(identifier: str, key: str) -> None:
    assert natural_key("order", identifier) == key


def test_a_percent_sign_may_be_left_as_it_is() -> None:
    event = json.loads(changed("data.order.id", "50%"))
    for told in ("order:50%", "order:50%25"):
        event["id"] = told
        read = parse_event(json.dumps(event).encode())
        assert isinstance(read, OrderCompleted)
        assert read.key == "order:50%25"


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_ids_never_share_a_key(one: str, other: str) -> None:
    assert (natural_key("order", one) == natural_key("order", other)) == (one == other)


@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer(body: bytes) -> None:
    assert isinstance(parse_event(body), NotAnEvent)


def test_the_schema_is_exported() -> None:
    schema = event_schema()
    assert set(schema["discriminator"]["mapping"]) == {
        "order.completed",
        "payment.received",
        "refund.issued",
        "order.amended",
        "order.cancelled",
        "payment.reversed",
        "refund.reversed",
        "attachment.added",
        "account.requested",
        "item.requested",
    }
