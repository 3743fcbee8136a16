"""`order.completed` becomes an invoice, with a customer and items where there are none yet."""

from consumers.planning.amounts import order_misfit
from consumers.planning.invoice_write import Draft, ask_draft, does_not_tie, draft_references, plan_invoice
from consumers.planning.keys import invoice_key
from consumers.planning.questions import Question
from schemas.books import Books, References
from schemas.connections import Connection
from schemas.events import OrderCompleted
from schemas.plans import Plan


def order_questions(event: OrderCompleted, connection: Connection) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    return ask_draft(_draft(event), connection)


def order_references(event: OrderCompleted, connection: Connection) -> References:
    """What is read of our own."""
    return draft_references(_draft(event), connection)


def plan_order(event: OrderCompleted, books: Books) -> Plan:
    """The invoice; or what stands in its way."""
    order = event.data.order
    misfit = order_misfit(order)
    return plan_invoice(_draft(event), books) if misfit is None else does_not_tie(order, misfit)


def _draft(event: OrderCompleted) -> Draft:
    order = event.data.order
    return Draft(
        order=order,
        key=invoice_key(order.id),
        namespace=event.namespace,
        at=order.completed_at,
        number=order.number,
        title=f"Order {order.number}",
    )
