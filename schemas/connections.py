"""A connection: one merchant's accounting system, linked through Rutter Link, and how its documents are mapped."""

from dataclasses import dataclass, field
from enum import StrEnum

from schemas.mapping import Mapping


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
