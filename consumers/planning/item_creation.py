"""Items made for skus that the books do not have, where the connection says so."""

from collections.abc import Iterable
from typing import Any, Final

from consumers.planning.questions import Question, answers, ask_named
from schemas.books import Books
from schemas.connections import Connection
from schemas.documents import DocumentKind, Look, Write
from schemas.envelope import natural_key
from schemas.facts import Order
from schemas.plans import Cause, Park
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform

_NAME_LENGTH: Final = 100
"""A longer sku is sold under the fallback item: cut short, two would be one."""


def item_key(sku: str) -> str:
    """`item:{sku}`."""
    return natural_key("item", sku)


def may_create(sku: str | None, connection: Connection) -> bool:
    """Whether an item is to be made for a sku that nothing else picks one for."""
    return (
        connection.mapping.items.create
        and sku is not None
        and 0 < len(sku.strip()) <= _NAME_LENGTH
        and platform(connection.platform).may(Feature.CREATE_ITEMS)
    )


def item_keys(skus: Iterable[str | None], connection: Connection) -> frozenset[str]:
    """The natural keys of the items that may have been made for these skus."""
    return frozenset(item_key(sku) for sku in skus if sku is not None and may_create(sku, connection))


def order_skus(order: Order) -> tuple[str | None, ...]:
    """The skus of an order's lines."""
    return tuple(line.sku for line in order.lines if line.kind == "goods")


def ask_income(connection: Connection) -> tuple[Question, ...]:
    """What to ask for the account that new items are booked on."""
    named = connection.mapping.income
    return () if named is None else (ask_named("account", named),)


def created_items(skus: Iterable[str | None], books: Books) -> tuple[Write, ...] | Park:
    """A write for each sku, once; or why none can be made."""
    wanted = sorted({sku for sku in skus if sku is not None})
    if not wanted:
        return ()
    income = income_account(books)
    return income if isinstance(income, Park) else tuple(_write(sku, income, books.connection) for sku in wanted)


def income_account(books: Books) -> str | Park | None:
    """The mapped income account, by Rutter's id; None where none is mapped."""
    named = books.connection.mapping.income
    if named is None:
        return None
    found = answers("account", named, books)
    if len(found) == 1:
        return found[0].id
    return account_missing("the income account", str(named), len(found))


def account_missing(what: str, named: str, found: int) -> Park:
    """An account of the mapping that is none or several in the books."""
    return Park(
        cause=Cause.AMBIGUOUS if found else Cause.UNMAPPED_ACCOUNT,
        subject=f"account {named}",
        detail=f"{what} is mapped to {named}, and the books have "
        + (f"{found} of that name" if found else "no such account in use"),
        cure="name it by its id in the mapping, or make it in the books; then release",
    )


def _write(sku: str, income: str | None, connection: Connection) -> Write:
    """The fields of Rutter's answer (Rutter: Items; the create body is published with the same names)."""
    body: dict[str, Any] = {"name": sku.strip(), "code": sku.strip(), "type": "service"}
    if income is not None:
        body["invoice_item"] = {"account_id": income}
    booked = "" if income is None else f", booked on account {connection.mapping.income}"
    return Write(
        key=item_key(sku),
        kind=DocumentKind.ITEM,
        body=body,
        total=None,
        look=Look(name=sku.strip()),
        why=(
            f"item {sku}: not in the books, made{booked}",
            platform(connection.platform).why(Feature.CREATE_ITEMS),
        ),
    )
