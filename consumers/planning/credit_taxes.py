"""The tax of what is given back: by rates on a credit memo's lines where they come to it exactly, else a line.

A credit memo has no field for an amount of tax (Rutter: Create an invoice credit memo), so nothing is in the header.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from consumers.planning import wording
from consumers.planning.amounts import order_taxes, seller_taxes, tax_total
from consumers.planning.items import ask_role
from consumers.planning.lines import LineTax
from consumers.planning.questions import Question
from consumers.planning.rules import Facts
from consumers.planning.tax_rates import Rated, ask_rates, rates_wanted, reproduced
from schemas.books import Books
from schemas.connections import Connection
from schemas.facts import Order
from schemas.mapping import Role
from schemas.plans import Park
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTax:
    """`rated`: the rates of lines and shipping; `line`: minor units of a line of its own."""

    rated: Rated | None = None
    line: int = 0
    why: tuple[str, ...] = ()

    @property
    def lines(self) -> list[tuple[Role, str, int]]:
        """The line of its own, if there is one: role, description, minor units."""
        return [("tax", "Tax", self.line)] if self.line else []

    def of_line(self, index: int) -> LineTax | None:
        """The rate of that line."""
        return None if self.rated is None else self.rated.lines[index]

    def of_extra(self, role: Role) -> LineTax | None:
        """The rate of a part beside the lines."""
        if self.rated is None:
            return None
        return self.rated.shipping if role == "shipping" else self.rated.untaxed


def ask_credit_tax(sold: Order, facts: Facts, connection: Connection) -> Iterator[Question]:
    """What to ask about the tax of what is given back, told as an order of it."""
    if rates_wanted(connection) and platform(connection.platform).has(Feature.CREDIT_TAX_RATE):
        yield from ask_rates(sold, facts, connection)
    if tax_total(seller_taxes(order_taxes(sold))):
        yield from ask_role("tax", connection.mapping.items, facts)


def credit_tax(sold: Order, facts: Facts, books: Books, *, rates: bool) -> CreditTax | Park:
    """How it is given back. `rates`: whether the document's lines may have any."""
    tax = tax_total(seller_taxes(order_taxes(sold)))
    said: list[str] = []
    if rates and rates_wanted(books.connection):
        rated = reproduced(sold, facts, books, in_header=(), by=Feature.CREDIT_TAX_RATE)
        if isinstance(rated, Park):
            return rated
        if isinstance(rated, Rated) and rated.exact:
            cited = platform(books.connection.platform).why(Feature.CREDIT_TAX_RATE)
            spoken = f"tax {wording.money(tax, sold.currency)}: by the lines' rates"
            return CreditTax(rated=rated, why=(spoken, *rated.why, cited))
        said.append(f"no tax rates: {rated.misses if isinstance(rated, Rated) else rated}")
    if tax:
        said.append(f"tax {wording.money(tax, sold.currency)}: a line")
    return CreditTax(line=tax, why=tuple(said))
