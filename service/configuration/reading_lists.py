"""Bringing our copies of the merchant's lists up to date, outside the posting worker."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from schemas.connections import Connection
from service.adapters import TrailEntries
from service.clock import SystemClock
from service.configuration.declaring import completed
from service.configuration.named_things import named_things
from service.rutter.lists import RutterLists
from service.rutter.quota import Turns
from service.rutter.reading import Reading
from service.rutter.settings import RutterSettings
from service.rutter.transport import Transport
from service.trail.database import Trail

_FRESH: Final = timedelta(seconds=60)
PATIENCE: Final = 30.0
"""Seconds that declaring waits for the lists; what was read until then is kept."""


async def refresh(
    trail: Trail, transport: Transport, connection: Connection, objects: frozenset[str], *, pages: int = 2000
) -> str | None:
    """Bring our copy of the merchant's lists up to date; None, or why it could not be."""
    clock = SystemClock()
    lists = RutterLists(Reading(transport, Turns(clock), clock), TrailEntries(trail), clock, max_pages=pages)
    failed = await lists.refresh(connection, objects, older_than=clock.now() - _FRESH)
    return None if failed is None else str(getattr(failed, "reason", None) or getattr(failed, "message", "refused"))


async def refresh_named(trail: Trail, rutter: RutterSettings, wanted: Sequence[Connection]) -> tuple[str, ...]:
    """The lists that these connections' mappings name, before they are declared; a line for each that was not read."""
    if not rutter.client_id or not rutter.client_secret:
        return ()
    notes: list[str] = []
    transport = Transport(rutter)
    try:
        for one in wanted:
            known = await trail.work.connection(one.alias)
            whole = completed(one, known)
            token = one.access_token or (known.access_token if known is not None else "")
            objects = frozenset(thing.object for thing in named_things(one.mapping))
            if whole is None or not token or not objects:
                continue
            failed = await _in_time(trail, transport, replace(whole, access_token=token), objects)
            if failed is not None:
                notes.append(f"connection {one.alias}: its names were not compared with the books: {failed}")
    finally:
        await transport.close()
    return tuple(notes)


async def _in_time(trail: Trail, transport: Transport, connection: Connection, objects: frozenset[str]) -> str | None:
    try:
        async with asyncio.timeout(PATIENCE):
            return await refresh(trail, transport, connection, objects)
    except TimeoutError:
        return f"reading its lists takes longer than {PATIENCE:.0f} s; `ledgerhook doctor` waits for them"
