"""Deliveries: one HTTP request as received, and what verifying and translating it can say.

A `Verified` is built by verification alone, and only a `Verified` can be translated: there is one door.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from schemas.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One request. `headers` have lower-case names; `body` is the raw bytes that were signed."""

    id: str
    source: str
    received_at: datetime
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class RefusalReason(StrEnum):
    """Why a signature did not hold. Told apart in the log, never in the answer."""

    MISSING = "signature missing"
    GARBLED = "signature garbled"
    WRONG = "signature wrong"
    STALE = "signature stale"


@dataclass(frozen=True, slots=True)
class Verified:
    """A delivery whose sender is proved. Only verification makes one."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Refused:
    """A delivery whose sender is not proved: answered 401."""

    reason: RefusalReason


@dataclass(frozen=True, slots=True)
class Ignored:
    """Authentic, and means nothing to us: acknowledged and recorded."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Authentic and should mean something, but cannot be read: acknowledged, kept and parked with the field."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """The delivery tells these facts, at least one. `notes` say what was left out or could not be used.

    `unreadable`: events of the same delivery that should mean something as well. Those that can be read go on.
    """

    events: tuple[Event, ...]
    notes: tuple[str, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def problem(self) -> Unreadable | None:
        """What could not be read, as one: the first place and its reason, and how many there are."""
        if not self.unreadable:
            return None
        first = self.unreadable[0]
        whole = len(self.events) + len(self.unreadable)
        return Unreadable(first.path, f"{first.reason} ({len(self.unreadable)} of {whole} events; the others went on)")


@dataclass(frozen=True, slots=True)
class NoMessage:
    """Bytes that are no message at all: answered 400."""

    reason: str


ConnectionMove = Literal["ready", "authenticated", "needs_update", "disabled", "unhealthy"]


@dataclass(frozen=True, slots=True)
class ConnectionMoved:
    """Rutter tells that a connection's state changed. `rutter_connection_id` is Rutter's id of it."""

    rutter_connection_id: str
    move: ConnectionMove
    reason: str | None = None
    link_url: str | None = None


@dataclass(frozen=True, slots=True)
class JobCompleted:
    """Rutter tells that a job ended: the write that waits for it is looked up at once. The body is never trusted."""

    job_id: str


BookObject = Literal[
    "invoice", "invoice_payment", "invoice_credit_memo", "invoice_credit_application", "customer", "customer_refund"
]
"""What a person may change in the books under a document of ours, by Rutter's singular names."""

ListObject = Literal[
    "account",
    "class",
    "currency",
    "department",
    "item",
    "location",
    "payment_method",
    "payment_term",
    "subsidiary",
    "tax_rate",
]
"""What documents refer to, by Rutter's singular names. Locations, subsidiaries and tax rates tell deletions alone."""

Change = Literal["created", "updated", "deleted"]


@dataclass(frozen=True, slots=True)
class BooksChanged:
    """Rutter tells that a document in the books changed, perhaps by our own write. It is fetched, the body not trusted.

    `object_id` is Rutter's, None when the body does not say which one: then every one of ours is to be looked at.
    """

    rutter_connection_id: str
    object: BookObject
    object_id: str | None
    what: Change


@dataclass(frozen=True, slots=True)
class ListChanged:
    """Rutter tells that one of a connection's lists changed: what was read of it is old."""

    rutter_connection_id: str
    object: ListObject


Translation = Told | Ignored | Unreadable | NoMessage | ConnectionMoved | JobCompleted | BooksChanged | ListChanged
