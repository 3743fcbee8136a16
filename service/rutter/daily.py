"""A platform's day: writes are counted in the trail, and none leaves beyond what the day takes."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from consumers.ports import Clock
from schemas.connections import Connection
from schemas.platforms.allowance import allowance
from service.trail.quotas import SLOTS, Reserved, Used

DAY: Final = timedelta(days=1)
MOST_AHEAD: Final = 50
AHEAD_SHARE: Final = 50
"""A block is at most one in so many of the day, so that what a crash counts too many is little."""


class QuotaStore(Protocol):
    """Where calls are counted: the trail."""

    async def reserve(self, alias: str, per_day: int, want: int, *, day: timedelta, back: Used | None) -> Reserved:
        """See `service.trail.quotas.reserve`."""
        ...


@dataclass(slots=True)
class _Ahead:
    """What is reserved for one connection and not made yet."""

    begins: datetime | None = None
    left: int = 0
    full_until: datetime | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Days:
    """The days of all connections. `day`: how long one is; shorter only to rehearse it."""

    def __init__(self, store: QuotaStore, clock: Clock, day: timedelta = DAY) -> None:
        self._store = store
        self._clock = clock
        self._day = day
        self._ahead: dict[str, _Ahead] = {}

    async def spend(self, connection: Connection) -> datetime | None:
        """Count one call that leaves now; or when there is room for one again, and then none may leave."""
        per_day = allowance(connection).per_day
        if per_day is None:
            return None
        ahead = self._ahead.setdefault(connection.alias, _Ahead())
        async with ahead.turn:
            now = self._clock.now()
            if ahead.full_until is not None and now < ahead.full_until:
                return ahead.full_until
            if not ahead.left or ahead.begins is None or now >= ahead.begins + self._day / SLOTS:
                await self._reserve(connection.alias, per_day, ahead)
            if not ahead.left:
                return ahead.full_until
            ahead.left -= 1
            return None

    async def _reserve(self, alias: str, per_day: int, ahead: _Ahead) -> None:
        """A block of the slot that is now; what is left of an earlier one is given back."""
        back = Used(begins=ahead.begins, calls=ahead.left) if ahead.begins is not None and ahead.left else None
        want = max(1, min(MOST_AHEAD, per_day // AHEAD_SHARE))
        ahead.left = 0
        reserved = await self._store.reserve(alias, per_day, want, day=self._day, back=back)
        ahead.begins, ahead.left, ahead.full_until = reserved.begins, reserved.calls, reserved.again_at
