"""JSON Schemas of what the trail's outbox tells; tests/cli/test_docs.py holds them to what is really told."""

from collections.abc import Mapping, Sequence
from typing import Any

from consumers.noticing import What
from schemas.connections import ConnectionState
from schemas.plans import Cause

_TEXT: dict[str, Any] = {"type": "string"}
_TEXT_OR_NULL: dict[str, Any] = {"type": ["string", "null"]}
_NUMBER_OR_NULL: dict[str, Any] = {"type": ["integer", "null"]}
_DIFFERENCE: dict[str, Any] = {
    "type": "object",
    "required": ["what", "ours", "books"],
    "properties": {"what": _TEXT, "ours": _TEXT, "books": _TEXT},
}
_SEEN: dict[str, Any] = {
    "type": "object",
    "required": ["status", "minor", "open_minor", "currency"],
    "properties": {
        "status": {"enum": ["open", "paid", "void", "deleted", "changed"]},
        "minor": _NUMBER_OR_NULL,
        "open_minor": {**_NUMBER_OR_NULL, "description": "What is open on it in the books"},
        "currency": _TEXT_OR_NULL,
    },
}


def document_event(kinds: Sequence[str]) -> dict[str, Any]:
    """`document.posted`, `document.parked`, `document.released`, `document.changed`. `kinds`: of documents."""
    posted = {
        "namespace": _TEXT,
        "document": {**_TEXT, "description": "Its natural key"},
        "kind": {"enum": list(kinds)},
        "rutter_id": _TEXT_OR_NULL,
        "minor": {"type": ["integer", "null"], "description": "Its total in minor units"},
        "currency": _TEXT_OR_NULL,
        "different": {"type": "boolean", "description": "The books answered with another total"},
    }
    parked = {
        "namespace": _TEXT,
        "event": {**_TEXT, "description": "Its natural key"},
        "cause": {"enum": [cause.value for cause in Cause]},
        "subject": _TEXT,
        "detail": _TEXT,
        "cure": _TEXT,
    }
    released = {"namespace": _TEXT, "event": _TEXT, "fingerprint": _TEXT_OR_NULL}
    changed = {
        "namespace": _TEXT,
        "document": {**_TEXT, "description": "Its natural key"},
        "kind": {"enum": list(kinds)},
        "rutter_id": {**_TEXT_OR_NULL, "description": "Of what was replaced or merged, the id before"},
        "what": {"enum": [what.value for what in What]},
        "differences": {"type": "array", "items": _DIFFERENCE},
        "seen": {"oneOf": [_SEEN, {"type": "null", "description": "It stands as we wrote it"}]},
    }
    return {
        "oneOf": [
            _cloud_event("document.posted", posted),
            _cloud_event("document.parked", parked),
            _cloud_event("document.released", released),
            _cloud_event("document.changed", changed),
        ]
    }


def connection_event() -> dict[str, Any]:
    """`connection.ready`, `connection.paused` …: the type repeats the state."""
    states = [state.value for state in ConnectionState]
    told = _cloud_event("connection.ready", {"state": {"enum": states}, "reason": _TEXT_OR_NULL})
    told["properties"]["type"] = {"enum": [f"connection.{state}" for state in states]}
    told["properties"]["data"]["properties"]["told"] = {
        "type": "object",
        "description": "Of a paused connection alone: what others tell of it, and what holds again once it is resumed",
        "required": ["state", "reason"],
        "properties": {"state": {"enum": [*states, None]}, "reason": _TEXT_OR_NULL},
    }
    return told


def _cloud_event(type_: str, data: Mapping[str, Any]) -> dict[str, Any]:
    attributes = {
        "specversion": {"const": "1.0"},
        "id": _TEXT,
        "source": {**_TEXT, "description": "ledgerhook/ and the connection's alias; with id it tells repeats apart"},
        "type": {"const": type_},
        "connection": _TEXT,
        "subject": _TEXT,
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "data": {"type": "object", "required": list(data), "properties": dict(data)},
    }
    return {"type": "object", "required": list(attributes), "properties": attributes}
