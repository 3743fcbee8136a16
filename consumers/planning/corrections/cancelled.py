"""`order.cancelled`: its invoices are made void, or what is open on them is credited. What was paid, refunds tell."""

from consumers.planning.amounts import invoice_total
from consumers.planning.bills import Bill, booked
from consumers.planning.corrections.credit_parts import credit_parts
from consumers.planning.corrections.difference import sellers_part
from consumers.planning.corrections.headings import heading_of
from consumers.planning.credit_documents import Heading, applied_credit, credit_memo
from consumers.planning.dates import local_date
from consumers.planning.invoiced import Invoiced, customer_of, invoiced
from consumers.planning.item_creation import created_items
from consumers.planning.items import pick_role
from consumers.planning.keys import application_key, cancellation_key, invoice_key, order_key, reopened_key, void_key
from consumers.planning.lines import Part
from consumers.planning.rules import order_facts
from consumers.planning.splitting import split
from consumers.planning.told import told
from schemas.books import OUTCOME, Books
from schemas.documents import Applies, DocumentKind, Look, Ref, Write
from schemas.events import OrderAmended, OrderCancelled, OrderCompleted, PaymentReversed
from schemas.plans import Hold, Park, Plan, Post, Skip
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


def plan_cancelled(event: OrderCancelled, books: Books) -> Plan:
    """The voids, or the credit memo; or what stands in their way."""
    order_id = event.data.cancellation.order_id
    fact = books.facts.get(order_key(order_id))
    if not isinstance(fact, OrderCompleted):
        return Hold(invoice_key(order_id), f"the invoice of order {order_id} is not in the books yet")
    invoice = invoiced(order_id, fact.data.order.currency, books)
    if isinstance(invoice, Hold | Park):
        return invoice
    own = {application_key(cancellation_key(order_id)), *(void_key(bill.key) for bill in invoice.bills)}
    doubted = next((one for one in invoice.applied if not one.proven and one.by not in own), None)
    if doubted is not None:
        return Hold(f"{OUTCOME}{doubted.by}", f"{doubted.by} is not known to be in the books yet")
    standing = tuple(bill for bill in invoice.bills if not bill.gone or void_key(bill.key) in books.links)
    if not standing:
        return Skip(f"nothing is open: {invoice.edited(event.key)}")
    begun = bool(own & books.links.keys())
    against = _closed(standing, invoice, books) if begun else _not_void(invoice, own, books)
    if cancellation_key(order_id) not in books.links and against is None:
        return Post(writes=tuple(_void(bill, invoice, books) for bill in standing))
    return _credit(event, invoice, against or "", books)


def _not_void(invoice: Invoiced, own: set[str], books: Books) -> str | None:
    """Why the invoices cannot be made void; None where they can."""
    software = platform(books.connection.platform)
    taken = [one.by for one in invoice.applied if one.by not in own]
    if taken:
        return f"not void: {taken[0]} is applied to it"
    if not software.has(Feature.VOID_INVOICES):
        return f"not void: {software.why(Feature.VOID_INVOICES)}"
    closed = _closed(invoice.bills, invoice, books)
    if closed is not None:
        return closed
    if any(bill.lacks(invoice.applied, "") for bill in invoice.bills):
        return f"not void: {invoice.edited('')}"
    return None


def _closed(of: tuple[Bill, ...], invoice: Invoiced, books: Books) -> str | None:
    """Why what is not void yet cannot be made so any more: the books are closed over the day that it is of."""
    closed = books.closed_through
    days = (_day(bill, invoice, books) for bill in of if void_key(bill.key) not in books.links)
    if closed is None or all(day > closed.isoformat() for day in days):
        return None
    return f"not void: the books are closed through {closed.isoformat()}"


def _day(bill: Bill, invoice: Invoiced, books: Books) -> str:
    """The day that an invoice is of, YYYY-MM-DD; in the books it may have a later one, never an earlier."""
    at = invoice.order.completed_at
    for event in told(books).values():
        if isinstance(event, OrderAmended) and event.key == bill.key:
            at = event.data.amendment.amended_at
        elif isinstance(event, PaymentReversed) and reopened_key(event.data.reversal.id) == bill.key:
            at = event.data.reversal.reversed_at
    return local_date(at, books.connection.time_zone)


def _void(bill: Bill, invoice: Invoiced, books: Books) -> Write:
    order = invoice.order
    key = void_key(bill.key)
    left = bill.open(invoice.applied, key)
    return Write(
        key=key,
        kind=DocumentKind.INVOICE_VOID,
        body={"status": "void"},
        total=None,
        look=Look(parent=Ref(bill.key), date=_day(bill, invoice, books)),
        applies=(Applies(order.id, bill.key, left),) if left > 0 else (),
        why=(
            f"order {order.number} was cancelled, and nothing was paid or credited on {bill.key}",
            platform(books.connection.platform).why(Feature.VOID_INVOICES),
        ),
    )


def _credit(event: OrderCancelled, invoice: Invoiced, against: str, books: Books) -> Plan:
    order_id = invoice.order.id
    key = cancellation_key(order_id)
    application = application_key(key)
    link = books.links.get(key)
    left = invoice.open(application) if link is None or link.total is None else link.total.minor
    if left <= 0:
        seen = invoice.edited(application)
        return Skip(f"nothing is open on order {invoice.order.number}: {seen or 'its refunds tell the rest'}")
    customer = customer_of(invoice.order, books)
    if isinstance(customer, Hold | Park):
        return customer
    order = sellers_part(booked(order_id, books) or invoice.order)
    facts = order_facts(order, event.namespace)
    mark = f"cancelled order {order.number}"
    at = event.data.cancellation.cancelled_at
    heading = heading_of(event, at, order, books, customer=customer, mark=mark, facts=facts)
    if not isinstance(heading, Heading):
        return heading
    parts = _parts(event, invoice, left, books)
    if isinstance(parts, Park):
        return parts
    made = created_items((part.item.creates for part in parts), books)
    if isinstance(made, Park):
        return made
    memo = credit_memo(heading, key, parts, (against, "what is open on the order is credited"))
    writes = applied_credit(heading, memo, application, invoice, left)
    return writes if isinstance(writes, Hold) else Post(writes=(*made, *writes), found=customer.found)


def _parts(event: OrderCancelled, invoice: Invoiced, left: int, books: Books) -> tuple[Part, ...] | Park:
    """What is open of the order: the parts behind what was paid; and payments taken back that are owed again."""
    order = sellers_part(booked(invoice.order.id, books) or invoice.order)
    whole = invoice_total(order)
    facts = order_facts(order, event.namespace)
    of_order = credit_parts(order, facts, books, rates=left == whole)
    if isinstance(of_order, Park):
        return of_order
    if left == whole:
        return of_order.parts
    if left < whole:
        return split(of_order.parts, (whole - left, left))[1]
    item = pick_role("payment_reversal", books, facts)
    if isinstance(item, Park):
        return item
    return (*of_order.parts, Part(description="Payments taken back", minor=left - whole, item=item))
