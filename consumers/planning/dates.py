"""Documents are dated where the merchant is, not where the server is."""

from datetime import datetime
from zoneinfo import ZoneInfo


def local_date(at: datetime, time_zone: str) -> str:
    """The calendar date of that moment in the time zone, as YYYY-MM-DD."""
    try:
        return at.astimezone(ZoneInfo(time_zone)).date().isoformat()
    except OverflowError:  # a moment within a day of the calendar's ends
        return at.date().isoformat()
