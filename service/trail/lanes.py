"""Lanes: live work goes before backfill, which keeps a share.

Backfill is what was old when it was told (an import, a long outage of the sender) and what was replayed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import Connection, update

from service.trail.fact_tables import work

T = TypeVar("T")
LIVE: Final = 0
BACKFILL: Final = 1
LANES: Final = (LIVE, BACKFILL)
OLD: Final = timedelta(days=1)
"""From when to when it was told: later than this is backfill."""
SHARE: Final = 4
"""Of so many taken in hand, one is backfill while both wait."""


def lane_of(occurred_at: datetime, told_at: datetime) -> int:
    """The lane of an event that is recorded then."""
    return BACKFILL if told_at - occurred_at > OLD else LIVE


def to_backfill(c: Connection, event_seqs: Sequence[int]) -> None:
    """These were replayed."""
    if event_seqs:
        c.execute(update(work).where(work.c.event_seq.in_(event_seqs)).values(lane=BACKFILL))


def shared(live: Sequence[T], backfill: Sequence[T]) -> list[T]:
    """Both in one order: live ones first, but every `SHARE`-th is backfill, so that it never stands still."""
    taken: list[T] = []
    rest = iter(backfill)
    for number, one in enumerate(live, 1):
        taken.append(one)
        if number % (SHARE - 1) == 0:
            taken.extend(another for another in [next(rest, None)] if another is not None)
    return [*taken, *rest]
