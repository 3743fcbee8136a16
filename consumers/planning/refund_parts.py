"""A refund as the parts of its document: refunded lines, shipping, tip, adjustment, and tax, always as a line."""

from collections.abc import Iterator, Mapping

from consumers.planning.amounts import refund_taxes, tax_total
from consumers.planning.invoiced import known_orders
from consumers.planning.items import LineKind, Role, ask_role, ask_sku, pick_role, pick_sku
from consumers.planning.lines import Part
from consumers.planning.questions import Question
from schemas.books import Books
from schemas.connections import Connection
from schemas.events import Event
from schemas.facts import Order, Refund, RefundLine
from schemas.plans import Park


def ask_refund_items(
    refund: Refund, order_ids: frozenset[str], known: Mapping[str, Event], connection: Connection
) -> Iterator[Question]:
    """What to ask for the refund's items."""
    items = connection.mapping.items
    orders = known_orders(order_ids, known)
    for line in refund.lines or ():
        for order in orders:
            yield from ask_sku(*_sold_as(line, order), items)
    for role, _, _ in _extras(refund):
        yield from ask_role(role, items)


def refund_parts(refund: Refund, order: Order, books: Books) -> tuple[Part, ...] | Park:
    """Every part with its item; or the first that has none."""
    parts: list[Part] = []
    for line in refund.lines or ():
        picked = pick_sku(*_sold_as(line, order), books)
        if isinstance(picked, Park):
            return picked
        parts.append(Part(description=line.description, minor=line.total, item=picked))
    for role, description, minor in _extras(refund):
        picked = pick_role(role, books)
        if isinstance(picked, Park):
            return picked
        parts.append(Part(description=description, minor=minor, item=picked))
    return tuple(parts)


def _sold_as(line: RefundLine, order: Order) -> tuple[str | None, LineKind]:
    """The sku and kind it was sold as: what the refund does not say, its order's line does."""
    sold = next((one for one in order.lines if one.id == line.order_line_id), None)
    if sold is None:
        return line.sku, "goods"
    return line.sku or sold.sku, sold.kind


def _extras(refund: Refund) -> list[tuple[Role, str, int]]:
    """What has an item of its own, where there is any of it; the whole amount, where nothing but it is told."""
    if refund.lines is None:
        return [("fallback", refund.reason or "Refund", refund.amount)]
    extras: list[tuple[Role, str, int]] = [
        ("shipping", "Shipping", refund.shipping.total),
        ("tip", "Tip", refund.tip),
        ("fallback", "Adjustment", refund.adjustment),
        ("tax", "Tax", tax_total(refund_taxes(refund))),
    ]
    return [extra for extra in extras if extra[2]]
