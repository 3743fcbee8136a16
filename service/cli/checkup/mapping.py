"""A connection's mapping: what is not mapped yet, and whether every name in it is in the merchant's books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import Final

from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import select

from schemas.books import LookUp
from schemas.connections import Connection
from schemas.mapping import EVERYTHING, Named
from service.adapters import TrailEntries
from service.cli.checkup.finding import Finding, good, note, skipped, wrong
from service.clock import SystemClock
from service.rutter.lists import RutterLists
from service.rutter.quota import Turns
from service.rutter.reading import Reading
from service.rutter.transport import Transport
from service.trail import entries
from service.trail.database import Trail
from service.trail.tables import entries as entries_table

_FRESH: Final = timedelta(seconds=60)
_NEAR: Final = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name in the mapping. `where` as the file writes it; `object`: item, account, customer."""

    where: str
    object: str
    named: Named

    @property
    def look_up(self) -> LookUp:
        """The question to our copy of the list."""
        if self.named.id is not None:
            return LookUp(self.object, "id", self.named.id)
        if self.named.code is not None:
            return LookUp(self.object, "code", self.named.code)
        return LookUp(self.object, "name", self.named.name or "")


def names(connection: Connection) -> tuple[Wanted, ...]:
    """Every name in the mapping."""
    mapping, items = connection.mapping, connection.mapping.items
    parts = {
        "items.fallback": items.fallback, "items.shipping": items.shipping, "items.tip": items.tip,
        "items.discount": items.discount, "items.rounding": items.rounding, "items.tax": items.tax,
        "items.gift_card": items.gift_card,
    }  # fmt: skip
    found = [Wanted(where, "item", named) for where, named in parts.items() if named is not None]
    found += [Wanted(f'items.by_sku."{sku}"', "item", named) for sku, named in items.by_sku]
    found += [
        Wanted(f"clearing[{index}].account", "account", row.account) for index, row in enumerate(mapping.clearing)
    ]
    if mapping.receivable is not None:
        found.append(Wanted("receivable", "account", mapping.receivable))
    if mapping.cash_customer is not None:
        found.append(Wanted("cash_customer", "customer", mapping.cash_customer))
    return tuple(found)


def gaps(connection: Connection) -> list[Finding]:
    """What is not mapped: needing it parks."""
    mapping, items = connection.mapping, connection.mapping.items
    missing = [
        name
        for name, value in (
            ("refund_policy", mapping.policies.refund),
            ("items.fallback", items.fallback),
            ("items.shipping", items.shipping),
            ("items.tip", items.tip),
            ("items.discount", items.discount),
            ("cash_customer", mapping.cash_customer),
        )
        if value is None
    ]
    if not any(row.when == EVERYTHING for row in mapping.clearing):
        missing.append("a clearing account for every other gateway")
    if not missing:
        return []
    says = f"not mapped: {', '.join(missing)}; what needs it will park"
    return [note(f"connection {connection.alias}", says, "add it to the configuration file when you know it")]


async def refresh(
    trail: Trail, transport: Transport, connection: Connection, objects: frozenset[str], *, pages: int = 2000
) -> str | None:
    """Bring our copy of the merchant's lists up to date; None, or why it could not be."""
    clock = SystemClock()
    lists = RutterLists(Reading(transport, Turns(clock), clock), TrailEntries(trail), clock, max_pages=pages)
    failed = await lists.refresh(connection, objects, older_than=clock.now() - _FRESH)
    return None if failed is None else str(getattr(failed, "reason", None) or getattr(failed, "message", "refused"))


async def mapping(trail: Trail, transport: Transport, connection: Connection) -> list[Finding]:
    """Whether the books have what the mapping names."""
    what = f"mapping of {connection.alias}"
    wanted = names(connection)
    failed = await refresh(trail, transport, connection, frozenset(one.object for one in wanted))
    if failed is not None:
        return [skipped(what, f"not compared with the books: {failed}")]
    findings = await trail.read(lambda c: compared(c, connection.alias, wanted))
    if findings:
        return findings
    return [good(what, f"{len(wanted)} names, all in the books")]


def compared(c: DatabaseConnection, alias: str, wanted: Sequence[Wanted]) -> list[Finding]:
    """A finding for each name that does not mean exactly one thing in use."""
    found = entries.find(c, alias, {one.look_up for one in wanted})
    findings: list[Finding] = []
    for one in wanted:
        here = found.get(one.look_up, ())
        active = [entry for entry in here if entry.active]
        if len(active) == 1:
            continue
        what = f"mapping of {alias}"
        says = f"{one.where} = {one.named}: "
        if active:
            ids = ", ".join(entry.id for entry in active)
            cure = f'name it by its id: {{ id = "…" }}, one of {ids}'
            findings.append(wrong(what, f"{says}the books have {len(active)} {one.object}s of that name", cure))
        elif here:
            cure = f"make that {one.object} active again, or name another"
            findings.append(wrong(what, f"{says}that {one.object} is no longer in use", cure))
        else:
            near = _near(c, alias, one)
            cure = f"name one that is there: {', '.join(near)}" if near else f"make that {one.object} in the books"
            findings.append(wrong(what, f"{says}the books have no such {one.object}", cure))
    return findings


def _near(c: DatabaseConnection, alias: str, wanted: Wanted) -> list[str]:
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
