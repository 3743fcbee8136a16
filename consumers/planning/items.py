"""Which item in the books a line is sold under: by a rule, mapped, matched by its sku, made, or the fallback."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from consumers.planning import wording
from consumers.planning.item_creation import item_key, may_create
from consumers.planning.questions import Question, active, answers, ask_named
from consumers.planning.rules import Facts, first
from schemas.books import Books, LookUp
from schemas.connections import Connection
from schemas.documents import Ref
from schemas.mapping import Items, Named, Role
from schemas.plans import Cause, Park

__all__ = ["LineKind", "Picked", "Role", "Shelf", "ask_role", "ask_sku", "pick_role", "pick_sku", "role_item"]

LineKind = Literal["goods", "gift_card", "fee"]
_NOTHING: Final = Facts()
_OWN_ITEM: Final[Mapping[str, Role]] = {"gift_card": "gift_card", "fee": "fee"}
"""Kinds of lines that are never sold as goods."""


@dataclass(frozen=True, slots=True)
class Picked:
    """An item by Rutter's id (a Ref, where it is made by us), and why it is this one."""

    id: Ref | str
    why: str
    creates: str | None = None
    """The sku that an item is to be made for, before the document is written."""


def ask_role(role: Role, items: Items, facts: Facts = _NOTHING) -> tuple[Question, ...]:
    """What to ask for a part that has its own item."""
    named = role_item(role, items, facts)
    return () if named is None else (ask_named("item", named),)


def ask_sku(sku: str | None, kind: LineKind, items: Items, facts: Facts = _NOTHING) -> tuple[Question, ...]:
    """What to ask for a line."""
    return Shelf.of(items, facts).ask(sku, kind)


def pick_role(role: Role, books: Books, facts: Facts = _NOTHING) -> Picked | Park:
    """The item of shipping, tip, tax …"""
    items = books.connection.mapping.items
    rule = first((one for one in items.rules if one.role == role), facts)
    if rule is not None:
        return _pick(rule.item, f"{_spoken(role)}, by a rule", f"{role} = …", ("items",), books)
    named = _named(role, items)
    if named is None:
        return Park(
            cause=Cause.UNMAPPED_ITEM,
            subject=f"{_spoken(role)} item",
            detail=f"no item is mapped for {_spoken(role)}",
            cure=wording.apply(books.connection, ("items",), f'{role} = "the item\'s name in the books"'),
        )
    return _pick(named, _spoken(role), f"{role} = …", ("items",), books)


def pick_sku(sku: str | None, kind: LineKind, books: Books, facts: Facts = _NOTHING) -> Picked | Park:
    """The item of one line."""
    return Shelf.of(books.connection.mapping.items, facts).pick(sku, kind, books)


