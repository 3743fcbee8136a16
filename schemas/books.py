"""What a plan is decided from: a snapshot of our links, of the facts it refers to, and of the merchant's own lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from schemas.connections import Connection
from schemas.events import Event
from schemas.money import Money

OUTCOME: Final = "outcome:"
"""Before the natural key of a write: what is awaited until it is known whether the write is in the books."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a document looked like when the books were last read because somebody, or the platform, had changed it."""

    status: Literal["open", "paid", "void", "deleted", "changed"]
    at: datetime
    total: Money | None = None
    open_minor: int | None = None
    """What was open on an invoice then, in minor units; None where it was not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """From our natural key to what is in the books. `different` = the books answered with another total than ours."""

    key: str
    rutter_id: str | None
    kind: str = ""
    """What it is in the books, by the value of its `DocumentKind`."""
    total: Money | None = None
    different: bool = False
    number: str | None = None
    seen: Seen | None = None
    """None: nothing but our own write has been noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What took `minor` units off an order's open balance: a payment or a credit application, by natural key.

    `proven` False: its write is intended, sent or in doubt. What it takes is spoken for, and not known to be taken.
    """

    by: str
    minor: int
    document: str
    """The natural key of the invoice it was taken off: an order may have several."""
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
    rate: str | None = None
    """Tax rates: per cent as decimal text (Rutter: effective_tax_rate)."""
    days: int | None = None
    """Payment terms: days to pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that is kept for an invoice: its SHA-256 in hex, its size in bytes, and what it is by its content."""

    digest: str
    size: int
    content_type: str


@dataclass(frozen=True, slots=True)
class LookUp:
    """A question to the merchant's lists: entries of `object` whose `field` equals `value` (letter case and outer
    spaces aside). `object`: Rutter's singular name: customer, item, account, tax_rate, class, department, location,
    payment_term, payment_method, custom_field; `field`: id, name, code, email."""

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
    """Order ids whose applied amounts, refunds and amendments are wanted."""
    corrected: frozenset[str] = frozenset()
    """Natural keys of payments and refunds whose reversals are wanted."""
    look_ups: frozenset[LookUp] = frozenset()
    files: frozenset[str] = frozenset()
    """Natural keys of `attachment.added` whose files are wanted."""

    def __or__(self, other: "References") -> "References":
        """Both."""
        return References(
            links=self.links | other.links,
            facts=self.facts | other.facts,
            orders=self.orders | other.orders,
            corrected=self.corrected | other.corrected,
            look_ups=self.look_ups | other.look_ups,
            files=self.files | other.files,
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
    amendments: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    """By order id: the `order.amended` events told for it."""
    reversals: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    """By natural key of a payment or refund: the events that take it back."""
    closed_through: date | None = None
    """The last day of the merchant's books that is closed, as far as it is known."""
    closed_moves: int = 0
    """How often that day has moved: who waits for it to move says what was known."""
    found: Mapping[LookUp, tuple[Entry, ...]] = field(default_factory=dict)
    files: Mapping[str, KeptFile] = field(default_factory=dict)
    """By natural key of `attachment.added`: what is kept for it."""
