"""Looking: at the books over HTTP, and at what waits in the trail."""

import json
from decimal import Decimal
from typing import Any

import httpx
from sqlalchemy import Connection, func, select

from sandbox.month.audit import Report, Waiting
from service.trail.database import Trail
from service.trail.fact_tables import events, work, writes
from service.trail.noticing_tables import changes
from tools.month.stage import Company


async def books_of(http: httpx.AsyncClient, company: Company) -> Report:
    """`GET /_sandbox/books` of that company, its amounts exact."""
    answer = await http.get("/_sandbox/books", params={"connection_id": company.id})
    said: dict[str, Any] = json.loads(answer.raise_for_status().content, parse_float=Decimal)
    return said


async def waiting_in(trail: Trail) -> tuple[Waiting, dict[tuple[str, str], str]]:
    """What is parked and held; and in words why."""

    def read(c: Connection) -> list[Any]:
        waits = work.c.state.in_(("parked", "held"))
        columns = (events.c.namespace, events.c.key, work.c.state, work.c.cause, work.c.detail, work.c.reason)
        return list(c.execute(select(*columns).join(work, work.c.event_seq == events.c.seq).where(waits)))

    rows = await trail.read(read)
    parked = {(row.namespace, row.key): str(row.cause) for row in rows if row.state == "parked"}
    held = frozenset((row.namespace, row.key) for row in rows if row.state == "held")
    words = {(row.namespace, row.key): str(row.detail if row.state == "parked" else row.reason) for row in rows}
    return Waiting(parked=parked, held=held), words


async def moving_in(trail: Trail, most: int = 12) -> list[str]:
    """What is due, and writes that are not known to be in the books, in words."""

    def read(c: Connection) -> list[str]:
        due = select(events.c.key, work.c.state, work.c.due_at, work.c.attempts, work.c.reason).join(
            work, work.c.event_seq == events.c.seq
        )
        rows = c.execute(due.where(work.c.state == "due").limit(most))
        said = [f"{row.key} due {row.due_at}, {row.attempts} attempts: {row.reason}" for row in rows]
        doubtful = writes.c.state.in_(("sent", "in_doubt", "intended"))
        unproven = c.execute(select(writes.c.key, writes.c.state, writes.c.last).where(doubtful).limit(most))
        return said + [f"{row.key} {row.state}: {row.last}" for row in unproven]

    return await trail.read(read)


async def to_be_noticed(trail: Trail) -> int:
    """How many of the books' objects are still to be read again."""
    return int(await trail.read(lambda c: c.execute(select(func.count()).select_from(changes)).scalar_one()))
