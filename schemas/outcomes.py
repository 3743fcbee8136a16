"""Outcomes: what the remote did with a write. Every reply of Rutter becomes exactly one of these, in one place."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from schemas.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """It is in the books. `rutter_id` is None where Rutter returns none (credit applications)."""

    rutter_id: str | None
    total: Money | None
    """What the books answered with, where the reply says."""
    job_id: str | None = None
    how: str = "answered"
    """`answered`, `job`, `found` (recognised in the books)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Definitely refused; nothing was written. `accepted` = Rutter stored this error under the key, which is spent."""

    status: int
    code: str
    message: str
    accepted: bool
    job_id: str | None = None


class DeferReason(StrEnum):
    """Why it could not be tried; the write stays unchanged and is sent again, same key, same bytes."""

    CREDENTIALS = "credentials refused"
    NEEDS_UPDATE = "connection needs update"
    DISABLED = "connection disabled"
    NOT_READY = "connection not ready"
    QUOTA = "quota"
    UNAVAILABLE = "not reachable"
    """The connection could not be opened: nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """Not tried. Everything on the connection waits with it."""

    reason: DeferReason
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may or may not be in the books. `job_id` once known; `pending` = its job is known to be running still."""

    reason: str
    job_id: str | None = None
    pending: bool = False
    status: int | None = None
    job_failed: bool = False
    """The job is known to have ended without success, ambiguously (a 5xx inside): only the books can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """409: another body is stored under our key."""

    message: str


Outcome = Written | Rejected | Deferred | Unknown | Conflict

Reply = dict[str, Any]
