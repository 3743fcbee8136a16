"""The merchant's lists and senders, as far as proposals are made from them; things in them are found by their names."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from schemas.books import Entry
from schemas.connections import Connection
from schemas.mapping import Named
from schemas.platforms.capability import Feature, Platform
from schemas.sources import Kind

GATEWAY_OF: Mapping[Kind, str] = {"stripe": "stripe", "shopify": "shopify_payments"}
"""What a sender's own payments name as their gateway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """`lists`: entries in use, by object. `gateways`: seen in payments or told by a sender's kind, the commonest first.

    `tags`: names of tags seen on orders. `closing_date`: as the company's own settings tell it.
    """

    lists: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    gateways: tuple[str, ...] = ()
    closing_date: str | None = None

    def of(self, object_: str, types: Collection[str] = ()) -> tuple[Entry, ...]:
        """Entries in use, of one of these types (any, where none is asked; one without a type fits)."""
        return tuple(
            entry
            for entry in self.lists.get(object_, ())
            if entry.active and entry.name and (not types or entry.type in types)
        )

    def called(self, object_: str, types: Collection[str], *patterns: str) -> Entry | None:
        """The first whose whole name fits the first pattern that any fits; then the same for a part of the name."""
        there = self.of(object_, types)
        for search in (re.fullmatch, re.search):
            for pattern in patterns:
                for entry in there:
                    if search(pattern, entry.name or "", re.IGNORECASE):
                        return entry
        return None

    def named(self, object_: str, entry: Entry) -> Named:
        """By its name where that is unique in the list, else by its id."""
        alike = [one for one in self.lists.get(object_, ()) if one.active and one.name == entry.name]
        return Named(name=entry.name) if entry.name and len(alike) == 1 else Named(id=entry.id)

    def choices(self, object_: str, types: Collection[str] = ()) -> tuple[Named, ...]:
        """All that would do."""
        return tuple(self.named(object_, entry) for entry in self.of(object_, types))


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The connection that is set up, what its books have, and what its platform can."""

    connection: Connection
    shelf: Shelf
    platform: Platform

    @property
    def makes_accounts(self) -> bool:
        """Whether it is worth asking for one."""
        return self.platform.may(Feature.CREATE_ACCOUNTS)

    @property
    def makes_items(self) -> bool:
        """Whether it is worth asking for one."""
        return self.platform.may(Feature.CREATE_ITEMS)
