"""When an invoice is due, and under which payment terms of the books."""

from dataclasses import dataclass
from datetime import date, timedelta

from consumers.planning.dates import Dated, local_date
from consumers.planning.questions import Question, answers, ask_named
from schemas.books import Books, Entry
from schemas.connections import Connection
from schemas.facts import Order
from schemas.plans import Cause, Park
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The day (YYYY-MM-DD) and the terms by Rutter's id; None = not told to the platform."""

    date: str | None = None
    terms: str | None = None
    why: tuple[str, ...] = ()


def ask_terms(order: Order, connection: Connection) -> tuple[Question, ...]:
    """What to ask about the terms, where they matter."""
    mapping = connection.mapping
    if mapping.terms is None:
        return ()
    for_days = order.due_at is None and mapping.due_days is None
    if for_days or platform(connection.platform).has(Feature.INVOICE_TERMS):
        return (ask_named("payment_term", mapping.terms),)
    return ()


def due(order: Order, dated: Dated, books: Books) -> Due | Park:
    """The order's own due date, else the mapped days, else those of the terms."""
    connection = books.connection
    software = platform(connection.platform)
    taken = software.has(Feature.INVOICE_TERMS)
    terms = _terms(books)
    if isinstance(terms, Park) and taken:
        return terms
    entry = None if isinstance(terms, Park) else terms
    why: tuple[str, ...] = ()
    if entry is not None:
        placed = "" if taken else ": not on the invoice, for its days only"
        why = (f"terms {connection.mapping.terms}{placed}; {software.why(Feature.INVOICE_TERMS)}",)
    day, said = _day(order, dated, entry, connection)
    return Due(date=day, terms=entry.id if entry is not None and taken else None, why=(*said, *why))


def _day(order: Order, dated: Dated, terms: Entry | None, connection: Connection) -> tuple[str | None, tuple[str, ...]]:
    """Never before the invoice's own date, where that was moved out of a closed period."""
    if order.due_at is not None:
        return _not_before(local_date(order.due_at, connection.time_zone), dated), ()
    days = connection.mapping.due_days
    what = "due_days"
    if days is None and terms is not None:
        days, what = terms.days, "its terms"
    if days is None:
        return None, ()
    since = date.fromisoformat(local_date(order.completed_at, connection.time_zone))
    try:
        day = since + timedelta(days=days)
    except OverflowError:  # beyond the calendar's end
        return None, ()
    return _not_before(day.isoformat(), dated), (f"due {days} days after the order, by {what}",)


def _not_before(day: str, dated: Dated) -> str:
    return day if dated.note is None else max(day, dated.date)


def _terms(books: Books) -> Entry | Park | None:
    named = books.connection.mapping.terms
    if named is None:
        return None
    found = answers("payment_term", named, books)
    if len(found) == 1:
        return found[0]
    return Park(
        cause=Cause.AMBIGUOUS if found else Cause.UNMAPPED_TERMS,
        subject=f"terms {named}",
        detail=f"the payment terms are mapped to {named}, and the books have "
        + (f"{len(found)} of that name" if found else "no such terms in use"),
        cure="name them by their id in the mapping, or make them in the books; then release",
    )
