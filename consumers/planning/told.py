"""The facts of a snapshot, whichever way they were asked for: each may name more that is to be read."""

from collections.abc import Mapping
from itertools import chain

from schemas.books import Books
from schemas.events import Event


def told(books: Books) -> Mapping[str, Event]:
    """Facts, refunds, amendments and reversals, by natural key."""
    besides = chain(books.refunds.values(), books.amendments.values(), books.reversals.values())
    return {event.key: event for events in besides for event in events} | dict(books.facts)
