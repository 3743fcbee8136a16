"""What the documents of a correction have in common."""

from datetime import datetime

from consumers.planning.amounts import order_taxes
from consumers.planning.credit_documents import Heading
from consumers.planning.customers import Chosen
from consumers.planning.dates import Dated, dated
from consumers.planning.rules import Facts
from consumers.planning.tracking import tracked
from schemas.books import Books
from schemas.events import Event
from schemas.facts import Order
from schemas.plans import Hold, Park


def heading_of(
    event: Event, at: datetime, off: Order, books: Books, *, customer: Chosen, mark: str, facts: Facts
) -> Heading | Hold | Park:
    """Of documents that give back `off`; or why they cannot be dated or tracked."""
    date = dated(at, books)
    if not isinstance(date, Dated):
        return date
    places = tracked(facts, books, "credit")
    if isinstance(places, Park):
        return places
    return Heading(
        connection=books.connection,
        namespace=event.namespace,
        customer=customer,
        currency=off.currency,
        dated=date,
        mark=mark,
        taxed=any(tax.amount for tax in order_taxes(off)),
        tracked=places,
    )
