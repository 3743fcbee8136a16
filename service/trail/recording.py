"""Recording what intake accepted: deliveries, events, due work and positions, in one transaction.

The unique index on an event's identity decides what is new. What was told before goes to `retelling`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import repeat
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Integer, Select, Text, bindparam, func, select, text

from consumers.attachments import attachments_named
from consumers.intake import Accepted, Position, Verdict
from schemas.sources import Noun
from service.trail import event_rows, positions, retelling
from service.trail.bulk import SQLITE, Rows, Upsert, insert_rows, types_of
from service.trail.due_marks import mark_due
from service.trail.fact_tables import events, work
from service.trail.lanes import lane_of
from service.trail.relaying import relay
from service.trail.tables import deliveries, sources
from service.trail.told_before import Telling
from service.trail.waking import wake

_DELIVERIES: Final = Rows(types_of(deliveries))
_EVENTS: Final = Rows(types_of(events, "seq"))
_WORK_COLUMNS: Final = (
    "event_seq",
    "connection",
    "namespace",
    "state",
    "due_at",
    "seen",
    "attempts",
    "updated_at",
    "lane",
)
_WORK: Final = Rows({name: work.c[name].type for name in _WORK_COLUMNS})
_IDENTITY: Final = ("connection", "namespace", "key")


def record(
    c: Connection, batch: Sequence[Accepted], moved: Sequence[Position], now: datetime, *, relayed: bool = False
) -> list[tuple[Verdict, ...]]:
    """Store the batch and the positions; a verdict for each event, in the batch's order.

    `relayed`: Kafka did not take these deliveries, and is to have them later.
    """
    tellings = _tellings(c, batch)
    files = _files(tellings)
    if relayed:
        relay(c, batch, _store_deliveries(c, batch, now, told=True), now)
    else:
        _store_deliveries(c, batch, now)
    verdicts = _store_events(c, [*tellings, *files], now) if tellings else {}
    positions.move(c, moved)
    told = iter(range(len(tellings)))
    return [tuple(verdicts[next(told)] for _ in accepted.events) for accepted in batch]


def _tellings(c: Connection, batch: Sequence[Accepted]) -> list[Telling]:
    tells = _declared(c, {accepted.source for accepted in batch if accepted.source is not None and accepted.events})
    found: list[Telling] = []
    for accepted in batch:
        declared = tells.get(accepted.source) if accepted.source is not None else None
        for event, body in zip(accepted.events, accepted.bodies or repeat(None), strict=False):
            row = event_rows.row(
                event, delivery_id=accepted.id, source=accepted.source, received_at=accepted.received_at, body=body
            )
            authority = declared is None or event_rows.noun(event) in declared
            found.append(Telling(len(found), event, row, authority))
    return found


def _files(tellings: Sequence[Telling]) -> list[Telling]:
    """What orders name is recorded with them, whichever way they came in; by the same authority."""
    found: list[Telling] = []
    for telling in tellings:
        for event in attachments_named(telling.event):
            told = telling.row
            row = event_rows.row(
                event, delivery_id=told["delivery_id"], source=told["source"], received_at=told["received_at"]
            )
            found.append(Telling(len(tellings) + len(found), event, row, telling.authority))
    return found


def _declared(c: Connection, names: set[str]) -> dict[str, frozenset[Noun]]:
    """Source -> what it is declared to tell. An unknown source, like an upstream publisher, tells everything."""
    if not names:
        return {}
    rows = c.execute(select(sources.c.name, sources.c.tells).where(sources.c.name.in_(sorted(names))))
    return {name: frozenset(orjson.loads(tells)) for name, tells in rows}


def _store_deliveries(c: Connection, batch: Sequence[Accepted], now: datetime, *, told: bool = False) -> set[str]:
    """Answers which are new or cured, if that is to be `told`."""
    rows: list[dict[str, Any]] = [
        {
            "id": accepted.id,
            "source": accepted.source,
            "connection": accepted.connection,
            "received_at": accepted.received_at,
            "status": accepted.status.value,
            "reason": _storable(accepted.reason),
            "path": _storable(accepted.path),
            "sealed": accepted.sealed,
            "cured_at": None,
        }
        for accepted in sorted(batch, key=lambda accepted: accepted.id)
    ]
    once: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        once.setdefault(row["id"], row)  # of records of one delivery that are apart, the first has its body
    if not once:
        return set()
    bound = {**_DELIVERIES.parameters(once.values()), "now": now}
    stored = _insert_deliveries(c.dialect.name)
    if told:
        return set(c.execute(stored.returning(deliveries.c.id), bound).scalars())
    c.execute(stored, bound)
    return set()


@cache
def _insert_deliveries(dialect: str) -> Upsert:
    """A delivery that is there stays as it is; only one that could not be read may be cured by a later reading."""
    insert = insert_rows(dialect, deliveries, _DELIVERIES)
    told = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=[deliveries.c.id],
        set_={
            "status": told.status,
            "reason": told.reason,
            "path": told.path,
            "cured_at": bindparam("now", type_=deliveries.c.cured_at.type),
        },
        where=text("deliveries.status = 'unreadable' AND excluded.status <> 'unreadable'"),
    )


def _store_events(c: Connection, tellings: Sequence[Telling], now: datetime) -> dict[int, Verdict]:
    first: dict[tuple[str, str, str], Telling] = {}
    for telling in tellings:
        first.setdefault(telling.identity, telling)
    new = _insert_new(c, [first[identity] for identity in sorted(first)])
    inserted = [(seq, first[identity]) for identity, seq in new.items()]
    _begin_work(c, inserted, now)
    verdicts = {telling.position: Verdict.NEW if telling.authority else Verdict.RECORDED for _, telling in inserted}
    wake(c, {telling.identity for _, telling in inserted if telling.authority}, now)
    again = [telling for telling in tellings if telling.position not in verdicts]
    return verdicts | retelling.record_again(c, again, now) if again else verdicts


def _insert_new(c: Connection, tellings: Sequence[Telling]) -> dict[tuple[str, str, str], int]:
    """Insert what is not there; answer which those are, with their seq."""
    bound = _EVENTS.parameters(telling.row for telling in tellings)
    if c.dialect.name == SQLITE:
        # One writer, so what is new lies above the highest seq; read back as one value, not a row at a time.
        before = c.execute(select(func.coalesce(func.max(events.c.seq), 0))).scalar_one()
        c.execute(_insert_events(SQLITE), bound)
        added: list[list[Any]] = orjson.loads(c.execute(_ADDED, {"before": before}).scalar_one())
        return {(connection, namespace, key): seq for seq, connection, namespace, key in added}
    rows = c.execute(
        _insert_events(c.dialect.name).returning(events.c.seq, *(events.c[name] for name in _IDENTITY)), bound
    )
    return {(connection, namespace, key): seq for seq, connection, namespace, key in rows}


@cache
def _insert_events(dialect: str) -> Upsert:
    return insert_rows(dialect, events, _EVENTS).on_conflict_do_nothing(index_elements=list(_IDENTITY))


_ADDED: Final[Select[str]] = select(
    func.json_group_array(func.json_array(events.c.seq, *(events.c[name] for name in _IDENTITY)), type_=Text())
).where(events.c.seq > bindparam("before", type_=Integer()))


def _begin_work(c: Connection, inserted: Iterable[tuple[int, Telling]], now: datetime) -> None:
    rows: list[dict[str, Any]] = [
        {
            "event_seq": seq,
            "connection": telling.event.connection,
            "namespace": telling.event.namespace,
            "state": "due" if telling.authority else "recorded",
            "due_at": now if telling.authority else None,
            "seen": 0,
            "attempts": 0,
            "updated_at": now,
            "lane": lane_of(telling.event.time, now),
        }
        for seq, telling in inserted
    ]
    if rows:
        c.execute(_insert_work(c.dialect.name), _WORK.parameters(rows))
        mark_due(c, {row["connection"] for row in rows if row["state"] == "due"})


@cache
def _insert_work(dialect: str) -> Upsert:
    return insert_rows(dialect, work, _WORK)


def _storable(text_: str | None) -> str | None:
    """Without what no database keeps: NUL, and halves of surrogate pairs."""
    return (
        None
        if text_ is None
        else text_.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    )
