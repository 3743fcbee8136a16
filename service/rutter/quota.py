"""Our own bound on requests to Rutter, for each connection: evenly spaced turns after a short burst."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from consumers.ports import Clock
from schemas.connections import Connection
from service.rutter.replies import LONGEST_PAUSE

FIRST_PAUSE: Final = 2.0
LONGEST_OWN_PAUSE: Final = 300.0


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

    def take(self, now: float) -> float:
        """Reserve the next turn; answer how many seconds to wait for it."""
        spacing = 60.0 / max(1, self.per_minute)
        turn = max(now, self.paused_until, self.full_at - (max(1, self.burst) - 1) * spacing)
        self.full_at = max(turn, self.full_at) + spacing
        return turn - now

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
            self.full_at = max(self.full_at, until + (max(1, self.burst) - 1) * 60.0 / max(1, self.per_minute))
        return self.paused_until

    def went_well(self, now: float) -> None:
        """An answer that was no refusal for quota."""
        if now >= self.paused_until:
            self.strikes = 0


class Turns:
    """The buckets of all connections. Fits `consumers.ports.Quota`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def bucket(self, connection: Connection) -> Bucket:
        """The connection's bucket, with its bounds as configured now."""
        bucket = self._buckets.get(connection.alias)
        if bucket is None:
            bucket = self._buckets[connection.alias] = Bucket(per_minute=1, burst=1)
        bucket.per_minute = connection.calls_per_minute
        bucket.burst = min(connection.in_flight, connection.calls_per_minute)
        return bucket

    async def turn(self, connection: Connection) -> None:
        """Wait until one more request may leave; a pause that began while waiting is waited out, too."""
        bucket = self.bucket(connection)
        wait = bucket.take(self._now())
        while wait > 0:
            await self._clock.sleep(wait)
            wait = bucket.pause_left(self._now())

    def refused(self, connection: Connection, retry_at: datetime | None) -> datetime:
        """A 429 or 452 came back; answer when requests may leave again."""
        now = self._now()
        told = None if retry_at is None else retry_at.timestamp() - now
        return datetime.fromtimestamp(self.bucket(connection).pause(now, told), UTC)

    def went_well(self, connection: Connection) -> None:
        """Any other answer came back."""
        self.bucket(connection).went_well(self._now())

    def _now(self) -> float:
        return self._clock.now().timestamp()
