"""What is taken off an order, as the parts of a credit memo."""

from collections.abc import Iterator
from dataclasses import dataclass

from consumers.planning.credit_taxes import ask_credit_tax, credit_tax
from consumers.planning.items import ask_role, ask_sku, pick_role, pick_sku
from consumers.planning.lines import Part
from consumers.planning.questions import Question
from consumers.planning.rules import Facts
from schemas.books import Books
from schemas.connections import Connection
from schemas.facts import Order
from schemas.mapping import Role
from schemas.plans import Park


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditParts:
    """The parts, and the decisions about their tax."""

    parts: tuple[Part, ...]
    why: tuple[str, ...] = ()


def ask_credit_parts(order: Order, facts: Facts, connection: Connection) -> Iterator[Question]:
    """What to ask for them."""
    items = connection.mapping.items
    for line in order.lines:
        yield from ask_sku(line.sku, line.kind, items, facts)
    for role, _, _ in _extras(order):
        yield from ask_role(role, items, facts)
    yield from ask_credit_tax(order, facts, connection)


def credit_parts(off: Order, facts: Facts, books: Books, *, rates: bool) -> CreditParts | Park:
    """Of an order of only what is taken off, with the signs of what is given back; or the first that has no item.

    `rates`: whether lines may have tax rates, which parts that are divided afterwards may not.
    """
    beside = bool(off.tip or off.discount or off.rounding)
    tax = credit_tax(off, facts, books, rates=rates and not beside)
    if isinstance(tax, Park):
        return tax
    parts: list[Part] = []
    for index, line in enumerate(off.lines):
        item = pick_sku(line.sku, line.kind, books, facts)
        if isinstance(item, Park):
            return item
        quantity, price, rate = line.quantity, line.unit_price, tax.of_line(index)
        parts.append(
            Part(
                description=line.description,
                minor=line.total,
                item=item,
                quantity=quantity,
                unit_price=price,
                tax=rate,
            )
        )
    for role, description, minor in [*_extras(off), *tax.lines]:
        item = pick_role(role, books, facts)
        if isinstance(item, Park):
            return item
        parts.append(Part(description=description, minor=minor, item=item, tax=tax.of_extra(role)))
    return CreditParts(parts=tuple(parts), why=tax.why)


def _extras(order: Order) -> list[tuple[Role, str, int]]:
    extras: list[tuple[Role, str, int]] = [
        ("shipping", "Shipping", order.shipping.total),
        ("tip", "Tip", order.tip),
        ("discount", "Discount", -order.discount),
        ("rounding", "Rounding", order.rounding),
    ]
    return [extra for extra in extras if extra[2]]
