"""JSON whose numbers stay exact, in both directions.

orjson turns decimals and integers past 2^64 into floats and keeps the last of duplicate keys; foreign JSON that carries
money must do neither. Decoding here gives int and Decimal, refuses duplicate keys, NaN and nesting past a bound, and
has one way to fail: `BadJson`. Encoding writes a Decimal as the number it is.
"""

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

import orjson

MAX_DEPTH: Final = 64
_MAX_NUMBER: Final = 400
"""Digits of a number, written out without an exponent."""
_TOO_LONG: Final = "a number with too many digits"

Json = dict[str, Any] | list[Any] | str | int | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class BadJson:
    """Bytes that are no acceptable JSON, and why. `is_json`: a message all right, but against our rules."""

    reason: str
    is_json: bool


class _RefusedError(ValueError):
    """Ends the parse from inside a hook; never leaves this module."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add answers None
        raise _RefusedError(f"the key {twice[:60]!r} occurs twice in one object")
    return found


def _constant(name: str) -> NoReturn:
    raise _RefusedError(f"{name} is no JSON number")


def _decimal(text: str) -> Decimal:
    if len(text) > _MAX_NUMBER:
        raise _RefusedError(_TOO_LONG)
    return _scaled(text) if "e" in text or "E" in text else Decimal(text)


def _scaled(text: str) -> Decimal:
    """A short text may stand for a number of any length, and its exponent may be beyond all reading."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _RefusedError(_TOO_LONG) from None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or not -_MAX_NUMBER <= exponent <= number.adjusted() <= _MAX_NUMBER:
        raise _RefusedError(_TOO_LONG)
    return number


def _integer(text: str) -> int:
    if len(text) > _MAX_NUMBER:
        raise _RefusedError(_TOO_LONG)
    return int(text)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_float=_decimal, parse_int=_integer, parse_constant=_constant
)


def loads(body: bytes) -> Json | BadJson:
    """Decode UTF-8 JSON; numbers as int or Decimal. Never raises."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return BadJson("not UTF-8", is_json=False)
    if _depth(body) > MAX_DEPTH:
        return BadJson(f"nested deeper than {MAX_DEPTH}", is_json=True)
    try:
        value: Json = _DECODER.decode(text)
    except _RefusedError as refused:
        return BadJson(str(refused), is_json=True)
    except (ValueError, RecursionError):
        return BadJson("not JSON", is_json=False)
    return value


def _depth(body: bytes) -> int:
    """An upper bound of the nesting: cheap when brackets are few, exact (strings skipped) when they are many."""
    if body.count(b"{") + body.count(b"[") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    inside = escaped = False
    for byte in body:
        if inside:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _default(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"cannot write a {type(value).__name__} as JSON")


def dumps(value: Json) -> bytes:
    """Encode compactly, keys in the order given; a Decimal as a plain number (12.30 stays 12.30)."""
    return orjson.dumps(value, default=_default)
