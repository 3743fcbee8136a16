"""`order.completed` becomes an invoice, and a customer where there is none yet."""

from typing import Any, Final

from consumers.customer_identity import customer_key
from consumers.planning import wording
from consumers.planning.amounts import order_misfit, order_taxes, remitted_by_marketplace, tax_total
from consumers.planning.customers import Chosen, ask_customer, choose_customer
from consumers.planning.dates import local_date
from consumers.planning.keys import invoice_key
from consumers.planning.lines import body_lines, sum_of
from consumers.planning.numbering import invoice_number
from consumers.planning.order_parts import OrderParts, ask_items, order_parts, why_items
from consumers.planning.questions import Question, answers, ask_named
from schemas.books import Books, References
from schemas.connections import Connection
from schemas.documents import DocumentKind, Look, Write
from schemas.events import OrderCompleted
from schemas.facts import Order
from schemas.money import Money, major_units
from schemas.plans import Cause, Park, Plan, Post
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform

_MAX_MEMO: Final = 1000


def order_questions(event: OrderCompleted, connection: Connection) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    order = event.data.order
    receivable = connection.mapping.receivable
    return (
        *ask_customer(order.customer, order.currency, connection),
        *ask_items(order, connection),
        *((ask_named("account", receivable),) if receivable is not None and _names_receivable(connection) else ()),
    )


def order_references(event: OrderCompleted) -> References:
    """What is read of our own."""
    order = event.data.order
    return References(links=frozenset({invoice_key(order.id), customer_key(order.customer, order.currency)}))


def plan_order(event: OrderCompleted, books: Books) -> Plan:
    """The invoice; or what stands in its way."""
    order = event.data.order
    wrong = _wrong_numbers(order)
    if wrong is not None:
        return wrong
    customer = choose_customer(order.customer, order.currency, books)
    if isinstance(customer, Park):
        return customer
    parts = order_parts(order, books)
    if isinstance(parts, Park):
        return parts
    planned = sum_of(parts.parts) + (parts.header_tax or 0)
    if planned != order.total:
        return _does_not_tie(order, f"the invoice planned comes to {wording.money(planned, order.currency)}")
    receivable = _receivable(books)
    if isinstance(receivable, Park):
        return receivable
    invoice = _invoice(event, books.connection, customer, parts, receivable)
    made = () if customer.made_by is None else (customer.made_by,)
    return Post(writes=(*made, invoice), found=customer.found)


def _wrong_numbers(order: Order) -> Park | None:
    misfit = order_misfit(order)
    if misfit is not None:
        return _does_not_tie(order, misfit)
    foreign = remitted_by_marketplace(order_taxes(order))
    if foreign:
        return Park(
            cause=Cause.MARKETPLACE_TAX,
            subject=f"order {order.number}",
            detail=f"{wording.money(foreign, order.currency)} of its tax is remitted by the marketplace; "
            "this version does not book such orders",
            cure="book it by hand in the books, then leave it parked",
        )
    return None


def _does_not_tie(order: Order, detail: str) -> Park:
    return Park(
        cause=Cause.DOES_NOT_TIE,
        subject=f"order {order.number}",
        detail=detail,
        cure="have the source send the order again with numbers that add up; it is read anew by itself",
    )


def _names_receivable(connection: Connection) -> bool:
    return platform(connection.platform).has(Feature.INVOICE_RECEIVABLE)


def _receivable(books: Books) -> str | Park | None:
    named = books.connection.mapping.receivable
    if named is None or not _names_receivable(books.connection):
        return None
    found = answers("account", named, books)
    if len(found) == 1:
        return found[0].id
    return Park(
        cause=Cause.AMBIGUOUS if found else Cause.UNMAPPED_ACCOUNT,
        subject=f"account {named}",
        detail=f"the receivable account is mapped to {named}, and the books have "
        + (f"{len(found)} of that name" if found else "no such account in use"),
        cure="name it by its id in the mapping, or make it in the books; then release",
    )


def _invoice(
    event: OrderCompleted, connection: Connection, customer: Chosen, parts: OrderParts, receivable: str | None
) -> Write:
    order, mapping = event.data.order, connection.mapping
    key = invoice_key(order.id)
    memo = (f"Order {order.number}" + (f": {order.memo}" if order.memo else ""))[:_MAX_MEMO]
    date = local_date(order.completed_at, connection.time_zone)
    software = platform(connection.platform)
    memo_is_kept = software.has(Feature.INVOICE_MEMO)
    numbered = software.has(Feature.INVOICE_NUMBER)
    number = (
        invoice_number(
            mapping.numbers.prefix_of(event.namespace), order.number, event.namespace, key, software.number_length
        )
        if numbered
        else None
    )
    body: dict[str, Any] = {
        "customer_id": customer.id,
        "issue_date": date,
        "currency_code": order.currency,
        **({"memo": memo} if memo_is_kept else {}),
        "line_items": body_lines(parts.parts, order.currency, amounts="number"),
    }
    if number is not None:
        body["document_number"] = number
    if order.due_at is not None:
        body["due_date"] = local_date(order.due_at, connection.time_zone)
    if receivable is not None:
        body["account_id"] = receivable
    if parts.header_tax:
        body["additional_fields"] = {"tax_amount": major_units(parts.header_tax, order.currency)}
    total = Money(order.total, order.currency)
    marked = number is not None or memo_is_kept
    return Write(
        key=key,
        kind=DocumentKind.INVOICE,
        body=body,
        total=total,
        look=Look(
            document_number=number,
            customer=customer.id,
            total=None if marked else total,  # known by its own mark, it is found with another total too: different
            date=date,
            memo=memo if memo_is_kept else None,
        ),
        taxed=any(tax.amount for tax in order_taxes(order)),
        why=(customer.why, *why_items(parts.parts, order.currency), *_why_tax(order, parts)),
    )


def _why_tax(order: Order, parts: OrderParts) -> tuple[str, ...]:
    tax = tax_total(order_taxes(order))
    if not tax:
        return ()
    return (f"tax {wording.money(tax, order.currency)}: {'a line' if parts.header_tax is None else 'in the header'}",)
