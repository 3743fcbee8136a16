"""Opening a kept delivery again: who may see it sees everything but secrets."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from schemas import exact_json
from service.rutter.secrecy import MASK
from service.sealing import KeyRing, SealError, open_delivery
from service.trail.tables import deliveries

SHOWN: Final = 64 * 1024
"""Characters of a body that are shown."""
_SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key"})
_SECRET_NAME: Final = re.compile(r"token$|secret|password|api_?key", re.IGNORECASE)
_SECRET: Final = re.compile(r'("[A-Za-z_]*(?:token|secret|password|api_?key)"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE)
_IN_URL: Final = re.compile(r"((?:access_|public_|refresh_)?token=)[^\s\"'&<>]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDelivery:
    """One request as received, secrets masked. `body` None: not kept, or sealed with a key that is not there."""

    id: str
    source: str | None
    connection: str
    received_at: datetime
    status: str
    reason: str | None
    path: str | None
    headers: tuple[tuple[str, str], ...]
    body: str | None
    cut: bool
    problem: str | None


def opened(c: Connection, keys: KeyRing, delivery_id: str) -> OpenedDelivery | None:
    """The delivery of that id; None when there is none."""
    row = c.execute(select(deliveries).where(deliveries.c.id == delivery_id)).first()
    if row is None:
        return None
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    problem: str | None = None
    if row.sealed is None:
        problem = "its body was not kept: it was published to Kafka by somebody else"
    else:
        try:
            named, raw = open_delivery(keys, row.id, bytes(row.sealed))
            headers = tuple((name, _header(name, value)) for name, value in sorted(named.items()))
            body = masked(raw)
        except SealError as error:
            problem = f"its body does not open: {error}"
    facts: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    return OpenedDelivery(
        **facts,
        headers=headers,
        body=None if body is None else body[:SHOWN],
        cut=body is not None and len(body) > SHOWN,
        problem=problem,
    )


_PLAIN: Final = ("id", "source", "connection", "received_at", "status", "reason", "path")


def masked(body: bytes) -> str:
    """A body as text with its secrets covered: JSON laid out, its numbers as they were; anything else as it came."""
    value = exact_json.loads(body)
    if not isinstance(value, exact_json.BadJson):
        try:
            return orjson.dumps(_covered(value), default=_number, option=orjson.OPT_INDENT_2).decode()
        except (TypeError, ValueError):
            pass  # an integer beyond 64 bits: shown as it came
    return _IN_URL.sub(rf"\1{MASK}", _SECRET.sub(rf'\1"{MASK}"', body.decode("utf-8", "replace")))


def _covered(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    if isinstance(value, dict):
        return {
            name: MASK if inner is not None and _SECRET_NAME.search(name) else _covered(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_covered(inner) for inner in value]
    return _IN_URL.sub(rf"\1{MASK}", value) if isinstance(value, str) else value


def _number(value: object) -> orjson.Fragment:
    return orjson.Fragment(format(value, "f") if isinstance(value, Decimal) else str(value))


def _header(name: str, value: str) -> str:
    return MASK if name.lower() in _SECRET_HEADERS else value
