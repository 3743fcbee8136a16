"""A connection's mapping as JSON, and back."""

from dataclasses import asdict
from typing import Final

import orjson
from pydantic import TypeAdapter

from schemas.mapping import Mapping

_MAPPING: Final = TypeAdapter(Mapping)


def mapping_json(mapping: Mapping) -> str:
    """As kept in the trail; what is None is left out."""
    return orjson.dumps(_without_nulls(asdict(mapping)), option=orjson.OPT_SORT_KEYS).decode()


def mapping_of(text: str) -> Mapping:
    """The mapping again. Fields that this version does not know are passed over: a newer one wrote them."""
    return _MAPPING.validate_json(text)


def _without_nulls(value: object) -> object:
    match value:
        case dict():
            return {name: _without_nulls(part) for name, part in value.items() if part is not None}
        case list() | tuple():
            return [_without_nulls(part) for part in value]
        case _:
            return value
