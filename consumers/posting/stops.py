"""Why an event stops, in words for a person."""

from datetime import datetime, timedelta
from typing import Final

from consumers import resolving
from consumers.posting.writes import Paused
from schemas.outcomes import Deferred, Outcome, Rejected
from schemas.plans import Cause, Park
from schemas.writes import StoredWrite

UNREACHABLE: Final = timedelta(seconds=30)


def unread(trouble: Outcome, now: datetime) -> Paused:
    """The merchant's lists cannot be read: nothing on the connection can be planned soundly."""
    if isinstance(trouble, Deferred):
        state = resolving.MOVES.get(trouble.reason)
        return Paused(trouble.retry_at or now + UNREACHABLE, trouble.reason.value, state)
    return Paused(now + UNREACHABLE, "the merchant's lists cannot be read", None)


def unreadable(missed: frozenset[str], refused: Rejected) -> Park:
    """They have been refused for long."""
    names = ", ".join(sorted(missed))
    return Park(
        cause=Cause.NOT_SUPPORTED,
        subject=f"lists of {names}",
        detail=f"the merchant's {names} cannot be read: {refused.status} {refused.code}: {refused.message[:300]}",
        cure="have Rutter allow it for this connection, or name what is looked for by its id; then release",
    )


def different(write: StoredWrite) -> Park:
    """The books answered with another total."""
    return Park(
        cause=Cause.WRITTEN_DIFFERENT,
        subject=write.key,
        detail=f"{write.key} is in the books with another total: {write.last}",
        cure="correct it in the books, then release: it is looked at again; what depends on it holds until then",
    )


def expired(awaits: str, reason: str, hours: int) -> Park:
    """It was held as long as the connection holds."""
    return Park(
        cause=Cause.HOLD_EXPIRED,
        subject=awaits,
        detail=f"waited {hours} h for {awaits}: {reason}",
        cure=f"it posts by itself once {awaits} arrives; or release it to wait anew",
    )
