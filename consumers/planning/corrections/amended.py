"""`order.amended`: what a revision adds becomes a supplementary invoice, what it takes off a credit memo.

The difference is to the last revision that is in the books, by line; of several revisions told, the highest counts.
"""

from consumers.planning import wording
from consumers.planning.amounts import order_misfit
from consumers.planning.bills import amendments, booked
from consumers.planning.corrections.credit_parts import credit_parts
from consumers.planning.corrections.difference import difference, negated
from consumers.planning.corrections.headings import heading_of
from consumers.planning.corrections.order_reading import draft
from consumers.planning.credit_documents import Heading, applied_credit, credit_memo
from consumers.planning.invoice_write import does_not_tie, plan_invoice
from consumers.planning.invoiced import Invoiced, customer_of, edited_in_books, invoiced
from consumers.planning.item_creation import created_items
from consumers.planning.keys import application_key, cancellation_key, void_key
from consumers.planning.refund_limits import given_back
from consumers.planning.rules import order_facts
from schemas.books import Books
from schemas.events import OrderAmended
from schemas.facts import Order
from schemas.plans import Cause, Hold, Park, Plan, Post, Skip


def plan_amended(event: OrderAmended, books: Books) -> Plan:
    """The document of the difference; or what stands in its way."""
    amendment = event.data.amendment
    after = amendment.order
    misfit = order_misfit(after)
    if misfit is not None:
        return does_not_tie(after, misfit)
    invoice = invoiced(after.id, after.currency, books)
    if isinstance(invoice, Hold | Park):
        return invoice
    idle = None if event.key in books.links else _idle(event, invoice, books)
    if idle is not None:
        return idle
    before = booked(after.id, books, before=amendment.revision) or invoice.order
    changed = difference(before, after)
    if changed is None:
        return Skip(f"revision {amendment.revision} changes nothing that is in the books")
    changed = changed.model_copy(update={"customer": invoice.order.customer, "memo": amendment.reason})
    seen = invoice.edited(event.key)
    if seen is not None and any(bill.gone for bill in invoice.bills):
        cure = "book the change by hand, or take back in the books what was done; then: ledgerhook release"
        return edited_in_books(f"order {after.number}", f"and now revision {amendment.revision} is told", seen, cure)
    if changed.total < 0:
        return _credit(event, negated(changed), invoice, books)
    title, mark = f"Order {after.number}, revision {amendment.revision}", str(amendment.revision)
    return plan_invoice(draft(changed, event, amendment.amended_at, key=event.key, title=title, mark=mark), books)


def _idle(event: OrderAmended, invoice: Invoiced, books: Books) -> Skip | None:
    """Why it has no document of its own."""
    revision = event.data.amendment.revision
    order_id = invoice.order.id
    higher = [told.data.amendment.revision for told in amendments(order_id, books)]
    if max(higher, default=revision) > revision:
        return Skip(f"revision {max(higher)} of the order is told, and counts")
    cancelled = {cancellation_key(order_id), *(void_key(bill.key) for bill in invoice.bills)}
    if cancelled & books.links.keys():
        return Skip("the order was cancelled: nothing of it is owed")
    return None


def _credit(event: OrderAmended, off: Order, invoice: Invoiced, books: Books) -> Plan:
    """A credit memo, set against what is open on the order; what is not open of it stays the customer's credit."""
    amendment = event.data.amendment
    refunded = given_back(None, amendment.order.id, books)
    if refunded > amendment.order.total and event.key not in books.links:
        return _refunded_more(amendment.order, refunded)
    customer = customer_of(invoice.order, books)
    if isinstance(customer, Hold | Park):
        return customer
    facts = order_facts(amendment.order, event.namespace)
    parts = credit_parts(off, facts, books, rates=True)
    if isinstance(parts, Park):
        return parts
    mark = f"order {amendment.order.number}, revision {amendment.revision}"
    heading = heading_of(event, amendment.amended_at, off, books, customer=customer, mark=mark, facts=facts)
    if not isinstance(heading, Heading):
        return heading
    made = created_items((part.item.creates for part in parts.parts), books)
    if isinstance(made, Park):
        return made
    memo = credit_memo(heading, event.key, parts.parts, (*parts.why, "less than the revision in the books: a credit"))
    writes = applied_credit(heading, memo, application_key(event.key), invoice, off.total)
    return writes if isinstance(writes, Hold) else Post(writes=(*made, *writes), found=customer.found)


def _refunded_more(order: Order, refunded: int) -> Park:
    return Park(
        cause=Cause.EXCEEDS_ORDER,
        subject=f"order {order.number}",
        detail=f"{wording.money(refunded, order.currency)} is refunded of an order that comes to "
        f"{wording.money(order.total, order.currency)} as it was changed",
        cure="book by hand in the books which of the two is right, then leave it parked",
    )
