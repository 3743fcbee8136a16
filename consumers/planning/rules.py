"""Which rule of a mapping is for a fact: the first that fits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from schemas.facts import Order
from schemas.mapping import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a rule may ask about. None: not told, and then no rule that asks for it fits."""

    namespace: str | None = None
    currency: str | None = None
    country: str | None = None
    sku: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    gateway: str | None = None
    method: str | None = None


class Rule(Protocol):
    """Anything that says when it is for something."""

    @property
    def when(self) -> When:
        """What it is for."""
        ...


R = TypeVar("R", bound=Rule)


def order_facts(order: Order, namespace: str, sku: str | None = None) -> Facts:
    """What rules may ask about an order, or about a line of it."""
    places = (order.shipping_address, order.customer.billing_address)
    return Facts(
        namespace=namespace,
        currency=order.currency,
        country=next((place.country for place in places if place is not None and place.country), None),
        sku=sku,
        tags=order.tags,
    )


def fits(when: When, facts: Facts) -> bool:
    """Whether all that the rule asks for is so; letter case aside."""
    asked = (
        (when.source, facts.namespace),
        (when.currency, facts.currency),
        (when.country, facts.country),
        (when.sku, facts.sku),
        (when.gateway, facts.gateway),
        (when.method, facts.method),
    )
    return all(wanted is None or same_text(wanted, told) for wanted, told in asked) and (
        when.tag is None or _tagged(when.tag, facts.tags)
    )


def first(rules: Iterable[R], facts: Facts) -> R | None:
    """The first rule that fits."""
    return next((rule for rule in rules if fits(rule.when, facts)), None)


def tag_value(name: str, tags: Mapping[str, str]) -> str | None:
    """The value of the tag of that name, letter case of the name aside."""
    if name in tags:
        return tags[name]
    return next((value for told, value in tags.items() if same_text(name, told)), None)


def same_text(one: str, other: str | None) -> bool:
    """Whether a rule's text is what was told."""
    return other is not None and one.casefold() == other.casefold()


def _tagged(tag: tuple[str, str], tags: Mapping[str, str]) -> bool:
    name, value = tag
    return any(same_text(name, told) and same_text(value, tags[told]) for told in tags)
