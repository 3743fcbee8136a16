"""Whether what a mapping names is in the merchant's books, in use, once, and of a type that will do."""

from collections.abc import Collection, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Final

from sqlalchemy import Connection, select

from schemas.books import Entry
from service.configuration.fault import Fault
from service.configuration.named_things import Wanted
from service.trail import entries
from service.trail.tables import entries as entries_table

_NEAR: Final = 3


def read_since(c: Connection, alias: str, since: datetime) -> frozenset[str]:
    """The lists whose copy is not older."""
    return frozenset(name for name, mark in entries.marks(c, alias).items() if mark.refreshed_at >= since)


def faults(c: Connection, alias: str, wanted: Sequence[Wanted], lists: Collection[str]) -> tuple[Fault, ...]:
    """One for each name that does not mean exactly one thing in use; only of these lists, which are believed."""
    asked = [one for one in wanted if one.object in lists]
    found = entries.find(c, alias, {one.look_up for one in asked})
    told = (_fault(c, alias, one, found.get(one.look_up, ())) for one in asked)
    return tuple(fault for fault in told if fault is not None)


def _fault(c: Connection, alias: str, one: Wanted, here: tuple[Entry, ...]) -> Fault | None:
    active = [entry for entry in here if entry.active]
    noun = spoken(one.object)
    where = f"{one.where} = {one.named}"
    if len(active) > 1:
        ids = ", ".join(entry.id for entry in active)
        cure = f'name it by its id: {{ id = "…" }}, one of {ids}'
        return Fault(where, f"the books have {len(active)} {plural(noun)} of that name", cure)
    if active:
        return _of_type(c, alias, one, active[0], where)
    if here:
        return Fault(where, f"that {noun} is no longer in use", f"make that {noun} active again, or name another")
    near = _near(c, alias, one)
    cure = f"name one that is there: {', '.join(near)}" if near else f"make that {noun} in the books"
    return Fault(where, f"the books have no such {noun}", cure)


def _of_type(c: Connection, alias: str, one: Wanted, entry: Entry, where: str) -> Fault | None:
    if not one.types or entry.type is None or entry.type == "unknown" or entry.type in one.types:
        return None
    words = " or ".join(spoken(name) for name in sorted(one.types))
    chosen = select(entries_table.c.name).where(
        entries_table.c.connection == alias,
        entries_table.c.object == one.object,
        entries_table.c.active,
        entries_table.c.type.in_(one.types),
        entries_table.c.name.is_not(None),
    )
    there = sorted(c.execute(chosen).scalars())[:_NEAR]
    names = ": " + ", ".join(f'"{name}"' for name in there) if there else ", which the books do not have yet"
    return Fault(where, f"that account is of type {spoken(entry.type)}", f"name one of type {words}{names}")


def _near(c: Connection, alias: str, wanted: Wanted) -> list[str]:
    """Names in use that look like it."""
    column = entries_table.c.code if wanted.named.code is not None else entries_table.c.name
    chosen = select(column).where(
        entries_table.c.connection == alias,
        entries_table.c.object == wanted.object,
        entries_table.c.active,
        column.is_not(None),
    )
    there = {entries.folded(name) or "": name for name in c.execute(chosen).scalars()}
    sought = entries.folded(wanted.named.code or wanted.named.name or "") or ""
    within = [shown for name, shown in there.items() if sought and (sought in name or name in sought)]
    close = [there[name] for name in get_close_matches(sought, there, _NEAR, 0.6)]
    return [f'"{shown}"' for shown in dict.fromkeys([*close, *within])][:_NEAR]


def spoken(name: str) -> str:
    """`payment term`."""
    return name.replace("_", " ")


def plural(noun: str) -> str:
    """`classes`."""
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"
