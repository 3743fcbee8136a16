"""An order as the parts of its invoice: its lines, shipping, tip, discount, rounding, and tax where it is a line."""

from collections.abc import Iterator
from dataclasses import dataclass

from consumers.planning.amounts import order_taxes, tax_total
from consumers.planning.items import Role, ask_role, ask_sku, pick_role, pick_sku
from consumers.planning.lines import Part, is_one_of_the_whole
from consumers.planning.questions import Question
from schemas.books import Books
from schemas.connections import Connection
from schemas.facts import Order
from schemas.plans import Park
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderParts:
    """`header_tax`: seller-remitted tax that goes into the invoice's header, in minor units; None = it is a line."""

    parts: tuple[Part, ...]
    header_tax: int | None


def tax_goes_in_header(order: Order, connection: Connection) -> bool:
    """Where the platform takes an amount of tax beside lines that have none; below zero, nowhere."""
    software = platform(connection.platform)
    taken = software.has(Feature.HEADER_TAX_AMOUNT) and not software.may(Feature.HEADER_TAX_NEEDS_LINE_TAX)
    return taken and connection.mapping.tax != "line" and tax_total(order_taxes(order)) >= 0


def ask_items(order: Order, connection: Connection) -> Iterator[Question]:
    """What to ask for the order's items."""
    items = connection.mapping.items
    for line in order.lines:
        yield from ask_sku(line.sku, line.kind, items)
    for role, _, _ in _extras(order, connection):
        yield from ask_role(role, items)


def order_parts(order: Order, books: Books) -> OrderParts | Park:
    """Every part with its item; or the first that has none."""
    parts: list[Part] = []
    for line in order.lines:
        picked = pick_sku(line.sku, line.kind, books)
        if isinstance(picked, Park):
            return picked
        parts.append(
            Part(
                description=line.description,
                minor=line.total,
                item=picked,
                quantity=line.quantity,
                unit_price=line.unit_price,
            )
        )
    for role, description, minor in _extras(order, books.connection):
        picked = pick_role(role, books)
        if isinstance(picked, Park):
            return picked
        parts.append(Part(description=description, minor=minor, item=picked))
    header = tax_total(order_taxes(order)) if tax_goes_in_header(order, books.connection) else None
    return OrderParts(parts=tuple(parts), header_tax=header)


def why_items(parts: tuple[Part, ...], currency: str) -> tuple[str, ...]:
    """Every decision about the lines once, in order."""
    whys = [part.item.why for part in parts]
    whys += [
        f"{part.description[:60]}: {part.quantity} x {part.unit_price} is not its total, so it is one of the whole"
        for part in parts
        if is_one_of_the_whole(part, currency)
    ]
    return tuple(dict.fromkeys(whys))


def _extras(order: Order, connection: Connection) -> list[tuple[Role, str, int]]:
    """What has an item of its own, where there is any. An order of nothing has a line: a list may not be empty."""
    extras: list[tuple[Role, str, int]] = [
        ("shipping", "Shipping", order.shipping.total),
        ("tip", "Tip", order.tip),
        ("discount", "Discount", -order.discount),
        ("rounding", "Rounding", order.rounding),
    ]
    if not tax_goes_in_header(order, connection):
        extras.append(("tax", _tax_name(order), tax_total(order_taxes(order))))
    present = [extra for extra in extras if extra[2]]
    return present or ([] if order.lines else [("fallback", f"Order {order.number}"[:200], 0)])


def _tax_name(order: Order) -> str:
    codes = list(dict.fromkeys(tax.code for tax in order_taxes(order) if tax.code and tax.amount))
    return f"Tax {', '.join(codes)}"[:200] if codes else "Tax"
