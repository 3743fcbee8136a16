"""From records of `ledgerhook.events` to deliveries: ours come back as they went in, an upstream system's are one each.

Pure. A record that is no valid event is `Dead`, with the reason; it never stops the next one. An event whose `id` is
not the natural key of its fact was meant for us and is kept as an unreadable delivery.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import orjson

from consumers.intake import Accepted, DeliveryStatus
from consumers.records import DELIVERY, MAX_RECORD, Head, Part, read_head
from schemas import exact_json
from schemas.events import CONTENT_TYPE, Event, NotAnEvent, parse_event, parse_own_event


@dataclass(frozen=True, slots=True)
class Record:
    """A Kafka record. `timestamp_ms` since 1970; headers keep their order and may repeat."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp_ms: int = 0


@dataclass(frozen=True, slots=True)
class Dead:
    """A record that is no valid event, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """What one record came to, or the records of one delivery; reading goes on at `next_offset`."""

    record: Record
    next_offset: int
    became: Accepted | Dead


def decode_all(records: Sequence[Record]) -> Iterator[Row]:
    """The records of one partition in their order; those of one delivery that stand side by side become one row.

    Parts that stand alone (cut by the topic's retention, or sent late and apart) are rows of the same delivery.
    """
    at = 0
    while at < len(records):
        record = records[at]
        became, parts = _read(record)
        whole = _whole(became, records, at, parts) if isinstance(became, Accepted) and parts > 1 else None
        last = at + parts - 1 if whole is not None else at
        yield Row(record, records[last].offset + 1, became if whole is None else whole)
        at = last + 1


def decode(record: Record) -> Accepted | Dead:
    """One record as a delivery of its own, with one event or none."""
    return _read(record)[0]


def _read(record: Record) -> tuple[Accepted | Dead, int]:
    """One record, and how many records it says its delivery has, itself the first of them."""
    if record.value is None:
        return Dead("no value (a tombstone)"), 1
    if len(record.value) + sum([len(value) for _, value in record.headers]) > MAX_RECORD:
        return Dead(f"larger than {MAX_RECORD} bytes"), 1
    header = _header(record, DELIVERY)
    if header is None:
        return _upstream(record, record.value), 1
    match read_head(header):
        case None:
            return Dead("its delivery header cannot be read"), 1
        case Part() as part:
            return _alone(record, record.value, part), 1
        case (head, sealed):
            return _ours(record.value, head, sealed), head.events


def _ours(value: bytes, head: Head, sealed: bytes | None) -> Accepted | Dead:
    events: tuple[Event, ...] = ()
    bodies: tuple[bytes, ...] = ()
    if head.events:
        event = parse_own_event(value)
        if isinstance(event, NotAnEvent):
            return Dead(f"{event.path}: {event.reason}")
        events, bodies = (event,), (value,)
    return Accepted(
        id=head.id,
        source=head.source,
        connection=head.connection,
        received_at=head.received_at.astimezone(UTC),
        status=head.status,
        reason=head.reason,
        path=head.path,
        sealed=sealed,
        events=events,
        bodies=bodies,
    )


def _alone(record: Record, value: bytes, part: Part) -> Accepted | Dead:
    """A part without those before it."""
    event = parse_own_event(value)
    if isinstance(event, NotAnEvent):
        return _upstream(record, value)
    return Accepted(
        id=part.id,
        source=part.source,
        connection=event.connection,
        received_at=part.received_at.astimezone(UTC),
        status=part.status,
        reason=part.reason,
        path=part.path,
        events=(event,),
        bodies=(value,),
    )


def _whole(first: Accepted, records: Sequence[Record], at: int, parts: int) -> Accepted | None:
    """The delivery with all its events; None when they do not all follow `records[at]`."""
    if at + parts > len(records):
        return None
    events, bodies = list(first.events), list(first.bodies)
    for number in range(1, parts):
        part = _next_part(records[at + number], first.id, number)
        if part is None:
            return None
        events.append(part[0])
        bodies.append(part[1])
    return replace(first, events=tuple(events), bodies=tuple(bodies))


def _next_part(record: Record, delivery: str, number: int) -> tuple[Event, bytes] | None:
    header = _header(record, DELIVERY)
    said = read_head(header) if header is not None else None
    if record.value is None or not isinstance(said, Part) or (said.id, said.part) != (delivery, number):
        return None
    event = parse_own_event(record.value)
    return None if isinstance(event, NotAnEvent) else (event, record.value)


def _upstream(record: Record, value: bytes) -> Accepted | Dead:
    body = _structured(record, value)
    if isinstance(body, Dead):
        return body
    event = parse_event(body)
    if isinstance(event, NotAnEvent):
        event = parse_event(_tolerant(body))
    if isinstance(event, NotAnEvent):
        connection = _connection_of(body) if event.path == "$.id" else None
        if connection is None:
            return Dead(f"{event.path}: {event.reason}")
        return _accepted(record, connection, (), event)
    return _accepted(record, event.connection, (event,), None)


def _accepted(record: Record, connection: str, events: tuple[Event, ...], wrong: NotAnEvent | None) -> Accepted:
    return Accepted(
        id=_own_id(record),
        source=None,
        connection=connection,
        received_at=datetime.fromtimestamp(max(record.timestamp_ms, 0) / 1000, UTC),
        status=DeliveryStatus.UNREADABLE if wrong else DeliveryStatus.TOLD,
        reason=wrong.reason if wrong else None,
        path=wrong.path if wrong else None,
        events=events,
    )


def _own_id(record: Record) -> str:
    """Unique as the place is; the time tells a topic from one of the same name that was there before."""
    return f"kafka:{record.topic}:{record.partition}:{record.offset}:{record.timestamp_ms}"


def _structured(record: Record, value: bytes) -> bytes | Dead:
    """The record as one CloudEvent in JSON (CloudEvents: Kafka Protocol Binding 1.0.2, content modes)."""
    kind = (_header(record, "content-type") or b"").decode("latin-1").strip().lower()
    if kind.startswith("application/cloudevents"):
        return (
            value if kind.partition(";")[0].strip() == CONTENT_TYPE else Dead("CloudEvents in another form than JSON")
        )
    if _header(record, "ce_specversion") is None:
        return value
    attributes: dict[str, str] = {}
    for name, text in record.headers:
        if name.startswith("ce_") and name != "ce_data":
            try:
                attributes.setdefault(name.removeprefix("ce_"), text.decode("utf-8"))
            except UnicodeDecodeError:
                return Dead(f"header {name[:60]} is not UTF-8")
    if isinstance(data := exact_json.loads(value), exact_json.BadJson):
        return Dead(f"$.data: {data.reason}")
    return orjson.dumps(attributes)[:-1] + b',"data":' + value + b"}"


def _tolerant(body: bytes) -> bytes:
    """Attributes that are null are absent ones, and JSON's media type may carry parameters (CloudEvents: JSON Format).

    A decimal may lose digits on the way: canonical events have none, so validation refuses it whatever it is.
    """
    value = exact_json.loads(body)
    if not isinstance(value, dict):
        return body
    present = {name: attribute for name, attribute in value.items() if attribute is not None}
    media = present.get("datacontenttype")
    if isinstance(media, str) and media.partition(";")[0].strip().lower() == "application/json":
        del present["datacontenttype"]
    return json.dumps(present, default=float).encode() if present != value else body


def _connection_of(body: bytes) -> str | None:
    value = exact_json.loads(_tolerant(body))
    connection = value.get("connection") if isinstance(value, dict) else None
    return connection if isinstance(connection, str) else None


def _header(record: Record, name: str) -> bytes | None:
    for key, value in record.headers:
        if key == name:
            return value
    return None
