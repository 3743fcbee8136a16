"""Asking for what the books lack: events of ours, which the worker turns into accounts and items as into any document,
safe under lost answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from consumers.planning.questions import look_up_named
from consumers.requests import NAMESPACE, Requested, account_requested, item_requested
from schemas.books import References
from schemas.connections import Connection as BooksConnection
from schemas.mapping import Named
from service.configuration.curing import RunsInTheTrail
from service.requesting import request
from service.setup.slot import Make
from service.trail import entries
from service.trail.database import Trail
from service.trail.fact_tables import events, work


def requests(c: Connection, of: BooksConnection, makes: Sequence[Make], now: datetime) -> tuple[Requested, ...]:
    """An event each. Accounts that are in the books already are named by their id."""
    ids = _account_ids(c, of.alias, makes)
    return tuple(_request(of, one, ids, now) for one in makes)


def _account_ids(c: Connection, alias: str, makes: Sequence[Make]) -> dict[Named, str]:
    look_ups = {look_up_named("account", one.account): one.account for one in makes if isinstance(one.account, Named)}
    found = entries.find(c, alias, look_ups)
    return {
        look_ups[look_up]: active[0].id
        for look_up, there in found.items()
        if len(active := [entry for entry in there if entry.active]) == 1
    }


def _request(of: BooksConnection, make: Make, ids: Mapping[Named, str], now: datetime) -> Requested:
    if make.account_type is not None:
        currency = of.home_currency or ""
        kind = make.account_type
        return account_requested(of.alias, _role(make), name=make.name, account_type=kind, currency=currency, at=now)
    on = make.account
    return item_requested(
        of.alias,
        _role(make),
        name=make.name,
        account_role=_role(on) if isinstance(on, Make) else None,
        account_id=on.id or ids.get(on) if isinstance(on, Named) else None,
        at=now,
    )


def _role(make: Make) -> str:
    """Its name: who asks again under another name asks for another thing, and does not contradict the first."""
    return make.name


async def ask(trail: RunsInTheTrail, wanted: Sequence[Requested], now: datetime) -> None:
    """Record those that were not asked for before."""
    known = await trail.read(lambda c: _known(c, wanted))
    fresh = tuple(one for one in wanted if one.key not in known)
    if fresh:
        await request(trail, fresh, now)


def _known(c: Connection, wanted: Sequence[Requested]) -> frozenset[str]:
    chosen = select(events.c.key).where(
        events.c.connection.in_({one.connection for one in wanted}),
        events.c.namespace == NAMESPACE,
        events.c.key.in_([one.key for one in wanted]),
    )
    return frozenset(c.execute(chosen).scalars())


async def made(trail: Trail, wanted: Sequence[Requested]) -> frozenset[str]:
    """The keys of those that are in the books."""
    if not wanted:
        return frozenset()
    keys = frozenset(one.key for one in wanted)
    books = await trail.work.read(wanted[0].connection, NAMESPACE, References(links=keys))
    return frozenset(key for key, link in books.links.items() if link.rutter_id is not None)


def stuck(c: Connection, wanted: Sequence[Requested]) -> tuple[str, ...]:
    """Why those that wait for a person do, with the cure."""
    chosen = (
        select(work.c.detail, work.c.cure)
        .join(events, events.c.seq == work.c.event_seq)
        .where(
            events.c.connection.in_({one.connection for one in wanted}),
            events.c.namespace == NAMESPACE,
            events.c.key.in_([one.key for one in wanted]),
            work.c.state == "parked",
        )
    )
    return tuple(f"{row.detail}; {row.cure}" for row in c.execute(chosen))
