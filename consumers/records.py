"""How a delivery travels on `ledgerhook.events`: one record an event, all of them side by side in one partition.

Each record's value is a CloudEvent in structured mode. The first record's `delivery` header holds the delivery's facts
as one line of JSON, a line feed, and the sealed body; the other records' say which delivery and which part they are.
A delivery with no event is one record of type `delivery.ignored` or `delivery.unreadable`.

What Kafka did not take at once is sent once it is back. Such a delivery may be in the topic twice, and other records
may stand among its own: readers drop what they have by CloudEvents' (`source`, `id`); each record stands for itself.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from consumers.intake import Accepted, DeliveryStatus
from schemas.events import CONTENT_TYPE, event_bytes

DELIVERY: Final = "delivery"
"""Name of the header."""
MAX_RECORD: Final = 4 * 1024 * 1024
"""Bytes of a record's value and headers that the inbox takes."""

_STRUCTURED: Final = ("content-type", CONTENT_TYPE.encode())


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record to send, in the order given."""

    value: bytes
    headers: tuple[tuple[str, bytes], ...]

    @property
    def size(self) -> int:
        """Bytes, as `MAX_RECORD` counts them."""
        return len(self.value) + sum(len(value) for _, value in self.headers)


class Head(BaseModel):
    """The facts of a delivery, in the header of its first record. Unknown names are a newer version's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1, max_length=255)
    source: str | None
    connection: str = Field(min_length=1, max_length=255)
    received_at: AwareDatetime
    status: DeliveryStatus
    reason: str | None = None
    path: str | None = None
    events: int = Field(ge=0)


class Part(BaseModel):
    """Which part of which delivery a later record is; the first one is part 0.

    Read without the first it still tells whose it is: what a source is declared to tell decides what may be posted.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1, max_length=255)
    part: int = Field(ge=1)
    source: str | None
    received_at: AwareDatetime
    status: DeliveryStatus = DeliveryStatus.TOLD
    reason: str | None = None
    path: str | None = None


def outgoing(delivery: Accepted) -> tuple[Outgoing, ...]:
    """The records of a delivery, at least one."""
    first = (_STRUCTURED, (DELIVERY, _head(delivery)))
    if not delivery.events:
        return (Outgoing(_notice(delivery), first),)
    if len(delivery.events) == 1:
        return (Outgoing(event_bytes(delivery.events[0]), first),)
    return tuple(
        Outgoing(event_bytes(event), first if part == 0 else (_STRUCTURED, (DELIVERY, _part(delivery, part))))
        for part, event in enumerate(delivery.events)
    )


def outgoing_late(delivery: Accepted) -> tuple[Outgoing, ...]:
    """The records of a delivery that the trail has already: without its body where that makes one too large."""
    records = outgoing(delivery)
    if all(record.size <= MAX_RECORD for record in records):
        return records
    return outgoing(replace(delivery, sealed=None))


def read_head(header: bytes) -> tuple[Head, bytes | None] | Part | None:
    """What a `delivery` header says, with the sealed body; None when it is not one of ours."""
    facts, _, sealed = header.partition(b"\n")
    try:
        return Head.model_validate_json(facts), sealed or None
    except ValidationError:
        pass
    try:
        return Part.model_validate_json(facts)
    except ValidationError:
        return None


def _head(delivery: Accepted) -> bytes:
    facts = {
        "id": delivery.id,
        "source": delivery.source,
        "connection": delivery.connection,
        "received_at": delivery.received_at,
        "status": delivery.status.value,
        "reason": delivery.reason,
        "path": delivery.path,
        "events": len(delivery.events),
    }
    return orjson.dumps(facts) + b"\n" + (delivery.sealed or b"")


def _part(delivery: Accepted, part: int) -> bytes:
    facts = {"id": delivery.id, "part": part, "source": delivery.source, "received_at": delivery.received_at}
    if delivery.status is not DeliveryStatus.TOLD:  # told apart from the others it must not count as cured
        facts |= {"status": delivery.status.value, "reason": delivery.reason, "path": delivery.path}
    return orjson.dumps(facts)


def _notice(delivery: Accepted) -> bytes:
    """A CloudEvent that tells other readers of the topic what came, and that nothing follows from it."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": delivery.id,
            "source": delivery.source,
            "type": f"delivery.{delivery.status.value}",
            "connection": delivery.connection,
            "time": _rfc3339(delivery.received_at),
            "datacontenttype": "application/json",
            "data": {"delivery": {"reason": delivery.reason, "path": delivery.path}},
        }
    )


def _rfc3339(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
