"""An invoice: of a whole order, of what an amendment added, or of parts that somebody else chose."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from consumers.customer_identity import customer_key
from consumers.planning import wording
from consumers.planning.amounts import invoice_total, marketplace_tax, order_taxes, seller_taxes
from consumers.planning.customers import Chosen, ask_customer, choose_customer
from consumers.planning.dates import Dated, dated
from consumers.planning.item_creation import account_missing, ask_income, created_items, item_keys, order_skus
from consumers.planning.lines import body_lines
from consumers.planning.numbering import document_number
from consumers.planning.order_parts import OrderParts, ask_items, order_parts
from consumers.planning.questions import Question, answers, ask_named
from consumers.planning.rules import Facts, order_facts
from consumers.planning.terms import Due, ask_terms, due
from consumers.planning.tracking import Tracked, ask_tracking, tracked
from schemas.books import Books, References
from schemas.connections import Connection
from schemas.documents import DocumentKind, Look, Write
from schemas.facts import Order
from schemas.money import Money, major_units
from schemas.plans import Cause, Hold, Park, Post
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform

_MAX_MEMO: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An invoice to be planned.

    `order`: what is invoiced; of an amendment, an order of only what it added, whose total ties. `key`: the document's
    natural key. `at`: when it happened. `number`: the source's own, before the connection's prefix. `title`: how the
    memo begins. `suffix`: behind every line's description, where that is a mark to know the document by.
    """

    order: Order
    key: str
    namespace: str
    at: datetime
    number: str
    title: str
    suffix: str = ""

    @property
    def facts(self) -> Facts:
        """What rules may ask about it."""
        return order_facts(self.order, self.namespace)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What is on an invoice beside its lines."""

    customer: Chosen
    dated: Dated
    due: Due
    tracked: Tracked
    receivable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """What the invoice is known by, as far as the platform keeps it."""

    memo: str | None
    number: str | None
    notes: tuple[str, ...] = field(default_factory=tuple)
    """What the memo would say, where there is none."""


def draft_references(draft: Draft, connection: Connection) -> References:
    """What is read of our own: the document, its customer, the items made for its skus."""
    order = draft.order
    made = item_keys(order_skus(order), connection)
    return References(links=frozenset({draft.key, customer_key(order.customer, order.currency)}) | made)


def ask_draft(draft: Draft, connection: Connection) -> tuple[Question, ...]:
    """What the merchant's lists are asked."""
    order, facts, mapping = draft.order, draft.facts, connection.mapping
    named = mapping.receivable if _has(connection, Feature.INVOICE_RECEIVABLE) else None
    return (
        *ask_customer(order.customer, order.currency, connection),
        *ask_items(order, facts, connection),
        *ask_tracking(facts, connection),
        *ask_terms(order, connection),
        *((ask_named("account", named),) if named is not None else ()),
        *(ask_income(connection) if mapping.items.create else ()),
    )


def plan_invoice(draft: Draft, books: Books) -> Post | Hold | Park:
    """The writes of an invoice whose order ties: its customer and items where they are new, and itself."""
    order = draft.order
    if invoice_total(order) < 0:
        return _more_than_all(order)
    customer = choose_customer(order.customer, order.currency, books)
    if isinstance(customer, Park):
        return customer
    parts = order_parts(order, draft.facts, books)
    if isinstance(parts, Park):
        return parts
    items = created_items(parts.creates, books)
    if isinstance(items, Park):
        return items
    if parts.total != invoice_total(order):
        return does_not_tie(order, f"the invoice planned comes to {wording.money(parts.total, order.currency)}")
    invoice = invoice_of(draft, parts, customer, books)
    if not isinstance(invoice, Write):
        return invoice
    made = () if customer.made_by is None else (customer.made_by,)
    return Post(writes=(*made, *items, invoice), found=customer.found)


def invoice_of(draft: Draft, parts: OrderParts, customer: Chosen, books: Books) -> Write | Hold | Park:
    """One invoice of these parts, for that customer; its total is what the parts come to."""
    date = dated(draft.at, books)
    if not isinstance(date, Dated):
        return date
    days = due(draft.order, date, books)
    if isinstance(days, Park):
        return days
    places = tracked(draft.facts, books)
    if isinstance(places, Park):
        return places
    receivable = _receivable(books)
    if isinstance(receivable, Park):
        return receivable
    around = _Around(customer=customer, dated=date, due=days, tracked=places, receivable=receivable)
    return _write(draft, parts, around, books.connection)


