"""What went wrong while an event was handled: a bug in a pure function, or something that may pass by itself.

A pure function fails again on the same event, so that event is parked at once. Whatever else fails (the trail's
database was away for a moment, say) is tried again, a few times, before it is taken for a bug.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from schemas.plans import Cause, Park

MOST_STUMBLES: Final = 5
_FIRST_WAIT: Final = timedelta(seconds=2)


class BugError(Exception):
    """A pure function raised: its cause."""


@contextmanager
def pure() -> Iterator[None]:
    """Around pure functions."""
    try:
        yield
    except Exception as error:
        raise BugError from error


def stumble_wait(stumbled: int) -> timedelta:
    """How long until it is tried again, having failed so often before."""
    return _FIRST_WAIT * (1 << stumbled)


def bug(subject: str, error: Exception) -> Park:
    """Parked with its trace."""
    told = error.__cause__ if isinstance(error, BugError) and isinstance(error.__cause__, Exception) else error
    return Park(
        cause=Cause.BUG,
        subject=subject,
        detail="".join(traceback.format_exception(told, limit=-6, chain=False))[-3000:],
        cure="report this trace; after an upgrade, release it",
    )
