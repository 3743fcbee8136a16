"""What is told to others, as CloudEvents: rows that leave for Kafka after their transaction is committed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, delete, func, insert, select, text, update

from consumers.records import DELIVERY
from service.trail.tables import outbox

EVENTS: Final = "ledgerhook.events"
DOCUMENTS: Final = "ledgerhook.documents"
CONNECTIONS: Final = "ledgerhook.connections"
_TYPE: Final = "application/cloudevents+json"
_INSERT: Final = insert(outbox)
_ENOUGH: Final = 4 * 1024 * 1024
"""Bytes to send together: what is relayed may be large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One record to send; `key` is the connection's alias."""

    seq: int
    topic: str
    key: str
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


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
    row = {
        "topic": topic,
        "key": alias,
        "value": orjson.dumps(event),
        "headers": headers_text({"content-type": _TYPE}),
        "at": at,
    }
    c.execute(_INSERT, row)


def headers_text(headers: Mapping[str, str]) -> str:
    """As the table keeps them."""
    return orjson.dumps(headers).decode()


def unsent(c: Connection, limit: int) -> Sequence[Outgoing]:
    """The oldest rows that were not sent, at most `limit`, and no more once they are some MiB."""
    bytes_ = func.length(outbox.c.value) + func.coalesce(func.length(outbox.c.delivery), 0)
    waiting = select(outbox.c.seq, bytes_.label("size")).where(text("outbox.sent_at IS NULL"))
    seqs: list[int] = []
    together = 0
    for seq, size in c.execute(waiting.order_by(outbox.c.seq).limit(limit)):
        if together >= _ENOUGH:
            break
        seqs.append(seq)
        together += size
    if not seqs:
        return []
    rows = c.execute(select(outbox).where(outbox.c.seq.in_(seqs)).order_by(outbox.c.seq))
    return [
        Outgoing(
            seq=row.seq,
            topic=row.topic,
            key=row.key,
            value=bytes(row.value),
            headers=_headers(orjson.loads(row.headers), row.delivery),
        )
        for row in rows
    ]


def _headers(texts: Mapping[str, str], relayed: bytes | None) -> tuple[tuple[str, bytes], ...]:
    headers = tuple((name, value.encode()) for name, value in texts.items())
    return headers if relayed is None else (*headers, (DELIVERY, bytes(relayed)))


def sent(c: Connection, seqs: Sequence[int], now: datetime) -> None:
    """These have left and were acknowledged. What was relayed is removed, as the trail keeps the delivery itself."""
    if seqs:
        c.execute(delete(outbox).where(outbox.c.seq.in_(seqs), outbox.c.topic == EVENTS))
        c.execute(update(outbox).where(outbox.c.seq.in_(seqs)).values(sent_at=now))