def does_not_tie(order: Order, detail: str) -> Park:
    """What no waiting can mend."""
    return Park(
        cause=Cause.DOES_NOT_TIE,
        subject=f"order {order.number}",
        detail=detail,
        cure="have the source send the order again with numbers that add up; it is read anew by itself",
    )


def _has(connection: Connection, feature: Feature) -> bool:
    return platform(connection.platform).has(feature)


def _more_than_all(order: Order) -> Park:
    foreign = wording.money(marketplace_tax(order), order.currency)
    return Park(
        cause=Cause.MARKETPLACE_TAX,
        subject=f"order {order.number}",
        detail=f"{foreign} of its tax is remitted by the marketplace, and the order comes to "
        f"{wording.money(order.total, order.currency)}",
        cure="book it by hand in the books, then leave it parked",
    )


def _receivable(books: Books) -> str | Park | None:
    named = books.connection.mapping.receivable
    if named is None or not _has(books.connection, Feature.INVOICE_RECEIVABLE):
        return None
    found = answers("account", named, books)
    return found[0].id if len(found) == 1 else account_missing("the receivable account", str(named), len(found))


def _marks(draft: Draft, around: _Around, connection: Connection) -> _Marks:
    software, numbers = platform(connection.platform), connection.mapping.numbers
    notes = [around.dated.note] if around.dated.note is not None else []
    foreign = marketplace_tax(draft.order)
    if foreign:
        notes.append(f"{wording.money(foreign, draft.order.currency)} of tax is remitted by the marketplace")
    number = (
        document_number(draft.number, draft.namespace, draft.key, numbers, software)
        if software.has(Feature.INVOICE_NUMBER)
        else None
    )
    if not software.has(Feature.INVOICE_MEMO):
        return _Marks(memo=None, number=number, notes=tuple(notes))
    head = "; ".join([draft.title, *notes])
    memo = head + (f": {draft.order.memo}" if draft.order.memo else "")
    return _Marks(memo=memo[:_MAX_MEMO], number=number)


def _lines(draft: Draft, parts: OrderParts, around: _Around, notes: Sequence[str]) -> list[dict[str, Any]]:
    """What the memo would say is behind the first line's description, where the platform has no memo."""
    currency, every = draft.order.currency, around.tracked.line
    noted = f"{draft.suffix} ({'; '.join(notes)})" if notes else draft.suffix
    return [
        *body_lines(parts.parts[:1], currency, amounts="number", suffix=noted, every=every),
        *body_lines(parts.parts[1:], currency, amounts="number", suffix=draft.suffix, every=every),
    ]


def _body(draft: Draft, parts: OrderParts, around: _Around, marks: _Marks) -> dict[str, Any]:
    currency = draft.order.currency
    amounts = {
        "tax_amount": parts.header_tax,
        "discount_amount": parts.header_discount,
        "shipping_amount": parts.header_shipping,
    }
    extra = {name: major_units(minor, currency) for name, minor in amounts.items() if minor} | around.tracked.extra
    fields: dict[str, Any] = {
        "customer_id": around.customer.id,
        "issue_date": around.dated.date,
        "currency_code": currency,
        "memo": marks.memo,
        "line_items": _lines(draft, parts, around, marks.notes),
        "document_number": marks.number,
        "due_date": around.due.date,
        "payment_terms_id": around.due.terms,
        "account_id": around.receivable,
        **around.tracked.header,
        "additional_fields": extra or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _write(draft: Draft, parts: OrderParts, around: _Around, connection: Connection) -> Write:
    marks = _marks(draft, around, connection)
    total = Money(parts.total, draft.order.currency)
    marked = marks.number is not None or marks.memo is not None
    taxes = seller_taxes(order_taxes(draft.order))
    foreign = marketplace_tax(draft.order)
    noted = () if around.dated.note is None else (f"dated {around.dated.date}: {around.dated.note}",)
    return Write(
        key=draft.key,
        kind=DocumentKind.INVOICE,
        body=_body(draft, parts, around, marks),
        total=total,
        look=Look(
            document_number=marks.number,
            customer=around.customer.id,
            total=None if marked else total,  # known by its own mark, it is found with another total too: different
            date=around.dated.date,
            memo=marks.memo,
        ),
        taxed=any(tax.amount for tax in taxes),
        left_out=Money(foreign, draft.order.currency) if foreign else None,
        why=(around.customer.why, *parts.why, *around.tracked.why, *around.due.why, *noted),
    )
