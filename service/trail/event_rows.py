"""Events as rows: which columns are read out of a fact so that the database can find it."""

from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from consumers.about import about
from schemas.events import Event, NotAnEvent, event_bytes, parse_own_event
from schemas.sources import Noun


def identity(event: Event) -> tuple[str, str, str]:
    """(connection, namespace, natural key): one fact."""
    return event.connection, event.namespace, event.key


def noun(event: Event) -> Noun:
    """What a source must be declared to tell, to be this event's authority."""
    return about(event).noun


def digest(body: bytes) -> bytes:
    """Of an event's bytes: two tellings with the same one are the same telling."""
    return blake2b(body, digest_size=16).digest()


def body_columns(event: Event, body: bytes) -> dict[str, Any]:
    """The columns that follow from what is told."""
    return {"body": body, "type": event.type, "occurred_at": event.time, **_found_by(event)}


def row(
    event: Event, *, delivery_id: str, source: str | None, received_at: datetime, body: bytes | None = None
) -> dict[str, Any]:
    """A new row of `events`. `body`: its bytes, where `event_bytes` wrote them before."""
    body = event_bytes(event) if body is None else body
    connection, namespace, key = identity(event)
    return {
        "connection": connection,
        "namespace": namespace,
        "key": key,
        "digest": digest(body),
        "version": 1,
        "delivery_id": delivery_id,
        "source": source,
        "received_at": received_at,
        "conflict": None,
        **body_columns(event, body),
    }


@lru_cache(maxsize=1024)
def event_of(body: bytes) -> Event:
    """The event that a row holds. Due work is looked at again each time a slot is free: most of it was just read.

    Raises:
        ValueError: the row holds none: written by another version, or damaged.
    """
    event = parse_own_event(body)
    if isinstance(event, NotAnEvent):
        raise ValueError(f"the trail holds no event at {event.path}: {event.reason}")  # noqa: TRY004 (a damaged row)
    return event


def _found_by(event: Event) -> dict[str, Any]:
    """`payment_key`: the natural key of the first fact it corrects or refers to."""
    what = about(event)
    return {
        "minor": what.minor,
        "currency": what.currency,
        "order_id": what.order_id,
        "number": what.number,
        "payment_key": what.facts[0] if what.facts else None,
    }
