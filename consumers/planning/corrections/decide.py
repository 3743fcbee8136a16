"""The three questions about correction events, as `consumers.planning.decide` asks them."""

from collections.abc import Mapping

from consumers.planning.questions import Question
from schemas.books import Applied, Books, References
from schemas.connections import Connection
from schemas.events import Correction, Event
from schemas.plans import Cause, Park, Plan


def correction_references(
    event: Correction,
    known: Mapping[str, Event],
    connection: Connection,
    applied: Mapping[str, tuple[Applied, ...]],
) -> References:
    """What is read of our own."""
    del event, known, connection, applied
    return References()


def correction_questions(event: Correction, known: Mapping[str, Event], connection: Connection) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    del event, known, connection
    return ()


def plan_correction(event: Correction, books: Books) -> Plan:
    """Its documents; or what stands in their way."""
    return Park(
        cause=Cause.NOT_SUPPORTED,
        subject=event.type,
        detail=f"{event.key}: this version does not book {event.type} in the books of {books.connection.alias}",
        cure="book it by hand in the books, then leave it parked",
    )
