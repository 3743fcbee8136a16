"""What is told to others, as CloudEvents: rows that leave for Kafka after their transaction is committed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, insert, select, text, update

from service.trail.tables import outbox

DOCUMENTS: Final = "ledgerhook.documents"
CONNECTIONS: Final = "ledgerhook.connections"
_TYPE: Final = "application/cloudevents+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One record to send; `key` is the connection's alias."""

    seq: int
    topic: str
    key: str
    value: bytes
    headers: Mapping[str, str]


def tell(
    c: Connection, topic: str, type_: str, alias: str, *, subject: str, at: datetime, data: Mapping[str, Any]
) -> None:
    """Add a CloudEvent about a connection; (`source`, `id`) is unique as CloudEvents asks."""
    event = {
        "specversion": "1.0",
        "id": f"{type_}:{subject}:{int(at.timestamp() * 1_000_000)}",
        "source": f"ledgerhook/{alias}",
        "type": type_,
        "connection": alias,
        "subject": subject,
        "time": at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": data,
    }
    c.execute(
        insert(outbox).values(
            topic=topic,
            key=alias,
            value=orjson.dumps(event),
            headers=orjson.dumps({"content-type": _TYPE}).decode(),
            at=at,
        )
    )


def unsent(c: Connection, limit: int) -> Sequence[Outgoing]:
    """The oldest rows that were not sent."""
    rows = c.execute(select(outbox).where(text("outbox.sent_at IS NULL")).order_by(outbox.c.seq).limit(limit))
    return [
        Outgoing(seq=row.seq, topic=row.topic, key=row.key, value=bytes(row.value), headers=orjson.loads(row.headers))
        for row in rows
    ]


def sent(c: Connection, seqs: Sequence[int], now: datetime) -> None:
    """These have left and were acknowledged."""
    if seqs:
        c.execute(update(outbox).where(outbox.c.seq.in_(seqs)).values(sent_at=now))
