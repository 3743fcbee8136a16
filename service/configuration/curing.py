"""What a changed mapping may cure: parked events that it lets go on, oldest first."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Protocol, TypeVar

from sqlalchemy import Connection, func, select

from schemas.plans import Cause
from service.trail.fact_tables import IS_PARKED, work
from service.trail.releasing import release

T = TypeVar("T")


class RunsInTheTrail(Protocol):
    """The trail, as its door and the console's desk open it."""

    async def run(self, f: Callable[[Connection], T]) -> T:
        """In a transaction of its own."""
        ...

    async def read(self, f: Callable[[Connection], T]) -> T:
        """Beside the writer."""
        ...


CURED_BY_MAPPING: Final = frozenset(
    {
        Cause.UNMAPPED_ITEM,
        Cause.UNMAPPED_ACCOUNT,
        Cause.UNMAPPED_CUSTOMER,
        Cause.UNMAPPED_TAX,
        Cause.UNMAPPED_TRACKING,
        Cause.UNMAPPED_TERMS,
        Cause.UNMAPPED_METHOD,
        Cause.AMBIGUOUS,
        Cause.INACTIVE,
        Cause.NO_REFUND_POLICY,
        Cause.NO_POLICY,
        Cause.NOT_SUPPORTED,
        Cause.UNSUPPORTED_CURRENCY,
        Cause.OVERPAYMENT,
        Cause.CLOSED_BOOKS,
    }
)
"""Causes that a mapping or a policy can end. What it did not cure parks again, with what is still wrong."""


@dataclass(frozen=True, slots=True)
class Cured:
    """`count` events of these fingerprints: `released`, or only waiting to be."""

    count: int
    causes: tuple[str, ...]
    released: bool


async def cure(trail: RunsInTheTrail, aliases: Collection[str], now: datetime, *, let_go: bool) -> Cured:
    """Of these connections: release what a mapping may cure, or only say how much there is."""
    count, causes = 0, dict[str, None]()
    for alias in sorted(aliases):
        waiting = await trail.read(partial(_waiting, alias=alias))
        causes |= dict.fromkeys(waiting)
        count += await _released(trail, alias, waiting, now) if let_go else sum(waiting.values())
    return Cured(count, tuple(causes), released=let_go)


async def _released(trail: RunsInTheTrail, alias: str, fingerprints: Collection[str], now: datetime) -> int:
    ask = partial(release, now=now, fingerprints=fingerprints, connection=alias)
    count = 0
    while some := await trail.run(ask):
        count += len(some)
    return count


def _waiting(c: Connection, alias: str) -> dict[str, int]:
    rows = c.execute(
        select(work.c.fingerprint, func.count().label("number"))
        .where(IS_PARKED, work.c.connection == alias, work.c.cause.in_([cause.value for cause in CURED_BY_MAPPING]))
        .group_by(work.c.fingerprint)
        .order_by(func.min(work.c.event_seq))
    )
    return {row.fingerprint: row.number for row in rows}
