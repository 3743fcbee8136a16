"""Watching the day settle: what was told, what is posted, what waits; until nothing moves any more."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import func, select

from service.trail.database import Trail
from service.trail.fact_tables import events
from service.trail.overview import Counts, overview

_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_STILL_SECONDS: Final = 0.8
_LOOK_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the day has come."""

    events: int
    counts: Counts


class UnsettledError(Exception):
    """Something kept moving, or waiting for its time, for too long."""


async def standing(trail: Trail) -> Standing:
    """As it is now."""
    seen = await trail.read(lambda c: overview(c, _LONG_AGO))
    told = await trail.read(lambda c: c.execute(select(func.count()).select_from(events)).scalar_one())
    return Standing(told, seen.counts)


async def settled(trail: Trail, told: Callable[[Standing], None], patience_seconds: float) -> Standing:
    """Wait until nothing is due or in doubt, and nothing has changed for a moment.

    Raises:
        UnsettledError: it takes longer than `patience_seconds`.
    """
    loop = asyncio.get_running_loop()
    began = since = loop.time()
    last: Standing | None = None
    while True:
        now = await standing(trail)
        told(now)
        if now != last:
            last, since = now, loop.time()
        quiet = now.counts.due == 0 and now.counts.in_doubt == 0
        if quiet and loop.time() - since >= _STILL_SECONDS:
            return now
        if loop.time() - began > patience_seconds:
            raise UnsettledError(f"still moving after {patience_seconds:.0f} s: {now.counts}")
        await asyncio.sleep(_LOOK_SECONDS)
