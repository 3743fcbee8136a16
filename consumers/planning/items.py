"""Which item in the books a line is sold under: mapped, matched by its sku, or the fallback. Never guessed."""

from dataclasses import dataclass
from typing import Literal, assert_never

from consumers.planning import wording
from consumers.planning.questions import Question, active, answers, ask_named
from schemas.books import Books, LookUp
from schemas.connections import Connection
from schemas.mapping import Items, Named
from schemas.plans import Cause, Park

Role = Literal["fallback", "shipping", "tip", "discount", "rounding", "tax", "gift_card"]
LineKind = Literal["goods", "gift_card", "fee"]


@dataclass(frozen=True, slots=True)
class Picked:
    """An item by Rutter's id, and why it is this one."""

    id: str
    why: str


def ask_role(role: Role, items: Items) -> tuple[Question, ...]:
    """What to ask for a part that has its own item."""
    named = _named(role, items)
    return () if named is None else (ask_named("item", named),)


def ask_sku(sku: str | None, kind: LineKind, items: Items) -> tuple[Question, ...]:
    """What to ask for a line."""
    mapped = dict(items.by_sku).get(sku or "")
    if mapped is not None:
        return (ask_named("item", mapped),)
    if kind == "gift_card":
        return ask_role("gift_card", items)
    fallback = () if items.require_mapping and sku else ask_role("fallback", items)
    if not sku or not items.match_sku:
        return fallback
    by_code, by_name = _by_sku(sku)
    return (Question(any_of=frozenset({by_code, by_name})), *fallback)


def pick_role(role: Role, books: Books) -> Picked | Park:
    """The item of shipping, tip, tax …"""
    named = _named(role, books.connection.mapping.items)
    if named is None:
        return Park(
            cause=Cause.UNMAPPED_ITEM,
            subject=f"{_spoken(role)} item",
            detail=f"no item is mapped for {_spoken(role)}",
            cure=wording.apply(books.connection, ("items",), f'{role} = "the item\'s name in the books"'),
        )
    return _pick(named, _spoken(role), f"{role} = …", ("items",), books)


def pick_sku(sku: str | None, kind: LineKind, books: Books) -> Picked | Park:
    """The item of a line: its sku's mapping, then an item whose code or name is the sku, then the fallback."""
    items = books.connection.mapping.items
    mapped = dict(items.by_sku).get(sku or "")
    if sku and mapped is not None:
        return _pick(mapped, f"sku {sku}", f"{wording.quoted(sku)} = …", ("items", "by_sku"), books)
    if kind == "gift_card":
        return pick_role("gift_card", books)
    if not sku:
        picked = pick_role("fallback", books)
        return picked if isinstance(picked, Park) else Picked(picked.id, f"line without a sku: {picked.why}")
    if items.match_sku:
        matched = _match(sku, books)
        if matched is not None:
            return matched
    if items.require_mapping or items.fallback is None:
        return _unmapped(sku, books.connection)
    picked = pick_role("fallback", books)
    return picked if isinstance(picked, Park) else Picked(picked.id, f"sku {sku} is not in the books: {picked.why}")


def _by_sku(sku: str) -> tuple[LookUp, LookUp]:
    return LookUp("item", "code", sku), LookUp("item", "name", sku)


def _match(sku: str, books: Books) -> Picked | Park | None:
    by_code, by_name = _by_sku(sku)
    for look_up in (by_code, by_name):
        found = active(books, look_up)
        if len(found) > 1:
            return _several(f"item {sku}", f"{len(found)} items have the {look_up.field} {sku}", books.connection, sku)
        if found:
            return Picked(found[0].id, f"sku {sku}: the item whose {look_up.field} it is")
    return None


def _pick(named: Named, what: str, line: str, path: tuple[str, ...], books: Books) -> Picked | Park:
    found = answers("item", named, books)
    if len(found) == 1:
        return Picked(found[0].id, f"{what}: mapped to item {named}")
    if found:
        return Park(
            cause=Cause.AMBIGUOUS,
            subject=f"item {named}",
            detail=f"{what} is mapped to item {named}, and {len(found)} items in the books are called so",
            cure=wording.apply(books.connection, path, line.replace("…", '{ id = "the right one\'s id" }')),
        )
    return Park(
        cause=Cause.UNMAPPED_ITEM,
        subject=f"item {named}",
        detail=f"{what} is mapped to item {named}, and the books have no such item in use",
        cure=f"make the item {named} in the books and release; or "
        + wording.apply(books.connection, path, line.replace("…", '"another item\'s name"')),
    )


def _several(subject: str, detail: str, connection: Connection, sku: str) -> Park:
    line = f'{wording.quoted(sku)} = {{ id = "the right one\'s id" }}'
    cure = wording.apply(connection, ("items", "by_sku"), line)
    return Park(cause=Cause.AMBIGUOUS, subject=subject, detail=detail, cure=cure)


def _unmapped(sku: str, connection: Connection) -> Park:
    return Park(
        cause=Cause.UNMAPPED_ITEM,
        subject=f"item {sku}",
        detail=f"the sku {sku} is not mapped to an item, and no item in the books has it as code or name",
        cure=wording.apply(connection, ("items", "by_sku"), f'{wording.quoted(sku)} = "the item\'s name in the books"'),
    )


def _spoken(role: Role) -> str:
    return role.replace("_", " ")


def _named(role: Role, items: Items) -> Named | None:
    match role:
        case "fallback":
            return items.fallback
        case "shipping":
            return items.shipping
        case "tip":
            return items.tip
        case "discount":
            return items.discount
        case "rounding":
            return items.rounding
        case "tax":
            return items.tax
        case "gift_card":
            return items.gift_card
        case _:
            assert_never(role)
