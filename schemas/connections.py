"""A connection: one merchant's accounting system, linked through Rutter Link, and how its documents are mapped."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class ConnectionState(StrEnum):
    """The life of a connection. Only `ready` posts."""

    WAITING = "waiting"
    """Linked, its first sync not finished."""
    READY = "ready"
    NEEDS_UPDATE = "needs_update"
    """The merchant must sign in again, through the link."""
    DISABLED = "disabled"
    PAUSED = "paused"
    """By us: a person's wish, or three bugs in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something in the books, named by Rutter's id or by its exact name or code there (one of them)."""

    id: str | None = None
    name: str | None = None
    code: str | None = None

    def __post_init__(self) -> None:
        """Exactly one way to name it."""
        if sum(part is not None for part in (self.id, self.name, self.code)) != 1:
            raise ValueError("name it by exactly one of id, name, code")

    def __str__(self) -> str:
        """For people: `"Sales"`, `code 4000` or the id."""
        return f'"{self.name}"' if self.name else f"code {self.code}" if self.code else str(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Which item in the books each part of an order is sold under. None = not mapped: needing it parks."""

    fallback: Named | None = None
    by_sku: tuple[tuple[str, Named], ...] = ()
    match_sku: bool = True
    """Whether an item whose code or name equals the sku is taken without a mapping."""
    require_mapping: bool = False
    """Park an unknown sku rather than sell it under the fallback item."""
    shipping: Named | None = None
    tip: Named | None = None
    discount: Named | None = None
    rounding: Named | None = None
    tax: Named | None = None
    gift_card: Named | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """The account that a gateway's money is posted to, gross, never the bank. First match wins; None matches all."""

    account: Named
    gateway: str | None = None
    method: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Everything a plan needs to know about one merchant's books."""

    items: Items = field(default_factory=Items)
    clearing: tuple[Clearing, ...] = ()
    receivable: Named | None = None
    cash_customer: Named | None = None
    """Who nameless guests are booked under."""
    tax: Literal["header", "line"] | None = None
    """Where seller-remitted tax goes; None = header on QUICKBOOKS, a line elsewhere."""
    number_prefix: str = ""
    refund_policy: Literal["credit_memo", "customer_refund"] | None = None
    """What a refund of money becomes. Required before the first one is posted: it is never guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One merchant's books as configured. `alias` is ours and short; `rutter_id` is Rutter's connection id."""

    alias: str
    rutter_id: str
    platform: str
    time_zone: str
    home_currency: str | None
    mapping: Mapping
    state: ConnectionState
    access_token: str = field(repr=False, default="")
    calls_per_minute: int = 480
    """Our own bound on requests to Rutter for this connection; the platform's is met by 429 and 452."""
    in_flight: int = 16
    hold_hours: int = 72
    """How long an event waits for what it names before it is parked."""
