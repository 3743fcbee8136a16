"""What a plan is decided from: a snapshot of our links, of the facts it refers to, and of the merchant's own lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schemas.connections import Connection
from schemas.events import Event
from schemas.money import Money

OUTCOME: Final = "outcome:"
"""Before the natural key of a write: what is awaited until it is known whether the write is in the books."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """From our natural key to what is in the books. `different` = the books answered with another total than ours."""

    key: str
    rutter_id: str | None
    total: Money | None = None
    different: bool = False
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What took `minor` units off an order's open balance: a payment or a credit application, by natural key.

    `proven` False: its write is intended, sent or in doubt. What it takes is spoken for, and not known to be taken.
    """

    by: str
    minor: int
    proven: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One object of the merchant's own lists (Rutter's copy): a customer, an item or an account."""

    id: str
    name: str | None
    code: str | None = None
    email: str | None = None
    currency: str | None = None
    active: bool = True
    type: str | None = None
    """Accounts: `accounts_receivable`, `bank` …; items: `service` …."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """A question to the merchant's lists: entries of `object` whose `field` equals `value` (letter case and outer
    spaces aside). `object`: customer, item, account; `field`: id, name, code, email."""

    object: str
    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What must be read before an event can be planned, all within its (connection, namespace)."""

    links: frozenset[str] = frozenset()
    """Natural keys of documents: `invoice:1001`, `customer:c-9:USD`."""
    facts: frozenset[str] = frozenset()
    """Natural keys of events: `order:1001`, `payment:pi_1`."""
    orders: frozenset[str] = frozenset()
    """Order ids whose applied amounts and refunds are wanted."""
    look_ups: frozenset[LookUp] = frozenset()

    def __or__(self, other: "References") -> "References":
        """Both."""
        return References(
            links=self.links | other.links,
            facts=self.facts | other.facts,
            orders=self.orders | other.orders,
            look_ups=self.look_ups | other.look_ups,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The snapshot. A missing key means: not there (links, facts), nothing yet (applied), no such entry (found)."""

    connection: Connection
    links: Mapping[str, Link] = field(default_factory=dict)
    facts: Mapping[str, Event] = field(default_factory=dict)
    conflicted: frozenset[str] = frozenset()
    """Facts whose tellings conflict after their document was written: what depends on them holds."""
    applied: Mapping[str, tuple[Applied, ...]] = field(default_factory=dict)
    """By order id."""
    refunds: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    """By order id: the `refund.issued` events told for it."""
    found: Mapping[LookUp, tuple[Entry, ...]] = field(default_factory=dict)
