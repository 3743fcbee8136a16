"""A connection's mapping as JSON, and back."""

from collections.abc import Mapping as Given
from dataclasses import asdict
from typing import Any

import orjson

from schemas.connections import Clearing, Items, Mapping, Named


def mapping_json(mapping: Mapping) -> str:
    """As kept in the trail; what is None is left out."""
    return orjson.dumps(_without_nulls(asdict(mapping)), option=orjson.OPT_SORT_KEYS).decode()


def mapping_of(text: str) -> Mapping:
    """The mapping again. Fields that this version does not know are passed over: a newer one wrote them."""
    given: dict[str, Any] = orjson.loads(text)
    return Mapping(
        items=_items(given.get("items", {})),
        clearing=tuple(
            Clearing(
                account=Named(**clearing["account"]),
                gateway=clearing.get("gateway"),
                method=clearing.get("method"),
                currency=clearing.get("currency"),
            )
            for clearing in given.get("clearing", ())
        ),
        receivable=_named(given, "receivable"),
        cash_customer=_named(given, "cash_customer"),
        tax=given.get("tax"),
        number_prefix=given.get("number_prefix", ""),
        refund_policy=given.get("refund_policy"),
    )


def _items(given: Given[str, Any]) -> Items:
    return Items(
        by_sku=tuple((sku, Named(**named)) for sku, named in given.get("by_sku", ())),
        match_sku=given.get("match_sku", True),
        require_mapping=given.get("require_mapping", False),
        fallback=_named(given, "fallback"),
        shipping=_named(given, "shipping"),
        tip=_named(given, "tip"),
        discount=_named(given, "discount"),
        rounding=_named(given, "rounding"),
        tax=_named(given, "tax"),
        gift_card=_named(given, "gift_card"),
    )


def _named(given: Given[str, Any], name: str) -> Named | None:
    found: dict[str, str] | None = given.get(name)
    return None if found is None else Named(**found)


def _without_nulls(value: object) -> object:
    match value:
        case dict():
            return {name: _without_nulls(part) for name, part in value.items() if part is not None}
        case list() | tuple():
            return [_without_nulls(part) for part in value]
        case _:
            return value
