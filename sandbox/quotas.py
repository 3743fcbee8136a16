"""How many writes a platform takes from one company in a minute and in a day (Rutter: Rate limiting).

Numbers, and how windows begin, are not published: a window begins with its first write. Both can be shortened, so that
a month's rehearsal meets a day's limit in seconds.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.options import CompanyOptions


@dataclass(slots=True)
class _Window:
    begun: datetime | None = None
    used: int = 0

    def full(self, now: datetime, seconds: float, limit: int | None) -> bool:
        if self.begun is None or now >= self.begun + timedelta(seconds=seconds):
            self.begun, self.used = now, 0
        return limit is not None and self.used >= limit


@dataclass(slots=True)
class Quota:
    """What one company has used. A write that is refused counts for nothing."""

    _minute: _Window = field(default_factory=_Window)
    _day: _Window = field(default_factory=_Window)

    def spend(self, options: CompanyOptions, now: datetime) -> bool:
        """Count one write; false when the minute or the day is full."""
        minute_full = self._minute.full(now, options.minute_seconds, options.calls_per_minute)
        day_full = self._day.full(now, options.day_seconds, options.calls_per_day)
        if minute_full or day_full:
            return False
        self._minute.used += 1
        self._day.used += 1
        return True
