"""Where an order's tax goes, by the platform's own way: rates on lines, an amount in the header, or a line of its own.

Rates are taken only where the platform will come to the very amounts that the source told. What a marketplace remits
is not the seller's, and goes nowhere.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from consumers.planning import wording
from consumers.planning.amounts import order_taxes, seller_taxes, tax_total
from consumers.planning.items import ask_role, role_item
from consumers.planning.questions import Question
from consumers.planning.rules import Facts
from consumers.planning.tax_rates import Rated, ask_rates, rates_wanted, reproduced
from schemas.books import Books
from schemas.connections import Connection
from schemas.facts import Order
from schemas.mapping import Role
from schemas.plans import Cause, Park
from schemas.platforms.capability import Feature, Platform
from schemas.platforms.registry import platform


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxWay:
    """Amounts in minor units. `rated`: the rates on lines, shipping and all else; `header`: in the header (beside the
    rates, where both are given, and then it counts); `line`: a line of its own. All None: there is no tax."""

    rated: Rated | None = None
    header: int | None = None
    line: int | None = None
    why: tuple[str, ...] = ()


def ask_taxes(order: Order, facts: Facts, connection: Connection) -> Iterator[Question]:
    """What to ask about its tax."""
    if rates_wanted(connection):
        yield from ask_rates(order, facts, connection)
    if _seller_tax(order) and not _header_alone(order, connection):
        yield from ask_role("tax", connection.mapping.items, facts)


def tax_way(order: Order, facts: Facts, books: Books, *, in_header: Collection[Role] = ()) -> TaxWay | Park:
    """By rates where they reproduce it, else in the header, else a line, else parked. `in_header`: what else is."""
    connection, tax = books.connection, _seller_tax(order)
    software = platform(connection.platform)
    said: list[str] = []
    if rates_wanted(connection):
        rated = reproduced(order, facts, books, in_header=in_header)
        if isinstance(rated, Park):
            return rated
        if isinstance(rated, Rated):
            if rated.exact or _header_beside_rates(software):
                return _by_rates(rated, tax, order, software)
            said.append(f"tax rates would not do: {rated.misses}")
        else:
            said.append(f"no tax rates: {rated}")
    if not tax:
        return TaxWay(why=tuple(said))
    spoken = wording.money(tax, order.currency)
    if _header_alone(order, connection):
        why = (*said, f"tax {spoken}: in the header", software.why(Feature.HEADER_TAX_AMOUNT))
        return TaxWay(header=tax, why=why)
    if role_item("tax", connection.mapping.items, facts) is None:
        return _unmapped(order, connection, said)
    return TaxWay(line=tax, why=(*said, f"tax {spoken}: a line", *_why_line(connection, software)))


def _seller_tax(order: Order) -> int:
    return tax_total(seller_taxes(order_taxes(order)))


def _header_alone(order: Order, connection: Connection) -> bool:
    """Where the platform takes an amount of tax beside lines that have none; below zero, nowhere."""
    software = platform(connection.platform)
    taken = software.has(Feature.HEADER_TAX_AMOUNT) and not software.may(Feature.HEADER_TAX_NEEDS_LINE_TAX)
    return taken and connection.mapping.tax != "line" and _seller_tax(order) >= 0


def _header_beside_rates(software: Platform) -> bool:
    """Where an amount in the header is spread over lines that have a rate."""
    return software.has(Feature.HEADER_TAX_AMOUNT) and software.has(Feature.HEADER_TAX_NEEDS_LINE_TAX)


def _by_rates(rated: Rated, tax: int, order: Order, software: Platform) -> TaxWay:
    spoken = wording.money(tax, order.currency)
    if rated.exact:
        why = (f"tax {spoken}: by the lines' rates", *rated.why, software.why(Feature.LINE_TAX_RATE))
        return TaxWay(rated=rated, why=why)
    why = (
        f"tax {spoken}: in the header, over the lines' rates, which would not do alone: {rated.misses}",
        *rated.why,
        software.why(Feature.HEADER_TAX_AMOUNT),
    )
    return TaxWay(rated=rated, header=tax, why=why)


def _why_line(connection: Connection, software: Platform) -> tuple[str, ...]:
    if connection.mapping.tax == "line":
        return ()
    if not software.has(Feature.HEADER_TAX_AMOUNT):
        return (software.why(Feature.HEADER_TAX_AMOUNT),)
    if software.may(Feature.HEADER_TAX_NEEDS_LINE_TAX):
        return (software.why(Feature.HEADER_TAX_NEEDS_LINE_TAX),)
    return ("it is below zero, which no header takes",)


def _unmapped(order: Order, connection: Connection, said: list[str]) -> Park:
    taxes = [tax for tax in seller_taxes(order_taxes(order)) if tax.amount]
    names = list(dict.fromkeys(tax.code or "of no name" for tax in taxes))
    told = taxes[0]
    row = f"code = {wording.quoted(told.code)}, " if told.code else ""
    row += f"rate = {wording.quoted(told.rate)}, " if told.rate else ""
    by_item = wording.apply(connection, ("items",), 'tax = "the item of the tax line, by its name in the books"')
    by_rate = f'a row {row}use = "the tax rate\'s name in the books" under [{wording.table(connection, "tax_rates")}]'
    rates = platform(connection.platform).has(Feature.LINE_TAX_RATE) and connection.mapping.tax in {None, "rates"}
    return Park(
        cause=Cause.UNMAPPED_TAX,
        subject="tax item" if not rates else f"tax {names[0]}",
        detail=f"{wording.money(tax_total(taxes), order.currency)} of tax ({wording.listed(names)}) has no place: "
        + "; ".join([*said, "no item is mapped for a tax line"]),
        cure=f"{by_item}; or {by_rate}" if rates else by_item,
    )
