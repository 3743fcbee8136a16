"""Deliveries as records and back, whatever is in them and wherever a reading begins."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consumers.inbox import Dead, Record, Row, decode, decode_all
from consumers.intake import Accepted, DeliveryStatus
from consumers.records import outgoing, outgoing_late
from schemas.events import Event, NotAnEvent, parse_event
from tests.web.told import body, payment

AT = datetime(2026, 11, 2, 10, 15, 3, 123456, tzinfo=UTC)


def event(number: int) -> Event:
    read = parse_event(body(payment(f"ch_{number}")))
    assert not isinstance(read, NotAnEvent)
    return read


def delivery(name: str, events: int, status: DeliveryStatus = DeliveryStatus.TOLD, sealed: bytes = b"s") -> Accepted:
    return Accepted(
        id=name,
        source="acme-shop",
        connection="acme",
        received_at=AT,
        status=status,
        reason=None if events else "because",
        path="$.x" if status is DeliveryStatus.UNREADABLE else None,
        sealed=sealed,
        events=tuple(event(number) for number in range(events)),
    )


def in_topic(*deliveries: Accepted) -> list[Record]:
    sent = [record for one in deliveries for record in outgoing(one)]
    return [
        Record("events", 0, offset, b"acme", record.value, record.headers, 1_000)
        for offset, record in enumerate(sent, start=7)
    ]


DELIVERIES = st.lists(
    st.one_of(
        st.builds(
            delivery, st.uuids().map(str), st.integers(1, 4), st.just(DeliveryStatus.TOLD), st.binary(min_size=1)
        ),
        st.builds(
            delivery,
            st.uuids().map(str),
            st.just(0),
            st.sampled_from([DeliveryStatus.IGNORED, DeliveryStatus.UNREADABLE]),
            st.binary(min_size=1),
        ),
    ),
    max_size=5,
)


@given(DELIVERIES)
def test_deliveries_come_back_as_they_went_in(deliveries: list[Accepted]) -> None:
    records = in_topic(*deliveries)

    rows = list(decode_all(records))

    assert [row.became for row in rows] == deliveries
    assert [row.next_offset for row in rows[-1:]] == [record.offset + 1 for record in records[-1:]]
    kept = [one for row in rows if isinstance(row.became, Accepted) for one in row.became.bodies]
    assert kept == [record.value for record in records if isinstance(parse_event(record.value or b""), Event)]


@given(DELIVERIES, st.data())
def test_from_wherever_reading_begins_no_event_is_left_out(deliveries: list[Accepted], data: Any) -> None:
    records = in_topic(*deliveries)
    begin = data.draw(st.integers(0, len(records)))
    end = data.draw(st.integers(begin, len(records)))

    rows = list(decode_all(records[begin:end]))

    told = [one for row in rows if isinstance(row.became, Accepted) for one in row.became.events]
    expected = [parse_event(record.value or b"") for record in records[begin:end]]
    assert told == [one for one in expected if not isinstance(one, NotAnEvent)]
    known = {(one.id, one.source, one.connection, one.received_at) for one in deliveries}
    for row in rows:
        assert isinstance(row.became, Accepted)
        assert (row.became.id, row.became.source, row.became.connection, row.became.received_at) in known
    assert [row.next_offset for row in rows] == sorted({row.next_offset for row in rows})


def test_a_delivery_that_somebody_else_cut_is_read_event_by_event() -> None:
    records = in_topic(delivery("d-1", 3))
    foreign = replace(records[1], value=body(payment("ch_9")), headers=())

    rows: list[Row] = list(decode_all([records[0], foreign, records[2]]))

    keys = [one.key for row in rows if isinstance(row.became, Accepted) for one in row.became.events]
    assert keys == ["payment:ch_0", "payment:ch_9", "payment:ch_2"]
    assert [row.next_offset for row in rows] == [8, 9, 10]


def test_parts_between_others_are_the_same_delivery() -> None:
    torn, other = in_topic(delivery("d-1", 2)), in_topic(delivery("d-2", 1))

    rows = list(decode_all([torn[0], other[0], torn[1]]))

    read = [row.became for row in rows if isinstance(row.became, Accepted)]
    assert [(one.id, one.source, len(one.events)) for one in read] == [
        ("d-1", "acme-shop", 1),
        ("d-2", "acme-shop", 1),
        ("d-1", "acme-shop", 1),
    ]
    assert [one.sealed for one in read] == [b"s", b"s", None]


def test_records_that_all_promise_more_are_read_one_by_one() -> None:
    (first, *_) = in_topic(delivery("d-1", 3))

    assert len(list(decode_all([replace(first, offset=offset) for offset in range(3000)]))) == 3000


def test_what_is_sent_late_leaves_its_body_behind_where_both_are_too_much() -> None:
    large = delivery("d-1", 1, sealed=b"s" * 4 * 1024 * 1024)

    (record,) = outgoing_late(large)
    (small,) = outgoing_late(delivery("d-2", 1))

    assert record.size < 2000
    read = decode(Record("events", 0, 1, b"acme", record.value, record.headers))
    assert read == replace(large, sealed=None)
    assert small.headers[1][1].endswith(b"\ns")


@given(st.binary(max_size=300), st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=40)), max_size=4))
def test_nothing_raises(value: bytes, headers: list[tuple[str, bytes]]) -> None:
    assert isinstance(decode(Record("events", 0, 1, None, value, tuple(headers))), (Dead, Accepted))


@given(st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.text(), st.integers(), st.floats())))
def test_no_json_raises(attributes: dict[str, Any]) -> None:
    value = json.dumps(payment(**attributes)).encode()
    assert isinstance(decode(Record("events", 0, 1, None, value)), (Dead, Accepted))


def test_null_attributes_and_a_charset_are_no_obstacle() -> None:
    told = payment(datacontenttype="application/json; charset=utf-8", dataschema=None)

    read = decode(Record("events", 0, 1, b"acme", json.dumps(told).encode()))

    assert isinstance(read, Accepted)
    assert [one.key for one in read.events] == ["payment:ch_1"]


def test_a_topic_made_again_under_the_same_name_gives_other_ids() -> None:
    old, new = (decode(Record("events", 0, 1, b"acme", body(payment()), (), at)) for at in (1_000, 2_000))

    assert isinstance(old, Accepted)
    assert isinstance(new, Accepted)
    assert old.id != new.id


def test_binary_data_cannot_smuggle_attributes() -> None:
    told = payment()
    data = json.dumps(told.pop("data")).encode()
    headers = tuple((f"ce_{name}", str(value).encode()) for name, value in told.items() if name != "datacontenttype")

    smuggled = Record("events", 0, 1, None, data + b',"connection":"other"', headers)

    assert isinstance(decode(Record("events", 0, 1, None, data, headers)), Accepted)
    assert decode(smuggled) == Dead("$.data: not JSON")
