"""What is read for a correction of an order: all its revisions, its invoices and what was done to them."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from consumers.planning.bills import bill_links, paid_by
from consumers.planning.corrections.credit_parts import ask_credit_parts
from consumers.planning.invoice_write import Draft, ask_draft, draft_references
from consumers.planning.invoiced import customer_keys, known_orders
from consumers.planning.items import ask_role
from consumers.planning.keys import application_key, cancellation_key, order_key, void_key
from consumers.planning.questions import Question
from consumers.planning.rules import order_facts
from schemas.books import Applied, References
from schemas.connections import Connection
from schemas.events import Event, OrderAmended, RefundIssued
from schemas.facts import Order


def draft(order: Order, event: Event, at: datetime, *, key: str, title: str, mark: str) -> Draft:
    """An invoice beside the order's own; `mark` tells its number from that of the order."""
    return Draft(order=order, key=key, namespace=event.namespace, at=at, number=f"{order.number}-{mark}", title=title)


def order_references_of(
    order_id: str,
    own: Event,
    known: Mapping[str, Event],
    connection: Connection,
    *,
    applied: Mapping[str, tuple[Applied, ...]],
) -> References:
    """Everything of our own."""
    orders = frozenset({order_id})
    invoices = bill_links(orders, known) | ({own.key} if isinstance(own, OrderAmended) else frozenset())
    cancelled = cancellation_key(order_id)
    documents = {cancelled, application_key(cancelled), *map(void_key, invoices), *map(application_key, invoices)}
    refunds = {one.key for one in known.values() if isinstance(one, RefundIssued)}
    drafts = References()
    for order in _revisions(order_id, own, known):
        drafts |= draft_references(_any_draft(order, own), connection)
    return drafts | References(
        links=invoices | documents | customer_keys(orders, known),
        facts=frozenset({order_key(order_id)}) | paid_by(orders, applied),
        orders=orders,
        corrected=paid_by(orders, applied) | refunds,
    )


def ask_order(order_id: str, own: Event, known: Mapping[str, Event], connection: Connection) -> Iterator[Question]:
    """What the merchant's lists are asked: for an invoice, and for a credit memo, of any of it."""
    for order in _revisions(order_id, own, known):
        facts = order_facts(order, own.namespace)
        yield from ask_draft(_any_draft(order, own), connection)
        yield from ask_credit_parts(order, facts, connection)
    yield from ask_role("payment_reversal", connection.mapping.items)


def _revisions(order_id: str, own: Event, known: Mapping[str, Event]) -> tuple[Order, ...]:
    told = [own, *(event for event in known.values() if event.key != own.key)]
    amended = (event.data.amendment.order for event in told if isinstance(event, OrderAmended))
    return (*known_orders({order_id}, known), *(order for order in amended if order.id == order_id))


def _any_draft(order: Order, own: Event) -> Draft:
    return draft(order, own, own.time, key=own.key, title="", mark="")
