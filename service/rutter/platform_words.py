"""A platform's own answer inside Rutter's error envelope (`error_metadata.platform`): its shape is each platform's.

What is looked for are texts and codes under the names that platforms use for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_TEXTS: Final = frozenset({"message", "detail", "description", "description2", "correction", "statusmessage", "reason"})
_CODES: Final = frozenset({"code", "errorno", "errno", "errornumber", "statuscode", "name"})
_DEEPEST: Final = 8
_MOST: Final = 5
_LONGEST: Final = 300
_LONGEST_CODE: Final = 60


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the platform itself said, each text and code once, in the order found."""

    texts: tuple[str, ...]
    codes: tuple[str, ...]


def own_words(told: object) -> OwnWords:
    """Out of JSON of any shape; of too much only the first."""
    found = list(_scalars(told, _DEEPEST))
    texts = (value[:_LONGEST].strip() for name, value in found if name in _TEXTS)
    codes = (value.strip() for name, value in found if name in _CODES and len(value) <= _LONGEST_CODE)
    return OwnWords(_first(texts), _first(codes))


def _first(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))[:_MOST]


def _scalars(value: Any, depth: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401 (JSON)
    """Texts and whole numbers with the name they stand under, lower case."""
    if depth == 0:
        return
    if isinstance(value, dict):
        for name, inner in list(value.items())[:50]:
            if isinstance(inner, str | int) and not isinstance(inner, bool):
                yield str(name).lower(), str(inner)
            else:
                yield from _scalars(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value[:20]:
            yield from _scalars(inner, depth - 1)
