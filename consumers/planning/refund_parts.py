"""A refund as the parts of its document: refunded lines, shipping, tip, adjustment; tax by rates, else a line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from consumers.planning.bills import latest
from consumers.planning.credit_taxes import ask_credit_tax, credit_tax
from consumers.planning.invoiced import Invoiced, known_orders
from consumers.planning.items import LineKind, ask_role, ask_sku, pick_role, pick_sku
from consumers.planning.lines import Part
from consumers.planning.questions import Question
from consumers.planning.rules import Facts, order_facts
from schemas.books import Books
from schemas.connections import Connection
from schemas.events import Event
from schemas.facts import Order, OrderLine, Refund, RefundLine
from schemas.mapping import Role
from schemas.plans import Park


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundParts:
    """`rated`: whether some have tax rates, and then they cannot be divided over several documents."""

    parts: tuple[Part, ...]
    rated: bool = False
    why: tuple[str, ...] = ()


def ask_refund_items(
    refund: Refund, namespace: str, order_ids: frozenset[str], known: Mapping[str, Event], connection: Connection
) -> Iterator[Question]:
    """What to ask for the refund's items, and for its tax."""
    items = connection.mapping.items
    for told in known_orders(order_ids, known):
        now = latest(told, known)
        facts = order_facts(told, namespace)
        sold = _as_sold(refund, (now, told))
        for line in sold.lines:
            yield from ask_sku(line.sku, line.kind, items, facts)
        for role, _, _ in _extras(refund, refund.amount):
            yield from ask_role(role, items, facts)
        yield from ask_credit_tax(sold, facts, connection)


def refund_parts(
    refund: Refund, net: int, invoice: Invoiced, facts: Facts, books: Books, *, whole: bool
) -> RefundParts | Park:
    """Every part with its item, `net` (minor units) in sum with its tax; or the first that has none.

    `whole`: it becomes one credit memo, whose lines may have tax rates.
    """
    sold = _as_sold(refund, (invoice.now, invoice.order))
    tax = credit_tax(sold, facts, books, rates=whole and not refund.tip and not refund.adjustment)
    if isinstance(tax, Park):
        return tax
    parts: list[Part] = []
    for index, line in enumerate(sold.lines):
        picked = pick_sku(line.sku, line.kind, books, facts)
        if isinstance(picked, Park):
            return picked
        parts.append(Part(description=line.description, minor=line.total, item=picked, tax=tax.of_line(index)))
    for role, description, minor in [*_extras(refund, net), *tax.lines]:
        picked = pick_role(role, books, facts)
        if isinstance(picked, Park):
            return picked
        part = Part(description=description, minor=minor, item=picked)
        parts.append(replace(part, tax=tax.of_extra(role)))
    return RefundParts(parts=tuple(parts), rated=tax.rated is not None, why=tax.why)


def _as_sold(refund: Refund, orders: tuple[Order, ...]) -> Order:
    """The refunded lines and shipping as an order of their own: what the refund does not say, the sold lines do."""
    sold = {line.id: line for order in reversed(orders) for line in order.lines}
    lines = tuple(_line(line, sold.get(line.order_line_id or "")) for line in refund.lines or ())
    return orders[0].model_copy(update={"lines": lines, "shipping": refund.shipping})


def _line(line: RefundLine, sold: OrderLine | None) -> OrderLine:
    kind: LineKind = "goods" if sold is None else sold.kind
    return OrderLine.model_construct(
        id=line.order_line_id or "",
        kind=kind,
        sku=line.sku or (None if sold is None else sold.sku),
        description=line.description,
        quantity=None,
        unit_price=None,
        total=line.total,
        taxes=line.taxes,
    )


def _extras(refund: Refund, net: int) -> list[tuple[Role, str, int]]:
    """What has an item of its own, where there is any of it; the whole amount, where nothing but it is told."""
    if refund.lines is None:
        return [("fallback", refund.reason or "Refund", net)]
    extras: list[tuple[Role, str, int]] = [
        ("shipping", "Shipping", refund.shipping.total),
        ("tip", "Tip", refund.tip),
        ("fallback", "Adjustment", refund.adjustment),
    ]
    return [extra for extra in extras if extra[2]]
