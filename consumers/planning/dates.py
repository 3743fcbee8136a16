"""Documents are dated where the merchant is, not where the server is; and not in a period that is closed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from consumers.planning import wording
from schemas.books import Books
from schemas.plans import Cause, Hold, Park

BOOKS_OPEN: Final = "books:open"
"""What is awaited until the closing date moves."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A document's date, YYYY-MM-DD; `note` says the true date where it is another, for the memo or a description."""

    date: str
    note: str | None = None


def dated(at: datetime, books: Books) -> Dated | Hold | Park:
    """The local date of that moment; in closed books what the connection's policy makes of it."""
    connection, closed = books.connection, books.closed_through
    true = local_date(at, connection.time_zone)
    if closed is None or true > closed.isoformat():
        return Dated(true)
    why = f"the books are closed through {closed.isoformat()}"
    match connection.mapping.policies.closed_books:
        case "hold":
            return Hold(BOOKS_OPEN, f"{true}: {why}")
        case "first_open_day" if closed < date.max:
            return Dated((closed + timedelta(days=1)).isoformat(), f"true date {true}: {why}")
        case "first_open_day" | "ask":
            return Park(
                cause=Cause.CLOSED_BOOKS,
                subject=f"through {closed.isoformat()}",
                detail=f"it is of {true}, and {why}",
                cure="open the period in the books, then: ledgerhook release; or "
                + wording.apply(connection, (), 'closed_books = "first_open_day" or "hold"'),
            )
        case policy:
            assert_never(policy)


def local_date(at: datetime, time_zone: str) -> str:
    """The calendar date of that moment in the time zone, as YYYY-MM-DD."""
    try:
        return at.astimezone(ZoneInfo(time_zone)).date().isoformat()
    except OverflowError:  # a moment within a day of the calendar's ends
        return at.date().isoformat()
