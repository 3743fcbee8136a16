"""Our own bound on requests to Rutter for each connection: evenly spaced turns after a short burst, live ones first."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from consumers.ports import Clock
from schemas.connections import Connection
from schemas.platforms.allowance import allowance
from service.rutter.daily import Days
from service.rutter.replies import LONGEST_PAUSE

FIRST_PAUSE: Final = 2.0
LONGEST_OWN_PAUSE: Final = 300.0
PATIENCE: Final = 3
"""So many live turns may go before a turn of the backfill that waits."""


@dataclass(slots=True, kw_only=True)
class Bucket:
    """Tokens of one connection. Pure: every method takes the time, in seconds.

    Kept as one instant (the generic cell rate algorithm): `full_at` is when the bucket would be full again, so a turn
    is a reservation and callers come in the order they asked.
    """

    per_minute: int
    burst: int
    full_at: float = 0.0
    paused_until: float = 0.0
    strikes: int = 0
    taken: int = 0
    """Turns since the beginning."""

    @property
    def spacing(self) -> float:
        """Seconds from turn to turn after the burst."""
        return 60.0 / max(1, self.per_minute)

    @property
    def burst_seconds(self) -> float:
        """How long an empty bucket takes to hold a whole burst again."""
        return (max(1, self.burst) - 1) * self.spacing

    def wait(self, now: float) -> float:
        """How many seconds from now the next turn is."""
        return max(now, self.paused_until, self.full_at - self.burst_seconds) - now

    def take(self, now: float) -> float:
        """Reserve the next turn; answer how many seconds to wait for it."""
        wait = self.wait(now)
        self.full_at = max(now + wait, self.full_at) + self.spacing
        self.taken += 1
        return wait

    def drain(self, now: float) -> None:
        """Another process may have spent the burst just now: turns come one by one."""
        self.full_at = max(self.full_at, now + self.burst_seconds)

    def pause_left(self, now: float) -> float:
        """How long a pause still lasts."""
        return max(0.0, self.paused_until - now)

    def pause(self, now: float, retry_after: float | None) -> float:
        """Rutter or the platform said: too many. Answer when to go on.

        As long as it says, within an hour; unsaid, 2 s that double with each time in a row, up to 5 minutes. Answers to
        requests that left before the pause began do not make it grow.
        """
        if now >= self.paused_until:
            self.strikes += 1
        own = min(FIRST_PAUSE * 2.0 ** min(self.strikes - 1, 20), LONGEST_OWN_PAUSE)
        seconds = own if retry_after is None else min(max(retry_after, 0.0), LONGEST_PAUSE.total_seconds())
        until = now + seconds
        if until > self.paused_until and (retry_after is not None or now >= self.paused_until):
            self.paused_until = until
            # After the pause turns come one by one, not in a burst.
            self.drain(until)
        return self.paused_until

    def went_well(self, now: float) -> None:
        """An answer that was no refusal for quota."""
        if now >= self.paused_until:
            self.strikes = 0


@dataclass(slots=True)
class _Line:
    """One connection: its bucket, and the line in which turns of the backfill wait, one asking at a time."""

    bucket: Bucket
    behind: asyncio.Lock = field(default_factory=asyncio.Lock)


class Turns:
    """The buckets of all connections. Fits `consumers.ports.Quota`; these turns are for what happens now."""

    def __init__(self, clock: Clock, days: Days | None = None) -> None:
        """Args: `days` counts writes; None where none are made."""
        self._clock = clock
        self._days = days
        self._lines: dict[str, _Line] = {}

    def bucket(self, connection: Connection) -> Bucket:
        """The connection's bucket, with its bounds as configured now."""
        return self._line(connection).bucket

    async def turn(self, connection: Connection) -> None:
        """Wait until one more request may leave; a pause that began while waiting is waited out, too."""
        bucket = self.bucket(connection)
        await self._wait(bucket, bucket.take(self._now()))

    async def turn_behind(self, connection: Connection) -> None:
        """As `turn`, for backfill: it reserves nothing ahead, so that a live turn is the next one.

        It never stands still: after some live turns it goes as they do.
        """
        line = self._line(connection)
        bucket = line.bucket
        async with line.behind:
            before = bucket.taken
            while (wait := bucket.wait(self._now())) > 0 and bucket.taken - before < PATIENCE:
                await self._clock.sleep(wait)
            wait = bucket.take(self._now())
        await self._wait(bucket, wait)

    async def spend(self, connection: Connection) -> datetime | None:
        """Count one write of the platform's day; or when the day has room for it."""
        return None if self._days is None else await self._days.spend(connection)

    def behind(self) -> "Behind":
        """The turns of the backfill."""
        return Behind(self)

    def refused(self, connection: Connection, retry_at: datetime | None) -> datetime:
        """A 429 or 452 came back; answer when requests may leave again."""
        now = self._now()
        told = None if retry_at is None else retry_at.timestamp() - now
        return datetime.fromtimestamp(self.bucket(connection).pause(now, told), UTC)

    def went_well(self, connection: Connection) -> None:
        """Any other answer came back."""
        self.bucket(connection).went_well(self._now())

    async def _wait(self, bucket: Bucket, wait: float) -> None:
        while wait > 0:
            await self._clock.sleep(wait)
            wait = bucket.pause_left(self._now())

    def _line(self, connection: Connection) -> _Line:
        allowed = allowance(connection)
        line = self._lines.get(connection.alias)
        if line is None:
            line = self._lines[connection.alias] = _Line(Bucket(per_minute=allowed.per_minute, burst=allowed.burst))
            if allowed.by_platform:
                line.bucket.drain(self._now())
        line.bucket.per_minute, line.bucket.burst = allowed.per_minute, allowed.burst
        return line

    def _now(self) -> float:
        return self._clock.now().timestamp()


@dataclass(frozen=True, slots=True)
class Behind:
    """Turns of the backfill. Fits `consumers.ports.Quota`."""

    turns: Turns

    async def turn(self, connection: Connection) -> None:
        """Wait until one more request may leave and nothing live wants to."""
        await self.turns.turn_behind(connection)

    async def spend(self, connection: Connection) -> datetime | None:
        """A day knows no lanes: what happens now has taken its turn before."""
        return await self.turns.spend(connection)

    def behind(self) -> "Behind":
        """These."""
        return self
