"""What declaring something came to: field by field, secrets named but never shown."""

from collections.abc import Mapping
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
        Change(name, _shown(getattr(row, name)), _shown(value))
        for name, value in wanted.items()
        if getattr(row, name) != value
    )


def _shown(value: object) -> str | None:
    return None if value is None else str(value)
