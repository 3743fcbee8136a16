"""One delivery explained by itself: no configuration, database, network or secret, and so without its signature."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, assert_never

from handlers.registry import explain_translate
from schemas import exact_json
from schemas.deliveries import (
    BooksChanged,
    ConnectionMoved,
    Delivery,
    Ignored,
    JobCompleted,
    ListChanged,
    NoMessage,
    Told,
    Translation,
    Unreadable,
)
from schemas.sources import Kind, Source

EXAMPLE: Final = "example"
"""The connection and namespace of a made-up source, where the delivery names none."""

_ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)


def explain_delivery(body: bytes, kind: Kind, headers: Mapping[str, str]) -> dict[str, Any]:
    """What a delivery of that kind would tell if its sender were proved, as `answer` writes it."""
    lower = {name.lower(): value for name, value in headers.items()}
    delivery = Delivery(id="explained", source=kind, received_at=_ANY_TIME, headers=lower, body=body)
    return answer(explain_translate(delivery, made_up_source(body, kind, lower)))


def answer(told: Translation) -> dict[str, Any]:
    """A translation as JSON: `answer` is one of events, ignored, unreadable, no message, connection, job, books,
    list.
    """
    match told:
        case Told(events, notes, unreadable):
            said: dict[str, Any] = {
                "answer": "events",
                "events": [event.model_dump(mode="json") for event in events],
                "notes": list(notes),
            }
            if unreadable:
                said["unreadable"] = [{"path": one.path, "reason": one.reason} for one in unreadable]
            return said
        case Ignored(reason):
            return {"answer": "ignored", "reason": reason}
        case Unreadable(path, reason):
            return {"answer": "unreadable", "path": path, "reason": reason}
        case NoMessage(reason):
            return {"answer": "no message", "reason": reason}
        case ConnectionMoved(connection, move, reason, link):
            return {"answer": "connection", "connection": connection, "move": move, "reason": reason, "link_url": link}
        case JobCompleted(job):
            return {"answer": "job", "job": job}
        case BooksChanged(connection, kind, identifier, what):
            return {
                "answer": "books",
                "connection": connection,
                "object": kind,
                "object_id": identifier,
                "what": what,
            }
        case ListChanged(connection, kind):
            return {"answer": "list", "connection": connection, "object": kind}
        case _:
            assert_never(told)


def made_up_source(body: bytes, kind: Kind, headers: Mapping[str, str]) -> Source:
    """A source that the delivery could have come from: canonical events name their own connection and namespace."""
    connection, namespace = EXAMPLE, EXAMPLE
    if kind in ("cloudevents", "standardwebhooks"):
        event = _first_event(body)
        connection = _named(event.get("connection")) or _named(headers.get("ce-connection")) or EXAMPLE
        namespace = _named(event.get("source")) or _named(headers.get("ce-source")) or EXAMPLE
    shop = _shop(body) if kind == "rutter" else None
    return Source(name=kind, kind=kind, connection=connection, namespace=namespace, commerce_connection=shop)


def _shop(body: bytes) -> str | None:
    """The connection that Rutter tells an order or a transaction of: the one that such a source would name."""
    value = exact_json.loads(body)
    if not isinstance(value, dict) or not str(value.get("code")).startswith(("ORDER_", "TRANSACTION_")):
        return None
    return _named(value.get("connection_id"))


def _first_event(body: bytes) -> dict[str, Any]:
    value = exact_json.loads(body)
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict) and "specversion" not in value and isinstance(value.get("data"), dict):
        value = value["data"]
    return value if isinstance(value, dict) else {}


def _named(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
