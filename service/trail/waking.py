"""Waking: what waits for a key becomes due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Text, bindparam, select, tuple_, update

from schemas.plans import Cause
from service.trail.bulk import Rows
from service.trail.due_marks import mark_due
from service.trail.fact_tables import IS_PARKED, IS_WAITING, events, work
from service.trail.instants import Instant

DUE_NOW: Final[Mapping[str, Any]] = {
    "state": "due",
    "awaits": None,
    "deadline": None,
    "cause": None,
    "subject": None,
    "fingerprint": None,
    "detail": None,
    "cure": None,
    "reason": None,
    "attempts": 0,
}
_KEYS: Final = Rows({"connection": Text(), "namespace": Text(), "awaits": Text()})


def wake(c: Connection, keys: Collection[tuple[str, str, str]], now: datetime, *, arrived: bool = False) -> int:
    """Make due everything held or parked on these (connection, namespace, key); answer how many.

    `arrived`: what they name is in the books now. The row then remembers what it waited for, so that an event that
    holds on the same key again, knowing it, is not woken again by what it knows (see `holding.hold`).
    """
    if not keys:
        return 0
    names = ("connection", "namespace", "awaits")
    bound = _KEYS.parameters(dict(zip(names, key, strict=True)) for key in sorted(keys))
    woken = c.execute(_wake(c.dialect.name, arrived), {**bound, "now": now}).scalars().all()
    mark_due(c, woken)
    return len(woken)


def make_due(c: Connection, event_seqs: Sequence[int], now: datetime, *, arrived: bool = False) -> None:
    """Make these events' work due now, whatever it waited for. `arrived`: as for `wake`.

    Where conflicting tellings had parked it, they are settled: what the trail holds counts.
    """
    if not event_seqs:
        return
    _settle(c, event_seqs, now)
    found = c.execute(
        update(work)
        .where(work.c.event_seq.in_(event_seqs))
        .values(**_due_now(arrived), due_at=now, updated_at=now)
        .returning(work.c.connection)
    )
    mark_due(c, found.scalars())


def _settle(c: Connection, event_seqs: Sequence[int], now: datetime) -> None:
    parked_by_it = select(work.c.event_seq).where(
        IS_PARKED, work.c.event_seq.in_(event_seqs), work.c.cause == Cause.CONFLICTING_TELLINGS.value
    )
    settled = c.execute(
        update(events)
        .where(events.c.seq.in_(parked_by_it), events.c.conflict.is_not(None))
        .values(conflict=None, version=events.c.version + 1)
        .returning(events.c.connection, events.c.namespace, events.c.key)
    )
    wake(c, {(row.connection, row.namespace, row.key) for row in settled}, now)


def _due_now(arrived: bool) -> dict[str, Any]:
    return {name: value for name, value in DUE_NOW.items() if not (arrived and name == "awaits")}


@cache
def _wake(dialect: str, arrived: bool) -> Any:  # noqa: ANN401 (an UPDATE with RETURNING)
    source = _KEYS.source(dialect)
    keys = select(source["connection"], source["namespace"], source["awaits"]).select_from(source.of)
    return (
        update(work)
        .where(IS_WAITING, tuple_(work.c.connection, work.c.namespace, work.c.awaits).in_(keys))
        .values(
            **_due_now(arrived), due_at=bindparam("now", type_=Instant()), updated_at=bindparam("now", type_=Instant())
        )
        .returning(work.c.connection)
    )
