"""Waking: what waits for a key becomes due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Text, Update, bindparam, select, tuple_, update

from service.trail.bulk import Rows
from service.trail.due_marks import mark_due
from service.trail.fact_tables import IS_WAITING, work
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


def wake(c: Connection, keys: Collection[tuple[str, str, str]], now: datetime) -> int:
    """Make due everything held or parked on these (connection, namespace, key); answer how many."""
    if not keys:
        return 0
    names = ("connection", "namespace", "awaits")
    bound = _KEYS.parameters(dict(zip(names, key, strict=True)) for key in sorted(keys))
    woken = c.execute(_wake(c.dialect.name), {**bound, "now": now}).scalars().all()
    mark_due(c, woken)
    return len(woken)


def make_due(c: Connection, event_seqs: Sequence[int], now: datetime) -> None:
    """Make these events' work due now, whatever it waited for."""
    if event_seqs:
        found = c.execute(
            update(work)
            .where(work.c.event_seq.in_(event_seqs))
            .values(**DUE_NOW, due_at=now, updated_at=now)
            .returning(work.c.connection)
        )
        mark_due(c, found.scalars())


@cache
def _wake(dialect: str) -> Update:
    source = _KEYS.source(dialect)
    keys = select(source["connection"], source["namespace"], source["awaits"]).select_from(source.of)
    return (
        update(work)
        .where(IS_WAITING, tuple_(work.c.connection, work.c.namespace, work.c.awaits).in_(keys))
        .values(**DUE_NOW, due_at=bindparam("now", type_=Instant()), updated_at=bindparam("now", type_=Instant()))
        .returning(work.c.connection)
    )
