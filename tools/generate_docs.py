"""Pages that are written from the code: docs/settings.md, docs/platforms.md, and docs/schemas/. `make docs`.

A test compares them with what is committed, so that they never tell something else than the code.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import annotated_types
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from schemas.documents import DocumentKind
from schemas.events import CONTENT_TYPE, event_schema
from service.kafka.topics import TOPICS
from service.settings import PREFIX, Settings
from tools.outgoing import connection_event, document_event
from tools.platform_page import platform_page

ROOT: Final = Path(__file__).resolve().parent.parent
SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"
_HEAD: Final = """\
# Settings

Written by `make docs` from `service/settings.py`; do not edit.

Everything comes from the environment. Each variable may also be given as `…_FILE`, naming a file that holds the
value (a Docker secret, a mounted volume); both at once are refused, and so is a `LEDGERHOOK_` variable that is none of
these, except those that begin with `LEDGERHOOK_SECRET_` (for secrets that a configuration file refers to) or
`LEDGERHOOK_TEST_`. An empty value counts as not set. A wrong value stops the start with one line that names the
variable, says what would do, and never repeats the value. Connections, sources and mappings are no settings: they are
declared with `ledgerhook apply`.

| variable | takes | default | what it is |
|---|---|---|---|
"""


def pages() -> dict[Path, str]:
    """Every generated page and its text."""
    return {
        ROOT / "docs" / "settings.md": settings_page(),
        ROOT / "docs" / "platforms.md": platform_page(),
        ROOT / "docs" / "schemas" / "event.schema.json": _json(event_document()),
        ROOT / "docs" / "schemas" / "asyncapi.json": _json(asyncapi_document()),
    }


def settings_page() -> str:
    """A row a setting, in the order in which they are declared."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return _HEAD + "\n".join(rows) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    means = " ".join((field.description or "").split())
    return f"| `{PREFIX}{name.upper()}` | {_takes(field)} | {_default(field)} | {means} |"


def _takes(field: FieldInfo) -> str:
    kinds = [kind for kind in (get_args(field.annotation) or (field.annotation,)) if kind is not type(None)]
    if get_origin(field.annotation) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(field.annotation))
    if kinds == [bool]:
        return "`true`, `false`"
    if kinds == [int]:
        low = next((one.ge for one in field.metadata if isinstance(one, annotated_types.Ge)), "")
        high = next((one.le for one in field.metadata if isinstance(one, annotated_types.Le)), "")
        return f"{low} to {high}"
    return {SecretStr: "secret", Path: "path"}.get(kinds[0], "text") if kinds else "text"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None:
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def event_document() -> dict[str, Any]:
    """JSON Schema of the canonical events."""
    schema = event_schema()
    for one in schema["oneOf"]:
        told = schema["$defs"][one["$ref"].rpartition("/")[2]]
        # We forgive their absence; CloudEvents does not.
        told["required"] = sorted({*told["required"], "specversion", "type"})
    return {"$schema": SCHEMA, "title": "Ledgerhook's canonical events", **schema}


def asyncapi_document() -> dict[str, Any]:
    """AsyncAPI 3.0: the topics, which way each goes, and what is in them."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Ledgerhook",
            "version": "1",
            "description": "Facts in, documents out. Every record is a CloudEvent in structured mode, keyed by the "
            "connection's alias; `ledgerhook.events` is read in binary mode, too.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {
            "events": _channel(TOPICS.events, "Canonical events: ours, and those that you publish", "canonicalEvent"),
            "dead": _channel(TOPICS.dead, "Records of ledgerhook.events that are no valid event", "deadRecord"),
            "documents": _channel(TOPICS.documents, "What was posted, parked and released", "documentEvent"),
            "connections": _channel(TOPICS.connections, "How connections stand", "connectionEvent"),
        },
        "operations": {
            "readEvents": _operation("receive", "events"),
            "buryRecord": _operation("send", "dead"),
            "tellDocument": _operation("send", "documents"),
            "tellConnection": _operation("send", "connections"),
        },
        "components": {"messages": _messages()},
    }


def _channel(address: str, description: str, message: str) -> dict[str, Any]:
    referred = {message: {"$ref": f"#/components/messages/{message}"}}
    return {"address": address, "description": description, "messages": referred}


def _operation(action: Literal["send", "receive"], channel: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}


def _messages() -> dict[str, Any]:
    key = {"kafka": {"key": {"type": "string", "description": "The connection's alias"}}}
    headers = {"reason", "original-topic", "original-partition", "original-offset"}
    return {
        "canonicalEvent": {
            "contentType": CONTENT_TYPE,
            "bindings": key,
            "payload": {"$ref": "event.schema.json"},
        },
        "deadRecord": {
            "summary": "The record as it came; why it is no event, and where it was, are in its headers",
            "contentType": "application/octet-stream",
            "headers": {
                "type": "object",
                "required": sorted(headers),
                "properties": {name: {"type": "string"} for name in sorted(headers)},
            },
            "payload": True,
        },
        "documentEvent": {
            "contentType": CONTENT_TYPE,
            "bindings": key,
            "payload": document_event([kind.value for kind in DocumentKind]),
        },
        "connectionEvent": {"contentType": CONTENT_TYPE, "bindings": key, "payload": connection_event()},
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def write(say: Callable[[str], None] = print) -> None:
    """Write what differs."""
    for path, text in pages().items():
        if path.exists() and path.read_text("utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        say(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    write()
