"""An order as the parts of its invoice: lines, and what goes in the header where the platform has a place for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from consumers.planning import wording
from consumers.planning.amounts import marketplace_tax, order_taxes, seller_taxes
from consumers.planning.item_creation import account_missing, income_account
from consumers.planning.items import Picked, Shelf, ask_role, pick_role, role_item
from consumers.planning.lines import LineTax, Part, rated_tax, sum_of, told_otherwise
from consumers.planning.questions import Question, answers, ask_named
from consumers.planning.rules import Facts
from consumers.planning.taxes import TaxWay, ask_taxes, tax_way
from schemas.books import Books
from schemas.connections import Connection
from schemas.facts import Order
from schemas.mapping import Role
from schemas.plans import Park
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderParts:
    """Amounts in minor units; None = not in the header. `creates`: skus that items are to be made for first."""

    parts: tuple[Part, ...]
    header_tax: int | None = None
    header_discount: int | None = None
    header_shipping: int | None = None
    why: tuple[str, ...] = ()
    creates: frozenset[str] = field(default_factory=frozenset)

    @property
    def total(self) -> int:
        """What the document comes to, as the platform will add it up."""
        tax = rated_tax(self.parts) if self.header_tax is None else self.header_tax
        return sum_of(self.parts) + tax - (self.header_discount or 0) + (self.header_shipping or 0)


def ask_items(order: Order, facts: Facts, connection: Connection) -> Iterator[Question]:
    """What to ask for the order's items, accounts and taxes."""
    items = connection.mapping.items
    shelf = Shelf.of(items, facts)
    for sku, kind in dict.fromkeys((line.sku, line.kind) for line in order.lines):
        yield from shelf.ask(sku, kind)
    for role, _, _ in _extras(order, facts, connection):
        yield from ask_role(role, items, facts)
    yield from ask_taxes(order, facts, connection)
    if platform(connection.platform).has(Feature.LINE_ACCOUNT):
        for named in (connection.mapping.income, connection.mapping.tax_liability):
            if named is not None:
                yield ask_named("account", named)


def order_parts(order: Order, facts: Facts, books: Books) -> OrderParts | Park:
    """Every part with its item; or the first that has none."""
    connection = books.connection
    in_header = _in_header(order, facts, connection)
    way = tax_way(order, facts, books, in_header=in_header)
    if isinstance(way, Park):
        return way
    accounts = _accounts(way, books)
    if isinstance(accounts, Park):
        return accounts
    goods = _goods(order, facts, books, way, accounts)
    if isinstance(goods, Park):
        return goods
    parts, creates = goods
    for role, description, minor in _extras(order, facts, connection):
        picked = pick_role(role, books, facts)
        if isinstance(picked, Park):
            return picked
        tax = None if way.rated is None else way.rated.shipping if role == "shipping" else way.rated.untaxed
        parts.append(Part(description=description, minor=minor, item=picked, tax=tax))
    if way.line is not None:
        picked = pick_role("tax", books, facts)
        if isinstance(picked, Park):
            return picked
        untaxed = None if way.rated is None else way.rated.untaxed
        parts.append(Part(description=_tax_name(order), minor=way.line, item=picked, tax=untaxed, account=accounts.tax))
    return OrderParts(
        parts=tuple(parts),
        header_tax=way.header,
        header_discount=in_header.get("discount"),
        header_shipping=in_header.get("shipping"),
        why=(
            *_why_lines(parts, order.currency),
            *_why_header(in_header, order, connection),
            *way.why,
            *_left_out(order),
        ),
        creates=creates,
    )


@dataclass(frozen=True, slots=True)
class _Accounts:
    """What lines name, where the platform's lines name accounts."""

    income: str | None = None
    tax: str | None = None


def _accounts(way: TaxWay, books: Books) -> _Accounts | Park:
    connection = books.connection
    if not platform(connection.platform).has(Feature.LINE_ACCOUNT):
        return _Accounts()
    income = income_account(books)
    if isinstance(income, Park):
        return income
    liability = connection.mapping.tax_liability
    if liability is None or way.line is None:
        return _Accounts(income)
    found = answers("account", liability, books)
    if len(found) != 1:
        return account_missing("the account of tax lines", str(liability), len(found))
    return _Accounts(income, found[0].id)


