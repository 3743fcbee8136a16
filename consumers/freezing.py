"""From a planned body to the bytes that are sent: references replaced by Rutter's ids, wrapped in the object's name.

Deterministic: the same write and links give the same bytes, which is what an idempotency key stands for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from schemas.books import Link
from schemas.documents import BodyValue, Look, Ref, Write
from schemas.exact_json import Json, dumps


@dataclass(frozen=True, slots=True)
class Frozen:
    """The bytes to store and send (amounts exact, as the plan has them), and the look that goes with them."""

    body: bytes
    look: Look


@dataclass(frozen=True, slots=True)
class MissingLink:
    """The body refers to the document of this natural key, and it has no Rutter id yet."""

    key: str


def freeze(write: Write, links: Mapping[str, Link]) -> Frozen | MissingLink:
    """The write's body with every Ref replaced, as `{"invoice": {…}}`; or the first reference that cannot be."""
    body = _resolved(write.body, links)
    if isinstance(body, MissingLink):
        return body
    look = _look(write.look, links)
    if isinstance(look, MissingLink):
        return look
    return Frozen(dumps({write.kind.wrapper: body}), look)


def _look(look: Look, links: Mapping[str, Link]) -> Look | MissingLink:
    customer = _id(look.customer, links)
    if isinstance(customer, MissingLink):
        return customer
    parent = _id(look.parent, links)
    if isinstance(parent, MissingLink):
        return parent
    return replace(look, customer=customer, parent=parent)


def _resolved(value: BodyValue, links: Mapping[str, Link]) -> Json | MissingLink:
    if isinstance(value, Ref):
        return _id(value, links)
    if isinstance(value, dict):
        fields: dict[str, Json] = {}
        for name, inner in value.items():
            resolved = _resolved(inner, links)
            if isinstance(resolved, MissingLink):
                return resolved
            fields[name] = resolved
        return fields
    if isinstance(value, list):
        elements: list[Json] = []
        for inner in value:
            resolved = _resolved(inner, links)
            if isinstance(resolved, MissingLink):
                return resolved
            elements.append(resolved)
        return elements
    return value


def _id(value: Ref | str | None, links: Mapping[str, Link]) -> str | MissingLink | None:
    if not isinstance(value, Ref):
        return value
    link = links.get(value.key)
    return MissingLink(value.key) if link is None or link.rutter_id is None else link.rutter_id
