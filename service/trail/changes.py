"""What declaring something came to: field by field, secrets named but never shown."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One field. For secrets both values are None."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Declared:
    """It stands as declared. Neither created nor changed: it stood so before."""

    what: str
    name: str
    created: bool
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Mismatch:
    """It cannot be declared so; the reason is one line for people, with the cure."""

    reason: str


def changes(row: Any, wanted: Mapping[str, Any]) -> tuple[Change, ...]:  # noqa: ANN401 (a row of any table)
    """Which columns of a row differ from what is wanted."""
    return tuple(
        change
        for name, value in wanted.items()
        if getattr(row, name) != value
        for change in _parts(name, getattr(row, name), value)
    )


def _parts(name: str, before: object, after: object) -> Iterator[Change]:
    """A mapping is told key by key, and only what differs of it."""
    old, new = _table(before), _table(after)
    if old is None or new is None:
        yield Change(name, _shown(before), _shown(after))
        return
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            yield from _parts(f"{name}.{key}", old.get(key), new.get(key))


def _table(value: object) -> dict[str, Any] | None:
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    return value if isinstance(value, dict) else None


def _shown(value: object) -> str | None:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return None if value is None else str(value)