def _goods(
    order: Order, facts: Facts, books: Books, way: TaxWay, accounts: _Accounts
) -> tuple[list[Part], frozenset[str]] | Park:
    """The order's own lines; each sku is chosen for once, however many lines it has."""
    shelf = Shelf.of(books.connection.mapping.items, facts)
    chosen: dict[tuple[str | None, str], Picked] = {}
    parts: list[Part] = []
    rates: tuple[LineTax | None, ...] = (None,) * len(order.lines) if way.rated is None else way.rated.lines
    for line, tax in zip(order.lines, rates, strict=True):
        picked = chosen.get((line.sku, line.kind)) or shelf.pick(line.sku, line.kind, books)
        if isinstance(picked, Park):
            return picked
        chosen[line.sku, line.kind] = picked
        parts.append(
            Part(
                description=line.description,
                minor=line.total,
                item=picked,
                quantity=line.quantity,
                unit_price=line.unit_price,
                tax=tax,
                account=accounts.income if line.kind == "goods" else None,
            )
        )
    return parts, frozenset(one.creates for one in chosen.values() if one.creates is not None)


def _in_header(order: Order, facts: Facts, connection: Connection) -> dict[Role, int]:
    """Discount and shipping, where the platform has a place for them and the merchant has mapped no item of their own:
    an item says which account they are booked on."""
    software, items = platform(connection.platform), connection.mapping.items
    lines = sum(line.total for line in order.lines)
    taken: dict[Role, int] = {}
    if 0 < order.discount <= lines and software.has(Feature.HEADER_DISCOUNT):
        taken["discount"] = order.discount
    if order.shipping.total > 0 and software.has(Feature.HEADER_SHIPPING):
        taken["shipping"] = order.shipping.total
    return {role: minor for role, minor in taken.items() if role_item(role, items, facts) is None}


def _extras(order: Order, facts: Facts, connection: Connection) -> list[tuple[Role, str, int]]:
    """What has an item of its own, where there is any. An order of nothing has a line: a list may not be empty."""
    in_header = _in_header(order, facts, connection)
    extras: list[tuple[Role, str, int]] = [
        ("shipping", "Shipping", order.shipping.total),
        ("tip", "Tip", order.tip),
        ("discount", "Discount", -order.discount),
        ("rounding", "Rounding", order.rounding),
    ]
    present = [extra for extra in extras if extra[2] and extra[0] not in in_header]
    return present or ([] if order.lines else [("fallback", f"Order {order.number}"[:200], 0)])


def _tax_name(order: Order) -> str:
    taxes = seller_taxes(order_taxes(order))
    codes = list(dict.fromkeys(tax.code for tax in taxes if tax.code and tax.amount))
    return f"Tax {', '.join(codes)}"[:200] if codes else "Tax"


def _why_lines(parts: list[Part], currency: str) -> tuple[str, ...]:
    """Every decision about the lines once, in order."""
    told = (told_otherwise(part, currency) for part in parts)
    return tuple(dict.fromkeys([*(part.item.why for part in parts), *(one for one in told if one is not None)]))


def _why_header(in_header: dict[Role, int], order: Order, connection: Connection) -> tuple[str, ...]:
    software = platform(connection.platform)
    features: dict[Role, Feature] = {"discount": Feature.HEADER_DISCOUNT, "shipping": Feature.HEADER_SHIPPING}
    return tuple(
        f"{role} {wording.money(minor, order.currency)}: in the header; {software.why(features[role])}"
        for role, minor in in_header.items()
    )


def _left_out(order: Order) -> tuple[str, ...]:
    foreign = marketplace_tax(order)
    if not foreign:
        return ()
    return (f"tax {wording.money(foreign, order.currency)}: remitted by the marketplace, so not on the invoice",)
