"""Canonical events that arrive as such: one CloudEvent in JSON, checked against its source."""

import json
from typing import Any, Final, get_args

from handlers.fields import UnreadableError
from schemas.deliveries import Ignored
from schemas.events import Event, EventType, NotAnEvent, parse_own_event
from schemas.sources import Source

TYPES: Final[frozenset[str]] = frozenset(get_args(EventType))


def read(event: dict[str, Any], source: Source, path: str = "$") -> Event | Ignored:
    """The event, or why it means nothing here. `event` comes from the exact decoder; `path` is where it stands.

    A CloudEvent of another type means nothing to us, unless it carries our `connection` attribute: then it was meant
    for us, and its type is misspelt or newer than this version. Null attributes are absent ones (CloudEvents: JSON
    Event Format, 2.2), and a media type of JSON may carry parameters.
    """
    present = {name: value for name, value in event.items() if value is not None}
    kind = present.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        if "connection" in present:
            raise UnreadableError(f"{path}.type", f"not one of {', '.join(sorted(TYPES))}")
        return Ignored(f"an event of {_shown(kind)}")
    if _is_json(present.get("datacontenttype")):
        del present["datacontenttype"]
    # Canonical events hold integers and texts alone: a decimal is refused as a float, whatever its digits.
    read_event = parse_own_event(json.dumps(present, default=float).encode())
    if isinstance(read_event, NotAnEvent):
        raise UnreadableError(path + read_event.path.removeprefix("$"), read_event.reason)
    if read_event.connection != source.connection:
        raise UnreadableError(f"{path}.connection", f"must be {source.connection}, the connection of this source")
    if read_event.source != source.namespace:
        raise UnreadableError(f"{path}.source", f"must be {source.namespace}, the namespace of this source")
    return read_event


def _shown(kind: object) -> str:
    return f"type {kind!r}" if isinstance(kind, str) and len(kind) <= 100 else "no type that we know"


def _is_json(media_type: object) -> bool:
    return isinstance(media_type, str) and media_type.partition(";")[0].strip().lower() == "application/json"
