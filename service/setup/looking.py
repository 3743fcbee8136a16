"""What there is to propose from: the merchant's lists, and the gateways that payments came through."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import select

from schemas.books import Entry
from schemas.connections import Connection
from schemas.events import PaymentReceived
from service.clock import SystemClock
from service.configuration.reading_lists import refresh
from service.rutter.connections import CompanyInfo, Connections
from service.rutter.settings import RutterSettings
from service.rutter.transport import Transport
from service.setup.items import CASH
from service.setup.shelf import GATEWAY_OF, Shelf
from service.trail.database import Trail
from service.trail.event_rows import event_of
from service.trail.fact_tables import events
from service.trail.tables import entries, sources

LISTS: Final = frozenset(
    {"account", "item", "customer", "payment_term", "class", "department", "location", "custom_field"}
)
_PAYMENTS: Final = 500
"""The latest, of which the gateways are taken."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The connection (its home currency filled in where Rutter tells it), its shelf, and what could not be read."""

    connection: Connection
    shelf: Shelf
    note: str | None = None


async def look(trail: Trail, rutter: RutterSettings, alias: str) -> Seen | None:
    """Read the lists anew where Rutter answers; None where there is no such connection."""
    connection = await trail.work.connection(alias)
    if connection is None:
        return None
    note, told = await _refreshed(trail, rutter, connection)
    if told is not None and connection.home_currency is None:
        connection = replace(connection, home_currency=told.home_currency)
    shelf = await trail.read(lambda c: shelf_of(c, connection, None if told is None else told.closing_date))
    return Seen(connection, shelf, note)


async def _refreshed(
    trail: Trail, rutter: RutterSettings, connection: Connection
) -> tuple[str | None, CompanyInfo | None]:
    if not rutter.client_id or not connection.access_token:
        return "Rutter cannot be asked: our copy of the books' lists is used as it is", None
    transport = Transport(rutter)
    try:
        failed = await refresh(trail, transport, connection, LISTS)
        told = await Connections(transport, SystemClock()).company_info(connection.access_token)
    finally:
        await transport.close()
    note = None if failed is None else f"not all of the books' lists could be read: {failed}"
    return note, told if isinstance(told, CompanyInfo) else None


def shelf_of(c: DatabaseConnection, connection: Connection, closing_date: str | None = None) -> Shelf:
    """From our copies. Of customers only those that may be meant for nameless guests: there may be many."""
    chosen = select(entries).where(entries.c.connection == connection.alias, entries.c.active).order_by(entries.c.name)
    lists: dict[str, list[Entry]] = {}
    for row in c.execute(chosen):
        if row.object == "customer" and not any(re.fullmatch(one, row.name or "", re.IGNORECASE) for one in CASH):
            continue
        entry = Entry(id=row.id, name=row.name, code=row.code, currency=row.currency, type=row.type)
        lists.setdefault(row.object, []).append(entry)
    return Shelf(
        lists={name: tuple(there) for name, there in lists.items()},
        gateways=_gateways(c, connection.alias),
        closing_date=closing_date,
    )


def _gateways(c: DatabaseConnection, alias: str) -> tuple[str, ...]:
    kinds = c.execute(select(sources.c.kind).where(sources.c.connection == alias).order_by(sources.c.name)).scalars()
    told = [GATEWAY_OF[kind] for kind in kinds if kind in GATEWAY_OF]
    latest = (
        select(events.c.body)
        .where(events.c.connection == alias, events.c.type == "payment.received")
        .order_by(events.c.seq.desc())
        .limit(_PAYMENTS)
    )
    seen: Counter[str] = Counter()
    for body in c.execute(latest).scalars():
        event = event_of(bytes(body))
        if isinstance(event, PaymentReceived) and event.data.payment.gateway:
            seen[event.data.payment.gateway] += 1
    return tuple(dict.fromkeys([*(gateway for gateway, _ in seen.most_common()), *told]))
