"""How an input is harmed: in its bytes, in its values, in its headers. Chance comes in as an argument."""

import json
from collections.abc import Callable
from random import Random
from typing import Any, Final

_ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, 2**64 + 1, -(2**63) - 1, 10**30, 0.1, -0.0, 1e308, 12.345678901,
    "", " ", "0", "-1", "1e400", "NaN", "12.30", "1" * 5000, "\x00", "\ud800", "\u202e", "é" * 300, "a:b%3A",
    "USD", "usd", "XXX", "JPY", "2026-13-45T99:99:99Z", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59",
    [], {}, [[]], [None], {"": ""}, {"id": {"id": {"id": 1}}}, ["x"] * 300,
)  # fmt: skip
_TOKENS: Final = (
    b"NaN", b"-Infinity", b"1e999999", b"1e-99999999999999999999", b"9" * 500, b"{", b"}", b"[" * 70, b"\xff", b"\x00",
    b'"a":1,"a":2', b"\\u0000", b"\\ud800", b",", b":", b'"', b"null", b"0.1", b"-",
)  # fmt: skip


def mutated(body: bytes, chance: Random) -> bytes:
    """The body, harmed one to four times: most often in its values, so that it is still JSON."""
    ways = _BYTES if chance.random() < 0.2 else (_in_value,)
    for _ in range(chance.randint(1, 4)):
        body = chance.choice(ways)(body, chance)
    return body


def mutated_headers(headers: dict[str, str], chance: Random) -> dict[str, str]:
    """Sometimes without one, sometimes with another value."""
    if not headers or chance.random() < 0.8:
        return headers
    name = chance.choice(list(headers))
    rest = {key: value for key, value in headers.items() if key != name}
    if chance.random() < 0.5:
        return rest
    odd = [str(value)[:2000] for value in _ODD]
    return {**rest, name: chance.choice(odd)}


def _flip(body: bytes, chance: Random) -> bytes:
    if not body:
        return b"{"
    at = chance.randrange(len(body))
    return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]


def _cut(body: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(body) + 1)
    return (
        body[:start] if chance.random() < 0.5 else body[:start] + body[min(len(body), start + chance.randint(1, 40)) :]
    )


def _repeat(body: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(body) + 1)
    part = body[start : start + chance.randint(1, 200)]
    return body[:start] + part * chance.randint(1, 3) + body[start:]


def _insert(body: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + chance.choice(_TOKENS) + body[at:]


def _in_value(body: bytes, chance: Random) -> bytes:
    """Replace, drop or double one value somewhere inside, keeping it JSON."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return body
    places: list[tuple[Any, Any]] = []
    _collect(value, places, 0)
    if not places:
        return json.dumps(chance.choice(_ODD)).encode()
    holder, key = chance.choice(places)
    what = chance.random()
    if what < 0.6:
        holder[key] = chance.choice(_ODD)
    elif what < 0.75:
        del holder[key]
    elif what < 0.9:
        other, other_key = chance.choice(places)
        holder[key] = other[other_key] if other is not holder else 1
    elif isinstance(holder, list):
        holder.extend([holder[key]] * chance.randint(1, 5))
    try:
        return json.dumps(value).encode()
    except (ValueError, RecursionError):
        return body


def _collect(value: Any, places: list[tuple[Any, Any]], depth: int) -> None:  # noqa: ANN401 - any JSON
    if depth > 40 or len(places) > 4000:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            places.append((value, key))
            _collect(inner, places, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            places.append((value, index))
            _collect(inner, places, depth + 1)


_BYTES: Final[tuple[Callable[[bytes, Random], bytes], ...]] = (_flip, _cut, _repeat, _insert, _in_value)
