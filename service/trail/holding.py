"""Where a planned event's work goes: done, skipped, later, parked, or held until something named arrives.

Each checks first that the plan still stands (lease, version); where it does not, nothing changes: the event stays due.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)

from consumers.planning.dates import BOOKS_OPEN
from consumers.ports import DueEvent, Lease
from schemas.books import OUTCOME
from schemas.plans import Cause, Park
from service.trail import parking
from service.trail.fact_tables import IS_DUE, IS_HELD, IS_UNPROVEN, applied, links, work, writes
from service.trail.instants import Instant
from service.trail.key_locks import lock_keys
from service.trail.leases import overtaken
from service.trail.tables import connections
from service.trail.waking import make_due

_ENDED: Final[dict[str, Any]] = {"due_at": None, "awaits": None, "deadline": None, "reason": None}

_MOVES: Final = select(connections.c.closed_moves).where(connections.c.alias == work.c.connection).scalar_subquery()
"""How often the closing date of the work's connection has moved."""


def done(c: Connection, lease: Lease, due: DueEvent, now: datetime) -> None:
    """All documents are in the books."""
    if overtaken(c, lease, due, now) is None:
        end(c, due, now)


def end(c: Connection, due: DueEvent, now: datetime) -> None:
    """As `done`, for whoever has made sure that the plan stands."""
    _move(c, due, state="done", updated_at=now, **_ENDED)


def skip(c: Connection, lease: Lease, due: DueEvent, reason: str, now: datetime) -> None:
    """Nothing is to be in the books."""
    if overtaken(c, lease, due, now) is None:
        _move(c, due, state="skipped", updated_at=now, **{**_ENDED, "reason": reason})


def later(c: Connection, lease: Lease, due: DueEvent, at: datetime, reason: str, *, now: datetime) -> None:
    """Due again at a time; at once, where something made it due since it was read."""
    if overtaken(c, lease, due, now) is None:
        due_at = case((work.c.due_at == due.due_at, literal(at, Instant())), else_=work.c.due_at)
        _move(c, due, due_at=due_at, attempts=work.c.attempts + 1, reason=reason, updated_at=now)


def park(c: Connection, lease: Lease, due: DueEvent, why: Park, awaits: str | None, *, now: datetime) -> None:
    """Wait for a person, or for `awaits`."""
    if awaits is not None:
        _lock(c, due, awaits)
    if overtaken(c, lease, due, now) is not None:
        return
    known = _woken_by(c, due) == awaits
    parking.park(c, due.seq, why, now, awaits=awaits)
    if awaits == BOOKS_OPEN:
        c.execute(update(work).where(work.c.event_seq == due.seq).values(seen=_MOVES))
    elif awaits is not None and not known and _arrived(c, due.seq):
        make_due(c, [due.seq], now, arrived=True)


def hold(
    c: Connection,
    lease: Lease,
    due: DueEvent,
    *,
    awaits: str,
    seen: int,
    reason: str,
    deadline: datetime,
    now: datetime,
) -> None:
    """Wait for a key; due at once if it arrived since the plan was made.

    An event that was woken by a document's arrival and still holds on it (it is there, and something is wrong with it)
    knows it: it stays held until the key is woken anew, instead of going round and round.
    """
    _lock(c, due, awaits)
    if overtaken(c, lease, due, now) is not None:
        return
    if not awaits.startswith("payments:") and awaits != BOOKS_OPEN:
        seen = int(_woken_by(c, due) == awaits)
    _move(c, due, state="held", due_at=None, awaits=awaits, seen=seen, reason=reason, deadline=deadline, updated_at=now)
    if _arrived(c, due.seq):
        make_due(c, [due.seq], now, arrived=True)


def sweep(c: Connection, now: datetime) -> int:
    """Make due every hold whose key arrived, park those past their deadline; answer how many wakes were missed."""
    missed = c.execute(select(work.c.event_seq).where(IS_HELD, arrived())).scalars().all()
    make_due(c, missed, now, arrived=True)
    late = c.execute(
        select(work.c.event_seq, work.c.awaits, work.c.reason, work.c.deadline)
        .where(IS_HELD, work.c.deadline <= now)
        .order_by(work.c.event_seq)
        .with_for_update(skip_locked=True)
    ).all()
    for row in late:
        why = Park(
            cause=Cause.HOLD_EXPIRED,
            subject=row.awaits,
            detail=f"waited for {row.awaits} until {row.deadline:%Y-%m-%d %H:%M} UTC: {row.reason}",
            cure=f"it posts by itself once {row.awaits} arrives; or release it to wait anew",
        )
        parking.park(c, row.event_seq, why, now, awaits=row.awaits)
    return len(missed)


def arrived() -> ColumnElement[bool]:
    """Whether what a row of `work` awaits is there: a document that is right, one more payment than it saw, what became
    of a write, or another closing date than it saw."""
    same = and_(links.c.connection == work.c.connection, links.c.namespace == work.c.namespace)
    document = exists().where(same, links.c.key == work.c.awaits, links.c.different.is_(False))
    payments = (
        select(func.count())
        .select_from(applied)
        .where(applied.c.connection == work.c.connection, applied.c.namespace == work.c.namespace)
        .where(applied.c.awaited_as == work.c.awaits, applied.c.by_key.like("payment:%"))
        .scalar_subquery()
    )
    still_open = exists().where(
        IS_UNPROVEN,
        writes.c.connection == work.c.connection,
        writes.c.namespace == work.c.namespace,
        writes.c.key == func.substr(work.c.awaits, len(OUTCOME) + 1),
    )
    known = and_(func.substr(work.c.awaits, 1, len(OUTCOME)) == OUTCOME, not_(still_open))
    opened = and_(work.c.awaits == BOOKS_OPEN, work.c.seen != _MOVES)
    return or_(and_(work.c.seen == 0, document), payments > work.c.seen, known, opened)


def _arrived(c: Connection, event_seq: int) -> bool:
    return (
        c.execute(select(literal(1)).select_from(work).where(work.c.event_seq == event_seq, arrived())).first()
        is not None
    )


def _woken_by(c: Connection, due: DueEvent) -> str | None:
    """The key whose arrival made the event due, if one did."""
    return c.execute(select(work.c.awaits).where(work.c.event_seq == due.seq)).scalar()


def _lock(c: Connection, due: DueEvent, awaits: str) -> None:
    lock_keys(c, due.event.connection, due.event.namespace, [awaits])


def _move(c: Connection, due: DueEvent, **values: object) -> None:
    if any(isinstance(value, ColumnElement) for value in values.values()):
        c.execute(update(work).where(IS_DUE, work.c.event_seq == due.seq).values(**values))
    else:
        c.execute(_MOVE, {"of_seq": due.seq, **values})


_MOVE: Final = update(work).where(IS_DUE, work.c.event_seq == bindparam("of_seq", type_=BigInteger()))
