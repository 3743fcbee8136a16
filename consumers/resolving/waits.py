"""How long is waited before each step: growing, bounded, and the same for the same write at the same time."""

from datetime import datetime, timedelta
from typing import Final

from schemas.outcomes import DeferReason, Deferred
from schemas.writes import StoredWrite

A_DAY: Final = timedelta(days=1)
JOB_PATIENCE: Final = timedelta(days=7)
"""QuickBooks Desktop's jobs run when the merchant's computer is on: a week covers a holiday."""
MOST_REVISIONS: Final = 5
_FEWEST_ATTEMPTS: Final = 8
"""A write that waited a day for its connection still gets some."""
_FIRST_SEND: Final = timedelta(seconds=15)
_LAST_SEND: Final = timedelta(hours=1)
_FIRST_POLL: Final = timedelta(seconds=1)
_LAST_POLL: Final = timedelta(hours=3)
_FIRST_SYNC: Final = timedelta(seconds=30)
_LAST_SYNC: Final = timedelta(hours=1)
_LONGEST_DEFERRAL: Final = timedelta(hours=6)
_DEFERRALS: Final = {
    DeferReason.CREDENTIALS: timedelta(minutes=5),
    DeferReason.NEEDS_UPDATE: timedelta(minutes=15),
    DeferReason.DISABLED: timedelta(minutes=15),
    DeferReason.NOT_READY: timedelta(minutes=1),
    DeferReason.QUOTA: timedelta(seconds=10),
    DeferReason.UNAVAILABLE: timedelta(seconds=5),
}
_LONGEST_RETRY: Final = timedelta(minutes=2)


def send_again_at(write: StoredWrite, now: datetime) -> datetime:
    """Doubling with each attempt up to an hour, and never while the last attempt may still be under way."""
    wait = _doubled(_FIRST_SEND, write.attempt, _LAST_SEND)
    return max(now + wait, write.answer_by or now)


def sent_again_at(write: StoredWrite, now: datetime) -> datetime:
    """As `send_again_at`, counted from when it last left: for who looks first each time, and sends when it is time."""
    wait = _doubled(_FIRST_SEND, write.attempt, _LAST_SEND)
    return max(now, (write.sent_at or write.intended_at) + wait, write.answer_by or now)


def ask_job_at(write: StoredWrite, now: datetime) -> datetime:
    """Half as long again as the job has taken so far, up to three hours."""
    return now + _half_the_age(write, now, _FIRST_POLL, _LAST_POLL)


def look_after_sync_at(write: StoredWrite, now: datetime) -> datetime:
    """When the sync may have ended: half a minute at first, up to an hour."""
    return now + _half_the_age(write, now, _FIRST_SYNC, _LAST_SYNC)


def deferred_until(write: StoredWrite, deferred: Deferred, now: datetime) -> datetime:
    """When Rutter said, within six hours; else by the reason, and longer the more often it was tried in vain."""
    if deferred.retry_at is not None:
        return min(max(deferred.retry_at, now), now + _LONGEST_DEFERRAL)
    wait = _DEFERRALS[deferred.reason]
    return now + (wait if wait >= _LONGEST_RETRY else _doubled(wait, write.attempt, _LONGEST_RETRY))


def tried_long_enough(write: StoredWrite, now: datetime) -> bool:
    """Sent again for a day in vain."""
    return write.attempt >= _FEWEST_ATTEMPTS and now - write.intended_at >= A_DAY


def age(write: StoredWrite, now: datetime) -> timedelta:
    """How long ago the current attempt left."""
    return max(timedelta(), now - (write.sent_at or write.intended_at))


def _half_the_age(write: StoredWrite, now: datetime, least: timedelta, most: timedelta) -> timedelta:
    return min(max(age(write, now) / 2, least), most)


def _doubled(first: timedelta, attempt: int, most: timedelta) -> timedelta:
    return min(first * (1 << max(0, min(attempt, 20) - 1)), most)
