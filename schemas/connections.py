"""A connection: one merchant's accounting system, linked through Rutter Link, and how its documents are mapped."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from schemas.mapping import Mapping

DEFAULT_PER_MINUTE: Final = 480
"""Calls a minute where nothing is declared."""


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
    calls_per_minute: int = DEFAULT_PER_MINUTE
    """Our own bound on requests to Rutter for this connection. The platform's, where it is known, counts as well."""
    calls_per_day: int | None = None
    """Our own bound on writes in any 24 hours; None leaves it to the platform's."""
    in_flight: int = 16
    hold_hours: int = 72
    """How long an event waits for what it names before it is parked."""
