"""Shopify's ids: 64-bit numbers, some of which lose their last digits on the way through JavaScript.

A body names itself twice: `id` as a number and `admin_graphql_api_id` as text. Where the two round to the same binary
double, the number lost its digits and the text counts; where they do not, the body contradicts itself. In a body that
lost its own digits, a long id that is told only once (`order_id`, `parent_id`) cannot be trusted: it counts as not
told.
"""

import re
from typing import Final

from handlers.fields import Field

LOST: Final = "an id lost its last digits on the way and counts as not told"

_EXACT: Final = 2**53
_GID: Final = re.compile(r"gid://shopify/([A-Za-z]{1,40})/([0-9]{1,20})")


def own(thing: Field, kind: str) -> str:
    """The id of `thing` as decimal text; `kind` is what its own text must call it (`Order`, `LineItem`)."""
    told, named = _number(thing.get("id")), _named(thing, kind)
    if named is None or named == told:
        return str(told)
    if not _rounds_alike(told, named):
        raise thing.get("id").bad("another id than the one in admin_graphql_api_id")
    return str(named)


def lost_digits(thing: Field, kind: str) -> bool:
    """Whether the numbers in this body went through JavaScript."""
    return _named(thing, kind) not in (None, _number(thing.get("id")))


def reference(field: Field, *, lossy: bool) -> str | None:
    """The id of another object as decimal text; None when it is not told, or told in a body that loses digits."""
    if not field.told:
        return None
    told = _number(field)
    return None if lossy and told > _EXACT else str(told)


def _number(field: Field) -> int:
    if isinstance(field.value, str) and re.fullmatch(r"[0-9]{1,20}", field.value):
        return int(field.value)
    told = field.integer()
    if not 0 < told < 2**64:
        raise field.bad("not an id of 64 bits")
    return told


def _named(thing: Field, kind: str) -> int | None:
    field = thing.get("admin_graphql_api_id")
    if not field.told:
        return None
    found = _GID.fullmatch(field.word())
    if found is None or found[1] != kind:
        raise field.bad(f"does not name one of Shopify's type {kind}; the topic says it is one")
    return int(found[2])


def _rounds_alike(told: int, named: int) -> bool:
    return told > _EXACT and float(told) == float(named)