def role_item(role: Role, items: Items, facts: Facts) -> Named | None:
    """What the mapping names for a part that has its own item."""
    rule = first((one for one in items.rules if one.role == role), facts)
    return _named(role, items) if rule is None else rule.item


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The mapping of items, made ready for many lines of one order."""

    items: Items
    facts: Facts
    by_sku: Mapping[str, Named]

    @classmethod
    def of(cls, items: Items, facts: Facts) -> "Shelf":
        """For the lines of one order."""
        return cls(items=items, facts=facts, by_sku=dict(items.by_sku))

    def ask(self, sku: str | None, kind: LineKind) -> tuple[Question, ...]:
        """What to ask for a line."""
        items = self.items
        named = self._ruled(sku) or self.by_sku.get(sku or "")
        if named is not None:
            return (ask_named("item", named),)
        if kind in _OWN_ITEM:
            return ask_role(_OWN_ITEM[kind], items, self.facts)
        fallback = () if items.require_mapping and sku else ask_role("fallback", items, self.facts)
        if not sku or not (items.match_sku or items.create):
            return fallback
        made = item_key(sku) if items.create else None
        return (Question(any_of=frozenset(_by_sku(sku)), moot_with=made), *fallback)

    def pick(self, sku: str | None, kind: LineKind, books: Books) -> Picked | Park:
        """By a rule, its sku's mapping, its kind, an item whose code or name is the sku; else made, or the fallback."""
        ruled = self._ruled(sku)
        if ruled is not None:
            what = f"sku {sku}" if sku else "line without a sku"
            return _pick(ruled, f"{what}, by a rule", "item = …", ("items", "rules"), books)
        mapped = self.by_sku.get(sku or "")
        if sku and mapped is not None:
            return _pick(mapped, f"sku {sku}", f"{wording.quoted(sku)} = …", ("items", "by_sku"), books)
        if kind in _OWN_ITEM:
            return pick_role(_OWN_ITEM[kind], books, self.facts)
        if not sku:
            picked = pick_role("fallback", books, self.facts)
            return picked if isinstance(picked, Park) else replace(picked, why=f"line without a sku: {picked.why}")
        return self._by_its_sku(sku, books)

    def _ruled(self, sku: str | None) -> Named | None:
        rules = self.items.rules
        if not rules:
            return None
        rule = first((one for one in rules if one.role is None), replace(self.facts, sku=sku))
        return None if rule is None else rule.item

    def _by_its_sku(self, sku: str, books: Books) -> Picked | Park:
        items, creates = self.items, may_create(sku, books.connection)
        if items.match_sku or creates:
            matched = _match(sku, books)
            if matched is not None:
                return matched
        if creates:
            return _created(sku, books)
        if items.require_mapping or role_item("fallback", items, self.facts) is None:
            return _unmapped(sku, books.connection)
        picked = pick_role("fallback", books, self.facts)
        return (
            picked if isinstance(picked, Park) else replace(picked, why=f"sku {sku} is not in the books: {picked.why}")
        )


def _created(sku: str, books: Books) -> Picked | Park:
    key = item_key(sku)
    link = books.links.get(key)
    if link is not None and link.rutter_id is not None:
        return Picked(Ref(key), f"sku {sku}: the item made for it")
    archived = [entry for look_up in _by_sku(sku) for entry in books.found.get(look_up, ())]
    if archived:
        return Park(
            cause=Cause.UNMAPPED_ITEM,
            subject=f"item {sku}",
            detail=f"no item can be made for the sku {sku}: an archived one has it as its name or code",
            cure="take it into use again in the books and release; or "
            + _sku_cure(sku, books.connection, '"another item\'s name"'),
        )
    return Picked(Ref(key), f"sku {sku}: not in the books, made", creates=sku)


def _by_sku(sku: str) -> tuple[LookUp, LookUp]:
    return LookUp("item", "code", sku), LookUp("item", "name", sku)


def _match(sku: str, books: Books) -> Picked | Park | None:
    by_code, by_name = _by_sku(sku)
    for look_up in (by_code, by_name):
        found = active(books, look_up)
        if len(found) > 1:
            detail = f"{len(found)} items have the {look_up.field} {sku}"
            cure = _sku_cure(sku, books.connection, '{ id = "the right one\'s id" }')
            return Park(cause=Cause.AMBIGUOUS, subject=f"item {sku}", detail=detail, cure=cure)
        if found:
            return Picked(found[0].id, f"sku {sku}: the item whose {look_up.field} it is")
    return None


def _pick(named: Named, what: str, line: str, path: tuple[str, ...], books: Books) -> Picked | Park:
    found = answers("item", named, books)
    if len(found) == 1:
        return Picked(found[0].id, f"{what}: mapped to item {named}")
    if len(found) > 1:
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


def _unmapped(sku: str, connection: Connection) -> Park:
    return Park(
        cause=Cause.UNMAPPED_ITEM,
        subject=f"item {sku}",
        detail=f"the sku {sku} is not mapped to an item, and no item in the books has it as code or name",
        cure=_sku_cure(sku, connection, '"the item\'s name in the books"'),
    )


def _sku_cure(sku: str, connection: Connection, value: str) -> str:
    return wording.apply(connection, ("items", "by_sku"), f"{wording.quoted(sku)} = {value}")


def _spoken(role: Role) -> str:
    return role.replace("_", " ")


def _named(role: Role, items: Items) -> Named | None:
    named: Named | None = getattr(items, role)  # every role has a field of its name
    return named
