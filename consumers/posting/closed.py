"""Closed books: the closing date is read before it is relied on, and learned from refusals where it cannot be read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol, assert_never

from consumers import resolving
from consumers.planning.dates import BOOKS_OPEN, local_date
from consumers.posting.troubles import pure
from consumers.posting.writes import Desk, Later, Refused
from schemas.books import Books, References
from schemas.connections import Connection
from schemas.documents import DocumentKind
from schemas.events import AccountRequested, AttachmentAdded, Event, ItemRequested
from schemas.plans import Cause, Hold, Park, Plan

READ_AGAIN: Final = timedelta(hours=1)
"""How old the closing date may be that documents are dated by."""
BELIEVED: Final = timedelta(minutes=1)
"""How old it may be where it stops a document."""
MOST_DAYS: Final = 100
"""Days that one document goes on by where the platform names none, before a person is asked."""


class Closing(Protocol):
    """The closing date, where Rutter tells it."""

    async def refresh(self, connection: Connection, *, older_than: datetime) -> bool:
        """Read it anew if it was last read before that; whether it moved. What cannot be read stays as it was."""
        ...


@dataclass(frozen=True, slots=True)
class UntilOpen:
    """Nothing is learned, and the policy is to wait."""

    hold: Hold
    books: Books


async def keep_fresh(closing: Closing, connection: Connection, event: Event, now: datetime) -> None:
    """Before anything is planned that has a date."""
    if not isinstance(event, AttachmentAdded | AccountRequested | ItemRequested):
        await closing.refresh(connection, older_than=now - READ_AGAIN)


def stops(planned: Plan) -> bool:
    """Whether closed books are why it cannot be posted."""
    match planned:
        case Hold():
            return planned.awaits == BOOKS_OPEN
        case Park():
            return planned.cause is Cause.CLOSED_BOOKS
        case _:
            return False


async def after_refusal(
    desk: Desk, closing: Closing, connection: Connection, refused: Refused
) -> Later | Park | UntilOpen:
    """The books were closed against what was planned. With what that teaches the event is planned anew at once, as the
    policy has it; where it teaches nothing, a person is asked, or the books are waited for. What is not made void is
    credited, under every policy: the credit memo has a date of its own."""
    now, alias = desk.clock.now(), connection.alias
    await closing.refresh(connection, older_than=now - BELIEVED)
    books = await desk.trail.read(alias, refused.write.namespace, References(), connection)
    known = books.closed_through
    with pure():
        own = resolving.own_date(refused.write)
        today = date.fromisoformat(local_date(now, connection.time_zone))
        through = resolving.taught(refused.write, refused.said, today)
    if through is not None and (known is None or through > known):
        await desk.trail.learn_closed(alias, through)
        known = through
    understood = own is not None and known is not None and own <= known
    if understood and refused.write.kind is DocumentKind.INVOICE_VOID:
        return Later(now, "its invoice is of a closed period: not made void, planned anew")
    match connection.mapping.policies.closed_books:
        case "ask":
            return refused.park
        case "hold" if not understood:
            return UntilOpen(Hold(BOOKS_OPEN, refused.park.detail), books)
        case "first_open_day" if not understood:
            return refused.park
        case "first_open_day" if refused.write.revision >= MOST_DAYS:
            return refused.park
        case "hold" | "first_open_day":
            return Later(now, "the books are closed: planned anew")
        case policy:
            assert_never(policy)
