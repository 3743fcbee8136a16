"""When what waits will be in the books: from how much waits, at what pace it goes, and what the platform's day takes.

Pure. A forecast is about what goes by itself: parked events, and those that wait for something nobody has told, are
not in it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

SLOTS: Final = 24
"""Parts of a day, as calls are counted."""
LIVE_SHARE: Final = 0.75
"""Of what goes while live events and backfill both wait, what is live."""
FARTHEST: Final = timedelta(days=3650)

Bound = Literal["measured", "minute", "day", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Events that go by themselves; each becomes a document."""

    live: int = 0
    backfill: int = 0

    @property
    def all(self) -> int:
        """Both."""
        return self.live + self.backfill


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What has gone of late: documents of events, and calls (customers and items are calls, too) over so many seconds.

    Too little of it tells nothing.
    """

    documents: int = 0
    calls: int = 0
    seconds: float = 0.0

    @property
    def per_minute(self) -> float | None:
        """Documents a minute; None where too little went to tell."""
        return (self.documents - 1) * 60 / self.seconds if self.documents >= ENOUGH and self.seconds > 0 else None

    @property
    def calls_each(self) -> float:
        """Calls for one document."""
        return max(1.0, self.calls / self.documents) if self.documents >= ENOUGH else 1.0


ENOUGH: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The platform's rolling day: `used` calls by the time their slot began, the oldest first."""

    per_day: int
    length: timedelta
    used: tuple[tuple[datetime, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What bounds a connection. `stopped`: why nothing is posted at all."""

    per_minute: int
    day: Day | None = None
    stopped: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`per_minute`: documents, while the day has room. `live_until`, `until`: when the last live one, and the last of
    all, will be in; None: not while it is stopped. `bound`: what the pace comes from, or what is in the way."""

    live: int
    backfill: int
    per_minute: float
    live_until: datetime | None
    until: datetime | None
    bound: Bound
    stopped: str | None = None


def forecast(waiting: Waiting, measured: Measured, bounds: Bounds, now: datetime) -> Forecast:
    """When the last will be in, if nothing else comes and the pace stays."""
    allowed = bounds.per_minute / measured.calls_each
    pace = allowed if measured.per_minute is None else min(allowed, measured.per_minute)
    bound: Bound = "minute" if measured.per_minute is None or measured.per_minute >= 0.9 * allowed else "measured"
    shown = Forecast(
        live=waiting.live,
        backfill=waiting.backfill,
        per_minute=round(pace, 1),
        live_until=None,
        until=None,
        bound="stopped",
        stopped=bounds.stopped,
    )
    if bounds.stopped is not None or pace <= 0:
        return shown
    ahead = min(waiting.all, waiting.live / LIVE_SHARE) if waiting.live else 0
    live_seconds, _ = _seconds(ahead, pace, measured.calls_each, bounds.day, now)
    seconds, by_day = _seconds(waiting.all, pace, measured.calls_each, bounds.day, now)
    return Forecast(
        live=waiting.live,
        backfill=waiting.backfill,
        per_minute=round(pace, 1),
        live_until=now + timedelta(seconds=live_seconds),
        until=now + timedelta(seconds=seconds),
        bound="day" if by_day else bound,
    )


def in_words(one: Forecast, now: datetime) -> str:
    """One line for people; times in UTC."""
    what = f"{one.live + one.backfill:,} documents wait ({one.live:,} live, {one.backfill:,} backfill)"
    if one.until is None:
        return f"{what}; {one.stopped or 'nothing goes now'}"
    by = {"measured": "as measured", "minute": "the platform's minute", "day": "the platform's day", "stopped": ""}
    return f"{what}, {one.per_minute:g} a minute ({by[one.bound]}); the last about {_at(one.until, now)}"


def _at(at: datetime, now: datetime) -> str:
    left = at - now
    if left < timedelta(minutes=2):
        return f"in {max(1, round(left.total_seconds()))} s"
    return f"{at:%H:%M} UTC" if left < timedelta(hours=12) else f"{at:%Y-%m-%d %H:%M} UTC"


def _seconds(documents: float, pace: float, calls_each: float, day: Day | None, now: datetime) -> tuple[float, bool]:
    """How long so many documents take, and whether the day makes them wait."""
    straight = documents / pace * 60
    if day is None or not documents:
        return straight, False
    slot = day.length / SLOTS
    used = list(day.used)
    left = documents * calls_each
    per_second = pace * calls_each / 60
    at, waited = now, False
    while at - now < FARTHEST:
        used = [(begun, calls) for begun, calls in used if begun + day.length + slot > at]
        room = day.per_day - sum(calls for _, calls in used)
        ends = _slot_end(at, slot)
        could = (ends - at).total_seconds() * per_second
        takes = max(0.0, min(left, room, could))
        if takes >= left:
            return (at - now).total_seconds() + left / per_second, waited
        waited = waited or takes < could
        left -= takes
        if takes:
            used.append((ends - slot, round(takes)))
        at = ends
    return FARTHEST.total_seconds(), True


def _slot_end(at: datetime, slot: timedelta) -> datetime:
    epoch = datetime.fromtimestamp(0, at.tzinfo)
    return epoch + ((at - epoch) // slot + 1) * slot
